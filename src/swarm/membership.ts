import type WebTorrent from 'webtorrent/dist/webtorrent.min.js'
import type { Torrent } from 'webtorrent/dist/webtorrent.min.js'
import { HoldfastError, limits, type Infohash } from '../base/index.ts'
import { torrentFile } from '../content/index.ts'
import type { Announcer } from './announcer.ts'
import type { PieceMap } from './bitfield.ts'
import type { FileChunkStore } from './chunk-store.ts'
import { contain } from './contain.ts'
import type { LinkedFile } from './linked-peers.ts'
import type { ListedFile } from './listing.ts'
import { sectionPeerId } from './section-socket.ts'
import { Sockets } from './sockets.ts'
import type { SwarmOptions } from './types.ts'
import { seedPeerId } from './web-seeds.ts'
import { WireGuard } from './wire-guard.ts'
import type { WireSocket } from './wire-socket.ts'
import type { Wires } from './wires.ts'

/** What all torrents of a swarm share. */
export interface SwarmHost {
  readonly client: WebTorrent
  readonly announcer: Announcer
  readonly options: SwarmOptions
}

export interface Member {
  readonly infohash: Infohash
  readonly pieces: PieceMap
  /** null where it has to come from a peer. */
  readonly info: Uint8Array<ArrayBuffer> | null
  /** The pieces that are here, or null for all. */
  readonly bitfield: Uint8Array | null
  readonly store: FileChunkStore
  readonly wires: Wires
  /** A connected peer gives the file. */
  onGiver(peerId: string): void
  /** URLs of relays that have all of it. */
  readonly webSeeds: () => Promise<readonly string[]>
}

export interface MemberEvents {
  /** The info dictionary came from a peer. Its hash is right, nothing else is known of it, and nothing is asked for until `select`. */
  readonly onInfo: (info: Uint8Array<ArrayBuffer>) => void
  readonly onPiece: () => void
  readonly onDone: () => void
  readonly onError: (error: HoldfastError) => void
  /** Somebody came or went, or a tracker answers or does no more. */
  readonly onChange: () => void
}

/** What WebTorrent does first: pieces somebody waits for, then the last one, which says what a protected file holds, then the rest from the front. */
const [waitedFor, endFirst, inOrder] = [2, 1, 0]

/** Being in the swarm of one file, once, from joining to leaving: the WebTorrent torrent, the connections, the entries at trackers. */
export class Membership implements ListedFile, LinkedFile {
  readonly infohash: Infohash
  private torrent: Torrent
  private sockets: Sockets
  private readonly preferred = new Set<readonly [number, number]>()
  /** What WebTorrent calls our web seeds. */
  private readonly seeds = new Set<string>()
  private learned = false
  /** Whether pieces are asked for. A torrent whose info is known has no pieces yet in the task that adds it, and none can be selected. */
  private selecting = false
  private left = false

  constructor(readonly host: SwarmHost, readonly member: Member, readonly events: MemberEvents) {
    const { infohash, info, bitfield, pieces, store, wires } = member
    this.infohash = infohash
    this.sockets = new Sockets(host.client.peerId)
    this.learned = info !== null
    const torrent = this.torrent = host.client.add(info === null ? infohash : torrentFile({ info }, []), {
      preloadedStore: store, storeCacheSlots: 0, deselect: true, skipVerify: bitfield === null, bitfield: bitfield ?? pieces.empty(),
    })
    const whileIn = <T extends unknown[]>(act: (...values: T) => void) => (...values: T): void => { if (!this.left) act(...values) }
    torrent.on(info === null ? 'infoHash' : 'ready', whileIn(() => { host.announcer.add(this) }))
    torrent.on('metadata', whileIn(() => {
      if (info === null) events.onInfo(torrent.infoBuffer)
      else if (bitfield !== null) this.select()
    }))
    torrent.on('wire', whileIn(wire => {
      if (!this.sockets.has(wire.peerId) && !this.seeds.has(wire.peerId)) { // it says to be another one than was met
        queueMicrotask(() => { wire.destroy() })
        return
      }
      contain(wire, () => { wires.ban(wire) })
      wire.extendedHandshake.reqq = limits.wireRequests / 2
      wires.add(wire, this.sockets.relayed(wire.peerId), wire.peerId === sectionPeerId)
      events.onChange()
      wire.on('close', whileIn(() => {
        this.seeds.delete(wire.peerId) // a relay that comes back is asked again
        events.onChange()
        if (this.lonely()) host.announcer.refresh(infohash)
      }))
    }))
    torrent.on('verified', whileIn(index => {
      wires.judge(index, true)
      events.onPiece()
    }))
    torrent.on('warning', whileIn(({ message }) => {
      const piece = /^Piece (\d+) failed verification$/.exec(message)?.[1]
      if (piece !== undefined) wires.judge(Number(piece), false)
    }))
    if (bitfield !== null) torrent.on('done', whileIn(() => {
      host.announcer.completed(infohash)
      events.onDone()
    }))
    torrent.on('error', whileIn(error => { events.onError(HoldfastError.from(error)) }))
  }

  /** Bytes here, with those of pieces that are not whole yet. */
  get received(): number { return this.torrent.downloaded }

  /** The pieces that are written; a copy. */
  get bitfield(): Uint8Array<ArrayBuffer> { return Uint8Array.from(this.torrent.bitfield?.buffer ?? this.member.pieces.empty()) }

  /** Whether somebody is connected who has what we lack. */
  get supplied(): boolean { return this.learned ? this.member.wires.useful(index => this.has(index)) : this.member.wires.size > 0 }

  /**
   * Fetches all that is missing: from the front, so that what came of an archive can be shown and a stopped download loses little,
   * but the last piece early.
   */
  select(): void {
    this.learned = true
    this.selecting = true
    for (const socket of this.sockets.all()) {
      const fault = socket.guard?.know(this.member.pieces) ?? null
      if (fault !== null) socket.refuse(fault)
    }
    const last = this.member.pieces.count - 1
    this.torrent._select(last, last, endFirst, undefined, true)
    this.torrent._select(0, last, inOrder, undefined, true)
    for (const range of this.preferred) this.torrent._select(...range, waitedFor, undefined, true)
    void this.member.webSeeds().then(urls => { for (const url of urls) this.addWebSeed(url) })
  }

  addWebSeed(url: string): void {
    const id = seedPeerId(url)
    if (this.left || this.seeds.has(id) || this.member.wires.banned(id)) return
    this.seeds.add(id)
    this.torrent.addWebSeed(url)
  }

  /** Fetches these pieces before others, until the returned function is called. */
  prefer(first: number, last: number): () => void {
    const range = [first, last] as const
    this.preferred.add(range)
    if (this.selecting && !this.left) this.torrent._select(first, last, waitedFor, undefined, true)
    return () => {
      if (this.preferred.delete(range) && this.selecting && !this.left) this.torrent._deselect(first, last, true)
    }
  }

  leave(): void {
    this.left = true
    this.host.announcer.remove(this.infohash)
    this.sockets.close()
    this.torrent.destroy({ destroyStore: false }, () => {})
  }

  progress(): { left: number, uploaded: number, downloaded: number } {
    const { pieces, wires } = this.member
    return { left: this.learned ? pieces.size - pieces.bytes(index => this.has(index)) : pieces.size, uploaded: wires.given, downloaded: wires.got }
  }

  connections(): number { return this.sockets.size }

  keepers(): number { return this.member.wires.keepers }

  lonely(): boolean { return this.progress().left > 0 && !(this.learned && this.member.wires.useful(index => this.has(index), true)) }

  hungry(): boolean { return this.lonely() || (this.progress().left > 0 && this.sockets.size < limits.linkSources) }

  welcomes(): boolean { return !this.left && this.member.wires.giving() }

  wants(peerId: string, relayed = false): boolean {
    if (peerId === this.host.client.peerId || this.member.wires.banned(peerId)) return false
    return this.sockets.has(peerId) ? this.sockets.relayed(peerId) && !relayed : this.sockets.size < limits.swarmPeers
  }

  onSocket(socket: WireSocket, ours: boolean): void {
    const welcome = !this.left && !this.member.wires.banned(socket.id) && (this.sockets.size < limits.swarmPeers || this.sockets.has(socket.id))
    socket.guard = new WireGuard(this.learned ? this.member.pieces : null)
    socket.onFault = () => { this.member.wires.banPeer(socket.id) }
    if (welcome && this.sockets.add(socket, ours, this.host.options.clock.now())) this.torrent.addPeer(socket)
    else socket.destroy()
  }

  onGiver(peerId: string): void { if (!this.left) this.member.onGiver(peerId) }

  onTracker(): void { this.events.onChange() }

  has(index: number): boolean { return this.torrent.bitfield?.get(index) ?? false }
}
