import { limits } from '../base/index.ts'
import { readTrackerMessage, type TrackerMessage } from './tracker-message.ts'

const firstPauseMs = 500

export interface TrackerEvents {
  readonly onOpen: () => void
  /** It closed, or could not be opened; said once until it is open again. */
  readonly onDown: () => void
  readonly onMessage: (message: TrackerMessage) => void
}

/**
 * The one WebSocket to a tracker, shared by all files. It comes back by itself: after half a second, then twice as long each
 * time up to `limits.trackerRetryMs`, and at once when the browser says it is online. What the tracker says that is no
 * tracker message is ignored.
 */
export class TrackerSocket {
  private socket: WebSocket | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private pause = firstPauseMs
  /** The last try failed. */
  down = false
  private closed = false
  private readonly online = (): void => { if (this.socket === null) this.connect() }

  constructor(readonly url: string, readonly events: TrackerEvents) {
    addEventListener('online', this.online)
    this.connect()
  }

  get open(): boolean { return this.socket?.readyState === WebSocket.OPEN }

  send(message: string): void {
    if (this.open) this.socket?.send(message)
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    removeEventListener('online', this.online)
    this.socket?.close()
  }

  private connect(): void {
    clearTimeout(this.timer)
    let socket: WebSocket
    try {
      socket = this.socket = new WebSocket(this.url)
    } catch {
      this.down = true // this page may not open such a URL, now or later: plain ws from https
      return
    }
    const deadline = setTimeout(() => { socket.close() }, limits.requestMs)
    socket.addEventListener('open', () => {
      clearTimeout(deadline)
      this.down = false
      this.events.onOpen()
    })
    socket.addEventListener('message', ({ data }) => {
      if (this.closed) return
      this.pause = firstPauseMs // it works: being let in alone does not show that
      const message = readTrackerMessage(data)
      if (message.ok) this.events.onMessage(message.value)
    })
    socket.addEventListener('close', () => {
      clearTimeout(deadline)
      this.socket = null
      if (this.closed) return
      if (!this.down) this.events.onDown()
      this.down = true
      this.timer = setTimeout(() => { this.connect() }, this.pause * (0.75 + Math.random() / 2))
      this.pause = Math.min(2 * this.pause, limits.trackerRetryMs)
    })
  }
}
