import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { credits as creditWords } from '../../strings/records.ts'
import { notice, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { readAmount, spendable } from '../wallet/amounts.ts'

/** Proposed where nobody says how many: enough to begin a chain and write on it for a while. */
const usual = 50

/** Makes entry credits of coins: how many, and what they cost. */
@customElement('holdfast-buy-credits')
export class HoldfastBuyCredits extends Sheet {
  @state() private amount = ''
  @state() private wrong = ''

  /** `missing`: as many as are needed at least. */
  async show(missing = usual): Promise<void> {
    await this.open()
    this.amount = String(missing)
  }

  protected override clear(): void {
    this.amount = this.wrong = ''
  }

  /** Coins of the account and of the Factoid address; both are taken. */
  private has(): number {
    return spendable(this.snapshot) + (this.snapshot.records?.credits?.factoids ?? 0)
  }

  private judge(amount: number | null, rate: number): string {
    if (this.amount.trim() === '') return msg('There is no number yet.')
    if (amount === null) return msg('This is no whole number of credits. Nothing was bought.')
    if (amount === 0) return msg('At least 1 credit. Nothing was bought.')
    return amount * rate > this.has() ? msg(str`They cost ${coins(amount * rate)}, and you have ${number(this.has())}. Nothing was bought.`) : ''
  }

  protected override form(): Form {
    const rate = this.snapshot.records?.credits?.rate ?? 0
    const amount = readAmount(this.amount)
    return {
      heading: msg('Buy entry credits'),
      body: html`<p>${msg('Credits pay for records: one for each kilobyte, ten more to begin a chain. They stay with your address and cannot be turned back into coins.')}</p>
        <p>${msg(html`You have ${num(coins(this.has()))}. One credit costs ${num(coins(rate))}.`)}</p>
        ${this.field({ id: 'amount', label: msg('How many credits'), hint: amount === null ? msg('A whole number.') : msg(str`${coins(amount * rate)}, and the fees on top.`), inputmode: 'numeric', value: this.amount, wrong: this.wrong, change: value => { this.amount = value; this.wrong = '' } })}
        ${this.snapshot.identity?.backedUp === null ? notice('warn', msg('Not backed up'), msg('If this browser’s data is cleared, the credits are gone with your address. Settings make a backup of it.')) : nothing}`,
      no: msg('Not now'),
      yes: amount === null ? msg('Buy credits') : msg(str`Buy ${creditWords(amount)}`),
      doing: msg('Signing…'),
      submit: async () => {
        this.wrong = this.judge(amount, rate)
        if (this.wrong === '' && amount !== null) await this.buy(amount)
        if (this.wrong !== '') await this.look()
      },
    }
  }

  private async buy(amount: number): Promise<void> {
    try { await this.peer.records.buyCredits(amount) } catch (error) {
      if ((error as { code?: string } | null)?.code !== 'too-large') throw error
      this.wrong = msg(str`There are not enough coins for ${creditWords(amount)} and the fees. Nothing was bought.`)
      return
    }
    this.close()
    this.dispatchEvent(new NoteEvent({ words: msg(str`${creditWords(amount)} are on their way. They can be used as soon as a block has them.`), undo: null }))
  }

  private async look(): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#amount')?.focus()
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-buy-credits': HoldfastBuyCredits } }
