import type { Stream } from '@libp2p/interface'
import { HoldfastError, errorCodes, limits, type ErrorCode } from '../base/index.ts'
import { FrameStream, type Tapped } from './frame-stream.ts'
import { encodeFrame, type Frame } from './frames.ts'

/** Settles a question: with the reply, or with why there is none. */
type Settle = (reply: unknown, error?: HoldfastError) => void

/**
 * One stream on which we ask. `requestsInFlight` questions are on their way at most, the rest waits its turn. A question that
 * was given up keeps its place until its answer comes, because an answer that nobody asked for ends the stream.
 */
export class RequestStream {
  private readonly frames: FrameStream
  private readonly asked = new Map<number, Settle>()
  private readonly turns: (() => void)[] = []
  private lastId = 0
  private heardAt = 0
  private retired = false
  /** What every question gets once the stream has ended. */
  private failure: HoldfastError | null = null

  constructor(stream: Stream, readonly limited: boolean, maxBytes: number, private readonly onFault: (fault: HoldfastError) => void, tapped: Tapped | null = null) {
    this.frames = new FrameStream(stream, maxBytes, {
      frame: frame => { this.take(frame) },
      end: error => { this.end(error) },
    }, tapped)
  }

  get open(): boolean {
    return !this.retired && this.frames.open
  }

  /**
   * Asks, and resolves with the reply. Rejects with the peer's error code, `aborted`, `stream-closed`, or `timeout`; the
   * last ends the stream, with `data.silent` true where nothing at all was heard in that time: the connection is stale.
   */
  async ask(value: unknown, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
    while (this.asked.size >= limits.requestsInFlight) await this.turn(signal)
    if (this.failure !== null) throw this.failure
    const id = ++this.lastId
    const frame = { id, request: value }
    const bytes = encodeRequest(frame)
    const sentAt = performance.now()
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const aborted = () => { reject(abortedBy(signal)) }
    const deadline = setTimeout(() => {
      const error = new HoldfastError('timeout', `no answer within ${String(timeoutMs)} ms`, { silent: this.heardAt < sentAt })
      reject(error)
      this.frames.fail(error)
    }, timeoutMs)
    this.asked.set(id, (reply, error) => {
      clearTimeout(deadline)
      if (error === undefined) resolve(reply)
      else reject(error)
    })
    signal?.addEventListener('abort', aborted)
    try {
      this.frames.write(frame, bytes).catch(() => {}) // the end of the stream settles the question
      return await promise
    } finally { signal?.removeEventListener('abort', aborted) }
  }

  /** Takes no more questions and closes once those on their way are answered. */
  retire(): void {
    this.retired = true
    this.closeIfIdle()
  }

  close(): void {
    this.frames.close()
  }

  private take(frame: Frame): void {
    const settle = 'request' in frame ? undefined : this.asked.get(frame.id)
    if (settle === undefined) { this.frames.fail(new HoldfastError('bad-frame', 'an answer to nothing that was asked')); return }
    this.heardAt = performance.now()
    this.asked.delete(frame.id)
    if ('error' in frame) settle(null, new HoldfastError(codeOf(frame.error), 'refused by the peer'))
    else if ('reply' in frame) settle(frame.reply)
    this.turns.shift()?.()
    this.closeIfIdle()
  }

  private end(error: HoldfastError): void {
    const fault = error.code === 'bad-frame' || error.code === 'too-large'
    this.failure = fault ? new HoldfastError('bad-reply', error.message) : new HoldfastError('stream-closed', 'the stream ended before the answer', {}, { cause: error })
    if (fault) this.onFault(this.failure)
    for (const settle of this.asked.values()) settle(null, this.failure)
    this.asked.clear()
    for (const turn of this.turns.splice(0)) turn()
  }

  private closeIfIdle(): void {
    if (this.retired && this.asked.size === 0 && this.turns.length === 0) this.frames.close()
  }

  private async turn(signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const aborted = () => {
      this.turns.splice(this.turns.indexOf(resolve), 1)
      reject(abortedBy(signal))
    }
    this.turns.push(resolve)
    signal?.addEventListener('abort', aborted)
    try { await promise } finally { signal?.removeEventListener('abort', aborted) }
  }
}

export function abortedBy(signal?: AbortSignal): HoldfastError {
  return new HoldfastError('aborted', 'given up', {}, { cause: signal?.reason })
}

function encodeRequest(frame: Frame): Uint8Array {
  let bytes: Uint8Array
  try { bytes = encodeFrame(frame) } catch (error) { throw new HoldfastError('bad-input', 'a request that DAG-CBOR cannot hold', {}, { cause: error }) }
  if (bytes.length > limits.requestBytes) throw new HoldfastError('too-large', 'a request above the limit', { bytes: bytes.length })
  return bytes
}

/** A newer peer may know more codes than we do. */
function codeOf(text: string): ErrorCode {
  return (errorCodes as readonly string[]).includes(text) ? text as ErrorCode : 'internal'
}
