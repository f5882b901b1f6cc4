import { LitElement, html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { frond } from '../drawings/kelp.ts'
import { icon } from '../drawings/icons.ts'
import { GetEvent } from '../events.ts'
import { getHash, inviteHash, itemHash, linkHash } from '../route.ts'
import { linkWords, type Words } from '../strings/errors.ts'
import { isProtected, sizeWords } from '../strings/items.ts'
import { shared } from '../tokens/index.ts'
import type { Cid, Link, Peer, PeerState } from '../types.ts'
import { lockBadge } from './parts.ts'

type Found = { readonly link: Link } | { readonly alone: Cid } | { readonly words: Words } | 'invite'

/** A field for a link somebody sent, or a content id, with what it names as soon as it can be read. */
@customElement('holdfast-paste')
export class HoldfastPaste extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  /** Whether getting is what the page is for. */
  @property({ type: Boolean }) primary = false
  @state() private text = ''
  @state() private pressed = false
  @query('input') private readonly input!: HTMLInputElement

  private read(): Found | null {
    if (this.text.trim() === '') return this.pressed ? { words: { what: msg('There is no link here yet'), next: msg('Paste the one you were sent.') } } : null
    if (inviteHash(this.text) !== null) return 'invite'
    const judged = this.peer.readLink(this.text.trim())
    if (!judged.ok) return { words: linkWords(this.text, judged.code) }
    return judged.value.infohash === null ? { alone: judged.value.cid } : { link: judged.value }
  }

  private submit(event: Event): void {
    event.preventDefault()
    this.pressed = true
    const invite = inviteHash(this.text)
    if (invite !== null) {
      location.hash = invite
      return
    }
    const found = this.read()
    if (found === null || found === 'invite' || 'words' in found) {
      this.input.focus()
      return
    }
    const cid = 'alone' in found ? found.alone : found.link.cid
    if (this.isHere(cid)) location.hash = itemHash(cid)
    else if ('alone' in found) location.hash = getHash(cid)
    // The address never shows a key.
    else this.dispatchEvent(new GetEvent(found.link, found.link.key === null ? linkHash(this.text) ?? getHash(cid) : getHash(cid)))
  }

  private isHere(cid: Cid): boolean {
    return this.snapshot.items.some(item => item.cid === cid)
  }

  private alone(cid: Cid) {
    return this.isHere(cid)
      ? html`<p class="hint">${msg('You have what this content id names already.')}</p>`
      : html`<p class="hint">${msg('A content id alone. People who are connected learn that you look for it, and whether anybody has it is seen before anything is fetched.')}</p>`
  }

  private preview(link: Link) {
    const here = this.isHere(link.cid)
    return html`<div class="file">
      <span class="tile">${frond(link.cid)}</span>
      <span><bdi class="name">${link.name === '' ? msg('Without a title') : link.name}</bdi><bdi class="meta">${sizeWords(link)}</bdi>${isProtected(link) ? lockBadge() : nothing}</span>
      <span class="end">${here ? html`<span class="badge good">${icon('check')}${msg('already here')}</span>` : nothing}</span>
    </div>
    ${here ? nothing : html`<p class="hint">${msg('People who have it will see your IP address while it comes.')}</p>`}`
  }

  override render() {
    const found = this.read()
    const bad = found !== null && found !== 'invite' && 'words' in found
    return html`<form class="stack" @submit=${this.submit} novalidate>
      <div class="field">
        <label for="paste">${msg('Paste a link')}</label>
        <div class="with-button">
          <input class="input" id="paste" .value=${this.text} placeholder="https://…/#/get/…" autocomplete="off" autocapitalize="off" spellcheck="false" inputmode="url" dir="ltr"
            aria-invalid=${bad} aria-describedby="about" @input=${(event: Event) => { this.pressed = false; this.text = (event.target as HTMLInputElement).value }} />
          <button class="button ${this.primary ? 'primary' : ''}" ?disabled=${this.snapshot.phase !== 'running'}>${msg('Get')}</button>
        </div>
      </div>
      <div id="about" role="status">
        ${found === null ? html`<p class="hint">${msg('A link, or a content id. You see what it holds before anything is fetched.')}</p>`
          : found === 'invite' ? html`<p class="hint">${msg('An invite, which holds coins. You see how many before you take them.')}</p>`
          : 'words' in found ? html`<p class="error">${icon('warning')}<span><b>${found.words.what}.</b> ${found.words.next}</span></p>`
          : 'alone' in found ? this.alone(found.alone)
          : this.preview(found.link)}
      </div>
    </form>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-paste': HoldfastPaste } }
