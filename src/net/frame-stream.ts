import type { Stream } from '@libp2p/interface'
import { HoldfastError, concat } from '../base/index.ts'
import { FrameReader, encodeFrame, kindOfFrame, type Frame, type FrameTap } from './frames.ts'

export interface FrameStreamEvents {
  frame(frame: Frame): void
  /** Called once, whoever ended it. */
  end(error: HoldfastError): void
}

/** Who is told of each frame, and as whose. */
export interface Tapped { readonly tap: FrameTap, readonly peerId: string, readonly protocol: string }

/** Frames in and out of one libp2p stream. Owns the stream: it is aborted at the first bad byte, and its end is told once. */
export class FrameStream {
  private readonly reader: FrameReader
  private waiting: Uint8Array[] = []
  private sending: Promise<void> | null = null
  private ended = false

  constructor(private readonly stream: Stream, maxBytes: number, private readonly on: FrameStreamEvents, private readonly tapped: Tapped | null = null) {
    this.reader = new FrameReader(maxBytes)
    stream.inactivityTimeout = 0 // it lives as long as its connection, which libp2p pings
    stream.addEventListener('message', ({ data }) => { this.read(data.subarray()) })
    stream.addEventListener('remoteCloseWrite', () => {
      this.end(new HoldfastError('stream-closed', 'the peer closed the stream'))
      this.shut() // closed at one end alone it would count as open, at both, for as long as the connection is there
    })
    stream.addEventListener('close', ({ error }) => { this.end(new HoldfastError('stream-closed', 'the stream is gone', {}, { cause: error })) })
  }

  get open(): boolean {
    return !this.ended && this.stream.writeStatus === 'writable'
  }

  /** Writes a frame, whose `bytes` may be there already; resolves when the stream takes more, rejects with `stream-closed` when it ended instead. */
  async write(frame: Frame, bytes: Uint8Array = encodeFrame(frame)): Promise<void> {
    if (!this.open) throw new HoldfastError('stream-closed')
    this.waiting.push(bytes)
    this.tell('out', frame)
    this.sending ??= Promise.resolve().then(async () => { await this.send() })
    await this.sending
  }

  /** Ends the stream at once; the peer sees a reset. */
  fail(error: HoldfastError): void {
    if (this.ended) return
    this.end(error)
    this.stream.abort(error)
  }

  /** Ends the stream after what was sent. */
  close(): void {
    if (!this.ended) this.send().catch(() => {})
    this.end(new HoldfastError('stream-closed', 'closed here'))
    this.shut()
  }

  private shut(): void {
    this.stream.close({ signal: AbortSignal.timeout(1000) }).catch((error: unknown) => { this.stream.abort(HoldfastError.from(error)) })
  }

  private end(error: HoldfastError): void {
    if (this.ended) return
    this.ended = true
    this.on.end(error)
  }

  private read(bytes: Uint8Array): void {
    if (this.ended) return
    const { frames, fault } = this.reader.push(bytes)
    for (const frame of frames) {
      if (this.ended) break
      this.tell('in', frame)
      this.on.frame(frame)
    }
    if (fault !== null) this.fail(new HoldfastError(fault.code, fault.reason))
  }

  private tell(direction: 'in' | 'out', frame: Frame): void {
    if (this.tapped === null) return
    const { tap, peerId, protocol } = this.tapped
    tap(direction, peerId, protocol, kindOfFrame(frame), frame.id)
  }

  /**
   * Sends what was written in this turn as one: a write of libp2p's WebRTC streams is two messages of the data channel, and these are what
   * small questions cost. Answers that came together are worked on together, so those who ask much at once stay together.
   */
  private async send(): Promise<void> {
    this.sending = null
    const bytes = concat(...this.waiting)
    this.waiting = []
    if (bytes.length === 0) return
    try {
      if (!this.stream.send(bytes)) await this.drained()
    } catch (error) {
      throw error instanceof HoldfastError ? error : new HoldfastError('stream-closed', 'the stream takes nothing', {}, { cause: error })
    }
  }

  /** `stream.onDrain()` resolves at once from the second time on (@libp2p/utils 7.4.1), so the event is heard here. */
  private async drained(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const closed = () => { reject(new HoldfastError('stream-closed')) }
    this.stream.addEventListener('drain', () => { resolve() }, { once: true })
    this.stream.addEventListener('close', closed)
    try { await promise } finally { this.stream.removeEventListener('close', closed) }
  }
}
