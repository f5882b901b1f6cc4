import type { PeerId } from '@libp2p/interface'
import { setTimeout as sleep } from 'node:timers/promises'
import { HoldfastError, isMap, limits, noNetworkId, type Clock } from '../base/index.ts'
import {
  judgePeerRecord, openRequests, peersProtocol, relayIdOf, requestRates, servePeers, serveRequests, type Handler, type PeerRecord, type RequestOptions,
} from '../net/index.ts'
import type { CircuitRelay } from './circuit.ts'
import type { Metrics } from './metrics.ts'

/** Why a tab says nothing now and may a moment later. */
const passing: ReadonlySet<string> = new Set(['rate-limited', 'stream-closed', 'timeout'])

/** How long after a tab got its slot it is asked, in ms: it signs a record that names this relay only once it has the slot. */
const pauses = [200, 1000, 4000, 15_000]

/** What a peer beside the relay needs of it: to be asked under the relay's own peer id, and to ask the tabs that are here. */
export interface RelayNode {
  readonly peerId: string
  /** Answers requests on `protocol`; resolves with how to stop. */
  handle(protocol: string, handler: Handler): Promise<() => Promise<void>>
  /** Asks a tab over the connection it made. Rejects with a `HoldfastError`, as `NetNode.request` does; nobody is dialled. */
  request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown>
  /** The tabs that hold a slot and said who they are. */
  reserved(): readonly { readonly peerId: string, readonly record: PeerRecord }[]
}

/**
 * Lets tabs learn of each other: it holds the signed records of the tabs that have a slot here and are connected, and hands
 * them to those who ask. It has them from the tabs themselves, asked over the same protocol after each reservation and its
 * refreshes; a record goes when its tab goes.
 */
export class ReservedPeers implements RelayNode {
  private readonly records = new Map<string, { readonly peer: PeerId, readonly record: PeerRecord }>()
  private readonly asked = new Map<string, AbortController>()
  private readonly protocol: string

  private constructor(private readonly circuit: CircuitRelay, private readonly metrics: Metrics, network: string, private readonly networkId: Uint8Array) {
    this.protocol = peersProtocol(network)
    circuit.onReserve = peer => { void this.ask(peer) }
    circuit.onLeave = peer => { this.forget(peer.toString()) }
    metrics.gauge('peer_records', () => this.records.size)
  }

  /** `networkId`: the one the tabs' records are signed for. */
  static async start(circuit: CircuitRelay, network: string, clock: Clock, metrics: Metrics, networkId: Uint8Array = noNetworkId): Promise<ReservedPeers> {
    const peers = new ReservedPeers(circuit, metrics, network, networkId)
    await serveRequests(circuit.node, peers.protocol, servePeers({ own: () => null, known: () => peers.known() }), {
      rates: requestRates(clock),
      onFault: () => { metrics.count('refused_total', 'peers-garbage') },
    })
    return peers
  }

  get peerId(): string {
    return this.circuit.peerId
  }

  reserved(): readonly { readonly peerId: string, readonly record: PeerRecord }[] {
    return this.known().map(record => ({ peerId: record.peerId, record }))
  }

  async handle(protocol: string, handler: Handler): Promise<() => Promise<void>> {
    return await this.circuit.handle(protocol, handler)
  }

  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    return await this.circuit.request(peerId, protocol, value, options)
  }

  stop(): void {
    for (const id of this.asked.keys()) this.forget(id)
  }

  /** A tab that did not renew its slot may stay connected, but is not found here any more. */
  private known(): readonly PeerRecord[] {
    return [...this.records.values()].filter(({ peer }) => this.circuit.reservations.has(peer)).map(({ record }) => record)
  }

  /** Asks a tab for its record until it has one that names this relay, or does not want to. */
  private async ask(peer: PeerId): Promise<void> {
    const id = peer.toString()
    if (this.asked.has(id)) return
    const left = new AbortController()
    this.asked.set(id, left)
    const requests = openRequests(this.circuit.node, peer, this.protocol, {
      connect: () => Promise.reject(new HoldfastError('peer-unreachable', 'a tab that is gone')),
      maxReplyBytes: limits.peersReplyBytes,
    })
    try {
      let record: PeerRecord | null = null
      for (const pause of pauses) {
        await sleep(pause, null, { signal: left.signal, ref: false })
        const asked = requests.request({ have: 0 }, { signal: left.signal })
        record = await this.recordIn(await (pause === pauses.at(-1) ? asked : asked.catch(unlessPassing)), id)
        if (record !== null) break
      }
      if (left.signal.aborted) return
      if (record !== null) this.records.set(id, { peer, record })
      this.metrics.count('peer_records_total', record === null ? 'none' : 'taken')
    } catch (error) {
      if (!left.signal.aborted) this.metrics.count('peer_records_total', HoldfastError.from(error).code)
    } finally {
      requests.close()
      if (this.asked.get(id) === left) this.asked.delete(id)
    }
  }

  /** The record of `id` among those of its reply, where it is sound and says the tab is found here. The others' are not looked at. */
  private async recordIn(reply: unknown, id: string): Promise<PeerRecord | null> {
    const records: unknown = isMap(reply) ? reply['records'] : null
    const own: unknown = Array.isArray(records) ? records.find(record => isMap(record) && record['peerId'] === id) : null
    const judged = await judgePeerRecord(own, this.networkId)
    return judged.ok && judged.value.relays.some(address => relayIdOf(address) === this.circuit.peerId) ? judged.value : null
  }

  private forget(id: string): void {
    this.asked.get(id)?.abort()
    this.asked.delete(id)
    this.records.delete(id)
  }
}

function unlessPassing(error: unknown): null {
  if (passing.has(HoldfastError.from(error).code)) return null
  throw error
}
