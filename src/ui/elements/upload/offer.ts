import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { repeat } from 'lit/directives/repeat.js'
import { msg, str } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { NoteEvent } from '../../events.ts'
import { addressProblem, most, readAddresses } from '../../publish-order.ts'
import { coins } from '../../strings/counts.ts'
import { errorWords } from '../../strings/errors.ts'
import { number } from '../../strings/format.ts'
import { rankedWords } from '../../strings/keeping.ts'
import { periodWords } from '../../strings/uploads.ts'
import { shortAddress } from '../../strings/wallet.ts'
import type { Peer, RankedKeeper, Upload } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { facts, notice, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { readAmount, spendable } from '../wallet/amounts.ts'
import { textField } from './fields.ts'

const usualWanted = 3
type Changes = Parameters<Peer['publishing']['change']>[1]

/** Whom the owner of an upload asks to keep it, how many of them, and for how much. */
@customElement('holdfast-offer')
export class HoldfastOffer extends Sheet {
  static override readonly styles = [...Sheet.styles, choiceStyles, css`
    .best { display: grid; max-block-size: 16rem; overflow-y: auto; border-block: 1px solid var(--color-line); }
    .best .check { border-block-start: 1px solid var(--color-line); overflow-wrap: anywhere; }
    .best .check:first-child { border-block-start: 0; }
    .two { display: grid; gap: var(--space-2); grid-template-columns: repeat(auto-fit, minmax(min(12rem, 100%), 1fr)); }
  `]

  @state() private upload: Upload | null = null
  @state() private anybody = false
  /** Addresses, one a line: what is named, whoever named them. */
  @state() private text = ''
  @state() private wanted = usualWanted
  @state() private each = ''
  @state() private periods = ''
  @state() private wrong: Partial<Record<'keepers' | 'each' | 'periods', string>> = {}
  /** Null while they are looked for. */
  @state() private ranked: readonly RankedKeeper[] | null = null
  @state() private unranked = ''

  async show(upload: Upload): Promise<void> {
    await this.open()
    this.upload = upload
    const { rent, keepers, images, file, protected: locked } = upload
    this.anybody = rent !== null && keepers.length === 0
    this.text = keepers.join('\n')
    this.wanted = rent?.wanted ?? usualWanted
    this.each = String(rent?.each ?? 0)
    this.periods = String(this.mostPeriods(upload, rent?.periods))
    const size = [file, ...images].reduce((sum, each) => sum + each.size, 0)
    try {
      const ranked = await this.peer.publishing.rankKeepers({ bytes: size, protected: locked, each: null })
      if (this.upload === upload) this.ranked = ranked
    } catch (error) {
      if (this.upload === upload) [this.ranked, this.unranked] = [[], errorWords(error).what]
    }
  }

  protected override clear(): void {
    this.upload = this.ranked = null
    this.text = this.each = this.periods = this.unranked = ''
    this.wrong = {}
  }

  private get pays(): boolean { return this.snapshot.uploads?.keeping.terms.pays === true }
  private get named(): readonly string[] { return readAddresses(this.text).addresses }

  /** A rent is for no longer than the upload lasts. */
  private mostPeriods({ until }: Upload, before?: number): number {
    const { ledger } = this.snapshot
    const left = ledger.phase === 'open' ? Math.max(1, Math.floor((until - ledger.head.number) / ledger.period)) : most.until
    return Math.min(before ?? left, left, most.until)
  }

  private name(keepers: readonly string[]): void {
    this.text = keepers.join('\n')
    this.wrong = { ...this.wrong, keepers: '' }
  }

  private turn(address: string, on: boolean): void {
    const { addresses, wrong } = readAddresses(this.text)
    const others = addresses.filter(each => each !== address)
    this.name([...on ? [...others, address] : others, ...wrong])
  }

  private best(): TemplateResult {
    const { ranked, named } = this
    if (ranked === null) return html`<p class="small soft" role="status">${msg('Looking for keepers.')}</p>`
    if (ranked.length === 0) return html`<p class="small soft" role="status">${this.unranked === '' ? msg('No active keeper has room for it now. Asked all the same, those you name may take it later.') : this.unranked}</p>`
    const now = Date.now()
    const full = named.length >= most.keepers
    return html`<div class="line apart"><span class="label" id="best">${msg('Keepers, the best first')}</span>
        <button type="button" class="button small" @click=${() => { this.name(ranked.slice(0, most.keepers).map(({ address }) => address)) }}>${msg(str`Name the first ${Math.min(most.keepers, ranked.length)}`)}</button></div>
      <div class="best" role="group" aria-labelledby="best" tabindex="0">${repeat(ranked, ({ address }) => address, (keeper, i) => {
        const on = named.includes(keeper.address)
        return html`<label class="check"><input type="checkbox" aria-labelledby="k${i}" aria-describedby="k${i}-about" .checked=${live(on)} ?disabled=${full && !on} @change=${(event: Event) => { this.turn(keeper.address, (event.target as HTMLInputElement).checked) }} />
          <span><b class="mono" id="k${i}" translate="no">${shortAddress(keeper.address)}</b><span class="sub" id="k${i}-about">${rankedWords(keeper, now)}</span></span></label>`
      })}</div>`
  }

  private naming(): TemplateResult {
    return html`${this.best()}
      ${textField({ id: 'keepers', label: msg('Addresses asked to keep it'), hint: msg(str`One a line, at most ${most.keepers}; the first who accept have the places. A keeper you leave out, who accepted, need not keep it any more.`), value: this.text, wrong: this.wrong.keepers ?? '', exact: true, rows: 3, change: value => { this.text = value; this.wrong = { ...this.wrong, keepers: '' } } })}`
  }

  /** Coins that are set aside anew, if all is earned. */
  private deposit(): number {
    return (readAmount(this.each) ?? 0) * (readAmount(this.periods) ?? 0) * this.wanted
  }

  private rent(): TemplateResult {
    const { ranked, each, upload } = this
    const offered = readAmount(each) ?? 0
    const asked = ranked?.filter(({ address }) => this.anybody || this.named.includes(address)) ?? []
    const dearer = asked.filter(keeper => keeper.each > offered).length
    const count = readAmount(this.periods)
    const [fee, needed] = [this.snapshot.wallet?.minimumFee ?? 0, this.deposit()]
    return html`<div class="two">
        ${textField({ id: 'each', label: msg('Coins for a keeper and period'), hint: asked.length === 0 ? msg('What they want stands beside their names.') : dearer === 0 ? msg('All of them take that.') : msg(str`${number(dearer)} of ${number(asked.length)} want more, and will not take it.`), value: each, wrong: this.wrong.each ?? '', inputmode: 'numeric', change: value => { this.each = value; this.wrong = { ...this.wrong, each: '' } } })}
        ${textField({ id: 'periods', label: msg('Periods paid for'), hint: count === null || count === 0 ? msg(str`At most ${upload === null ? most.until : this.mostPeriods(upload)}.`) : periodWords(count, this.snapshot.ledger), value: this.periods, wrong: this.wrong.periods ?? '', inputmode: 'numeric', change: value => { this.periods = value; this.wrong = { ...this.wrong, periods: '' } } })}</div>
      ${facts([[msg('Set aside'), num(number(needed))], [msg('Fee'), num(number(fee))], [msg('Left afterwards'), num(number(Math.max(0, spendable(this.snapshot) - needed - fee)))]])}
      <p class="small soft">${msg('A keeper earns its part for each period it proves. What was set aside before comes back to you first, and what nobody earned when you withdraw it or its time is over.')}</p>
      ${spendable(this.snapshot) < needed + fee ? notice('warn', msg('Not enough coins'), msg(str`It takes ${coins(needed + fee)}, and you have ${coins(spendable(this.snapshot))}.`)) : nothing}`
  }

  /** What is to be changed; null where what was typed is wrong, which is said then. */
  private judge(upload: Upload): Changes | null {
    const read = readAddresses(this.text)
    const [each, periods] = [readAmount(this.each), readAmount(this.periods)]
    const limit = this.mostPeriods(upload)
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
    return { keepers, rent: { each: this.pays ? each ?? 0 : 0, periods: this.pays ? periods ?? 1 : this.mostPeriods(upload, rent?.periods), wanted } }
  }

  private places(): TemplateResult {
    return html`<div class="field"><label for="wanted">${msg('How many of them')}</label>
      <span class="select"><select class="input" id="wanted" @change=${(event: Event) => { this.wanted = Number((event.target as HTMLSelectElement).value) }}>
        ${Array.from({ length: most.wanted }, (_, i) => html`<option value=${i + 1} .selected=${live(this.wanted === i + 1)}>${i + 1}</option>`)}</select>${icon('chevron')}</span>
      <p class="hint">${msg('Three is usual: one may sleep, one may leave.')}</p></div>`
  }

  protected override form(): Form {
    const { upload } = this
    if (upload === null) return { heading: msg('Who is asked to keep it'), body: html``, no: msg('Not now'), yes: null, submit: async () => {} }
    const card = (id: 'named' | 'anybody', label: string, about: string) => choice({ group: 'asked', id, label, about, checked: this.anybody === (id === 'anybody'), choose: () => { this.anybody = id === 'anybody' } })
    const fee = this.snapshot.wallet?.minimumFee ?? 0
    return {
      heading: msg('Who is asked to keep it'),
      body: html`<p><bdi><b>${upload.title}</b></bdi></p>
        <fieldset class="choices"><legend class="label">${msg('Whom')}</legend>
          ${card('named', msg('Keepers you name'), msg('Offered to these alone.'))}
          ${card('anybody', msg('Keepers who accept'), msg('Offered to every keeper of the network, until as many as you want have accepted.'))}</fieldset>
        ${this.anybody ? nothing : this.naming()}${this.places()}
        ${this.pays ? this.rent() : html`<p class="small quiet">${msg(str`It is written in the ledger for everybody; the fee is ${coins(fee)}.`)}</p>`}`,
      no: msg('Not now'),
      yes: msg('Change it'),
      doing: msg('Signing…'),
      submit: async () => {
        const change = this.judge(upload)
        if (change === null) {
          await this.updateComplete
          this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
          return
        }
        await this.peer.publishing.change(upload, change)
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('The change is on its way. It counts once a block has it.'), undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-offer': HoldfastOffer } }
