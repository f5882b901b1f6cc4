import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { facts, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { readAmount } from './amounts.ts'
import { elsewhereNotice, paidThere } from './elsewhere.ts'

/** Factom's addresses for coins and for credits, and ours; whether the checksum is right the peer tells. */
const addressShape = /^(FA|EC)[1-9A-HJ-NP-Za-km-z]{50}$|^T[1-9A-HJ-NP-Za-km-z]{25,34}$/

/** Coins of the Factoid address, or of that of a key of elsewhere, go away or to the account. Before such a key signs the person is asked. */
@customElement('holdfast-send-factoids')
export class HoldfastSendFactoids extends Sheet {
  @state() private kind: 'send' | 'to-account' = 'send'
  @state() private to = ''
  @state() private amount = ''
  @state() private wrongTo = ''
  @state() private wrongAmount = ''
  /** The address of a key of elsewhere; null where it is the person's own. */
  @state() private from: string | null = null
  @state() private asks = false

  async show(kind: 'send' | 'to-account', from: string | null = null): Promise<void> {
    await this.open()
    this.kind = kind
    this.from = from
  }

  protected override clear(): void {
    this.to = this.amount = this.wrongTo = this.wrongAmount = ''
    this.from = null
    this.asks = false
  }

  private has(): number {
    if (this.from !== null) return this.snapshot.records?.credits?.imported.find(({ address }) => address === this.from)?.holds ?? 0
    return this.snapshot.records?.credits?.factoids ?? 0
  }

  private judge(to: string, amount: number | null): boolean {
    this.wrongTo = this.kind === 'to-account' || addressShape.test(to) ? '' : to === '' ? msg('There is no address yet.')
      : /^(Fs|Es)/.test(to) ? msg('This is a secret key, not an address. Nothing was sent; never give it to anybody.') : msg('This is no whole address. Nothing was sent; copy all of it and paste it again.')
    this.wrongAmount = this.amount.trim() === '' ? msg('There is no number yet.') : amount === null || amount === 0 ? msg('A whole number of coins, 1 at least. Nothing was sent.')
      : amount > this.has() ? msg(str`There are ${number(this.has())} at it. Nothing was sent.`) : ''
    return this.wrongTo === '' && this.wrongAmount === ''
  }

  protected override form(): Form {
    const back = this.kind === 'to-account'
    if (this.asks) return this.question()
    return {
      heading: this.from !== null ? back ? msg('Bring coins to the account') : msg('Send from this address') : back ? msg('Bring coins back to the account') : msg('Send from the Factoid address'),
      body: html`<p>${msg(html`At it are ${num(coins(this.has()))}. The fee is taken from what stays there.`)}</p>
        ${back ? nothing : this.field({ id: 'to', label: msg('To which address'), hint: msg('It begins with FA, EC or T. What goes to an EC address becomes credits.'), value: this.to, wrong: this.wrongTo, change: value => { this.to = value; this.wrongTo = '' } })}
        ${this.field({ id: 'amount', label: msg('How many coins'), hint: msg('Whole coins.'), inputmode: 'numeric', value: this.amount, wrong: this.wrongAmount, change: value => { this.amount = value; this.wrongAmount = '' } })}`,
      no: msg('Not now'),
      yes: this.from !== null ? msg('Look at it once more') : back ? msg('Bring them back') : msg('Send them'),
      doing: msg('Signing…'),
      submit: async () => {
        const [to, amount] = this.meant()
        if (!this.judge(to, amount) || amount === null) await this.toWrong()
        else if (this.from !== null) await this.step(() => { this.asks = true })
        else if (!await this.send(to, amount)) await this.toWrong()
      },
    }
  }

  private meant(): readonly [to: string, amount: number | null] {
    return [this.kind === 'to-account' ? this.snapshot.identity?.address ?? '' : this.to.trim(), readAmount(this.amount)]
  }

  /** Asked for each signature of a key that is valid elsewhere. */
  private question(): Form {
    const [to, amount] = this.meant()
    return {
      heading: msg('Sign once with this key?'),
      body: html`${facts([
          [msg('Coins'), num(number(amount ?? 0))],
          [msg('To'), html`<bdi class="mono small" translate="no">${to}</bdi>`],
          [msg('From'), html`<bdi class="mono small" translate="no">${this.from}</bdi>`],
        ])}
        ${elsewhereNotice(paidThere())}
        <p class="small soft">${msg('It signs this once. If no block takes it in a day it fails, and nothing was spent.')}</p>`,
      more: html`<button type="button" class="button plain" @click=${() => { void this.step(() => { this.asks = false }) }}>${msg('Change it')}</button>`,
      no: msg('Not now'),
      yes: msg('Sign and send'),
      doing: msg('Signing…'),
      submit: async () => {
        if (await this.send(to, amount ?? 0)) return
        await this.step(() => { this.asks = false })
        await this.toWrong()
      },
    }
  }

  /** False where a field is wrong after all. */
  private async send(to: string, amount: number): Promise<boolean> {
    try { await this.peer.records.sendFactoids(to, amount, this.from) } catch (error) {
      const code = (error as { code?: string } | null)?.code
      if (code === 'bad-input' && this.kind === 'send') this.wrongTo = msg('There is a slip in this address: its check digits do not fit. Nothing was sent; copy it again.')
      else if (code === 'too-large') this.wrongAmount = msg(str`There are ${number(this.has())} at it, which is too little for this and the fee. Nothing was sent.`)
      else throw error
      return false
    }
    this.close()
    this.dispatchEvent(new NoteEvent({ words: msg(str`${coins(amount)} are on their way.`), undo: null }))
    return true
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-send-factoids': HoldfastSendFactoids } }
