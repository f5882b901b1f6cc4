import { HoldfastError, limits, type Cid, type Clock, type Infohash } from '../base/index.ts'
import type { RendezvousAnswer } from '../content/index.ts'
import type { FoundInfo } from '../net/index.ts'

const firstPauseMs = 4000
const asksAtOnce = 4
const inspectMs = 30_000

/** How a search stands. What is found stands for nothing but itself: only the whole file, compared with its content id, is proof. */
export type SearchState =
  | { readonly cid: Cid, readonly state: 'looking', readonly asked: number }
  | {
    readonly cid: Cid
    readonly state: 'found'
    readonly infohash: Infohash
    readonly kind: FoundInfo['kind']
    /** Bytes. */
    readonly size: number
    readonly info: Uint8Array<ArrayBuffer>
    /** How many peers at least say that this is its torrent. */
    readonly vouchers: number
  }

export interface SearchPorts {
  readonly clock: Clock
  /** Peer ids of those connected now. */
  peers(): readonly string[]
  /** What this peer says of the content, judged; rejects where it says nothing. */
  ask(peerId: string, cid: Cid): Promise<FoundInfo>
  /** Waits at the rendezvous; returns how to stop. */
  seek(cid: Cid, onAnswer: (answer: RendezvousAnswer, peerId: string) => void): () => void
  /** The info dictionary of an infohash heard of at the rendezvous; rejects with `wrong-info` where it is not of this content. */
  inspect(cid: Cid, infohash: Infohash, signal: AbortSignal): Promise<FoundInfo>
  changed(state: SearchState): void
}

/**
 * Searches for contents of which nothing but the id is known: asks every connected peer and those at the rendezvous, and holds the
 * torrent that most of them vouch for. `tick` is to be called about every second while there are any.
 */
export class Searches {
  private readonly all = new Map<Cid, Search>()

  constructor(private readonly ports: SearchPorts) {}

  /** Begins, or goes on; `too-many` where `limits.searches` are under way. */
  start(cid: Cid): SearchState {
    const search = this.all.get(cid)
    if (search !== undefined) return search.state
    if (this.all.size >= limits.searches) throw new HoldfastError('too-many', 'enough searches are under way')
    const begun = new Search(cid, this.ports)
    this.all.set(cid, begun)
    begun.tick()
    return begun.state
  }

  stop(cid: Cid): void {
    this.all.get(cid)?.end()
    this.all.delete(cid)
  }

  /** This infohash was not that of the content: another one is chosen, and it never again. */
  exclude(cid: Cid, infohash: Infohash): void {
    this.all.get(cid)?.exclude(infohash)
  }

  get(cid: Cid): SearchState | null { return this.all.get(cid)?.state ?? null }

  get size(): number { return this.all.size }

  tick(): void {
    for (const search of this.all.values()) search.tick()
  }
}

interface Source { dueAt: number, pauseMs: number, busy: boolean }
interface Candidate { info: FoundInfo | null, inspecting: boolean, retryAt: number, fails: number }

/**
 * Each peer has one voice: what it said last. Whoever is connected and at the rendezvous, too, goes by two names that nothing ties together, so
 * voices of the two places are not added up: the more count.
 */
class Search {
  state: SearchState
  private readonly sources = new Map<string, Source>()
  private readonly connected = new Map<string, Infohash>()
  private readonly atRendezvous = new Map<string, Infohash>()
  private readonly candidates = new Map<Infohash, Candidate>()
  private readonly excluded = new Set<Infohash>()
  private readonly ending = new AbortController()
  private readonly leave: () => void

  constructor(private readonly cid: Cid, private readonly ports: SearchPorts) {
    this.state = Object.freeze({ cid, state: 'looking', asked: 0 })
    this.leave = ports.seek(cid, ({ infohash }, peerId) => { this.hear(this.atRendezvous, peerId, infohash, null) })
  }

  tick(): void {
    const now = this.ports.clock.now()
    const present = this.ports.peers()
    let room = asksAtOnce - [...this.sources.values()].filter(({ busy }) => busy).length
    for (const peerId of present) {
      const source = this.sources.get(peerId) ?? { dueAt: now, pauseMs: firstPauseMs, busy: false }
      this.sources.set(peerId, source)
      if (room <= 0 || source.busy || source.dueAt > now) continue
      room--
      void this.ask(peerId, source, now)
    }
    for (const peerId of this.sources.keys()) if (this.sources.size > limits.knownPeers && !present.includes(peerId)) this.sources.delete(peerId)
    this.inspectOne(now)
    this.tell()
  }

  end(): void {
    this.ending.abort()
    this.leave()
  }

  exclude(infohash: Infohash): void {
    this.excluded.add(infohash)
    for (const oldest of this.excluded) if (this.excluded.size > limits.knownPeers) this.excluded.delete(oldest)
    this.candidates.delete(infohash)
    for (const voices of [this.connected, this.atRendezvous]) {
      for (const [peerId, voice] of voices) if (voice === infohash) voices.delete(peerId)
    }
    this.tell()
  }

  /** Asks ever more slowly, whatever the answer: others may have come to have it, or to know better. */
  private async ask(peerId: string, source: Source, now: number): Promise<void> {
    source.busy = true
    source.dueAt = now + source.pauseMs
    source.pauseMs = Math.min(2 * source.pauseMs, limits.searchAskMs)
    try {
      const found = await this.ports.ask(peerId, this.cid)
      this.hear(this.connected, peerId, found.infohash, found)
    } catch { // it does not have it, or will not say
      this.connected.delete(peerId)
    }
    source.busy = false
    this.tell()
  }

  private hear(voices: Map<string, Infohash>, peerId: string, infohash: Infohash, info: FoundInfo | null): void {
    if (this.ending.signal.aborted || this.excluded.has(infohash)) return
    if (voices.size >= limits.knownPeers && !voices.has(peerId)) return
    voices.set(peerId, infohash)
    const known = this.candidates.get(infohash)
    if (known === undefined) this.candidates.set(infohash, { info, inspecting: false, retryAt: 0, fails: 0 })
    else known.info ??= info
    if (this.candidates.size > limits.searchCandidates) this.forgetLeast()
    this.tell()
  }

  private vouchers(infohash: Infohash): number {
    const count = (voices: Map<string, Infohash>) => [...voices.values()].filter(voice => voice === infohash).length
    return Math.max(count(this.connected), count(this.atRendezvous))
  }

  private ranked(): [Infohash, Candidate][] {
    return [...this.candidates].toSorted(([a], [b]) => this.vouchers(b) - this.vouchers(a))
  }

  /** One that was vouched for least goes; whoever invents many torrents drives out his own. */
  private forgetLeast(): void {
    const [infohash] = this.ranked().at(-1) ?? ['']
    this.candidates.delete(infohash)
  }

  /** What was heard at the rendezvous is an infohash alone: the torrent behind the most vouched one is looked at. */
  private inspectOne(now: number): void {
    const [infohash, candidate] = this.ranked().find(([, { info, retryAt }]) => info === null && retryAt <= now) ?? ['', null]
    if (candidate === null || [...this.candidates.values()].some(({ inspecting }) => inspecting)) return
    candidate.inspecting = true
    this.ports.inspect(this.cid, infohash, AbortSignal.any([this.ending.signal, AbortSignal.timeout(inspectMs)])).then(info => {
      candidate.info = info
      return this.tell()
    }).catch((error: unknown) => {
      if (error instanceof HoldfastError && error.code === 'wrong-info') this.exclude(infohash)
      candidate.retryAt = this.ports.clock.now() + Math.min(limits.searchAskMs, firstPauseMs * 2 ** candidate.fails++)
    }).finally(() => { candidate.inspecting = false })
  }

  private tell(): void {
    const before = this.state
    const [infohash, candidate] = this.ranked().find(([, { info }]) => info !== null) ?? ['', null]
    const info = candidate?.info ?? null
    this.state = Object.freeze(info === null ? { cid: this.cid, state: 'looking', asked: this.sources.size }
      : { cid: this.cid, state: 'found', infohash, kind: info.kind, size: info.length, info: info.info, vouchers: this.vouchers(infohash) })
    if (this.ending.signal.aborted || same(before, this.state)) this.state = before
    else this.ports.changed(this.state)
  }
}

function same(a: SearchState, b: SearchState): boolean {
  if (a.state === 'found') return b.state === 'found' && a.infohash === b.infohash && a.vouchers === b.vouchers
  return b.state === 'looking' && a.asked === b.asked
}
