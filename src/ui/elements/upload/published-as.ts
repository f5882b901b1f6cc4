import { LitElement, html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { uploadHash } from '../../route.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState } from '../../types.ts'
import { FoundUpload } from './found-upload.ts'

/** The way from an item to what the ledger says of it, where somebody published it. */
@customElement('holdfast-published-as')
export class HoldfastPublishedAs extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) item!: Item
  private readonly found = new FoundUpload(this)

  override willUpdate(): void { this.found.look(this.peer, this.snapshot, this.item) }

  override render() {
    const { found: { upload } } = this
    return upload === null || upload === undefined ? nothing : html`<a class="button full" href=${uploadHash(upload)}>${icon('discover')}${upload.own ? msg('Your publication of it') : msg('What was published')}</a>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-published-as': HoldfastPublishedAs } }
