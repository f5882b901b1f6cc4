import { LitElement, html, nothing, type PropertyValues } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { msg } from '@lit/localize'
import { icon } from '../../drawings/icons.ts'
import { uploadHash } from '../../route.ts'
import { shared } from '../../tokens/index.ts'
import type { Item, Peer, PeerState, Upload } from '../../types.ts'

/** The way from an item to what the ledger says of it, where it is published by this person or by whoever it is kept for. */
@customElement('holdfast-published-as')
export class HoldfastPublishedAs extends LitElement {
  static override readonly styles = shared

  @property({ attribute: false }) peer!: Peer
  @property({ attribute: false }) snapshot!: PeerState
  @property({ attribute: false }) item!: Item
  @state() private upload: Upload | null = null
  private asked = ''

  override willUpdate(_changed: PropertyValues<this>): void {
    const { item: { cid, reasons }, snapshot: { identity, uploads } } = this
    if (uploads === null) return
    const owners = new Set([...reasons.flatMap(({ owner, upload }) => owner !== null && upload === cid ? [owner] : []), ...identity === null ? [] : [identity.address]])
    const asked = [cid, uploads.change, ...owners].join(' ')
    if (asked === this.asked) return
    this.asked = asked
    void this.find(asked, [...owners])
  }

  private async find(asked: string, owners: readonly string[]): Promise<void> {
    let found: Upload | null = null
    // A help on the way: where the ledger cannot be asked there is just no such way.
    for (const owner of owners) found ??= await this.peer.publishing.find({ cid: this.item.cid, owner }).catch(() => null)
    if (asked === this.asked) this.upload = found
  }

  override render() {
    const { upload } = this
    return upload === null ? nothing : html`<a class="button full" href=${uploadHash(upload)}>${icon('discover')}${upload.own ? msg('Your publication of it') : msg('What was published')}</a>`
  }
}

declare global { interface HTMLElementTagNameMap { 'holdfast-published-as': HoldfastPublishedAs } }
