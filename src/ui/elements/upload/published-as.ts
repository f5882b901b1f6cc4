import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { uploadHash } from '../../route.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState, Upload } from '../../types.ts'

/** The way from an item to what the ledger says of it, where somebody published it. */
@customElement('holdfast-published-as')
export class HoldfastPublishedAs extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) item!: Item
  @state() private upload: Upload | null = null
  private asked = ''

  override willUpdate(_changed: PropertyValues<this>): void {
    const { item: { cid }, snapshot: { uploads } } = this
    if (uploads === null) return
    const asked = `${cid} ${uploads.change}`
    if (asked === this.asked) return
    this.asked = asked
    void this.find(asked)
  }

  /** A help on the way: where the ledger cannot be asked there is just no such way. One's own comes first, then whom it is kept for, then the newest. */
  private async find(asked: string): Promise<void> {
    const { peer, item: { cid, reasons } } = this
    const found = await peer.publishing.search({ text: cid, kind: null, owner: null, own: false, from: 0, most: 20 }).then(({ uploads }) => uploads.filter(each => each.cid === cid), () => [])
    const keptFor = new Set(reasons.map(({ owner }) => owner))
    if (asked === this.asked) this.upload = found.find(({ own }) => own) ?? found.find(({ owner }) => keptFor.has(owner)) ?? found[0] ?? null
  }

  override render() {
    const { upload } = this
    return upload === null ? nothing : html`<a class="button full" href=${uploadHash(upload)}>${icon('discover')}${upload.own ? msg('Your publication of it') : msg('What was published')}</a>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-published-as': HoldfastPublishedAs } }
