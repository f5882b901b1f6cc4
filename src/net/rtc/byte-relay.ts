import { eventHandlers, eventWith } from './handlers.ts'

/**
 * A data channel whose bytes cross a MessagePort, for engines that cannot hand channels to a worker. The page sends; the
 * worker counts: what it posted, less what the page says has left, is its `bufferedAmount`.
 */
type ToPage = { readonly data: string | ArrayBuffer | Blob, readonly size: number } | { readonly threshold: number } | { readonly close: true }
type ToWorker =
  | { readonly open: number | null }
  | { readonly data: string | ArrayBuffer }
  /** Bytes accepted since the start, less those still waiting in the page's channel. */
  | { readonly left: number }
  | { readonly closing: true }
  | { readonly close: true }
  | { readonly error: string }

const reportBytes = 65_536
/** What Chromium takes; the page could only refuse a larger one when it is too late for `send` to throw. */
const maxMessageBytes = 262_144
const maxQueuedBytes = 16 * 1024 * 1024

/** Page side: moves the bytes of `channel` through `port` until it closes. */
export function relayBytes(channel: RTCDataChannel, port: MessagePort): void {
  const post = (message: ToWorker, transfer: Transferable[] = []) => { port.postMessage(message, transfer) }
  let accepted = 0
  let told = 0
  const tell = (least: number) => {
    const left = accepted - channel.bufferedAmount
    if (left - told < least) return
    told = left
    post({ left })
  }
  const opened = () => { post({ open: channel.id }) }
  channel.binaryType = 'arraybuffer'
  channel.bufferedAmountLowThreshold = 0
  channel.onopen = opened
  if (channel.readyState === 'open') opened()
  channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => { post({ data }, typeof data === 'string' ? [] : [data]) }
  channel.onbufferedamountlow = () => { tell(1) }
  channel.onclosing = () => { post({ closing: true }) }
  channel.onerror = ({ error }) => { post({ error: error.message }) }
  channel.onclose = () => {
    post({ close: true })
    port.close()
  }
  port.onmessage = ({ data: message }: MessageEvent<ToPage>) => {
    if ('close' in message) channel.close()
    else if ('threshold' in message) {
      channel.bufferedAmountLowThreshold = message.threshold
      tell(1)
    } else {
      try { sendAny(channel, message.data) } catch (error) { post({ error: (error as Error).message }) }
      accepted += message.size
      // Above the threshold its event will tell; at or below it (0 with libp2p) no event ever comes.
      tell(channel.bufferedAmount <= channel.bufferedAmountLowThreshold ? 1 : reportBytes)
    }
  }
}

/** Worker side: what the port relays, looking like the channel itself. */
export class RelayedChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting'
  binaryType: BinaryType = 'arraybuffer'
  id: number | null = null
  declare onopen: ((event: Event) => void) | null
  declare onmessage: ((event: MessageEvent) => void) | null
  declare onbufferedamountlow: ((event: Event) => void) | null
  declare onclosing: ((event: Event) => void) | null
  declare onclose: ((event: Event) => void) | null
  declare onerror: ((event: Event) => void) | null
  private posted = 0
  private left = 0
  private threshold = 0

  constructor(private readonly port: MessagePort) {
    super()
    port.onmessage = ({ data }: MessageEvent<ToWorker>) => { this.take(data) }
  }

  get bufferedAmount(): number {
    return this.posted - this.left
  }

  get bufferedAmountLowThreshold(): number {
    return this.threshold
  }

  set bufferedAmountLowThreshold(threshold: number) {
    this.threshold = threshold
    this.post({ threshold })
  }

  /** A Blob goes to the page as it is: the browser's own queue keeps it in order. */
  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    if (this.readyState !== 'open') throw new DOMException('the channel is not open', 'InvalidStateError')
    const copy = typeof data === 'string' || data instanceof Blob ? data : copyOf(data)
    const size = sizeOf(copy)
    if (size > maxMessageBytes) throw new TypeError(`a message of ${String(size)} bytes is above ${String(maxMessageBytes)}`)
    if (this.bufferedAmount + size > maxQueuedBytes) throw new DOMException('the send queue is full', 'OperationError')
    this.posted += size
    this.post({ data: copy, size }, copy instanceof ArrayBuffer ? [copy] : [])
  }

  close(): void {
    if (this.readyState === 'closed') return
    this.readyState = 'closing'
    this.post({ close: true })
  }

  private take(message: ToWorker): void {
    if ('data' in message) this.dispatchEvent(new MessageEvent('message', { data: this.binaryType === 'blob' && typeof message.data !== 'string' ? new Blob([message.data]) : message.data }))
    else if ('left' in message) {
      const before = this.bufferedAmount
      this.left = message.left
      if (before > this.threshold && this.bufferedAmount <= this.threshold) this.dispatchEvent(new Event('bufferedamountlow'))
    } else if ('open' in message) {
      this.id = message.open
      if (this.readyState === 'connecting') this.readyState = 'open'
      this.dispatchEvent(new Event('open'))
    } else if ('error' in message) this.dispatchEvent(eventWith('error', { error: new DOMException(message.error, 'OperationError') }))
    else if ('closing' in message) {
      this.readyState = 'closing'
      this.dispatchEvent(new Event('closing'))
    } else {
      this.readyState = 'closed'
      this.port.close()
      this.dispatchEvent(new Event('close'))
    }
  }

  private post(message: ToPage, transfer: Transferable[] = []): void {
    this.port.postMessage(message, transfer)
  }
}
eventHandlers(RelayedChannel.prototype, ['open', 'message', 'bufferedamountlow', 'closing', 'close', 'error'])

function sizeOf(data: string | ArrayBuffer | Blob): number {
  if (typeof data === 'string') return new TextEncoder().encode(data).length
  return data instanceof Blob ? data.size : data.byteLength
}

function copyOf(data: ArrayBuffer | ArrayBufferView): ArrayBuffer {
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice().buffer : data.slice(0)
}

/** `send` has an overload for each kind, and none for all of them. */
function sendAny(channel: RTCDataChannel, data: string | ArrayBuffer | Blob): void {
  channel.send(data as string)
}
