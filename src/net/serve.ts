import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { HoldfastError, RateLimiter, limits, type Clock, type Judged } from '../base/index.ts'
import { FrameStream } from './frame-stream.ts'
import { encodeFrame, type Frame, type FrameTap } from './frames.ts'

/** Who asks. `limited`: over a relay, where every byte counts. */
export interface Asker { readonly peerId: string, readonly limited: boolean, readonly signal: AbortSignal }

/** Answers one request: what it accepts is the reply, what it rejects the error code the peer gets. */
export type Handler = (request: unknown, from: Asker) => Promise<Judged<unknown>> | Judged<unknown>

/** Token buckets, shared by all protocols of a node: one for each peer, one for all of them. */
export interface RequestRates { readonly peer: RateLimiter, readonly all: RateLimiter }

export function requestRates(clock: Clock): RequestRates {
  return {
    peer: new RateLimiter({ burst: limits.requestBurst, perSecond: limits.requestsPerSecond }, clock),
    all: new RateLimiter({ burst: limits.requestBurstAll, perSecond: limits.requestsPerSecondAll }, clock),
  }
}

export interface ServeOptions {
  readonly rates: RequestRates
  /** Called when a peer's stream was ended for what it sent. */
  onFault?(peerId: string, fault: HoldfastError): void
  readonly tap?: FrameTap | null
}

/** Answers requests on `protocol`, over limited connections too. Resolves when peers can ask, with how to stop. */
export async function serveRequests(node: Pick<Libp2p, 'handle' | 'unhandle'>, protocol: string, handler: Handler, options: ServeOptions): Promise<() => Promise<void>> {
  const serve = (stream: Stream, connection: Connection) => { ServedStream.open(stream, connection, protocol, handler, options) }
  const streams = limits.protocolStreams
  await node.handle(protocol, serve, { runOnLimitedConnection: true, maxInboundStreams: streams, maxOutboundStreams: streams })
  return async () => { await node.unhandle(protocol) }
}

/**
 * One stream on which a peer asks. `requestsAtWork` requests are being answered, each until the stream has taken its reply, so
 * that a peer who asks and never reads stops himself; at most `requestsInFlight` wait.
 */
class ServedStream {
  private readonly frames: FrameStream
  private readonly asker: Asker
  private readonly waiting: { readonly id: number, readonly request: unknown }[] = []
  private atWork = 0
  private lastId = 0

  static open(stream: Stream, connection: Connection, protocol: string, handler: Handler, options: ServeOptions): ServedStream {
    return new ServedStream(stream, connection, protocol, handler, options)
  }

  private constructor(stream: Stream, connection: Connection, protocol: string, private readonly handler: Handler, private readonly options: ServeOptions) {
    const ended = new AbortController()
    this.asker = { peerId: connection.remotePeer.toString(), limited: connection.limits !== undefined, signal: ended.signal }
    const { tap = null } = options
    const tapped = tap === null ? null : { tap, peerId: this.asker.peerId, protocol }
    this.frames = new FrameStream(stream, limits.requestBytes, {
      frame: frame => { this.take(frame) },
      end: error => {
        this.waiting.length = 0
        ended.abort(error)
        if (error.code !== 'stream-closed') options.onFault?.(this.asker.peerId, error)
      },
    }, tapped)
  }

  private take(frame: Frame): void {
    if (!('request' in frame)) { this.frames.fail(new HoldfastError('bad-frame', 'an answer where nothing was asked')); return }
    if (frame.id <= this.lastId) { this.frames.fail(new HoldfastError('bad-frame', 'an id used before')); return }
    if (this.waiting.length >= limits.requestsInFlight) { this.frames.fail(new HoldfastError('too-many', 'more requests than may be in flight')); return }
    this.lastId = frame.id
    this.waiting.push(frame)
    this.work()
  }

  private work(): void {
    while (this.atWork < limits.requestsAtWork) {
      const next = this.waiting.shift()
      if (next === undefined) return
      this.atWork++
      void this.answer(next.id, next.request).finally(() => {
        this.atWork--
        this.work()
      })
    }
  }

  private async answer(id: number, request: unknown): Promise<void> {
    const { rates } = this.options
    const allowed = rates.peer.take(this.asker.peerId) && rates.all.take('')
    const { frame, bytes } = allowed ? await this.reply(id, request) : whole({ id, error: 'rate-limited' })
    await this.frames.write(frame, bytes).catch(() => {}) // a peer that is gone needs no answer
  }

  private async reply(id: number, request: unknown): Promise<WholeFrame> {
    try {
      const judged = await this.handler(request, this.asker)
      if (!judged.ok) return whole({ id, error: judged.code })
      const reply = whole({ id, reply: judged.value })
      return reply.bytes.length <= limits.frameBytes ? reply : whole({ id, error: 'too-large' })
    } catch (error) {
      return whole({ id, error: HoldfastError.from(error).code })
    }
  }
}

interface WholeFrame { readonly frame: Frame, readonly bytes: Uint8Array }

function whole(frame: Frame): WholeFrame {
  return { frame, bytes: encodeFrame(frame) }
}
