import type WebTorrent from 'webtorrent/dist/webtorrent.min.js'
import type { Torrent } from 'webtorrent/dist/webtorrent.min.js'
import { HoldfastError, limits, type Infohash } from '../base/index.ts'
import { torrentFile } from '../content/index.ts'
import type { Announcer } from './announcer.ts'
import type { PieceMap } from './bitfield.ts'
import type { ChannelSocket } from './channel-socket.ts'
import type { FileChunkStore } from './chunk-store.ts'
import type { ListedFile } from './listing.ts'
import { Sockets } from './sockets.ts'
import type { SwarmOptions } from './types.ts'
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

/** Being in the swarm of one file, once, from joining to leaving: the WebTorrent torrent, the connections, the entries at trackers. */
export class Membership implements ListedFile {
  readonly infohash: Infohash
  private torrent: Torrent
  private sockets: Sockets
  private learned = false
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
      wires.add(wire)
      events.onChange()
      wire.on('close', whileIn(() => {
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
   * Fetches all that is missing: in order, so that pieces become whole one after the other and a stopped download loses little,
   * but from a place of its own on, so that those who fetch at the same time have something for each other.
   */
  select(): void {
    this.learned = true
    const last = this.member.pieces.count - 1
    const first = Math.floor(Math.random() * (last + 1))
    this.torrent.select(first, last, 1)
    if (first > 0) this.torrent.select(0, first - 1, 0)
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

  wants(peerId: string): boolean {
    return peerId !== this.host.client.peerId && this.sockets.size < limits.swarmPeers && !this.sockets.has(peerId) && !this.member.wires.banned(peerId)
  }

  onSocket(socket: ChannelSocket, ours: boolean): void {
    const welcome = !this.left && this.sockets.size < limits.swarmPeers && !this.member.wires.banned(socket.id)
    if (welcome && this.sockets.add(socket, ours, this.host.options.clock.now())) this.torrent.addPeer(socket)
    else socket.destroy()
  }

  onTracker(): void { this.events.onChange() }

  private has(index: number): boolean { return this.torrent.bitfield?.get(index) ?? false }
}
