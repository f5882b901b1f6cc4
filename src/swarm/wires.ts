import { limits, type Clock } from '../base/index.ts'
import type { Wire } from 'webtorrent/dist/webtorrent.min.js'
import type { PieceMap } from './bitfield.ts'
import { RateWindow } from './rate.ts'
import type { SwarmReceiver } from './types.ts'

/** `sections`: it stands for peers whose sections are asked for, most of whom are here by a wire of their own as well. */
interface Peer { readonly wire: Wire, readonly relayed: boolean, readonly sections: boolean, readonly taken: RateWindow, readonly grown: RateWindow, readonly brought: RateWindow }

/** A peer whose block was in so many pieces with a wrong hash is cut, even where others had a part in each of them. */
const mostSpoilt = 3

/**
 * The connected peers of one torrent: what they have, give and take, and whether they may take at all. The one door blocks
 * leave by is `unchoke`, which WebTorrent calls from several places; here it stays shut while `giving` says no.
 */
export class Wires {
  /** Bytes of blocks in this session, from and to all. */
  got = 0
  given = 0
  private peers = new Map<Wire, Peer>()
  private in = new RateWindow()
  private out = new RateWindow()
  private makers = new Map<number, Set<Wire>>()
  private spoilt = new Map<Wire, number>()
  private bans = new Set<string>()

  constructor(readonly pieces: PieceMap, readonly clock: Clock, readonly giving: () => boolean, readonly changed: () => void) {}

  get size(): number { return this.peers.size }

  add(wire: Wire, relayed = false, sections = false): void {
    const unchoke = wire.unchoke.bind(wire)
    wire.unchoke = () => { if (this.giving()) unchoke() }
    this.peers.set(wire, { wire, relayed, sections, taken: new RateWindow(), grown: new RateWindow(), brought: new RateWindow() })
    wire.on('upload', bytes => {
      this.given += bytes
      this.changed()
    })
    wire.on('download', bytes => {
      this.got += bytes
      this.changed()
    })
    wire.on('piece', index => { this.makers.set(index, (this.makers.get(index) ?? new Set()).add(wire)) })
    wire.ut_metadata.on('warning', ({ message }) => { if (message === 'Peer sent invalid metadata') this.ban(wire) })
    for (const event of ['interested', 'uninterested', 'have', 'bitfield', 'have-all'] as const) wire.on(event, this.changed)
    wire.on('close', () => {
      this.peers.delete(wire)
      this.spoilt.delete(wire)
      this.changed()
    })
    this.changed()
  }

  banned(peerId: string): boolean { return this.bans.has(peerId) }

  ban(wire: Wire): void {
    this.banPeer(wire.peerId)
    wire.destroy()
  }

  banPeer(peerId: string): void {
    this.bans.add(peerId)
    for (const oldest of this.bans) {
      if (this.bans.size <= limits.knownPeers) return
      this.bans.delete(oldest)
    }
  }

  /** Opens or shuts the door for those who are connected. */
  gate(): void {
    for (const wire of this.peers.keys()) {
      if (!this.giving()) wire.choke()
      else if (wire.peerInterested) wire.unchoke()
    }
  }

  /** The piece came whole: `right` says whether its hash was. One who made a wrong one alone is cut at once. */
  judge(index: number, right: boolean): void {
    const makers = this.makers.get(index) ?? new Set()
    this.makers.delete(index)
    if (right) return
    for (const wire of makers) {
      const spoilt = (this.spoilt.get(wire) ?? 0) + 1
      this.spoilt.set(wire, spoilt)
      if (makers.size === 1 || spoilt >= mostSpoilt) this.ban(wire)
    }
  }

  /** How many have all of it. */
  get keepers(): number {
    return people([...this.peers.values()].filter(({ wire }) => this.pieces.bytes(index => wire.peerPieces.get(index)) === this.pieces.size))
  }

  /** Whether anybody has, or even gives, a piece that `has` says we lack. */
  useful(has: (index: number) => boolean, gives = false): boolean {
    const missing = Array.from({ length: this.pieces.count }, (_, index) => index).filter(index => !has(index))
    return [...this.peers.keys()].some(wire => !(gives && wire.peerChoking) && missing.some(index => wire.peerPieces.get(index)))
  }

  snapshot(): { rateIn: number, rateOut: number, keepers: number, sources: number, relayed: boolean, receivers: readonly SwarmReceiver[] } {
    const now = this.clock.now()
    const peers = [...this.peers.values()].map(({ wire, relayed, sections, taken, grown, brought }) => {
      const received = this.pieces.bytes(index => wire.peerPieces.get(index))
      const rate = Math.max(taken.sample(now, wire.uploaded), grown.sample(now, received))
      return { wire, relayed, sections, received, rate, source: brought.sample(now, wire.downloaded) > 0 }
    })
    const sources = peers.filter(({ source }) => source)
    return {
      rateIn: Math.round(this.in.sample(now, this.got)),
      rateOut: Math.round(this.out.sample(now, this.given)),
      keepers: people(peers.filter(({ received }) => received === this.pieces.size)),
      sources: people(sources),
      relayed: sources.length > 0 && sources.every(({ relayed }) => relayed),
      receivers: peers.filter(({ wire, received }) => received < this.pieces.size && (wire.peerInterested || wire.uploaded > 0)).map(({ wire, received, rate }) => ({
        id: wire.peerId.slice(-8), received, rate: Math.round(rate), left: rate > 0 ? Math.ceil((this.pieces.size - received) / rate) : null,
      })),
    }
  }
}

/** How many people these are at least. */
function people(peers: readonly { readonly sections: boolean }[]): number {
  return Math.max(peers.filter(({ sections }) => !sections).length, Math.min(1, peers.length))
}
