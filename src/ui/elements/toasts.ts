import { LitElement, html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { attempt, type Note } from '../events.ts'
import { errorWords } from '../strings/errors.ts'
import { shared } from '../tokens/index.ts'
import type { Peer, PeerState } from '../types.ts'
import { toastStyles } from './toasts.styles.ts'

/** Words that stay until they are answered: no connection, a new version, something done that can be undone, an act that failed. */
@customElement('holdfast-toasts')
export class HoldfastToasts extends LitElement {
  static override readonly styles = [...shared, toastStyles]

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  /** What failed last, null after it was read. */
  @property({ attribute: false }) problem: unknown = null
  /** What was done last, null after it was read. */
  @property({ attribute: false }) note: Note | null = null
  @state() private later = false
  @state() private knowsOffline = false

  /** Pages end so much lower that nothing of them stays under the words, and what has the focus is scrolled clear of them. */
  private readonly room = new ResizeObserver(([entry]) => { document.documentElement.style.setProperty('--toasts', `${String(Math.ceil(entry?.contentRect.height ?? 0))}px`) })

  protected override firstUpdated(): void {
    this.room.observe(this.renderRoot.querySelector('.toasts')!)
  }

  override willUpdate(): void {
    if (this.snapshot.connection.online) this.knowsOffline = false
  }

  private offline() {
    if (this.snapshot.phase !== 'running' || this.snapshot.connection.online || this.knowsOffline) return nothing
    return html`<div class="toast"><p><b>${msg('You are offline')}</b> ${msg('Everything on this device still works.')}</p>
      <button type="button" class="button plain" @click=${() => { this.knowsOffline = true }}>${msg('Good')}</button></div>`
  }

  private newVersion() {
    if (!this.snapshot.updateReady || this.later) return nothing
    return html`<div class="toast"><p><b>${msg('A new version is ready.')}</b> ${msg('What is under way goes on after reloading.')}</p>
      <button type="button" class="button plain" @click=${() => { this.later = true }}>${msg('Later')}</button>
      <button type="button" class="button primary" @click=${() => { attempt(this, this.peer.update()) }}>${msg('Reload')}</button></div>`
  }

  private done() {
    const { note } = this
    if (note === null) return nothing
    const read = (): void => { this.dispatchEvent(new Event('holdfast-noted')) }
    return html`<div class="toast"><p><bdi>${note.words}</bdi></p>
      ${note.undo === null ? nothing : html`<button type="button" class="button" @click=${() => { read(); attempt(this, note.undo?.()) }}>${msg('Undo')}</button>`}
      <button type="button" class="button plain" @click=${read}>${msg('Close')}</button></div>`
  }

  private failed() {
    if (this.problem === null) return nothing
    const { what, next } = errorWords(this.problem)
    return html`<div class="toast failed"><p><b>${what}</b> ${next}</p>
      <button type="button" class="button plain" @click=${() => { this.dispatchEvent(new Event('holdfast-read')) }}>${msg('Close')}</button></div>`
  }

  override render() {
    return html`<div class="toasts"><div role="alert">${this.failed()}</div><div role="status">${this.done()}${this.offline()}${this.newVersion()}</div></div>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-toasts': HoldfastToasts } }
