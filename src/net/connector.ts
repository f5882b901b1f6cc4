import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { HoldfastError, RateLimiter, limits, type Clock, type Random } from '../base/index.ts'
import { backOff, fraction, shuffled } from './chance.ts'
import type { PeerBook } from './peer-book.ts'
import type { PeerLinks } from './peer-links.ts'
import { relayIdOf } from './peer-record.ts'
import type { RelayKeeper } from './relay-keeper.ts'
import type { StepReason } from './types.ts'

const relayedDialMs = 8000
/** libp2p gives each address six seconds. */
const directDialMs = 14_000
/** How long the one with the higher id waits for the other to dial. */
const upgradeMs = 20_000
const routesMost = 4

export interface ConnectorParts {
  readonly node: Libp2p
  readonly own: string
  readonly keeper: RelayKeeper
  readonly links: PeerLinks
  readonly book: PeerBook
  readonly clock: Clock
  readonly random: Random
  /** False where the engine has no WebRTC: relayed connections are all there is. */
  readonly webrtc: boolean
  /** Opens the peers stream, by which the other side learns that we want it. */
  greet(peerId: string): Promise<void>
  onChange(): void
}

interface Failure { readonly fails: number, readonly retryAt: number, readonly reason: StepReason }

/**
 * Makes direct connections, `directPeersWanted` of them. Of two peers only the one with the lower peer id dials WebRTC, for two
 * dials at once leave half-open connections; the higher one comes over the relay, and the lower one then dials. One attempt a
 * peer at a time; who could not be reached is left alone for ever longer.
 */
export class Connector {
  private readonly busy = new Set<string>()
  private readonly failures = new Map<string, Failure>()
  /** Relayed connections over which the other side's wish for a direct one was heard, or tried. */
  private readonly answered = new WeakSet<Connection>()
  private relays: readonly string[] = []
  private readonly directDials: RateLimiter
  private readonly ending = new AbortController()

  constructor(private readonly parts: ConnectorParts) {
    this.directDials = new RateLimiter({ burst: limits.directDialBurst, perSecond: limits.directDialsPerSecond }, parts.clock)
  }

  get dialling(): boolean {
    return this.busy.size > 0
  }

  /** Why the latest attempt at a peer that is not reached yet failed; null where none did. */
  get failure(): StepReason | null {
    return [...this.failures.values()].at(-1)?.reason ?? null
  }

  /** Starts attempts while there are fewer connections than wanted; to be called often and at every change. */
  tick(): void {
    const { links, keeper, webrtc } = this.parts
    this.forgive(keeper.connected())
    let room = limits.directPeersWanted - links.all().filter(({ direct }) => direct || !webrtc).length - this.busy.size
    if (this.ending.signal.aborted || room <= 0 || keeper.connected().length === 0) return
    for (const peerId of this.candidates()) {
      if (room-- <= 0) return
      void this.attempt(peerId)
    }
  }

  /**
   * Somebody asks for peers over a relay: of a peer with a higher id that is its wish that we dial, once a connection. Where we have a direct one it may have
   * reloaded and lost it.
   */
  async wished(peerId: string): Promise<void> {
    const { links } = this.parts
    links.mean(peerId)
    if (!this.answerWish(peerId) || !this.weDial(peerId) || await links.stillDirect(peerId)) return
    if (links.all().filter(({ direct }) => direct).length < limits.directPeersMost) await this.attempt(peerId)
  }

  /** The best connection there is to `peerId`, else one over a relay: there soonest, and the only sort that a page may open to hundreds of peers. */
  async reach(peerId: string, signal: AbortSignal): Promise<Connection> {
    const existing = this.connection(peerId)
    if (existing !== undefined) return existing
    try { return await this.dialRelayed(peerId, signal) } catch (error) {
      throw new HoldfastError('peer-unreachable', 'no way to the peer', {}, { cause: error })
    }
  }

  /** Whoever failed may be tried again at once. */
  nudge(): void {
    this.failures.clear()
    this.tick()
  }

  stop(): void {
    this.ending.abort()
  }

  /** A relay that was not there before may reach whom the others could not. */
  private forgive(relays: readonly string[]): void {
    if (relays.some(address => !this.relays.includes(address))) this.failures.clear()
    this.relays = relays
  }

  /** Whether there is a relayed connection to it that was not answered yet; now all are. */
  private answerWish(peerId: string): boolean {
    const relayed = this.parts.node.getConnections(peerIdFromString(peerId)).filter(connection => connection.limits !== undefined && !this.answered.has(connection))
    for (const connection of relayed) this.answered.add(connection)
    return relayed.length > 0
  }

  private weDial(peerId: string): boolean {
    return this.parts.webrtc && this.parts.own < peerId
  }

  private candidates(): readonly string[] {
    const { book, links, own, clock, random, webrtc } = this.parts
    const linked = new Set(links.all().filter(({ direct }) => direct || !webrtc).map(({ peerId }) => peerId))
    const possible = book.known().map(({ peerId }) => peerId)
      .filter(peerId => peerId !== own && !linked.has(peerId) && !this.busy.has(peerId) && (this.failures.get(peerId)?.retryAt ?? 0) <= clock.now())
    const half = limits.directPeersWanted / 2 // by acquaintance; the others by lot, so that nobody fills our neighbourhood by talking last
    return [...possible.slice(0, half), ...shuffled(possible.slice(half), random)]
  }

  private async attempt(peerId: string): Promise<void> {
    if (this.busy.has(peerId)) return
    this.busy.add(peerId)
    this.parts.links.mean(peerId)
    this.parts.onChange()
    try {
      const reason = this.weDial(peerId) ? await this.reachDirect(peerId) : await this.reachRelayed(peerId)
      this.note(peerId, reason)
    } finally {
      this.answerWish(peerId)
      if (this.parts.node.getConnections(peerIdFromString(peerId)).length === 0) this.parts.links.forget(peerId)
      this.busy.delete(peerId)
      this.parts.onChange()
    }
  }

  private note(peerId: string, reason: StepReason | null): void {
    const fails = (this.failures.get(peerId)?.fails ?? 0) + 1
    this.failures.delete(peerId)
    if (reason === null || this.ending.signal.aborted) return
    const doublings = reason === 'peer-unreachable' ? fails : fails + 4 // what costs peer connections is tried again after sixteen seconds
    this.failures.set(peerId, { fails, reason, retryAt: this.parts.clock.now() + backOff(doublings, limits.peerRetryMs, this.parts.random) })
    if (this.failures.size > limits.knownPeers) this.failures.delete([...this.failures.keys()][0] ?? '')
  }

  /** Dials until a direct connection stands; where not even a relayed one came of it, the peer is gone and once is enough. */
  private async reachDirect(peerId: string): Promise<StepReason | null> {
    for (let left = limits.directTries; left > 0; left--) {
      if (this.parts.links.isDirect(peerId)) return null
      try {
        const connection = await this.dialDirect(peerId, this.ending.signal)
        if (await this.parts.links.prove(connection)) return null
      } catch (error) {
        if (error instanceof HoldfastError) return error.code
        if (this.connection(peerId) === undefined) return 'peer-unreachable'
      }
      await this.pause(300 + 900 * fraction(this.parts.random))
    }
    return 'direct-failed'
  }

  private async reachRelayed(peerId: string): Promise<StepReason | null> {
    const { clock, links, webrtc } = this.parts
    try {
      if (this.connection(peerId) === undefined) await this.dialRelayed(peerId, this.ending.signal)
      await this.parts.greet(peerId)
    } catch { return 'peer-unreachable' }
    if (!webrtc) return null
    for (const end = clock.now() + upgradeMs; clock.now() < end && !links.isDirect(peerId) && this.connection(peerId) !== undefined;) await this.pause(100)
    return links.isDirect(peerId) ? null : 'direct-failed'
  }

  private async dialDirect(peerId: string, signal: AbortSignal): Promise<Connection> {
    if (!this.directDials.take('')) throw new HoldfastError('too-many', 'enough direct connections were tried')
    return await this.dial(this.routes(peerId).map(route => `${route}/p2p-circuit/webrtc/p2p/${peerId}`), directDialMs, signal)
  }

  private async dialRelayed(peerId: string, signal: AbortSignal): Promise<Connection> {
    return await this.dial(this.routes(peerId).map(route => `${route}/p2p-circuit/p2p/${peerId}`), relayedDialMs, signal)
  }

  private async dial(addresses: readonly string[], timeoutMs: number, signal: AbortSignal): Promise<Connection> {
    if (addresses.length === 0) throw new Error('no relay to go through')
    return await this.parts.node.dial(addresses.map(address => multiaddr(address)), { signal: AbortSignal.any([signal, this.ending.signal, AbortSignal.timeout(timeoutMs)]) })
  }

  /** Relays to go through, likeliest first: where a connection is, where both are, where it says it is, where we are. */
  private routes(peerId: string): readonly string[] {
    const ours = this.parts.keeper.connected()
    const theirs = this.parts.book.get(peerId)?.relays ?? []
    const [used = ''] = this.connection(peerId)?.remoteAddr.toString().split('/p2p-circuit') ?? []
    const shared = ours.filter(address => theirs.some(other => relayIdOf(other) === relayIdOf(address)))
    return [...new Set([used, ...shared, ...theirs.filter(other => !shared.some(address => relayIdOf(address) === relayIdOf(other))), ...ours])]
      .filter(address => address !== '').slice(0, routesMost)
  }

  /** A direct connection before a relayed one. */
  private connection(peerId: string): Connection | undefined {
    const usable = this.parts.node.getConnections(peerIdFromString(peerId)).filter(connection => this.parts.links.usable(connection))
    return usable.find(connection => connection.limits === undefined) ?? usable[0]
  }

  private async pause(ms: number): Promise<void> {
    await new Promise(resolve => { setTimeout(resolve, ms) })
  }
}
