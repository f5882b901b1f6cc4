import { css, html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { addressProblem, hasHolders, most, priceProblem, readAddresses, untilProblem, usualUntil } from '../../publish-order.ts'
import { periodWords } from '../../strings/uploads.ts'
import type { Policy, Upload } from '../../types.ts'
import { choice, choiceStyles } from '../choice.ts'
import { notice } from '../parts.ts'
import { Sheet } from '../sheet.ts'
import { readAmount } from '../wallet/amounts.ts'
import { ChangeSheet, type Changes } from './change-sheet.ts'
import { textField } from './fields.ts'

const changeStyles = css`
  fieldset.choices { max-block-size: none; overflow: visible; } /* all four, whole: the dialog scrolls */
`

/** What of an upload its owner changes. */
export type Change = 'policy' | 'allow' | 'deny' | 'holders' | 'keepers' | 'until' | 'replaced'
/** Keepers have a form of their own. */
type Here = Exclude<Change, 'keepers'>

/** A change of an upload by its owner: one field, and what follows from it. */
@customElement('holdfast-change')
export class HoldfastChange extends ChangeSheet {
  static override readonly styles = [...Sheet.styles, choiceStyles, changeStyles]

  @state() private what: Here = 'policy'
  @state() private text = ''
  @state() private share = ''
  @state() private policy: 'owner' | 'list' | 'pay' | 'public' = 'owner'
  @state() private wrong = ''
  @state() private wrongShare = ''

  async show(upload: Upload, what: Here): Promise<void> {
    await this.open()
    this.upload = upload
    this.what = what
    const { policy } = upload
    this.policy = 'pay' in policy ? 'pay' : 'list' in policy ? 'list' : 'owner'
    this.text = what === 'holders' ? upload.holders.join('\n') : what === 'until' ? String(usualUntil)
      : what === 'policy' && 'pay' in policy ? String(policy.pay.price) : ''
    this.share = 'pay' in policy ? String(policy.pay.share / 10) : '10'
  }

  protected override clear(): void {
    super.clear()
    this.text = this.wrong = this.wrongShare = ''
  }

  private value(label: string, hint: string, rows: number | undefined, exact: boolean): TemplateResult {
    return textField({ id: 'value', label, hint, value: this.text, wrong: this.wrong, exact, change: value => { this.text = value; this.wrong = this.problem = '' }, ...rows === undefined ? {} : { rows }, ...this.what === 'until' ? { inputmode: 'numeric' as const } : {} })
  }

  private policies(): TemplateResult {
    const card = (id: 'owner' | 'list' | 'pay' | 'public', label: string, about: string) => choice({ group: 'policy', id, label, about, checked: this.policy === id, choose: () => { this.policy = id; this.wrong = this.problem = '' } })
    return html`<fieldset class="choices"><legend class="label">${msg('Who gets the key from now on')}</legend>
        ${card('owner', msg('Only you'), msg('Nobody else is given it.'))}
        ${card('list', msg('People you choose'), msg('Add and take away addresses whenever you like.'))}
        ${card('pay', msg('Whoever pays'), msg('You set a price in coins.'))}
        ${card('public', msg('Everybody, with the key'), msg('The key is written into the ledger for all to read.'))}</fieldset>
      ${this.policy === 'public' ? notice('warn', msg('This is for good'), msg('Whoever looks can open it from then on, and whatever you choose later takes nothing back. Nobody needs to buy it or to ask for it any more.')) : nothing}
      ${this.policy !== 'pay' ? nothing : html`${textField({ id: 'value', label: msg('Price in coins'), value: this.text, wrong: this.wrong, inputmode: 'numeric', change: value => { this.text = value; this.wrong = this.problem = '' } })}
        ${textField({ id: 'share', label: msg('Percent of it for whoever gives out the key'), value: this.share, wrong: this.wrongShare, inputmode: 'decimal', change: value => { this.share = value; this.wrongShare = this.problem = '' } })}`}
      <p class="small soft">${msg('Whoever has the key already keeps it; nothing takes it back.')}</p>`
  }

  protected override heading(): string {
    return changeWords(this.what)
  }

  protected override fields(): TemplateResult {
    return html`${this.body()}${this.fee()}`
  }

  private body(): TemplateResult {
    switch (this.what) {
      case 'policy': return this.policies()
      case 'allow': return this.value(msg('Addresses that get the key'), msg('One a line. Everybody can read them in the ledger.'), 3, true)
      case 'deny': return html`${this.value(msg('Addresses that do not get it any more'), msg('One a line.'), 3, true)}
        <p class="small soft">${msg('Holders stop giving them the key. Whoever has it already keeps it; only a new file with a new key changes that.')}</p>`
      case 'holders': return this.value(msg('Addresses that give out the key in your stead'), msg('One a line. They can open it themselves, and give the key to whom you allow while you are away.'), 3, true)
      case 'until': return html`${this.value(msg('How many periods from now'), msg(str`At most ${most.until}.`), undefined, true)}
        <p class="small soft">${this.periods() === null ? msg('Afterwards it counts as withdrawn.') : msg(str`${periodWords(this.periods() ?? 1, this.snapshot.ledger)}. Afterwards it counts as withdrawn.`)}</p>`
      case 'replaced': return this.value(msg('Content id of what takes its place'), msg('64 digits. People who look at this one are led there; it has to be published by you too.'), undefined, true)
    }
  }

  private periods(): number | null {
    return readAmount(this.text)
  }

  protected override judge(): Changes | null {
    const me = this.snapshot.identity?.address
    const addresses = (limit: number, needed: boolean): readonly string[] | null => {
      const read = readAddresses(this.text)
      this.wrong = needed && read.addresses.length + read.wrong.length === 0 ? msg('There is no address yet.') : addressProblem(read, limit, me)
      return this.wrong === '' ? read.addresses : null
    }
    switch (this.what) {
      case 'policy': {
        const policy = this.judgePolicy()
        return policy === null ? null : { policy }
      }
      case 'allow': case 'deny': {
        const list = addresses(most.list, true)
        return list === null ? null : { [this.what]: list }
      }
      case 'holders': {
        const list = addresses(most.holders, false)
        return list === null ? null : { holders: list }
      }
      case 'until': {
        const until = this.periods() ?? 0
        this.wrong = untilProblem(until, false)
        return this.wrong === '' ? { until } : null
      }
      case 'replaced': {
        const replacedBy = this.text.trim().toLowerCase()
        this.wrong = !/^[0-9a-f]{64}$/.test(replacedBy) ? msg('One has 64 hexadecimal digits.') : replacedBy === this.upload?.cid ? msg('This is its own content id.') : ''
        return this.wrong === '' ? { replacedBy } : null
      }
    }
  }

  private judgePolicy(): Policy | 'public' | null {
    if (this.policy === 'public') return 'public'
    if (this.policy === 'owner') return { owner: null }
    if (this.policy === 'list') return { list: this.upload !== null && 'list' in this.upload.policy ? this.upload.policy.list : [] }
    const price = readAmount(this.text)
    const share = Number(this.share.trim() === '' ? Number.NaN : this.share)
    this.wrong = priceProblem(this.text, price)
    this.wrongShare = share >= 0 && share <= most.share ? '' : msg(str`From 0 to ${most.share} percent.`)
    return this.wrong === '' && this.wrongShare === '' && price !== null ? { pay: { price, share: Math.round(share * 10) } } : null
  }
}

export function changeWords(what: Change): string {
  return {
    policy: () => msg('Who gets the key'), allow: () => msg('Give it to more people'), deny: () => msg('No longer give it to'), holders: () => msg('Who gives out the key'),
    keepers: () => msg('Who is asked to keep it'), until: () => msg('How long it stands'), replaced: () => msg('What replaces it'),
  }[what]()
}

/** What can be changed of this one. */
export function changesOf({ policy }: Pick<Upload, 'policy'>): readonly Change[] {
  const name = 'pay' in policy ? 'pay' : 'list' in policy ? 'list' : 'owner' in policy ? 'owner' : 'open' // or with its key beside it: either way everybody has it
  return [...name === 'open' ? [] : ['policy'] as const, ...name === 'list' ? ['allow', 'deny'] as const : [], ...hasHolders(name) ? ['holders'] as const : [], 'keepers', 'until', 'replaced']
}

declare global { interface HTMLElementTagNameMap { 'holdfast-change': HoldfastChange } }
