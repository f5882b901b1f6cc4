import { html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg, str } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { emptyMark } from '../drawings/mark.ts'
import { notice } from '../elements/parts.ts'
import { NoteEvent } from '../events.ts'
import { coins } from '../strings/counts.ts'
import { errorWords } from '../strings/errors.ts'
import { number } from '../strings/format.ts'
import type { FoundInvite } from '../types.ts'
import { Place } from './place.ts'

type Read = FoundInvite | 'waiting' | 'no-invite' | { readonly problem: unknown }

/** An opened invite: how many coins it holds, from whom, and one button to take them. */
@customElement('holdfast-invited')
export class HoldfastInvited extends Place {
  /** What was opened, from `#` on. */
  @property({ attribute: false }) link = ''
  @state() private read: Read = 'waiting'
  @state() private busy = false
  @state() private problem: unknown = null
  /** What was read last, and under which root. */
  private asked = ''

  /** The whole link, as it was made. */
  private get whole(): string {
    return `${location.href.split('#')[0] ?? ''}${this.link}`
  }

  /** Read anew with every block: the coins may come, or be taken by somebody else. */
  override willUpdate(): void {
    const { phase, ledger, identity } = this.snapshot
    if (phase === 'running' && identity === null && this.asked !== 'identity') {
      this.asked = 'identity'
      void this.peer.identity.ensure().catch((error: unknown) => { this.read = { problem: error } })
    }
    if (ledger.phase !== 'open' || identity === null || this.busy) return
    const key = `${this.link} ${ledger.head.root}`
    if (key === this.asked) return
    this.asked = key
    void this.look(key)
  }

  private async look(key: string): Promise<void> {
    let read: Read
    try { read = await this.peer.wallet.readInvite(this.whole) ?? 'no-invite' } catch (error) { read = { problem: error } }
    if (this.asked === key) this.read = read
  }

  private async take(amount: number): Promise<void> {
    if (this.busy) return
    this.busy = true
    this.problem = null
    try {
      await this.peer.wallet.claim(this.whole)
      this.dispatchEvent(new NoteEvent({ words: msg(str`${coins(amount)} are on their way to you. The history shows how far they are.`), undo: null }))
      // The address forgets the link, which is like cash.
      history.replaceState(history.state, '', '#/wallet')
      window.dispatchEvent(new HashChangeEvent('hashchange'))
    } catch (error) {
      this.problem = error
    } finally {
      this.busy = false
    }
  }

  private alone(heading: string, words: string) {
    return html`<div class="empty">${emptyMark()}<h1 tabindex="-1" class="h3">${heading}</h1><p>${words}</p><a class="button" href="#/wallet">${icon('wallet')}${msg('Open the Wallet')}</a></div>`
  }

  private wait() {
    const { ledger } = this.snapshot
    const why = ledger.phase === 'waiting' ? msg('Waiting for the ledger: somebody has to tell which one this network keeps. The link is kept here until then.')
      : ledger.phase === 'failed' ? msg(str`${errorWords(ledger.problem).what}. The ledger cannot be opened; it is tried again by itself.`)
      : msg('Looking what the link holds.')
    return html`<div class="stack"><h1 tabindex="-1">${msg('An invite')}</h1><div class="flow" role="progressbar" aria-label=${msg('An invite')}></div><p class="lead" role="status">${why}</p></div>`
  }

  private holds({ amount, from, stage }: FoundInvite) {
    const { ledger, identity } = this.snapshot
    const behind = ledger.phase === 'open' ? ledger.behind : 0
    if (stage === 'coming' || stage === 'taken' && behind > 0) return behind > 0
      ? this.alone(msg('Nothing to be seen yet'), msg(str`This device still fetches ${number(behind)} blocks. The coins may show up with them; leave this open.`))
      : this.alone(msg('The coins are on their way'), msg('No block that came here has them yet. They show up by themselves within a few minutes; leave this open.'))
    if (stage === 'taken') return this.alone(msg('These coins were taken already'), msg('Somebody opened the link before. Ask whoever sent it to you for another one.'))
    return html`<section class="water stack s3">
      <div class="stack s1"><h1 tabindex="-1" class="hero">${msg(str`${coins(amount)} for you`)}</h1>
        <p class="file"><span class="tile">${frond(from)}</span><span><b>${msg('From')}</b><bdi class="meta mono" translate="no">${from}</bdi></span></p></div>
      ${this.problem === null ? nothing : html`<p class="error" role="alert">${icon('warning', 18)}<span>${errorWords(this.problem).what}. ${errorWords(this.problem).next}</span></p>`}
      <div><button type="button" class="button primary big" aria-disabled=${this.busy} ?disabled=${identity?.locked === true} @click=${() => { void this.take(amount) }}>${icon('in')}${this.busy ? msg('Signing…') : msg(str`Take ${coins(amount)}`)}</button></div>
      ${identity?.locked === true ? html`<p class="small soft">${msg(html`Locked: nothing is signed before the passphrase was given. <a href="#/settings">Unlock in Settings</a>`)}</p>` : nothing}
      <p class="small soft">${msg('They go to your address on this device. Whoever opens the link first has them. You can write in threads and pay with them.')}</p>
    </section>
    ${identity?.backedUp === null ? notice('info', nothing, msg('This device has an address for you, which is not backed up yet. Settings help with that, now or later.')) : nothing}`
  }

  override render() {
    const { read } = this
    return html`<div class="page">${read === 'waiting' || this.snapshot.ledger.phase !== 'open' ? this.wait()
      : read === 'no-invite' ? this.alone(msg('This is no invite'), msg('Something is missing in it, or it was changed on the way. Copy all of it and open it again. Nothing was taken.'))
      : 'problem' in read ? this.alone(errorWords(read.problem).what, errorWords(read.problem).next)
      : this.holds(read)}</div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-invited': HoldfastInvited } }
