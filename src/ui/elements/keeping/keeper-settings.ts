import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { keeperGlyph } from '../../drawings/mark.ts'
import { icon } from '../../drawings/icons.ts'
import { AskEvent, attempt } from '../../events.ts'
import { settingsStyles } from '../../places/settings.styles.ts'
import { coins, files, uploads } from '../../strings/counts.ts'
import { bytes, dueAt, roughly } from '../../strings/format.ts'
import { standingWords, statusWord } from '../../strings/keeping.ts'
import { shared } from '../../tokens/index.ts'
import type { KeepingTerms, OpenKeeping, Peer, PeerState } from '../../types.ts'
import { notice, num, toggle } from '../parts.ts'
import type { Question } from '../question.ts'
import './pledge.ts'
import type { HoldfastPledge } from './pledge.ts'

/** Whether this account promises to keep: what it gives, on which device, and how that ends. */
@customElement('holdfast-keeper-settings')
export class HoldfastKeeperSettings extends LitElement {
  static override readonly styles = [...shared, settingsStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @query('holdfast-pledge') private readonly pledge!: HoldfastPledge

  private get signs(): boolean {
    const { ledger, identity } = this.snapshot
    return ledger.phase === 'open' && identity?.locked !== true
  }

  private none({ pays }: KeepingTerms): TemplateResult {
    return html`<div class="setting"><div><b>${msg('You promise nothing')}</b><span class="sub">${pays
      ? msg('A keeper puts up a bond, holds what others publish, proves it again and again, and is paid for it. Meant for devices that are on most days.')
      : msg('A keeper promises, in public, to hold what others publish. Meant for devices that are on most days.')}</span></div>
      <button type="button" class="button small" ?disabled=${!this.signs} @click=${() => { void this.pledge.show() }}>${icon('library', 18)}${msg('Become a keeper')}</button></div>`
  }

  private open(open: OpenKeeping, { pays, periodSeconds }: KeepingTerms): TemplateResult {
    const { status, pledged, price, bond, missed, free } = open
    const now = Date.now()
    const { words, tone } = statusWord(status)
    const bound = status === 'active' || status === 'away'
    const room = open.public ? msg(html`${num(bytes(pledged))} for anything.`) : msg(html`${num(bytes(pledged))} for what is encrypted.`)
    return html`<div class="setting"><div><span class="chip ${tone}">${keeperGlyph(status === 'active' ? 3 : 0)}${words}</span>
        <span class="sub">${standingWords({ status, missed, bond, pays, free: free === null ? null : dueAt(free.at, now) })}</span></div></div>
      ${!bound ? nothing : html`<div class="setting"><div><b>${msg('What you give')}</b><span class="sub">${room}
          ${!pays ? nothing : msg(str`You want ${coins(price)} for each GiB and period of ${roughly(periodSeconds)}; ${coins(bond)} are put up.`)}</span></div>
        <button type="button" class="button small" ?disabled=${!this.signs} @click=${() => { void this.pledge.show() }}>${msg('Change what you give')}</button></div>`}
      ${bound ? this.here() : nothing}
      ${!pays || status === 'closing' ? nothing : html`<div class="setting"><div><b>${msg('End it')}</b><span class="sub">${msg('Your promises are void at once, and the bond comes back after two settlings.')}</span></div>
        <button type="button" class="button small" ?disabled=${!this.signs} @click=${() => { this.dispatchEvent(new AskEvent(closeQuestion(open, periodSeconds), () => this.peer.publishing.closeKeeping())) }}>${msg('End keeping')}</button></div>`}`
  }

  /** One device of an account keeps; the one before goes on until the next has all of it. */
  private here(): TemplateResult | typeof nothing {
    const { keeping } = this.snapshot
    if (keeping === null) return nothing
    const { leaving } = keeping
    return html`${toggle({
      id: 'keep-here', label: msg('Keep on this device'), checked: keeping.here,
      about: msg('One of your devices keeps for your address. Turned off, this one goes on until another has all of it.'),
      turn: on => this.peer.keepHere(on),
    })}
      ${leaving === null ? nothing : html`<div role="status">${notice('info', msg('Still kept here'), msg(html`${files(leaving.files)}, ${num(bytes(leaving.bytes))}, that no other device of yours has yet. Turn “Keep on this device” on there and leave it open.`),
        html`<div class="line"><button type="button" class="button small" @click=${() => { attempt(this, this.peer.keepHere(false, true)) }}>${msg('Stop here all the same')}</button></div>`)}</div>`}`
  }

  override render() {
    const keeping = this.snapshot.uploads?.keeping ?? null
    return keeping === null ? nothing : html`<section class="stack" aria-labelledby="keeper"><h2 id="keeper">${msg('Kept by promise')}</h2>
        <div class="panel">${keeping.open === null ? this.none(keeping.terms) : this.open(keeping.open, keeping.terms)}</div></section>
      <holdfast-pledge .peer=${this.peer} .snapshot=${this.snapshot}></holdfast-pledge>`
  }
}

/** Before somebody ends all they promised: what becomes of it, of the rent and of the bond. */
export function closeQuestion({ bond, count, rent, status }: Pick<OpenKeeping, 'bond' | 'count' | 'rent' | 'status'>, periodSeconds: number): Question {
  const gone = status === 'gone'
  return {
    heading: msg('End keeping?'),
    body: html`${gone ? nothing : html`<p>${count === 0 ? msg('You keep nothing by promise now.') : msg(str`You need not keep ${uploads(count)} any more; others may take your places.`)}</p>`}
      <p>${bond === 0 ? msg('You put up nothing.') : msg(str`Your ${coins(bond)} come back at the second settling from now; there is one in each ${roughly(periodSeconds)}. Until then you cannot begin anew.`)}</p>
      ${rent.due > 0 ? html`<p>${msg(str`Rent of ${coins(rent.due)} that you earned is paid by and by; claim it in the Library to have it at once.`)}</p>` : nothing}
      <p class="small soft">${msg('The files stay here as far as you have another reason for them; the others go to Removed.')}</p>`,
    no: msg('Go on keeping'),
    yes: msg('End keeping'),
    tone: 'danger',
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-keeper-settings': HoldfastKeeperSettings } }
