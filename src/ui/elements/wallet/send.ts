import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { frond } from '../../drawings/kelp.ts'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { number } from '../../strings/format.ts'
import { facts, notice, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { amountProblem, readAmount, spendable } from './amounts.ts'

/** Base58 of a hash of 160 bits with its checksum begins so, and Factoid addresses; whether the checksum is right the peer tells. */
const addressShape = /^T[1-9A-HJ-NP-Za-km-z]{25,34}$|^FA[1-9A-HJ-NP-Za-km-z]{50}$/

/** Sends coins: to whom and how many, then all of it once more with what it costs. */
@customElement('holdfast-send')
export class HoldfastSend extends Sheet {
  @state() private warned = false
  @state() private reviewed = false
  @state() private to = ''
  @state() private amount = ''
  @state() private wrongTo = ''
  @state() private wrongAmount = ''

  async show(): Promise<void> {
    await this.open()
  }

  protected override clear(): void {
    this.to = this.amount = this.wrongTo = this.wrongAmount = ''
    this.reviewed = false
    // Asked for once: before the first coins leave.
    this.warned = this.snapshot.identity?.backedUp !== null || (this.snapshot.wallet?.rows.some(({ kind }) => kind === 'sent') ?? false)
  }

  protected override form(): Form {
    return !this.warned ? this.notBackedUp() : this.reviewed ? this.review() : this.ask()
  }

  private notBackedUp(): Form {
    return {
      heading: msg('You are not backed up'),
      body: html`${notice('warn', msg('Coins go with the address'), msg('If this browser’s data is cleared, your address and all coins at it are gone for good. It takes two minutes and 12 words.'))}
        <p><a class="button" href="#/settings" @click=${this.close}>${msg('Back up now')}</a></p>`,
      no: msg('Not now'),
      yes: msg('Send without a backup'),
      submit: async () => { await this.step(() => { this.warned = true }) },
    }
  }

  private ask(): Form {
    const free = spendable(this.snapshot)
    return {
      heading: msg('Send coins'),
      body: html`<p>${msg(html`You have ${num(coins(free))} to send.`)}</p>
        ${this.field({ id: 'to', label: msg('To which address'), hint: msg('All of it, as its owner shows it under Receive. It begins with T, or with FA where it is a Factoid address.'), value: this.to, wrong: this.wrongTo, change: value => { this.to = value; this.wrongTo = '' } })}
        ${this.field({ id: 'amount', label: msg('How many coins'), hint: this.feeHint(), inputmode: 'numeric', value: this.amount, wrong: this.wrongAmount, change: value => { this.amount = value; this.wrongAmount = '' } })}`,
      no: msg('Not now'),
      yes: msg('Look at it once more'),
      submit: async () => {
        const to = this.to.trim()
        this.wrongTo = to === '' ? msg('There is no address yet.')
          : /^(Fs|Es)/.test(to) ? msg('This is a secret key, not an address. Nothing was sent; never give it to anybody.')
          : !addressShape.test(to) ? msg('This is no whole address. Nothing was sent; copy all of it and paste it again.')
          : to === this.snapshot.identity?.address ? msg('This is your own address. Nothing was sent.') : ''
        this.wrongAmount = amountProblem(this.amount, this.snapshot)
        const first = this.wrongTo !== '' ? 'to' : this.wrongAmount !== '' ? 'amount' : null
        if (first === null) await this.step(() => { this.reviewed = true })
        else await this.look(first)
      },
    }
  }

  private feeHint(): string {
    const fee = this.snapshot.wallet?.minimumFee ?? 0
    return msg(str`Whole coins. The fee of ${number(fee)} comes on top; it goes to whoever makes the block.`)
  }

  private review(): Form {
    const [to, amount, fee] = [this.to.trim(), readAmount(this.amount) ?? 0, this.snapshot.wallet?.minimumFee ?? 0]
    return {
      heading: msg(str`Send ${coins(amount)}?`),
      body: html`<div class="whose"><div class="file"><span class="tile">${frond(to)}</span><span><b>${msg('To')}</b><bdi class="meta mono" translate="no">${to}</bdi></span></div></div>
        ${facts([
          [msg('Coins'), num(number(amount))],
          [msg('Fee'), num(number(fee))],
          [msg('Together'), html`<b>${num(number(amount + fee))}</b>`],
          [msg('Left afterwards'), num(number(spendable(this.snapshot) - amount - fee))],
        ])}
        <p class="small soft">${msg('It cannot be called back once a block has it. Everybody can see that it went from your address to this one.')}</p>
        ${this.snapshot.connection.peers.length > 0 ? nothing : notice('info', nothing, msg('Nobody is connected now. It is kept here and offered as soon as somebody is.'))}`,
      more: html`<button type="button" class="button plain" @click=${() => { void this.step(() => { this.reviewed = false }) }}>${msg('Change it')}</button>`,
      no: msg('Not now'),
      yes: msg(str`Send ${coins(amount)}`),
      doing: msg('Signing…'),
      submit: async () => {
        try {
          await this.peer.wallet.send(to, amount)
        } catch (error) {
          if (!await this.explained(error)) throw error
          return
        }
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg(str`${coins(amount)} are on their way. The history shows how far they are.`), undo: null }))
      },
    }
  }

  /** Goes back to the field that an error is about. */
  private async explained(error: unknown): Promise<boolean> {
    const { code, data } = error as { readonly code?: string, readonly data?: { readonly account?: unknown } } | null ?? {}
    if (code !== 'bad-input' && code !== 'too-large') return false
    await this.step(() => { this.reviewed = false })
    if (code === 'bad-input') this.wrongTo = typeof data?.account === 'string' ? msg(str`This is another way of writing ${data.account}, and coins sent to it in this form would be lost. Nothing was sent; send them to that address.`) : msg('There is a slip in this address: its check digits do not fit. Nothing was sent; copy it again.')
    else this.wrongAmount = msg(str`You have ${number(spendable(this.snapshot))}. Nothing was sent.`)
    await this.look(code === 'bad-input' ? 'to' : 'amount')
    return true
  }

  private async look(field: string): Promise<void> {
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>(`#${field}`)?.focus()
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-send': HoldfastSend } }
