import type { Stream } from '@libp2p/interface'
import { HoldfastError, limits } from '../base/index.ts'

export interface ByteStreamEvents {
  data(bytes: Uint8Array): void
  /** It takes more again, after `write` said no. */
  drain(): void
  /** Called once, whoever ended it, or its connection. */
  end(): void
}

/** Bytes to and from one peer, in order, with no frames in between. */
export interface ByteStream {
  readonly peerId: string
  /** Over a relay, which ends it after so many bytes or so much time. */
  readonly limited: boolean
  readonly open: boolean
  /** Bytes written that wait here. */
  readonly buffered: number
  /**
   * From now on these are told. What came before is told first; a stream nobody listens to is ended when more than
   * `limits.streamUnreadBytes` wait. Nothing holds the peer back: a direct connection has no way to.
   */
  listen(on: ByteStreamEvents): void
  /** Sends, or keeps for sending; false asks to wait for `drain`. After the end it does nothing. */
  write(bytes: Uint8Array): boolean
  /** Ends it after what was written. */
  close(): void
  /** Ends it at once; the peer sees a reset. */
  abort(): void
}

const closeMs = 1000
const nobody: ByteStreamEvents = { data() {}, drain() {}, end() {} }

/** A libp2p stream as a `ByteStream`, which owns it. */
export class PeerByteStream implements ByteStream {
  private on = nobody
  private listening = false
  private full = false
  private ended = false

  constructor(private readonly stream: Stream, readonly peerId: string, readonly limited: boolean) {
    stream.inactivityTimeout = 0 // it lives as long as its connection, which libp2p pings
    stream.maxReadBufferLength = limits.streamUnreadBytes
    // `stream.onDrain()` resolves at once from the second time on (@libp2p/utils 7.4.1). A drain begins the sending of what waits
    // and may be the last one for it, `idle` comes when that is done: only both together tell of every time it takes more.
    // Both are told in the middle of sending, where what is written would be left lying.
    for (const event of ['drain', 'idle'] as const) stream.addEventListener(event, () => { if (this.full) queueMicrotask(() => { this.drained() }) })
    stream.addEventListener('remoteCloseWrite', () => { this.end() })
    stream.addEventListener('close', () => { this.end() })
  }

  get open(): boolean { return !this.ended && this.stream.writeStatus === 'writable' }

  get buffered(): number { return this.stream.writeBufferLength }

  listen(on: ByteStreamEvents): void {
    this.on = on
    if (this.ended) { on.end(); return }
    if (this.listening) return
    this.listening = true
    this.stream.addEventListener('message', ({ data }) => { if (!this.ended) this.on.data(data.subarray()) })
  }

  write(bytes: Uint8Array): boolean {
    if (!this.open) return false
    try {
      if (!this.stream.send(bytes)) this.full = true
    } catch { this.abort() } // libp2p ended it in the middle of the call
    return !this.full
  }

  close(): void {
    this.end()
    this.stream.close({ signal: AbortSignal.timeout(closeMs) }).catch(() => { this.stream.abort(new HoldfastError('stream-closed')) })
  }

  abort(): void {
    this.end()
    this.stream.abort(new HoldfastError('stream-closed'))
  }

  private drained(): void {
    if (!this.full || this.ended || this.stream.writeBufferLength > 0 || this.stream.writableNeedsDrain) return
    this.full = false
    this.on.drain()
  }

  private end(): void {
    if (this.ended) return
    this.ended = true
    this.on.end()
  }
}
