import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, type Clock, type Random } from '../base/index.ts'
import { networkPlaces, startNode, type NetNode, type NetworkPlaces } from '../net/index.ts'
import type { Stores } from '../store/index.ts'
import { startSwarm, type Swarm } from '../swarm/index.ts'
import type { AttachmentDesk } from './attachment-desk.ts'
import { ExtraPlaces } from './extra-places.ts'
import type { FrameLog } from './frame-log.ts'
import { stuckConnection } from './network-news.ts'
import { followNetworkFile } from './network-place.ts'
import type { SearchDesk } from './search-desk.ts'
import type { StateService } from './state-service.ts'
import type { NodeLinks } from './swarm-links.ts'
import type { Transfers } from './transfers.ts'
import type { Updates } from './updates.ts'

export interface NetworkReachParts {
  readonly stores: Stores
  readonly clock: Clock
  readonly random: Random
  readonly links: NodeLinks
  readonly frames: FrameLog
  readonly transfers: Transfers
  readonly attached: AttachmentDesk
  readonly searches: SearchDesk
  readonly state: StateService
  readonly updates: Updates
  online(): boolean
  /** There is a swarm, which is to do as the person chose. */
  begun(): void
}

/** How the network worker reaches others: the libp2p node and the swarm, which begin once it is known where people meet. Links may name more such places. */
export class NetworkReach {
  private node: NetNode | null = null
  private begunSwarm: Swarm | null = null
  private readonly extraPlaces = new ExtraPlaces(() => { this.usePlaces() })
  /** Of the site the app came from. */
  private ownPlaces: NetworkPlaces | null = null
  /** With those of relays that links named. */
  private places: NetworkPlaces | null = null

  constructor(private readonly parts: NetworkReachParts) {}

  /** Null before it has begun. */
  get swarm(): Swarm | null { return this.begunSwarm }

  get trackers(): readonly string[] { return this.places?.trackers ?? [] }

  /** Goes by the network file of the site at `base`. */
  follow(base: string): void {
    const { database } = this.parts.stores
    const memory = { load: async () => await database.setting('network'), save: async (places: NetworkPlaces) => { await database.set('network', places) } }
    void followNetworkFile({ base, read: networkPlaces, memory, onProblem: problem => { this.tellStuck(problem) }, signal: new AbortController().signal }, places => {
      this.ownPlaces = places
      this.usePlaces()
    })
  }

  /** Goes to the relays of these hosts, too. */
  setHosts(hosts: readonly string[]): void { this.extraPlaces.setHosts(hosts) }

  nudge(online: boolean): void { this.node?.nudge(online) }

  private usePlaces(): void {
    const { updates, transfers } = this.parts
    if (this.ownPlaces === null) return
    const first = this.places === null
    const places = this.places = this.extraPlaces.merge(this.ownPlaces)
    updates.set({ network: places.name })
    if (first) void Promise.all([this.startNode(places), this.startSwarm(places)]).catch((error: unknown) => { this.tellStuck(HoldfastError.from(error)) })
    this.node?.setPlaces(places)
    this.swarm?.setTrackers(places.trackers)
    this.swarm?.setWebSeeds(places.content ?? [])
    for (const cid of transfers.all()) updates.changed(cid) // magnet links name the trackers
  }

  private async startNode(places: NetworkPlaces): Promise<void> {
    const { stores: { database }, clock, random, links, frames, transfers, attached, state, updates } = this.parts
    let seed = await database.setting('device-key')
    if (seed === null) {
      seed = random.bytes(32)
      await database.set('device-key', seed)
    }
    const known = await database.getAll('peers')
    this.node = await startNode({
      places, seed, clock, random,
      seq: await database.setting('seq') ?? 0,
      knownRecords: known.toSorted((a, b) => b.seen - a.seen).map(({ record }) => record),
      onChange: connection => {
        updates.set({ connection, sent: frames.sent })
        state.changed()
      },
      onRecord: (peerId, record) => {
        remember(database.put('peers', { peerId, record, seen: clock.now() }))
        state.changed()
      },
      onFrame: frames.tap,
      onSeq: seq => { remember(database.set('seq', seq)) },
    })
    this.node.setPlaces(this.places ?? places)
    this.node.nudge(this.parts.online())
    await links.attach(this.node, transfers.given, attached.content)
    await state.attach({ node: this.node, device: ed25519.getPublicKey(seed) })
  }

  private async startSwarm({ trackers, stun }: NetworkPlaces): Promise<void> {
    const { stores: { staging, bucket }, clock, links, transfers, attached, searches } = this.parts
    const { reports } = transfers
    const swarm = this.begunSwarm = await startSwarm({
      trackers, stun, bucket, staging, clock, links,
      onChange: statuses => { reports.onChange(statuses) },
      onInfo: (infohash, info) => { reports.onInfo(infohash, info) },
      onPieces: (infohash, bitfield, received) => { reports.onPieces(infohash, bitfield, received) },
      onComplete: infohash => { reports.onComplete(infohash) },
      onProblem: (infohash, problem) => { reports.onProblem(infohash, problem) },
    })
    this.parts.begun()
    searches.attach(swarm)
    swarm.setTrackers(this.places?.trackers ?? trackers)
    swarm.setWebSeeds(this.places?.content ?? [])
    await transfers.attach(swarm)
    attached.attachments.start()
  }

  private tellStuck(problem: HoldfastError): void {
    if (this.node === null) this.parts.updates.set({ connection: stuckConnection(problem, this.parts.online()) })
  }
}

/** What is only remembered for the next start may be lost; a full disk is told where it hurts. */
function remember(done: Promise<void>): void { done.catch(() => {}) }
