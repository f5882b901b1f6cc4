import { LitElement, html, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { uploadHash } from '../../route.ts'
import { isPublished } from '../../strings/items.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState, Upload } from '../../types.ts'
import '../copy.ts'
import { fold, notice } from '../parts.ts'
import { FoundUpload } from './found-upload.ts'

/**
 * The link of an item, to be given on. Of what was published that is the way to its publication, where others get it as its publisher decided; one with the key in it would be a way around
 * that, and is given only to who asks for exactly that.
 */
@customElement('holdfast-pass-on')
export class HoldfastPassOn extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) item!: Item
  private readonly found = new FoundUpload(this)

  override willUpdate(): void { this.found.look(this.peer, this.snapshot, this.item) }

  /** Whose publication it is, as far as that is known before, or without, a word of the ledger. */
  private get owner(): string | null {
    const { item: { cid, reasons }, snapshot: { identity } } = this
    if (reasons.some(({ reason }) => reason === 'own')) return identity?.address ?? null
    return reasons.find(({ upload, owner }) => upload === cid && owner !== null)?.owner ?? null
  }

  private link(link: string, label: string): TemplateResult {
    return link === '' ? html`<p class="small soft" role="status">${msg('Opening the key that is kept on this device. The link is here in a moment.')}</p>` : html`<holdfast-copy .text=${link} label=${label}></holdfast-copy>`
  }

  private simple(): TemplateResult {
    return html`<div class="stack"><p class="small soft">${msg('The same link works for anyone. Keep it for others, and they can take it from you.')}</p>${this.link(this.item.link, msg('Copy link'))}</div>`
  }

  /** `upload`: null where the ledger does not have it, or not yet. */
  private published(upload: Upload | null): TemplateResult {
    const { item, owner } = this
    const whose = upload?.owner ?? owner
    const policy = upload?.policy
    return html`<div class="stack">${whose === null
      ? html`<p class="small soft">${msg('Its publication is not known here, so there is no link to it now.')}</p>`
      : html`<p class="small soft">${msg('This link leads to its publication. Whoever opens it gets it as its publisher decided.')}</p>
        ${this.link(`${location.href.split('#')[0] ?? ''}${uploadHash({ cid: item.cid, owner: whose })}`, msg('Copy link'))}`}
      ${!item.protected || (policy !== undefined && 'public' in policy) ? nothing : fold(msg('Link with its key'), html`<div class="stack">
        ${notice('warn', policy !== undefined && 'pay' in policy ? msg('Whoever has it needs not buy') : msg('Whoever has it can open it'), msg('The key is in the link: nobody is asked or paid, and it cannot be called back.'))}
        ${this.link(item.link, msg('Copy the link with its key'))}</div>`)}</div>`
  }

  override render() {
    const { item, found: { upload } } = this
    if (upload !== null && upload !== undefined) return this.published(upload)
    if (item.protected && isPublished(item)) return this.published(null)
    if (item.protected && upload === undefined) return html`<p class="small soft" role="status">${msg('Looking up whether it was published.')}</p>`
    return this.simple()
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-pass-on': HoldfastPassOn } }
