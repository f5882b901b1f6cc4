import { html, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { NoteEvent } from '../../events.ts'
import { coins } from '../../strings/counts.ts'
import { bytes, number, roughly } from '../../strings/format.ts'
import { bondFor, mayLose } from '../../strings/keeping.ts'
import type { KeepingTerms, OpenKeeping } from '../../types.ts'
import { check, facts, notice, num } from '../parts.ts'
import { Sheet, type Form } from '../sheet.ts'
import { readAmount, spendable } from '../wallet/amounts.ts'
import { gigabytes, mostBytes, readGigabytes } from './room.ts'

const free: KeepingTerms = { pays: false, bond: 0, bondPerGiB: 0, period: 0, periodSeconds: 0, fee: 0 }

/** Opens this account as a keeper, or changes what it gives: how much room, for what, what it puts up, and what it wants for it. */
@customElement('holdfast-pledge')
export class HoldfastPledge extends Sheet {
  @state() private room = ''
  @state() private price = ''
  @state() private everything = false
  @state() private wrong = ''
  @state() private wrongPrice = ''

  async show(): Promise<void> {
    await this.open()
    const { now } = this
    this.room = now === null ? '1' : gigabytes(now.pledged)
    this.price = String(now?.price ?? 1)
    this.everything = now?.public ?? false
  }

  protected override clear(): void {
    this.room = this.price = this.wrong = this.wrongPrice = ''
  }

  private get now(): OpenKeeping | null { return this.snapshot.uploads?.keeping.open ?? null }
  private get terms(): KeepingTerms { return this.snapshot.uploads?.keeping.terms ?? free }

  /** Coins that stand as a bond then, and those that are to be added to what stands now. */
  private bond(): { readonly whole: number, readonly more: number } {
    const before = this.now?.bond ?? 0
    const whole = Math.max(before, bondFor(readGigabytes(this.room) ?? 0, this.terms))
    return { whole, more: whole - before }
  }

  private cost(): TemplateResult {
    const { terms, snapshot } = this
    const { whole, more } = this.bond()
    const left = spendable(snapshot) - more - terms.fee
    return html`${this.field({ id: 'price', label: msg('Coins you want for a GiB and period'), hint: msg(str`A period is about ${roughly(terms.periodSeconds)}. Offers below it are not taken. Each proof costs you a fee of ${coins(terms.fee)}.`), inputmode: 'numeric', value: this.price, wrong: this.wrongPrice, change: value => { this.price = value; this.wrongPrice = '' } })}
      ${facts([
        [msg('Bond'), html`${num(number(whole))}${more === whole || more === 0 ? nothing : html`, ${msg(str`${number(more)} more than now`)}`}`],
        [msg('Fee'), num(number(terms.fee))],
        [msg('Left afterwards'), num(number(Math.max(0, left)))],
      ])}
      ${whole === 0 ? nothing : html`<p class="small soft">${msg('The bond stays yours, but cannot be spent while you keep. It only grows until you end keeping, and is free at the second settling after that.')}</p>`}
      ${notice('info', msg('What you can lose'), html`<ul class="stack s1">${mayLose(whole).map(words => html`<li>${words}</li>`)}</ul>`)}`
  }

  /** What was typed, where it can be promised; says what is wrong otherwise. */
  private judge(): { readonly pledged: number, readonly price: number } | null {
    const { now, terms } = this
    const [pledged, price] = [readGigabytes(this.room), terms.pays ? readAmount(this.price) : now?.price ?? 0]
    this.wrong = pledged === null ? Number(this.room) * 1e9 > mostBytes ? msg(str`At most ${bytes(mostBytes)}.`) : msg('A number of gigabytes, such as 2 or 0.5.')
      : now !== null && pledged < now.load ? msg(str`You keep ${bytes(now.load)} already; at least that much.`) : ''
    this.wrongPrice = price === null ? msg('A whole number of coins; 0 to keep for nothing.') : ''
    return pledged === null || price === null || this.wrong !== '' ? null : { pledged, price }
  }

  protected override form(): Form {
    const { snapshot, now, terms } = this
    const fee = terms.pays ? terms.fee : snapshot.wallet?.minimumFee ?? 0
    const needed = this.bond().more + fee
    const poor = spendable(snapshot) < needed
    return {
      heading: now === null ? msg('Become a keeper') : msg('Change what you give'),
      body: html`${this.field({ id: 'room', label: msg('Room in gigabytes'), hint: msg('Taken only as far as others ask for it. You can make it smaller down to what you keep by then.'), inputmode: 'numeric', value: this.room, wrong: this.wrong, change: value => { this.room = value; this.wrong = '' } })}
        ${check({ id: 'public', label: msg('Also what is not encrypted'), checked: this.everything, change: on => { this.everything = on }, about: msg('Otherwise only what you cannot open yourself is kept, and you answer for none of it.') })}
        ${terms.pays ? this.cost() : nothing}
        <p class="small soft">${msg('Others fetch it from you while a tab is open; they see your IP address. That your address keeps it stands in the ledger. Your rate limits, the metered rule and the Sharing switch are stronger than any promise.')}</p>
        ${terms.pays ? nothing : html`<p class="small quiet">${msg(str`The fee is ${coins(fee)}.`)}</p>`}
        ${snapshot.identity?.backedUp === null ? notice('warn', msg('Not backed up'), msg('A promise belongs to your address. Back up in Settings, so that you can go on with it elsewhere.')) : nothing}
        ${poor ? notice('warn', msg('Not enough coins'), terms.pays ? msg(str`It takes ${coins(needed)}, and you have ${coins(spendable(snapshot))}. With less room the bond is smaller, down to ${coins(terms.bond)}.`) : msg('It takes the fee. Somebody can send you coins, or an invite link.')) : nothing}`,
      no: msg('Not now'),
      yes: poor ? null : now === null ? msg('Promise it') : msg('Change it'),
      doing: msg('Signing…'),
      submit: async () => {
        const pledge = this.judge()
        if (pledge === null) {
          await this.toWrong()
          return
        }
        if (snapshot.consent !== 'agreed') await this.peer.consent(true)
        if (snapshot.identity === null) await this.peer.identity.ensure()
        await this.peer.publishing.openKeeping({ ...pledge, public: this.everything })
        this.close()
        this.dispatchEvent(new NoteEvent({ words: msg('Your promise is on its way to the ledger.'), undo: null }))
      },
    }
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-pledge': HoldfastPledge } }
