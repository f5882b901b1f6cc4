import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { HoldfastError, limits } from '../base/index.ts'
import { connectionState } from './connection-state.ts'
import { Connector } from './connector.ts'
import { gater } from './gater.ts'
import { createNode, hasWebRTC } from './libp2p.ts'
import type { NetworkPlaces } from './network-file.ts'
import type { NetNode, NodeOptions } from './node-api.ts'
import { OwnRecord } from './own-record.ts'
import { PeerBook } from './peer-book.ts'
import { peersProtocol, servePeers } from './peer-exchange.ts'
import { PeerFinder } from './peer-finder.ts'
import { PeerLinks } from './peer-links.ts'
import { judgePeerRecord, relayIdOf } from './peer-record.ts'
import { RelayKeeper } from './relay-keeper.ts'
import { openRequests, type RequestOptions, type Requests } from './requests.ts'
import { installedPeerConnections } from './rtc/install.ts'
import { requestRates, serveRequests, type Handler } from './serve.ts'
import type { ConnectionState } from './types.ts'

const tickMs = 500
/** Changes that come together are told together. */
const tellMs = 50

/** Starts a node; resolves when it runs, reached or not: `onChange` tells how far it is. */
export async function startNode(options: NodeOptions): Promise<NetNode> {
  const node = new HoldfastNode(options)
  await node.start()
  return node
}

/**
 * The libp2p node of a device put together: relays are kept, peers are found through them and through each other, direct
 * connections are made, questions are asked and answered. Everything runs off one clock tick and the events of libp2p; nothing
 * waits for anything to succeed.
 */
class HoldfastNode implements NetNode {
  state: ConnectionState
  places: NetworkPlaces
  private readonly asking = new Map<string, Requests>()
  private readonly blockedUntil = new Map<string, number>()
  private readonly rates: ReturnType<typeof requestRates>
  private readonly book: PeerBook
  private online = true
  private ticking: ReturnType<typeof setInterval> | null = null
  private telling: ReturnType<typeof setTimeout> | null = null
  private stopped = false
  private parts!: { node: Libp2p, own: string, record: OwnRecord, keeper: RelayKeeper, links: PeerLinks, connector: Connector, finder: PeerFinder }

  constructor(private readonly options: NodeOptions) {
    this.places = options.places
    this.rates = requestRates(options.clock)
    this.book = new PeerBook(options.clock, options.onRecord)
    this.state = this.describe()
  }

  async start(): Promise<void> {
    const { seed, seq, clock, random } = this.options
    const key = await generateKeyPairFromSeed('Ed25519', seed)
    const changed = () => { this.changed() }
    const node = await createNode({
      key,
      gater: gater(() => this.places.relays, peerId => this.isBlocked(peerId)),
      isRelay: peer => this.isRelay(peer.toString()),
      stun: () => this.places.stun,
    })
    const own = node.peerId.toString()
    const keeper = new RelayKeeper(node, clock, random, changed)
    const links = new PeerLinks(node, random, peerId => this.isRelay(peerId), { change: changed, direct: peerId => { this.book.met(peerId) } })
    const finder = new PeerFinder(this.book, async (peerId, have) => await this.request(peerId, this.peersProtocol, { have }), own, clock, random, () => { connector.tick() })
    const connector = new Connector({ node, own, keeper, links, book: this.book, clock, random, webrtc: hasWebRTC(), greet: async peerId => { await finder.pullFrom(peerId) }, onChange: changed })
    this.parts = { node, own, record: new OwnRecord(key, seq, this.options.onSeq), keeper, links, connector, finder }
    for (const bytes of this.options.knownRecords) {
      const judged = await judgePeerRecord(bytes)
      if (judged.ok && judged.value.peerId !== own) this.book.add(judged.value, own)
    }
    node.addEventListener('connection:open', ({ detail: connection }) => {
      links.opened(connection)
      void connector.opened(connection)
      this.tick()
    })
    node.addEventListener('connection:close', () => { this.tick() })
    node.addEventListener('self:peer:update', () => { this.tick() })
    node.addEventListener('peer:disconnect', ({ detail: peer }) => { this.forget(peer.toString()) })
    const counts = installedPeerConnections()
    if (counts !== null) counts.onchange = changed
    await this.handle(this.peersProtocol, servePeers({ own: () => this.parts.record.current, known: () => this.book.known() }))
    this.ticking = setInterval(() => { this.tick() }, tickMs)
    this.setPlaces(this.places)
  }

  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    const { node, links, connector } = this.parts
    if (this.isBlocked(peerId)) throw new HoldfastError('peer-unreachable', 'a peer we do not speak with')
    const key = `${peerId} ${protocol}`
    let requests = this.asking.get(key)
    if (requests === undefined) {
      const connect = async (signal: AbortSignal) => await connector.connect(peerId, signal)
      requests = openRequests(node, peerIdFromString(peerId), protocol, { connect, isUsable: connection => links.usable(connection), onFault: () => { this.block(peerId) } })
      this.asking.set(key, requests)
    }
    return await requests.request(value, options)
  }

  async handle(protocol: string, handler: Handler): Promise<() => Promise<void>> {
    return await serveRequests(this.parts.node, protocol, handler, { rates: this.rates, onFault: peerId => { this.block(peerId) } })
  }

  setPlaces(places: NetworkPlaces): void {
    this.places = places
    this.parts.keeper.setRelays(places.relays)
    this.tick()
  }

  nudge(online = true): void {
    this.online = online
    if (online) {
      this.parts.keeper.nudge()
      this.parts.finder.nudge()
      this.parts.connector.nudge()
    }
    this.tick()
  }

  async stop(): Promise<void> {
    if (this.stopped) return
    this.stopped = true
    if (this.ticking !== null) clearInterval(this.ticking)
    if (this.telling !== null) clearTimeout(this.telling)
    this.parts.keeper.stop()
    this.parts.connector.stop()
    for (const requests of this.asking.values()) requests.close()
    await this.parts.node.stop()
  }

  private get peersProtocol(): string {
    return peersProtocol(this.options.places.name)
  }

  private tick(): void {
    if (this.stopped) return
    const { keeper, links, connector, finder, record } = this.parts
    keeper.tick()
    void record.update(keeper.held())
    const relays = keeper.connected().map(address => ({ peerId: relayIdOf(address), relay: true }))
    finder.tick([...relays, ...links.all().map(({ peerId }) => ({ peerId, relay: false }))])
    connector.tick()
    this.changed()
  }

  private isRelay(peerId: string): boolean {
    return this.places.relays.some(address => relayIdOf(address) === peerId)
  }

  /** Ends everything with a peer that broke the protocol, for a while. */
  private block(peerId: string): void {
    if (this.isRelay(peerId)) return
    this.blockedUntil.set(peerId, this.options.clock.now() + limits.peerBlockMs)
    for (const connection of this.parts.node.getConnections(peerIdFromString(peerId))) connection.abort(new Error('blocked'))
  }

  private isBlocked(peerId: string): boolean {
    const until = this.blockedUntil.get(peerId)
    if (until !== undefined && until <= this.options.clock.now()) this.blockedUntil.delete(peerId)
    return this.blockedUntil.has(peerId)
  }

  private forget(peerId: string): void {
    for (const key of this.asking.keys()) if (key.startsWith(`${peerId} `)) this.asking.delete(key)
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
    const { online, parts, book } = this
    const counts = installedPeerConnections()
    return connectionState({
      online,
      peerId: parts?.own ?? '',
      relays: parts?.keeper.states() ?? [],
      peers: parts?.links.all().map(({ peerId, direct, since, rtt }) =>
        ({ peerId, path: direct ? 'direct' : 'relayed', relays: book.get(peerId)?.relays.map(relayIdOf) ?? [], since, rtt } as const)) ?? [],
      known: book.size,
      webrtc: hasWebRTC(),
      dialling: parts?.connector.dialling ?? false,
      failure: parts?.connector.failure ?? null,
      rtc: { live: counts?.live ?? 0, made: counts?.made ?? 0 },
    })
  }
}
