import { html, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { bytes } from '../../strings/format.ts'
import { check, notice } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { spendable } from '../wallet/amounts.ts'

const gigabyte = 1e9
/** What a keeper record can say. */
const mostBytes = 2 ** 40 - 1

/** Opens this account as a keeper, or changes what it gives: how much room, and for what. */
@customElement('holdfast-pledge')
export class HoldfastPledge extends Sheet {
  @state() private room = ''
  @state() private everything = false
  @state() private wrong = ''

  async show(): Promise<void> {
    await this.open()
    const { open } = this.snapshot.uploads?.keeping ?? { open: null }
    this.room = open === null ? '1' : String(Math.round(open.pledged / gigabyte * 10) / 10)
    this.everything = open?.public ?? false
  }

  protected override clear(): void {
    this.room = this.wrong = ''
  }

  protected override form(): Form {
    const { snapshot } = this
    const { open } = snapshot.uploads?.keeping ?? { open: null }
    const fee = snapshot.wallet?.minimumFee ?? 0
    const poor = spendable(snapshot) < fee
    return {
      heading: open === null ? msg('Become a keeper') : msg('Change what you give'),
      body: html`${this.field({ id: 'room', label: msg('Room in gigabytes'), hint: msg('Taken only as far as others ask for it. You can make it smaller down to what you keep by then.'), inputmode: 'numeric', value: this.room, wrong: this.wrong, change: value => { this.room = value; this.wrong = '' } })}
        ${check({ id: 'public', label: msg('Also what is not encrypted'), checked: this.everything, change: on => { this.everything = on }, about: msg('Otherwise only what you cannot open yourself is kept, and you answer for none of it.') })}
        <p class="small soft">${msg('Others fetch it from you while a tab is open; they see your IP address. That your address keeps it stands in the ledger. Your rate limits, the metered rule and the Sharing switch are stronger than any promise.')}</p>
        <p class="small quiet">${msg(str`The fee is ${coins(fee)}.`)}</p>
        ${snapshot.identity?.backedUp === null ? notice('warn', msg('Not backed up'), msg('A promise belongs to your address. Back up in Settings, so that you can go on with it elsewhere.')) : nothing}
        ${poor ? notice('warn', msg('Not enough coins'), msg('It takes the fee. Somebody can send you coins, or an invite link.')) : nothing}`,
      no: msg('Not now'),
      yes: poor ? null : open === null ? msg('Promise it') : msg('Change it'),
      doing: msg('Signing…'),
      submit: async () => {
        const pledged = Math.round(Number(this.room.trim() === '' ? Number.NaN : this.room.replace(',', '.')) * gigabyte)
        this.wrong = !(pledged > 0) ? msg('A number of gigabytes, such as 2 or 0.5.') : pledged > mostBytes ? msg(str`At most ${bytes(mostBytes)}.`)
          : open !== null && pledged < open.load ? msg(str`You keep ${bytes(open.load)} already; at least that much.`) : ''
        if (this.wrong !== '') {
          await this.updateComplete
          this.renderRoot.querySelector<HTMLElement>('#room')?.focus()
          return
        }
        if (snapshot.consent !== 'agreed') await this.peer.consent(true)
        if (snapshot.identity === null) await this.peer.identity.ensure()
        await this.peer.publishing.openKeeping({ pledged, price: open?.price ?? 0, public: this.everything })
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('Your promise is on its way to the ledger.'), undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-pledge': HoldfastPledge } }
