import { limits, type Clock, type Infohash } from '../base/index.ts'
import type { ByteStream } from '../net/index.ts'
import { greet } from './stream-socket.ts'
import type { SwarmLinks } from './types.ts'
import type { WireSocket } from './wire-socket.ts'

const firstPauseMs = 2000
const retryMostMs = 30_000
/** A stream that led to somebody we were connected to already. */
const knownPauseMs = 60_000
const greetingsOfOne = 4

/** A file of ours as connected peers see it. */
export interface LinkedFile {
  readonly infohash: Infohash
  /** Whether it wants bytes and has few to get them from. */
  hungry(): boolean
  /** Whether it wants bytes and nobody gives any. */
  lonely(): boolean
  /** Whether peers may come for it. */
  welcomes(): boolean
  /** Whether a connection to this BitTorrent peer would be of use. */
  wants(peerId: string, relayed: boolean): boolean
  onSocket(socket: WireSocket, ours: boolean): void
  /** A peer gives the file: its sections may be asked for too. */
  onGiver(peerId: string): void
}

interface Door { socket: WireSocket | null, opening: boolean, fails: number, retryAt: number }

interface Neighbour {
  readonly since: number
  present: boolean
  direct: boolean
  lastAt: number
  asking: boolean
  askAt: number
  pauseMs: number
  /** Asked about, and what of these it gives. */
  readonly asked: Set<Infohash>
  readonly gives: Map<Infohash, Door>
}

/**
 * Finds those who have what we lack among the peers we are connected to: asks them, in turn and ever more slowly, and runs the wire
 * over a stream to those who say yes. Whoever lacks bytes comes; who has them waits. Over a relay only where nobody else gives a
 * file, and no direct connection came up within `limits.linkPatienceMs`; when one does, the wire moves there. A circuit that ended
 * in the middle is opened anew.
 */
export class LinkedPeers {
  private readonly neighbours = new Map<string, Neighbour>()
  private readonly greeting = new Map<string, number>()
  private asks = 0
  private openings = 0
  private stopped = false

  constructor(
    private readonly links: SwarmLinks,
    private readonly clock: Clock,
    private readonly ownId: string,
    private readonly files: () => readonly LinkedFile[],
  ) {
    links.take(stream => { void this.accept(stream) })
  }

  /** Does what is due; to be called about every second. */
  tick(): void {
    if (this.stopped) return
    const now = this.clock.now()
    this.look(now)
    const hungry = this.files().filter(file => file.hungry())
    for (const [peerId, neighbour] of this.neighbours) {
      this.ask(peerId, neighbour, hungry, now)
      for (const file of hungry) this.approach(peerId, neighbour, file, now)
      for (const file of this.files()) if (neighbour.gives.has(file.infohash) && this.mayAsk(neighbour, file, now)) file.onGiver(peerId)
    }
  }

  stop(): void {
    this.stopped = true
    this.links.take(null)
  }

  private look(now: number): void {
    for (const neighbour of this.neighbours.values()) neighbour.present = false
    for (const { peerId, direct } of this.links.peers()) {
      const neighbour = this.neighbours.get(peerId) ?? {
        since: now, present: true, direct, lastAt: now, asking: false, askAt: now, pauseMs: firstPauseMs, asked: new Set(), gives: new Map(),
      }
      if (!neighbour.direct && direct) for (const door of neighbour.gives.values()) door.retryAt = now
      Object.assign(neighbour, { present: true, direct, lastAt: now })
      this.neighbours.set(peerId, neighbour)
    }
    for (const [peerId, { lastAt }] of this.neighbours) if (now - lastAt > limits.peerBlockMs) this.neighbours.delete(peerId)
  }

  /** Asks what it gives of what we lack: at once for files it was not asked for, again after a pause that grows. */
  private ask(peerId: string, neighbour: Neighbour, hungry: readonly LinkedFile[], now: number): void {
    const open = hungry.map(({ infohash }) => infohash).filter(infohash => !neighbour.gives.has(infohash)).slice(0, limits.contentQuestions)
    const news = open.some(infohash => !neighbour.asked.has(infohash))
    if (!neighbour.present || neighbour.asking || open.length === 0 || this.asks >= limits.linkAsks || (!news && neighbour.askAt > now)) return
    this.asks++
    neighbour.asking = true
    neighbour.pauseMs = news ? firstPauseMs : Math.min(2 * neighbour.pauseMs, limits.linkAskMs)
    neighbour.askAt = now + neighbour.pauseMs
    neighbour.asked.clear()
    for (const infohash of open) neighbour.asked.add(infohash)
    this.links.ask(peerId, open).then(given => {
      for (const infohash of given) neighbour.gives.set(infohash, { socket: null, opening: false, fails: 0, retryAt: 0 })
      return this.tick()
    }).catch(() => {}).finally(() => { // who does not answer is asked again later
      neighbour.asking = false
      this.asks--
    })
  }

  private approach(peerId: string, neighbour: Neighbour, file: LinkedFile, now: number): void {
    const door = neighbour.gives.get(file.infohash)
    if (door === undefined || door.opening || door.retryAt > now || this.openings >= limits.linkAsks) return
    const standing = door.socket?.destroyed === false
    if (standing && !(door.socket?.relayed === true && neighbour.direct)) return
    if (!this.mayAsk(neighbour, file, now)) return
    this.openings++
    door.opening = true
    this.open(peerId, file, door).catch(() => {
      door.fails++
      door.retryAt = this.clock.now() + Math.min(retryMostMs, 500 * 2 ** door.fails)
      if (door.fails >= 8) neighbour.gives.delete(file.infohash) // it is asked again whether it gives it
    }).finally(() => {
      door.opening = false
      this.openings--
    })
  }

  /** Over a relay only where nobody else gives it, and no direct connection came up in time. */
  private mayAsk(neighbour: Neighbour, file: LinkedFile, now: number): boolean {
    return (neighbour.present && neighbour.direct) || (file.lonely() && now - neighbour.since >= limits.linkPatienceMs)
  }

  private async open(peerId: string, file: LinkedFile, door: Door): Promise<void> {
    const stream = await this.links.open(peerId, AbortSignal.timeout(limits.wireGreetMs))
    const { handshake, socket } = await greet(stream, { infohash: file.infohash, peerId: this.ownId })
    if (this.stopped || handshake.infohash !== file.infohash || !file.wants(handshake.peerId, stream.limited)) {
      stream.abort()
      door.retryAt = this.clock.now() + knownPauseMs
      return
    }
    door.fails = 0
    door.socket = socket()
    file.onSocket(door.socket, true)
  }

  /** A peer comes: for which file, it says first. */
  private async accept(stream: ByteStream): Promise<void> {
    const { peerId } = stream
    const mine = this.greeting.get(peerId) ?? 0
    const all = [...this.greeting.values()].reduce((sum, count) => sum + count, 0)
    if (this.stopped || mine >= greetingsOfOne || all >= limits.wireGreetings) { stream.abort(); return }
    this.greeting.set(peerId, mine + 1)
    const greeting = await greet(stream, null).catch(() => null) // which ended the stream
    const left = (this.greeting.get(peerId) ?? 1) - 1
    if (left > 0) this.greeting.set(peerId, left)
    else this.greeting.delete(peerId)
    if (greeting === null) return
    const { handshake, socket } = greeting
    const file = this.files().find(({ infohash }) => infohash === handshake.infohash)
    if (file?.welcomes() === true && file.wants(handshake.peerId, stream.limited)) file.onSocket(socket(), false)
    else stream.abort()
  }
}
