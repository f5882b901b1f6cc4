import type { Connection } from 'webtorrent/dist/webtorrent.min.js'
import type { DataChannel } from './rtc.ts'

/** Messages are filled up to this: every browser takes 256 KiB, and each message has its price on both sides. */
const messageBytes = 64 * 1024
/** Writing stops above this many bytes not yet sent and goes on below the other: more overruns a receiver, and SCTP takes seconds to recover. */
const highBytes = 256 * 1024
const lowBytes = 64 * 1024

type Listener = (...values: never[]) => void
interface Sink { write(bytes: Uint8Array): unknown }

/**
 * A data channel as the Node-like duplex that WebTorrent pipes a BitTorrent wire through: exactly what it calls of one, without
 * a stream library in between. Small writes of one turn leave as one message. What comes before `pipe` is kept. A data channel
 * cannot be paused, so nothing holds the other side back but the blocks we ask for.
 */
export class ChannelSocket implements Connection {
  readonly connected = true
  private listeners = new Map<string, Set<Listener>>()
  private sink: Sink | null = null
  private early: Uint8Array[] = []
  private queue: Uint8Array[] = []
  private queued = 0
  private flushing = false
  private full = false
  private gone = false

  /** `id`: 40 hexadecimal digits of the peer, known before anybody pipes; `release` ends the connection under the channel. */
  constructor(public id: string, readonly channel: DataChannel, readonly release: () => void) {
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = lowBytes
    channel.addEventListener('message', event => { this.receive((event as MessageEvent<unknown>).data) })
    channel.addEventListener('bufferedamountlow', () => { this.drain() })
    channel.addEventListener('close', () => { this.destroy() })
  }

  get destroyed(): boolean { return this.gone }

  write(bytes: Uint8Array): boolean {
    if (this.gone) return false
    if (this.queued + bytes.length > messageBytes) this.flush()
    this.queue.push(bytes)
    this.queued += bytes.length
    if (!this.flushing) {
      this.flushing = true
      queueMicrotask(() => { this.flushing = false; this.flush() })
    }
    this.full ||= this.channel.bufferedAmount + this.queued > highBytes
    return !this.full
  }

  end(): void {
    this.flush()
    this.emit('finish')
    this.destroy()
  }

  destroy(): void {
    if (this.gone) return
    this.gone = true
    this.release()
    this.emit('close')
    this.listeners.clear()
    this.queue = []
    this.early = []
  }

  pipe<T extends Sink>(destination: T): T {
    this.sink = destination
    for (const bytes of this.early.splice(0)) destination.write(bytes)
    return destination
  }

  on(event: string, listener: Listener): this {
    const listeners = this.listeners.get(event) ?? new Set()
    this.listeners.set(event, listeners.add(listener))
    return this
  }

  once(event: string, listener: Listener): this {
    const first: Listener = (...values) => {
      this.listeners.get(event)?.delete(first)
      listener(...values)
    }
    return this.on(event, first)
  }

  emit(event: string, ...values: unknown[]): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...values as never[])
  }

  private receive(data: unknown): void {
    if (this.gone || !(data instanceof ArrayBuffer)) return
    const bytes = new Uint8Array(data)
    if (this.sink === null) this.early.push(bytes)
    else this.sink.write(bytes)
  }

  private flush(): void {
    if (this.queued === 0 || this.gone) return
    const message = new Uint8Array(this.queued)
    let at = 0
    for (const bytes of this.queue) {
      message.set(bytes, at)
      at += bytes.length
    }
    this.queue = []
    this.queued = 0
    try {
      for (let from = 0; from < message.length; from += messageBytes) this.channel.send(message.subarray(from, from + messageBytes))
    } catch {
      this.destroy() // the channel is closing, or its queue is full because the other side is gone
    }
  }

  private drain(): void {
    if (!this.full) return
    this.full = false
    this.emit('drain')
  }
}
