import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Item, Peer, PeerState, Upload } from '../../types.ts'

/** What the ledger says of an item's content, where somebody published it; asked for anew with every change of the ledger's uploads. */
export class FoundUpload implements ReactiveController {
  /** Undefined until the ledger answered; null where nobody published it, or where there is no ledger. */
  upload: Upload | null | undefined
  private asked = ''

  constructor(private readonly host: ReactiveControllerHost) { host.addController(this) }

  hostConnected(): void {}

  /** To be called before each update of the host. */
  look(peer: Peer, { uploads }: PeerState, item: Item): void {
    const asked = `${item.cid} ${uploads?.change ?? 'none'}`
    if (asked === this.asked) return
    if (!this.asked.startsWith(item.cid)) this.upload = undefined // of another one until now
    this.asked = asked
    if (uploads === null) this.upload = null
    else void this.find(peer, item, asked)
  }

  /** Where the ledger cannot be asked there is just no such way. One's own comes first, then whom it is kept for, then the newest. */
  private async find(peer: Peer, { cid, reasons }: Item, asked: string): Promise<void> {
    const found = await peer.publishing.search({ text: cid, kind: null, owner: null, own: false, from: 0, most: 20 }).then(({ uploads }) => uploads.filter(each => each.cid === cid), () => [])
    const keptFor = new Set(reasons.map(({ owner }) => owner))
    if (asked !== this.asked) return
    this.upload = found.find(({ own }) => own) ?? found.find(({ owner }) => keptFor.has(owner)) ?? found[0] ?? null
    this.host.requestUpdate()
  }
}
