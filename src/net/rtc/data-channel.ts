import type { RelayedChannel } from './byte-relay.ts'
import { eventHandlers, eventWith } from './handlers.ts'
import type { ChannelInfo } from './messages.ts'

/**
 * An RTCDataChannel in a worker. It exists before its real channel does, because `createDataChannel` answers at once and the
 * channel comes from the page a message later; from then on it passes everything through.
 *
 * A channel that was handed over speaks to the worker by itself, while its connection speaks through the page and is often late.
 * So opening and closing wait while `held`, each for a task of its own, and come in the order in which a page sees them: after
 * the connection is said to be connected, and not in the middle of a call. @libp2p/webrtc waits for ever for its first channel to
 * open if it is already closed by the time a candidate was added; that was one dial in seven.
 */
export class WorkerDataChannel extends EventTarget {
  declare onopen: ((event: Event) => void) | null
  declare onmessage: ((event: MessageEvent) => void) | null
  declare onbufferedamountlow: ((event: Event) => void) | null
  declare onclosing: ((event: Event) => void) | null
  declare onclose: ((event: Event) => void) | null
  declare onerror: ((event: Event) => void) | null
  private channel: RTCDataChannel | RelayedChannel | null = null
  private state: RTCDataChannelState = 'connecting'
  private type: BinaryType = 'arraybuffer'
  private threshold = 0
  private readonly early: unknown[] = []
  private readonly steps: (() => void)[] = []
  private stepping = false

  constructor(private info: ChannelInfo, private readonly held: () => boolean) {
    super()
  }

  get label(): string { return this.info.label }
  get protocol(): string { return this.info.protocol }
  get id(): number | null { return this.info.id }
  get ordered(): boolean { return this.info.ordered }
  get negotiated(): boolean { return this.info.negotiated }
  get maxRetransmits(): number | null { return this.info.maxRetransmits }
  get maxPacketLifeTime(): number | null { return this.info.maxPacketLifeTime }

  get readyState(): RTCDataChannelState {
    return this.state
  }

  get bufferedAmount(): number {
    return this.channel?.bufferedAmount ?? 0
  }

  get binaryType(): BinaryType {
    return this.type
  }

  set binaryType(type: BinaryType) {
    this.type = type
    if (this.channel !== null) this.channel.binaryType = type
  }

  get bufferedAmountLowThreshold(): number {
    return this.threshold
  }

  set bufferedAmountLowThreshold(threshold: number) {
    this.threshold = threshold
    if (this.channel !== null) this.channel.bufferedAmountLowThreshold = threshold
  }

  send(data: string | Blob | ArrayBuffer | ArrayBufferView): void {
    if (this.channel === null || this.state !== 'open') throw new DOMException('the channel is not open', 'InvalidStateError')
    this.channel.send(data as string)
  }

  close(): void {
    if (this.state === 'closed') return
    this.state = 'closing'
    this.channel?.close()
  }

  /** Puts the real channel behind this one; in the very task that brought it, or its first events are lost. */
  attach(channel: RTCDataChannel | RelayedChannel, info: ChannelInfo): void {
    this.info = info
    this.channel = channel
    channel.binaryType = this.type
    channel.bufferedAmountLowThreshold = this.threshold
    channel.onopen = () => { this.step(() => { this.open() }) }
    channel.onmessage = (event: MessageEvent) => { this.take(event.data) }
    channel.onbufferedamountlow = () => { this.dispatchEvent(new Event('bufferedamountlow')) }
    channel.onerror = (event: Event) => { this.step(() => { this.dispatchEvent(eventWith('error', { error: (event as RTCErrorEvent).error })) }) }
    channel.onclosing = () => { this.step(() => { this.closing() }) }
    channel.onclose = () => { this.step(() => { this.end() }) }
    if (this.state === 'closing') channel.close()
    else if (channel.readyState === 'open') this.step(() => { this.open() })
  }

  /** Goes on with what waited, now that the connection may hold it no longer. */
  release(): void {
    if (this.stepping || this.steps.length === 0 || this.held()) return
    this.stepping = true
    setTimeout(() => {
      this.stepping = false
      if (!this.held()) this.steps.shift()?.()
      this.release()
    })
  }

  /** Closed for good, with what ended it where nothing else says so. */
  end(error: DOMException | null = null): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    if (error !== null) this.dispatchEvent(eventWith('error', { error }))
    this.dispatchEvent(new Event('close'))
  }

  get transferred(): boolean {
    return typeof RTCDataChannel === 'function' && this.channel instanceof RTCDataChannel
  }

  private step(step: () => void): void {
    if (this.steps.length === 0 && !this.held()) {
      step()
      return
    }
    this.steps.push(step)
    this.release()
  }

  private open(): void {
    if (this.state !== 'connecting') return
    this.state = 'open'
    this.info = { ...this.info, id: this.channel?.id ?? this.info.id }
    this.dispatchEvent(new Event('open'))
    for (const data of this.early.splice(0)) this.dispatchEvent(new MessageEvent('message', { data }))
  }

  private closing(): void {
    if (this.state === 'closed') return
    this.state = 'closing'
    this.dispatchEvent(new Event('closing'))
  }

  /** Chromium delivers messages before 'open', while `send` would still throw: they are held until an answer can be sent. */
  private take(data: unknown): void {
    if (this.state === 'connecting') this.early.push(data)
    else this.dispatchEvent(new MessageEvent('message', { data }))
  }
}
eventHandlers(WorkerDataChannel.prototype, ['open', 'message', 'bufferedamountlow', 'closing', 'close', 'error'])
