import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { RELAY_V2_STOP_CODEC, circuitRelayServer, type CircuitRelayService } from '@libp2p/circuit-relay-v2'
import { identify } from '@libp2p/identify'
import type { Connection, ConnectionGater, Libp2p, Listener, PeerId, PrivateKey } from '@libp2p/interface'
import { PING_PROTOCOL, ping } from '@libp2p/ping'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import type { IncomingMessage } from 'node:http'
import { HoldfastError, RateLimiter, limits, type Clock } from '../base/index.ts'
import { Asking, serveRequests, type Handler, type RequestOptions } from '../net/index.ts'
import { CircuitMeter, type StreamRegistrar } from './circuit-meter.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface CircuitOptions {
  readonly key: PrivateKey
  /** Multiaddrs under which tabs find the relay. */
  readonly announce: readonly string[]
  readonly relayBytes: number
  readonly relayHourBytes: number
  readonly maxReservations: number
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Log
}

/** A listener of `@libp2p/websockets`: it takes sockets that somebody else accepted. Not in its documentation; a test holds it. */
interface SocketListener { onWsServerConnection(socket: unknown, request: IncomingMessage): void }

/** What a service of libp2p is given, as far as the relay looks behind its surface. */
interface Parts { readonly transportManager: { getListeners(): Listener[] }, readonly registrar: StreamRegistrar }

/**
 * The libp2p node that is the circuit relay (v2): it answers, reserves and joins, and dials nobody. It listens on a loopback
 * port that nobody is told of; its real visitors come as WebSockets through `accept`. What it knows of a peer goes when
 * the peer goes: the slot, which the library would keep until its time is up, and the entry in the peer store.
 */
export class CircuitRelay {
  /** Called with each peer that asks for a slot or for more time, just before it gets it. */
  onReserve: (peer: PeerId) => void = () => {}
  /** Called with each peer whose last connection closed. */
  onLeave: (peer: PeerId) => void = () => {}
  private readonly asking: Asking

  private constructor(
    readonly node: Libp2p<{ relay: CircuitRelayService }>,
    private readonly listener: SocketListener,
    private readonly parts: Pick<CircuitOptions, 'clock' | 'metrics'>,
  ) {
    const onFault = () => { parts.metrics.count('refused_total', 'ledger-garbage') }
    this.asking = new Asking(node, { connect: () => Promise.reject(new HoldfastError('peer-unreachable', 'a tab that is not here')), onFault, dropSilent: false })
  }

  static async start({ key, announce, relayBytes, relayHourBytes, maxReservations, clock, metrics, log }: CircuitOptions): Promise<CircuitRelay> {
    let relay: CircuitRelay | null = null
    const circuits = new RateLimiter({ burst: limits.circuitBurst, perSecond: limits.circuitsPerSecond }, clock)
    const meter = new CircuitMeter({ circuitBytes: relayBytes, hourBytes: relayHourBytes, clock, metrics, log })
    const gater: ConnectionGater = {
      denyDialMultiaddr: () => true, // what peers say of their addresses must not make the relay knock on doors
      denyInboundRelayReservation: peer => {
        const slots = relay?.reservations
        if (slots !== undefined && slots.size >= maxReservations && !slots.has(peer)) metrics.count('refused_total', 'reservations')
        else relay?.onReserve(peer)
        return false
      },
      denyOutboundRelayedConnection: (source, destination) => {
        const refused = !circuits.take(source.toString()) ? 'circuits' : !meter.allows(source, destination) ? 'peer-hour' : null
        if (refused === null) metrics.count('circuits_opened_total')
        else metrics.count('refused_total', refused)
        return refused !== null
      },
    }
    let parts = (): Parts => expected('its parts')
    const node = await createLibp2p({
      privateKey: key,
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0/ws'], announce: [...announce] },
      transports: [webSockets({ maxBufferedAmount: limits.streamWindowBytes / 4 })],
      connectionEncrypters: [noise()],
      // One window unread, one on its way into a slow stream, as much in its socket and a write more: together `streamWindowBytes`.
      streamMuxers: [yamux({ streamOptions: { maxStreamWindowSize: limits.streamWindowBytes / 4 } })],
      connectionGater: gater,
      connectionManager: {
        maxConnections: limits.relayConnections,
        inboundConnectionThreshold: limits.addressConnections,
        maxIncomingPendingConnections: limits.pendingConnections,
      },
      // All tabs are pinged in one turn: with the library's five seconds a relay with many of them, or on a busy machine, would drop them all.
      connectionMonitor: { pingInterval: limits.socketPingMs, pingTimeout: { minTimeout: limits.socketPingMs / 2 } },
      services: {
        identify: identify(),
        ping: ping(),
        relay: circuitRelayServer({
          maxInboundHopStreams: limits.circuitStreams,
          reservations: {
            maxReservations,
            reservationTtl: limits.reservationMs,
            defaultDurationLimit: limits.circuitMs,
            defaultDataLimit: BigInt(relayBytes),
          },
        }),
        parts: (all: Parts) => {
          parts = () => all
          return {}
        },
      },
    })
    const { transportManager, registrar } = parts()
    const listener = transportManager.getListeners().find(isSocketListener) ?? expected('a listener that takes sockets')
    await meter.attach(registrar)
    relay = new CircuitRelay(node, listener, { clock, metrics })
    node.addEventListener('connection:open', ({ detail: fresh }) => {
      for (const older of node.getConnections(fresh.remotePeer)) if (older !== fresh) void probe(older)
    })
    node.addEventListener('peer:disconnect', ({ detail: peer }) => { relay.forget(peer) })
    metrics.gauge('reservations', () => relay.reservations.size)
    metrics.gauge('connections', () => node.getConnections().length)
    metrics.gauge('circuits', () => node.getConnections().reduce((sum, { streams }) =>
      sum + streams.filter(({ protocol }) => protocol === RELAY_V2_STOP_CODEC).length, 0))
    return relay
  }

  get reservations(): CircuitRelayService['reservations'] {
    return this.node.services.relay.reservations
  }

  get peerId(): string {
    return this.node.peerId.toString()
  }

  /** Takes a WebSocket of the public port. */
  accept(socket: unknown, request: IncomingMessage): void {
    this.listener.onWsServerConnection(socket, request)
  }

  /**
   * Answers requests on `protocol`, at rates of its own, so that no other question has to wait for these; resolves with how to stop. What is sent against the
   * protocol ends the stream it came on and is counted.
   */
  async handle(protocol: string, handler: Handler): Promise<() => Promise<void>> {
    const { clock, metrics } = this.parts
    const rates = {
      peer: new RateLimiter({ burst: limits.anchorBurst, perSecond: limits.anchorPerSecond }, clock),
      all: new RateLimiter({ burst: limits.anchorBurstAll, perSecond: limits.anchorPerSecondAll }, clock),
    }
    return await serveRequests(this.node, protocol, handler, { rates, onFault: () => { metrics.count('refused_total', 'ledger-garbage') } })
  }

  /**
   * Asks a tab over the connection it made; `peer-unreachable` where there is none, since a relay dials nobody. One that is silent loses its stream and not its
   * connection, which holds its slot: it may be in the background.
   */
  async request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown> {
    return await this.asking.request(peerId, protocol, value, options)
  }

  async stop(): Promise<void> {
    this.asking.stop()
    await this.node.stop()
  }

  private forget(peer: PeerId): void {
    // clear() too: the old slot's timer would delete a later slot of the same peer.
    this.reservations.get(peer)?.signal.clear()
    this.reservations.delete(peer)
    this.asking.forget(peer.toString())
    this.onLeave(peer)
    this.node.peerStore.delete(peer).catch(() => {}) // nothing was written yet, or it is gone already
  }
}

/**
 * Closes a connection that is dead. A tab that changes networks comes back over a new connection long before pings find out
 * about the old one, and the library leads circuits to the oldest it has.
 */
async function probe(connection: Connection): Promise<void> {
  try {
    const stream = await connection.newStream(PING_PROTOCOL, { signal: AbortSignal.timeout(limits.probeMs) })
    stream.abort(new Error('it lives'))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'UnsupportedProtocolError')) connection.abort(new Error('the peer has a newer connection'))
  }
}

function isSocketListener(listener: Listener): listener is Listener & SocketListener {
  return typeof (listener as Partial<SocketListener>).onWsServerConnection === 'function'
}

function expected(what: string): never {
  throw new Error(`libp2p does not have ${what}`)
}
