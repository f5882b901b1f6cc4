import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { addressProblem, most, readAddresses } from '../../publish-order.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { takeWords } from '../../strings/keeping.ts'
import { periodWords } from '../../strings/uploads.ts'
import type { Upload } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { facts, notice, num } from '../parts.ts'
import { askedOf, keeperChoice, keeperChoiceStyles } from '../keeping/keeper-choice.ts'
import { KeeperRanking } from '../keeping/keeper-ranking.ts'
import { Sheet } from '../sheet.ts'
import { readAmount, spendable } from '../wallet/amounts.ts'
import { ChangeSheet, type Changes } from './change-sheet.ts'
import { textField } from './fields.ts'

const usualWanted = 3

/** Whom the owner of an upload asks to keep it, how many of them, and for how much. */
@customElement('holdfast-offer')
export class HoldfastOffer extends ChangeSheet {
  static override readonly styles = [...Sheet.styles, choiceStyles, keeperChoiceStyles, css`
    .two { display: grid; gap: var(--space-2); grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); }
  `]

  @state() private anybody = false
  /** Addresses, one a line: what is named, whoever named them. */
  @state() private text = ''
  @state() private wanted = usualWanted
  @state() private each = ''
  @state() private periods = ''
  /** Periods that may be paid for. What was proposed stays right while blocks come. */
  private limit: number = most.until
  @state() private wrong: Partial<Record<'keepers' | 'each' | 'periods', string>> = {}
  private readonly ranking = new KeeperRanking(this)

  async show(upload: Upload): Promise<void> {
    await this.open()
    this.upload = upload
    const { rent, keepers } = upload
    this.anybody = rent !== null && keepers.length === 0
    this.text = keepers.join('\n')
    this.wanted = rent?.wanted ?? usualWanted
    this.each = String(rent?.each ?? 0)
    this.limit = this.mostPeriods(upload)
    this.periods = String(this.paid(upload))
  }

  override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed)
    const { upload } = this
    this.ranking.look(this.peer, upload === null ? null : { bytes: [upload.file, ...upload.images].reduce((sum, { size }) => sum + size, 0), protected: upload.protected })
  }

  protected override clear(): void {
    super.clear()
    this.ranking.forget()
    this.text = this.each = this.periods = ''
    this.wrong = {}
  }

  private get pays(): boolean { return this.snapshot.uploads?.keeping.terms.pays === true }

  /** A rent is for no longer than the upload lasts. */
  private mostPeriods({ until }: Upload): number {
    const { ledger } = this.snapshot
    return ledger.phase === 'open' ? Math.min(most.until, Math.max(1, Math.floor((until - ledger.head.number) / ledger.period))) : most.until
  }

  /** For as many as before, as far as that may be. */
  private paid({ rent }: Upload): number { return Math.min(rent?.periods ?? this.limit, this.limit) }

  private naming(): TemplateResult {
    return keeperChoice({
      ranking: this.ranking, text: this.text, wrong: this.wrong.keepers ?? '', change: text => { this.text = text; this.wrong = { ...this.wrong, keepers: '' } },
      label: msg('Addresses asked to keep it'), hint: msg(str`One a line, at most ${most.keepers}; the first who accept have the places. A keeper you leave out, who accepted, need not keep it any more.`),
    })
  }

  /** Coins that are set aside anew, if all is earned. */
  private deposit(): number {
    return (readAmount(this.each) ?? 0) * (readAmount(this.periods) ?? 0) * this.wanted
  }

  private rent(): TemplateResult {
    const { each } = this
    const asked = askedOf(this.ranking, this.anybody ? null : this.text)
    const count = readAmount(this.periods)
    const [fee, needed] = [this.snapshot.wallet?.minimumFee ?? 0, this.deposit()]
    return html`<div class="two">
        ${textField({ id: 'each', label: msg('Coins for a keeper and period'), hint: asked.length === 0 ? msg('What they want stands beside their names.') : takeWords(asked, readAmount(each) ?? 0), value: each, wrong: this.wrong.each ?? '', inputmode: 'numeric', change: value => { this.each = value; this.wrong = { ...this.wrong, each: '' } } })}
        ${textField({ id: 'periods', label: msg('Periods paid for'), hint: count === null || count === 0 ? msg(str`At most ${this.limit}.`) : periodWords(count, this.snapshot.ledger), value: this.periods, wrong: this.wrong.periods ?? '', inputmode: 'numeric', change: value => { this.periods = value; this.wrong = { ...this.wrong, periods: '' } } })}</div>
      ${facts([[msg('Set aside'), num(number(needed))], [msg('Fee'), num(number(fee))], [msg('Left afterwards'), num(number(Math.max(0, spendable(this.snapshot) - needed - fee)))]])}
      <p class="small soft">${msg('A keeper earns its part for each period it proves. What was set aside before comes back to you first, and what nobody earned when you withdraw it or its time is over.')}</p>
      ${spendable(this.snapshot) < needed + fee ? notice('warn', msg('Not enough coins'), msg(str`It takes ${coins(needed + fee)}, and you have ${coins(spendable(this.snapshot))}.`)) : nothing}`
  }

  protected override judge(upload: Upload): Changes | null {
    const read = readAddresses(this.text)
    const [each, periods] = [readAmount(this.each), readAmount(this.periods)]
    const { limit } = this
    this.wrong = {
      keepers: this.anybody ? '' : addressProblem(read, most.keepers, this.snapshot.identity?.address),
      each: !this.pays || (each !== null && each <= most.price) ? '' : msg('A whole number of coins; 0 to pay nothing.'),
      periods: !this.pays || (periods !== null && periods >= 1 && periods <= limit) ? '' : msg(str`From 1 to ${limit}, as long as it stands.`),
    }
    if (Object.values(this.wrong).some(words => words !== '')) return null
    const keepers = this.anybody ? [] : read.addresses
    const wanted = keepers.length === 0 ? this.wanted : Math.min(this.wanted, keepers.length)
    const { rent } = upload
    const same = rent !== null && rent.wanted === wanted && (!this.pays || (rent.each === each && rent.periods === periods))
    const asks = this.anybody || keepers.length > 0
    if (same || !asks || (!this.pays && !this.anybody && this.wanted === (rent?.wanted ?? usualWanted))) return { keepers }
    return { keepers, rent: { each: this.pays ? each ?? 0 : 0, periods: this.pays ? periods ?? 1 : this.paid(upload), wanted } }
  }

  private places(): TemplateResult {
    return html`<div class="field"><label for="wanted">${msg('How many of them')}</label>
      <span class="select"><select class="input" id="wanted" @change=${(event: Event) => { this.wanted = Number((event.target as HTMLSelectElement).value) }}>
        ${Array.from({ length: most.wanted }, (_, i) => html`<option value=${i + 1} .selected=${live(this.wanted === i + 1)}>${i + 1}</option>`)}</select>${icon('chevron')}</span>
      <p class="hint">${msg('Three is usual: one may sleep, one may leave.')}</p></div>`
  }

  protected override heading(): string {
    return msg('Who is asked to keep it')
  }

  protected override fields(): TemplateResult {
    const card = (id: 'named' | 'anybody', label: string, about: string) => choice({ group: 'asked', id, label, about, checked: this.anybody === (id === 'anybody'), choose: () => { this.anybody = id === 'anybody' } })
    return html`<fieldset class="choices"><legend class="label">${msg('Whom')}</legend>
        ${card('named', msg('Keepers you name'), msg('Offered to these alone.'))}
        ${card('anybody', msg('Keepers who accept'), msg('Offered to every keeper of the network, until as many as you want have accepted.'))}</fieldset>
      ${this.anybody ? nothing : this.naming()}${this.places()}
      ${this.pays ? this.rent() : this.fee()}`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-offer': HoldfastOffer } }
