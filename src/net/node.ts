import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p, PrivateKey } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { HoldfastError, equalBytes, limits, noNetworkId } from '../base/index.ts'
import type { Neighbour } from '../sync/index.ts'
import { Asking } from './asking.ts'
import type { ByteStream } from './byte-stream.ts'
import { acceptStreams, openStream } from './byte-streams.ts'
import { connectionState } from './connection-state.ts'
import { Connector } from './connector.ts'
import { gater } from './gater.ts'
import { createNode, hasWebRTC } from './libp2p.ts'
import type { NetworkPlaces } from './network-file.ts'
import { neighboursOf } from './neighbours.ts'
import type { NetNode, NodeOptions } from './node-api.ts'
import { OwnRecord } from './own-record.ts'
import { PeerBook } from './peer-book.ts'
import { judgePeers, peersProtocol, servePeers } from './peer-exchange.ts'
import { PeerFinder } from './peer-finder.ts'
import { PeerLinks } from './peer-links.ts'
import { judgePeerRecord, relayIdOf, type DeviceKey, type RecordAccount } from './peer-record.ts'
import { RelayKeeper } from './relay-keeper.ts'
import type { RequestOptions } from './requests.ts'
import { installedPeerConnections } from './rtc/install.ts'
import { Rules } from './rules.ts'
import { requestRates, serveRequests, type Handler, type RequestRates } from './serve.ts'
import type { ConnectionState } from './types.ts'

const tickMs = 500
/** Changes that come together are told together. */
const tellMs = 50

/** Starts a node; resolves when it runs, reached or not: `onChange` tells how far it is. */
export async function startNode(options: NodeOptions): Promise<NetNode> {
  const key = await generateKeyPairFromSeed('Ed25519', options.seed)
  const rules = new Rules(options)
  const node = await createNode({
    key,
    gater: gater(() => rules.places.relays, peerId => rules.isCut(peerId)),
    isRelay: peer => rules.isRelay(peer.toString()),
    stun: () => rules.places.stun,
  })
  const started = new HoldfastNode(options, key, node, rules)
  await started.start()
  return started
}

/**
 * The libp2p node of a device put together: relays are kept, peers are found through them and through each other, direct
 * connections are made, questions are asked and answered. Everything runs off one clock tick and the events of libp2p; nothing
 * waits for anything to succeed.
 */
class HoldfastNode implements NetNode {
  state: ConnectionState
  private readonly own: string
  private readonly protocol: string
  private readonly record: OwnRecord
  private readonly book: PeerBook
  private readonly keeper: RelayKeeper
  private readonly links: PeerLinks
  private readonly finder: PeerFinder
  private readonly connector: Connector
  private readonly rates: RequestRates
  private readonly asking: Asking
  private online = true
  private ticking: ReturnType<typeof setInterval> | null = null
  private telling: ReturnType<typeof setTimeout> | null = null
  private waking: ReturnType<typeof setTimeout> | null = null
  private stopped = false

  constructor(private readonly options: NodeOptions, key: PrivateKey & DeviceKey, private readonly node: Libp2p, private readonly rules: Rules) {
    const { clock, random, places, seq } = options
    const onChange = () => { this.changed() }
    const own = node.peerId.toString()
    this.own = own
    this.protocol = peersProtocol(places.name)
    this.record = new OwnRecord(key, seq, options.onSeq)
    this.record.networkId = options.networkId ?? noNetworkId
    this.book = new PeerBook(clock, options.onRecord)
    this.keeper = new RelayKeeper(node, clock, random, onChange)
    this.links = new PeerLinks(node, clock, random, peerId => rules.isRelay(peerId), { change: onChange, direct: peerId => { this.book.met(peerId) } })
    this.finder = new PeerFinder(this.book, async (peerId, have) => await this.request(peerId, this.protocol, { have }), own, clock, random, () => { this.connector.tick() },
      async reply => await judgePeers(reply, this.record.networkId))
    this.connector = new Connector({
      node, own, keeper: this.keeper, links: this.links, book: this.book, clock, random, webrtc: hasWebRTC(), onChange,
      greet: async peerId => { await this.finder.pullFrom(peerId) },
    })
    this.asking = new Asking(node, {
      connect: async (peerId, signal) => await this.connector.reach(peerId, signal),
      isUsable: connection => this.links.usable(connection),
      onFault: peerId => { this.distrust(peerId, limits.peerFaults + 1) },
      tap: options.onFrame ?? null,
    })
    this.rates = requestRates(clock)
    this.state = this.describe()
  }

  get places(): NetworkPlaces {
    return this.rules.places
  }

  async start(): Promise<void> {
    await this.restore()
    this.node.addEventListener('connection:open', ({ detail: connection }) => {
      this.links.opened(connection)
      this.soon()
    })
    this.node.addEventListener('connection:close', () => { this.soon() })
    this.node.addEventListener('self:peer:update', () => { this.soon() })
    this.node.addEventListener('peer:disconnect', ({ detail: peer }) => { this.forget(peer.toString()) })
    const counts = installedPeerConnections()
    if (counts !== null) counts.onchange = () => { this.changed() }
    const answer = servePeers({ own: () => this.record.current, known: () => this.book.known() })
    await this.handle(this.protocol, async (request, asker) => {
      if (asker.limited) void this.connector.wished(asker.peerId)
      return await answer(request, asker)
    })
    this.ticking = setInterval(() => { this.tick() }, tickMs)
    this.setPlaces(this.places)
  }

  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    if (this.rules.isCut(peerId)) throw new HoldfastError('peer-unreachable', 'a peer we do not speak with')
    this.links.use(peerId)
    return await this.asking.request(peerId, protocol, value, options)
  }

  async handle(protocol: string, handler: Handler): Promise<() => Promise<void>> {
    const noted: Handler = (request, asker) => {
      this.links.use(asker.peerId)
      return handler(request, asker)
    }
    return await serveRequests(this.node, protocol, noted, {
      rates: this.rates, onFault: peerId => { this.distrust(peerId, limits.peerFaults + 1) }, tap: this.options.onFrame ?? null,
    })
  }

  async openStream(peerId: string, protocol: string, signal: AbortSignal): Promise<ByteStream> {
    if (this.rules.isCut(peerId)) throw new HoldfastError('peer-unreachable', 'a peer we do not speak with')
    const connection = await this.connector.reach(peerId, signal)
    this.links.mean(peerId)
    return await openStream(connection, protocol, signal)
  }

  async handleStream(protocol: string, handler: (stream: ByteStream) => void): Promise<() => Promise<void>> {
    return await acceptStreams(this.node, protocol, stream => {
      this.links.mean(stream.peerId)
      handler(stream)
    })
  }

  neighbours(): readonly Neighbour[] {
    const { node, links, book, keeper } = this
    return neighboursOf({ node, links, book, relays: keeper.connected().map(relayIdOf) }).filter(({ id }) => id !== this.own && !this.rules.blocked.has(id))
  }

  /** A relay's connection is kept: there is no other way out. */
  distrust(peerId: string, weight = 1): void {
    if (!this.rules.blocked.add(peerId, weight) || this.rules.isRelay(peerId)) return
    for (const connection of this.node.getConnections(peerIdFromString(peerId))) connection.abort(new Error('blocked'))
  }

  setAccount(account: RecordAccount | null): void {
    this.record.account = account
    this.tick()
  }

  async setNetworkId(id: Uint8Array): Promise<void> {
    if (equalBytes(id, this.record.networkId)) return
    this.record.networkId = id
    this.book.clear()
    await this.restore()
    this.finder.nudge()
    this.tick()
  }

  setPlaces(places: NetworkPlaces): void {
    this.rules.places = places
    this.keeper.setRelays(places.relays)
    this.tick()
  }

  nudge(online = true): void {
    this.online = online
    if (online) {
      this.keeper.nudge()
      this.finder.nudge()
      this.connector.nudge()
    }
    this.tick()
  }

  async stop(): Promise<void> {
    if (this.stopped) return
    this.stopped = true
    if (this.ticking !== null) clearInterval(this.ticking)
    if (this.telling !== null) clearTimeout(this.telling)
    if (this.waking !== null) clearTimeout(this.waking)
    this.keeper.stop()
    this.connector.stop()
    this.asking.stop()
    await this.node.stop()
  }

  /**
   * Not at once: circuits tell of their end while the connection that carried them is going and still looks open, and yamux 8.0.1 throws where nobody can catch
   * it when a stream is opened on that.
   */
  private soon(): void {
    this.waking ??= setTimeout(() => {
      this.waking = null
      this.tick()
    })
  }

  private tick(): void {
    if (this.stopped) return
    this.keeper.tick()
    this.links.closeIdle()
    this.record.update(this.keeper.held()).catch(() => {}) // the next tick tries again
    const relays = this.keeper.connected().map(address => ({ peerId: relayIdOf(address), relay: true }))
    this.finder.tick([...relays, ...this.links.all().map(({ peerId }) => ({ peerId, relay: false }))])
    this.connector.tick()
    this.changed()
  }

  /** Takes the kept records that are of this network. */
  private async restore(): Promise<void> {
    const { networkId } = this.record
    for (const bytes of this.options.knownRecords.toReversed()) {
      const judged = await judgePeerRecord(bytes, networkId)
      if (this.record.networkId !== networkId) return
      if (judged.ok && judged.value.peerId !== this.own) this.book.restore(judged.value)
    }
  }

  private forget(peerId: string): void {
    this.links.forget(peerId)
    this.asking.forget(peerId)
  }

  private changed(): void {
    this.telling ??= setTimeout(() => {
      this.telling = null
      const state = this.describe()
      if (JSON.stringify(state) === JSON.stringify(this.state)) return
      this.state = state
      this.options.onChange(state)
    }, tellMs)
  }

  private describe(): ConnectionState {
    const { live = 0, made = 0 } = installedPeerConnections() ?? {}
    return connectionState({
      peerId: this.own,
      online: this.online,
      relays: this.keeper.states(),
      peers: this.links.all().map(({ direct, ...link }) => ({ ...link, path: direct ? 'direct' : 'relayed', relays: this.book.get(link.peerId)?.relays.map(relayIdOf) ?? [] })),
      known: this.book.size,
      webrtc: hasWebRTC(),
      dialling: this.connector.dialling,
      failure: this.connector.failure,
      rtc: { live, made },
    })
  }
}
