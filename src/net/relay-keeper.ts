import type { Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { limits, type Clock, type Random } from '../base/index.ts'
import { backOff } from './chance.ts'
import { relayIdOf } from './peer-record.ts'
import type { RelayState } from './types.ts'

const dialMs = 8000
/** A slot is given within a second of the connection; a busy machine needs longer. */
const slotMs = 5000

interface Relay {
  readonly address: string
  readonly peer: PeerId
  state: 'idle' | 'dialling' | 'connected' | 'full' | 'unreachable'
  /** How it failed last, since it held. */
  failed: 'full' | 'unreachable' | null
  fails: number
  retryAt: number
}

/**
 * Holds slots on `relaysWanted` of the network's relays, first come first. libp2p asks for a slot by itself on any connection to
 * one of them; what it does not do is come back to a relay that was gone (js-libp2p issue 3601) or notice that it got none.
 * Every relay is in one state, dialled once at a time, and left alone until `retryAt` after a failure. A relay without a free
 * place is kept, for it still introduces us, and asked again by dialling anew.
 */
export class RelayKeeper {
  private readonly relays = new Map<string, Relay>()
  private readonly ending = new AbortController()

  constructor(private readonly node: Libp2p, private readonly clock: Clock, private readonly random: Random, private readonly onChange: () => void) {}

  /** The relays to choose from, best first. Slots on others are given up. */
  setRelays(addresses: readonly string[]): void {
    const before = new Map(this.relays)
    this.relays.clear()
    for (const address of addresses) {
      const id = relayIdOf(address)
      const known = before.get(id)
      this.relays.set(id, known?.address === address ? known : { address, peer: peerIdFromString(id), state: 'idle', failed: null, fails: 0, retryAt: 0 })
      before.delete(id)
    }
    for (const { peer } of before.values()) void this.leave(peer)
    this.tick()
  }

  has(peerId: string): boolean {
    return this.relays.has(peerId)
  }

  /** Addresses of the relays we hold a slot on. */
  held(): readonly string[] {
    const ids = this.heldIds()
    return [...this.relays].filter(([id]) => ids.has(id)).map(([, { address }]) => address)
  }

  /** Addresses of the relays we are connected to, with a slot or without. */
  connected(): readonly string[] {
    return [...this.relays.values()].filter(({ peer }) => this.isConnected(peer)).map(({ address }) => address)
  }

  states(): readonly RelayState[] {
    const held = this.heldIds()
    return [...this.relays].map(([peerId, { address, state, failed, retryAt, peer }]) => {
      const reserved = held.has(peerId)
      const waits = !reserved && (state === 'full' || state === 'unreachable')
      const tried = state === 'dialling' && failed !== null ? failed : state // one that failed is what it was until it answers: else two that are gone would be told as under way in turns
      const shown = reserved ? 'reserved' : state === 'idle' && this.isConnected(peer) ? 'connected' : tried
      return { address, peerId, state: shown, retryAt: waits ? Math.round(retryAt) : null }
    })
  }

  /** Tries everything again at once: the device is back online or in use. */
  nudge(): void {
    for (const relay of this.relays.values()) {
      relay.retryAt = 0
      if (relay.state === 'dialling') relay.fails = 0 // what was begun before may fail yet, and counts as the first
    }
    this.tick()
  }

  /** Does what is due now; to be called often and at every change of connections. */
  tick(): void {
    if (this.ending.signal.aborted) return
    const held = this.heldIds()
    for (const id of held) if (!this.relays.has(id)) void this.leave(peerIdFromString(id))
    const trying = [...this.relays.values()].filter(({ state }) => state === 'dialling' || state === 'connected').length
    let missing = limits.relaysWanted - held.size - trying
    for (const [id, relay] of this.relays) {
      if (held.has(id)) this.hold(relay)
      else if (missing > 0 && (relay.state === 'idle' || relay.state === 'full' || relay.state === 'unreachable') && relay.retryAt <= this.clock.now()) {
        missing--
        void this.attempt(id, relay)
      }
    }
  }

  stop(): void {
    this.ending.abort()
  }

  private hold(relay: Relay): void {
    if (relay.state === 'dialling' || relay.state === 'connected') return // its attempt says so itself
    relay.state = 'idle'
    relay.failed = null
    relay.fails = 0
    relay.retryAt = 0
  }

  private async attempt(id: string, relay: Relay): Promise<void> {
    const again = relay.state === 'full'
    this.enter(relay, 'dialling')
    try {
      if (again) await this.leave(relay.peer)
      await this.node.dial(multiaddr(relay.address), { signal: AbortSignal.any([this.ending.signal, AbortSignal.timeout(dialMs)]) })
      this.enter(relay, 'connected')
    } catch {
      this.fail(relay, 'unreachable')
      return
    }
    if (!this.relays.has(id)) { // taken off the list meanwhile
      await this.leave(relay.peer)
      return
    }
    if (await this.untilHeld(id, relay)) {
      relay.failed = null
      relay.fails = 0
      this.enter(relay, 'idle')
    } else this.fail(relay, this.isConnected(relay.peer) ? 'full' : 'unreachable')
  }

  private async untilHeld(id: string, relay: Relay): Promise<boolean> {
    const end = this.clock.now() + slotMs
    while (!this.heldIds().has(id)) {
      if (this.clock.now() > end || !this.isConnected(relay.peer) || this.ending.signal.aborted) return false
      await new Promise(resolve => { setTimeout(resolve, 50) })
    }
    return true
  }

  private fail(relay: Relay, state: 'full' | 'unreachable'): void {
    relay.failed = state
    relay.fails++
    relay.retryAt = this.clock.now() + backOff(relay.fails, limits.relayWantMs, this.random)
    this.enter(relay, state)
    this.tick() // another relay may take its place
  }

  private enter(relay: Relay, state: Relay['state']): void {
    relay.state = state
    this.onChange()
  }

  private isConnected(peer: PeerId): boolean {
    return this.node.getConnections(peer).some(({ status }) => status === 'open')
  }

  private async leave(peer: PeerId): Promise<void> {
    await this.node.hangUp(peer, { signal: AbortSignal.timeout(1000) }).catch(() => {}) // it was gone already
  }

  /** Peer ids of the relays under which libp2p says we can be found. */
  private heldIds(): Set<string> {
    return new Set(this.node.getMultiaddrs().flatMap(address => /\/p2p\/([^/]+)\/p2p-circuit/.exec(address.toString())?.[1] ?? []))
  }
}
