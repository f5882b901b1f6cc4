import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import { HoldfastError, limits } from '../base/index.ts'
import type { FrameTap } from './frames.ts'
import { RequestStream, abortedBy } from './request-stream.ts'

/** A stream is open within a few round trips; what takes longer is a connection nobody is behind any more. */
const openMs = 4000

export interface RequestOptions {
  readonly signal?: AbortSignal
  /** Default `limits.requestMs`; runs from when the question is sent. */
  readonly timeoutMs?: number
}

/** Asks one peer on one protocol. */
export interface Requests {
  /**
   * The reply. Rejects with a `HoldfastError`: the peer's own code, `peer-unreachable`, `unsupported`, `timeout`,
   * `stream-closed`, `bad-reply`, `too-large`, `aborted`.
   */
  request(value: unknown, options?: RequestOptions): Promise<unknown>
  /** Ends the stream; questions on their way fail with `stream-closed`. */
  close(): void
  /** Milliseconds the last answer took, null before the first. */
  readonly rtt: number | null
}

export interface OpenRequestsOptions {
  /** How to reach the peer when there is no connection; by default a plain dial. */
  connect?(signal: AbortSignal): Promise<Connection>
  /** Which connections may be used; by default every open one. */
  isUsable?(connection: Connection): boolean
  /** Largest reply, by default `limits.frameBytes`. */
  readonly maxReplyBytes?: number
  /** Whether a peer that answers nothing in time loses its connections, so that the next question dials anew; else its stream alone. True where it is not said. */
  readonly dropSilent?: boolean
  /** Called when the peer's stream was ended for what it sent. */
  onFault?(fault: HoldfastError): void
  readonly tap?: FrameTap | null
}

/**
 * Questions to `peer` on `protocol`, all over one long-lived stream that is opened at the first of them, on a direct
 * connection wherever there is one: it moves there when one appears (js-libp2p does not, issue 3201), and is opened again
 * when it was lost.
 */
export function openRequests(node: Pick<Libp2p, 'dial' | 'getConnections'>, peer: PeerId, protocol: string, options: OpenRequestsOptions = {}): Requests {
  return new PeerRequests(node, peer, protocol, {
    connect: async signal => await node.dial(peer, { signal }),
    isUsable: ({ status }) => status === 'open',
    maxReplyBytes: limits.frameBytes,
    onFault: () => {},
    dropSilent: true,
    tap: null,
    ...options,
  })
}

class PeerRequests implements Requests {
  rtt: number | null = null
  private stream: RequestStream | null = null
  private opening: Promise<RequestStream> | null = null
  private readonly closed = new AbortController()

  constructor(
    private readonly node: Pick<Libp2p, 'getConnections'>,
    private readonly peer: PeerId,
    private readonly protocol: string,
    private readonly options: Required<OpenRequestsOptions>,
  ) {}

  async request(value: unknown, { signal, timeoutMs = limits.requestMs }: RequestOptions = {}): Promise<unknown> {
    for (let retry = true; ; retry = false) {
      if (signal?.aborted === true) throw abortedBy(signal)
      const stream = await unlessAborted(this.current(), signal)
      const sentAt = performance.now()
      try {
        const reply = await stream.ask(value, timeoutMs, signal)
        this.rtt = performance.now() - sentAt
        return reply
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error
        if (error.data['silent'] === true && this.options.dropSilent) this.dropConnections(error)
        // Questions change nothing on the other side, so one whose stream was lost is asked once more.
        if (error.code !== 'stream-closed' || !retry || this.closed.signal.aborted) throw error
      }
    }
  }

  close(): void {
    this.closed.abort(new HoldfastError('stream-closed', 'closed here'))
    this.stream?.close()
  }

  /** The stream to ask on: the one there is, unless it goes over a relay and a direct connection has appeared. */
  private async current(): Promise<RequestStream> {
    this.closed.signal.throwIfAborted()
    const { stream } = this
    if (stream?.open === true && (!stream.limited || this.connection()?.limits !== undefined)) return stream
    this.opening ??= this.open().finally(() => { this.opening = null })
    return await this.opening
  }

  private async open(): Promise<RequestStream> {
    const signal = AbortSignal.any([this.closed.signal, AbortSignal.timeout(limits.requestMs)])
    try {
      for (let existing = this.connection(); existing !== undefined; existing = this.connection()) {
        const stream = await this.openOn(existing, AbortSignal.any([signal, AbortSignal.timeout(openMs)])).catch((error: unknown) => {
          if (isUnsupported(error) || signal.aborted) throw error
          existing?.abort(error as Error) // a connection that opens no stream is stale
          return null
        })
        if (stream !== null) return stream
      }
      return await this.openOn(await this.options.connect(signal), signal)
    } catch (error) {
      if (error instanceof HoldfastError) throw error
      throw new HoldfastError(isUnsupported(error) ? 'unsupported' : 'peer-unreachable', 'no stream to the peer', {}, { cause: error })
    }
  }

  private async openOn(connection: Connection, signal: AbortSignal): Promise<RequestStream> {
    const stream = await connection.newStream(this.protocol, { signal, runOnLimitedConnection: true, maxOutboundStreams: limits.protocolStreams })
    this.stream?.retire()
    const { maxReplyBytes, onFault, tap } = this.options
    const tapped = tap === null ? null : { tap, peerId: this.peer.toString(), protocol: this.protocol }
    this.stream = new RequestStream(stream, connection.limits !== undefined, maxReplyBytes, onFault, tapped)
    return this.stream
  }

  /** The best open connection there is: a direct one where there is one. */
  private connection(): Connection | undefined {
    const usable = this.node.getConnections(this.peer).filter(connection => this.options.isUsable(connection))
    return usable.find(({ limits: limited }) => limited === undefined) ?? usable[0]
  }

  /** A peer that reloaded leaves a connection that looks open and answers nothing for ten seconds; the next question dials anew. */
  private dropConnections(error: HoldfastError): void {
    for (const connection of this.node.getConnections(this.peer)) connection.abort(error)
  }
}

export function isUnsupported(error: unknown): boolean {
  return error instanceof Error && error.name === 'UnsupportedProtocolError'
}

async function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const give = () => { reject(abortedBy(signal)) }
  signal.addEventListener('abort', give)
  try { return await Promise.race([promise, aborted]) } finally { signal.removeEventListener('abort', give) }
}
