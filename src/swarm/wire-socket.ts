import type { Connection } from 'webtorrent/dist/webtorrent.min.js'
import { limits } from '../base/index.ts'
import type { WireGuard } from './wire-guard.ts'

/** Messages are filled up to this: every browser takes 256 KiB, and each message has its price on both sides. */
const messageBytes = 64 * 1024
/** Writing stops above this many bytes not yet sent: more overruns a receiver, and SCTP takes seconds to recover. */
const highBytes = 256 * 1024

/** What takes the bytes of a wire to the other side. */
export interface Carrier {
  /** Bytes given to it that are not sent. */
  readonly buffered: number
  /** Throws where it takes nothing any more; false asks to wait for `drained`. */
  send(bytes: Uint8Array<ArrayBuffer>): boolean
  close(): void
}

type Listener = (...values: never[]) => void
interface Sink { write(bytes: Uint8Array): unknown, on?(event: 'drain', listener: () => void): unknown }

/**
 * A connection as the Node-like duplex that WebTorrent pipes a BitTorrent wire through: exactly what it calls of one, without a
 * stream library in between. Small writes of one turn leave as one message. What comes before `pipe` is kept, up to a limit. Nothing
 * holds the other side back but the blocks we ask for; what waits behind a limit of speed is bounded.
 */
export class WireSocket implements Connection {
  readonly connected = true
  /** Over a relay. */
  readonly relayed: boolean
  guard: WireGuard | null = null
  /** Hears why it was ended for what the peer sent. */
  onFault: (reason: string) => void = () => {}
  private carrier: Carrier | null = null
  private listeners = new Map<string, Set<Listener>>()
  private sink: Sink | null = null
  private early: Uint8Array[] = []
  private earlyBytes = 0
  /** Bytes that wait in the pipe, which is full. */
  private held = 0
  private queue: Uint8Array[] = []
  private queued = 0
  private flushing = false
  private full = false
  private gone = false

  /** `id`: 40 hexadecimal digits of the peer, known before anybody pipes; `unsent`: so many bytes written first were sent before. */
  constructor(public id: string, relayed = false, private unsent = 0) {
    this.relayed = relayed
  }

  get destroyed(): boolean { return this.gone }

  write(bytes: Uint8Array): boolean {
    if (this.gone) return false
    this.guard?.sent(bytes)
    const known = Math.min(this.unsent, bytes.length)
    this.unsent -= known
    if (known < bytes.length) this.put(bytes.subarray(known))
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
    this.carrier?.close()
    this.emit('close')
    this.listeners.clear()
    this.queue = []
    this.early = []
  }

  pipe<T extends Sink>(destination: T): T {
    this.sink = destination
    destination.on?.('drain', () => { this.held = 0 })
    for (const bytes of this.early.splice(0)) this.pass(bytes, destination)
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

  /** Ends it for what the peer sent. */
  refuse(reason: string): void {
    if (this.gone) return
    this.onFault(reason)
    this.destroy()
  }

  protected carry(carrier: Carrier): void {
    this.carrier = carrier
  }

  protected receive(bytes: Uint8Array): void {
    if (this.gone) return
    if (this.sink !== null) { this.pass(bytes, this.sink); return }
    this.early.push(bytes)
    this.earlyBytes += bytes.length
    if (this.earlyBytes > limits.wireEarlyBytes) this.refuse('too much before its time')
  }

  protected drained(): void {
    if (!this.full) return
    this.full = false
    this.emit('drain')
  }

  private pass(bytes: Uint8Array, sink: Sink): void {
    if (this.gone) return
    const fault = this.guard?.received(bytes) ?? null
    if (fault !== null) { this.refuse(fault); return }
    for (let from = 0; from < bytes.length; from += messageBytes) { // a limit of speed that is set in the meantime chokes on more than a second's worth
      const part = bytes.subarray(from, from + messageBytes)
      if (sink.write(part) === false) this.held += part.length
    }
    if (this.held > limits.wireHeldBytes) this.refuse('more than was asked for')
  }

  private put(bytes: Uint8Array): void {
    if (this.queued + bytes.length > messageBytes) this.flush()
    this.queue.push(bytes)
    this.queued += bytes.length
    if (!this.flushing) {
      this.flushing = true
      queueMicrotask(() => { this.flushing = false; this.flush() })
    }
    this.full ||= (this.carrier?.buffered ?? 0) + this.queued > highBytes
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
      for (let from = 0; from < message.length; from += messageBytes) if (this.carrier?.send(message.subarray(from, from + messageBytes)) === false) this.full = true
    } catch {
      this.destroy() // it is closing, or its queue is full because the other side is gone
    }
  }
}
