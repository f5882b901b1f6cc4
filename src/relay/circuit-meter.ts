import { RELAY_V2_HOP_CODEC, RELAY_V2_STOP_CODEC } from '@libp2p/circuit-relay-v2'
import type { Connection, PeerId, Stream, StreamHandler, StreamHandlerOptions, StreamMiddleware } from '@libp2p/interface'
import { AsyncLocalStorage } from 'node:async_hooks'
import { RateLimiter, limits, type Clock } from '../base/index.ts'
import { holdBack } from './hold-back.ts'
import { HourCount } from './hour-count.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

export interface MeterParts {
  /** Bytes one circuit may carry, both directions together. */
  readonly circuitBytes: number
  /** Bytes all circuits of one peer may carry in an hour, whoever opened them. */
  readonly hourBytes: number
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Log
}

/** What the meter uses of libp2p's registrar. */
export interface StreamRegistrar {
  getHandler(protocol: string): { readonly handler: StreamHandler, readonly options: StreamHandlerOptions }
  handle(protocol: string, handler: StreamHandler, options: StreamHandlerOptions): Promise<void>
  use(protocol: string, middleware: StreamMiddleware[]): void
}

/** One side of a circuit: its stream here and whose it is. */
interface End { readonly stream: Stream, readonly peer: string }

/**
 * The quota of relayed data. The library counts the bytes of a circuit and tells nobody; this stands at both its streams, counts what
 * comes out of either for the circuit and for the hour of both peers, and resets them when one of these is over. It joins them as well by what the
 * library leaves out: a reader that takes nothing makes the writer wait (`holdBack`).
 *
 * A circuit is a hop stream somebody opened, and the stop stream that the library opens while it handles that. The async context tells which
 * belong together. Middleware would do for hop streams too, but libp2p 3.3.11 adds the handler to the list of middleware with every stream.
 */
export class CircuitMeter {
  private readonly hours: HourCount
  private readonly asking = new AsyncLocalStorage<End>()
  /** Remotes decide how often circuits end. */
  private readonly said: RateLimiter

  constructor(private readonly parts: MeterParts) {
    this.hours = new HourCount(parts.clock)
    this.said = new RateLimiter({ burst: 10, perSecond: 0.1 }, parts.clock, 1)
  }

  /** Counts every circuit of a circuit relay that has started. */
  async attach(registrar: StreamRegistrar): Promise<void> {
    const { handler, options } = registrar.getHandler(RELAY_V2_HOP_CODEC)
    const hop: StreamHandler = async (stream, connection) => {
      await this.asking.run({ stream, peer: connection.remotePeer.toString() }, async () => { await handler(stream, connection) })
    }
    await registrar.handle(RELAY_V2_HOP_CODEC, hop, { ...options, force: true })
    registrar.use(RELAY_V2_STOP_CODEC, [(stream, connection, next) => {
      this.join(stream, connection)
      next(stream, connection)
    }])
  }

  /** Whether a circuit from one peer to the other is worth opening: both have enough of their hour left to do something with it. */
  allows(source: PeerId, destination: PeerId): boolean {
    const most = this.parts.hourBytes - Math.min(limits.circuitRoomBytes, this.parts.hourBytes / 2)
    return [source, destination].every(peer => this.hours.sum(peer.toString()) <= most)
  }

  private join(stream: Stream, connection: Connection): void {
    const source = this.asking.getStore()
    if (source === undefined) throw new Error('a circuit that nobody asked for')
    const destination = { stream, peer: connection.remotePeer.toString() }
    const { circuitBytes, hourBytes, metrics } = this.parts
    let carried = 0
    const count = (bytes: number) => {
      carried += bytes
      metrics.count('relayed_bytes_total', '', bytes)
      const hours = [source.peer, destination.peer].map(peer => this.hours.add(peer, bytes))
      if (carried > circuitBytes) this.end('circuit-bytes', carried, source, destination)
      else if (hours.some(sum => sum > hourBytes)) this.end('peer-hour', carried, source, destination)
    }
    for (const end of [source, destination]) end.stream.addEventListener('message', ({ data }) => { if (end.stream.status === 'open') count(data.byteLength) })
    holdBack(source.stream, stream)
    holdBack(stream, source.stream)
  }

  private end(reason: 'circuit-bytes' | 'peer-hour', bytes: number, ...ends: readonly End[]): void {
    this.parts.metrics.count('refused_total', reason)
    if (this.said.take('')) this.parts.log.info('circuit-ended', { reason, bytes })
    for (const { stream } of ends) stream.abort(new Error(reason))
  }
}
