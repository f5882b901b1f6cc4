import type { ChunkStore, Torrent, Wire } from 'webtorrent/dist/webtorrent.min.js'
import { HoldfastError, limits, type Infohash } from '../base/index.ts'
import { contain } from './contain.ts'
import type { ListedFile } from './listing.ts'
import type { SwarmHost } from './membership.ts'
import { Sockets } from './sockets.ts'
import { WireGuard } from './wire-guard.ts'
import type { WireSocket } from './wire-socket.ts'

const nothing = (): HoldfastError => new HoldfastError('bad-input', 'nothing is stored of a meeting')

/** No byte of a file is ever asked for at a meeting. */
const emptyStore: ChunkStore = {
  chunkLength: limits.pieceBytesMin,
  put(_index, _bytes, done) { done?.(nothing()) },
  get(_index, _range, done) { done(nothing()) },
  close(done) { done?.() },
  destroy(done) { done?.() },
}

export interface MeetingEvents {
  onWire(wire: Wire): void
  onInfo(info: Uint8Array<ArrayBuffer>): void
  /** It is over, as our own swarm is in this place already. */
  onError(error: HoldfastError): void
}

/**
 * Being where peers of an infohash meet for a word and not for its bytes. `seeks`: to those at the trackers we are one who lacks
 * something, which others answer, or one who has it all, which waits for those who lack. A connection ends after
 * `limits.rendezvousMs`, whatever came of it, and who was met is not met again. Where the metadata comes, the meeting is over.
 */
export class Meeting implements ListedFile {
  private readonly torrent: Torrent
  private readonly sockets: Sockets
  private readonly met = new Set<string>()
  private listed = false
  private left = false

  constructor(private readonly host: SwarmHost, readonly infohash: Infohash, private readonly seeks: boolean, events: MeetingEvents) {
    this.sockets = new Sockets(host.client.peerId)
    const torrent = this.torrent = host.client.add(infohash, { preloadedStore: emptyStore, storeCacheSlots: 0, deselect: true, skipVerify: false })
    torrent.on('infoHash', () => {
      if (this.left) return
      this.listed = true
      host.announcer.add(this)
    })
    torrent.on('wire', wire => {
      if (this.left) return
      contain(wire, () => { wire.destroy() })
      events.onWire(wire)
    })
    torrent.on('metadata', () => {
      if (this.left) return
      events.onInfo(torrent.infoBuffer)
      this.leave() // here and now: WebTorrent would go on and verify what is not stored
    })
    torrent.on('error', error => {
      this.leave()
      events.onError(HoldfastError.from(error))
    })
  }

  leave(): void {
    if (this.left) return
    this.left = true
    if (this.listed) this.host.announcer.remove(this.infohash)
    this.sockets.close()
    this.torrent.destroy({ destroyStore: false }, () => {})
  }

  progress(): { left: number, uploaded: number, downloaded: number } { return { left: this.seeks ? 1 : 0, uploaded: 0, downloaded: 0 } }

  connections(): number { return this.sockets.size }

  keepers(): number { return 0 }

  lonely(): boolean { return this.seeks && this.sockets.size === 0 }

  wants(peerId: string): boolean {
    return peerId !== this.host.client.peerId && this.sockets.size < limits.rendezvousPeers && !this.sockets.has(peerId) && !this.met.has(peerId)
  }

  onSocket(socket: WireSocket, ours: boolean): void {
    socket.guard = new WireGuard(null)
    if (this.left || !this.wants(socket.id) || !this.sockets.add(socket, ours, this.host.options.clock.now())) { socket.destroy(); return }
    const deadline = setTimeout(() => { socket.destroy() }, limits.rendezvousMs)
    socket.on('close', () => { clearTimeout(deadline) })
    this.torrent.addPeer(socket)
  }

  onTracker(): void {}

  /** There is no need to meet this one again. */
  done(peerId: string): void {
    this.met.add(peerId)
    if (this.met.size > limits.knownPeers) this.met.clear()
  }
}
