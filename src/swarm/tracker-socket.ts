import { limits } from '../base/index.ts'
import { readTrackerMessage, type TrackerMessage } from './tracker-message.ts'

const firstPauseMs = 500
const lookMs = 2500

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
 *
 * A tracker that hangs, or whose network went away, closes nothing, and pages cannot ping. So a tracker that said nothing for
 * `limits.trackerQuietMs` is asked for the figures of a file (a scrape, which changes nothing); one that has answered this before and now does
 * not is given up. Not every tracker answers it: those that never did are left alone.
 */
export class TrackerSocket {
  private socket: WebSocket | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly looking: ReturnType<typeof setInterval>
  private pause = firstPauseMs
  /** The last try failed. */
  down = false
  private closed = false
  private heardAt = 0
  /** When it was asked for a sign of life that did not come yet. */
  private askedAt: number | null = null
  /** It has answered a scrape. */
  private scrapes = false
  /** The last file we were in at this tracker, as it writes infohashes. */
  private file: unknown = null
  private readonly online = (): void => {
    if (this.socket === null) this.connect()
    else this.ask()
  }

  constructor(readonly url: string, readonly events: TrackerEvents) {
    addEventListener('online', this.online)
    this.looking = setInterval(() => { this.look() }, lookMs)
    this.connect()
  }

  get open(): boolean { return this.socket?.readyState === WebSocket.OPEN }

  send(message: string): void {
    if (!this.open) return
    this.socket?.send(message)
    this.file = (JSON.parse(message) as { info_hash: unknown }).info_hash
    if (!this.scrapes) this.ask()
  }

  close(): void {
    this.closed = true
    clearTimeout(this.timer)
    clearInterval(this.looking)
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
    const deadline = setTimeout(() => { this.giveUp(socket) }, limits.requestMs)
    socket.addEventListener('open', () => {
      clearTimeout(deadline)
      if (this.socket !== socket) return
      this.down = false
      this.askedAt = null
      this.heardAt = Date.now()
      this.events.onOpen()
    })
    socket.addEventListener('message', ({ data }) => {
      if (this.closed || this.socket !== socket) return
      this.pause = firstPauseMs // it works: being let in alone does not show that
      this.askedAt = null
      this.heardAt = Date.now()
      this.scrapes ||= typeof data === 'string' && /"action"\s*:\s*"scrape"/.test(data)
      const message = readTrackerMessage(data)
      if (message.ok) this.events.onMessage(message.value)
    })
    socket.addEventListener('close', () => {
      clearTimeout(deadline)
      this.ended(socket)
    })
  }

  private ended(socket: WebSocket): void {
    if (this.socket !== socket) return
    this.socket = null
    if (this.closed) return
    if (!this.down) this.events.onDown()
    this.down = true
    this.timer = setTimeout(() => { this.connect() }, this.pause * (0.75 + Math.random() / 2))
    this.pause = Math.min(2 * this.pause, limits.trackerRetryMs)
  }

  private look(): void {
    const now = Date.now()
    if (this.socket === null || !this.open) return
    if (this.askedAt === null && now - this.heardAt >= limits.trackerQuietMs) this.ask()
    else if (this.askedAt !== null && this.scrapes && now - this.askedAt >= limits.trackerSilenceMs) this.giveUp(this.socket)
  }

  private ask(): void {
    if (!this.open || this.askedAt !== null || this.file === null) return
    this.askedAt = Date.now()
    this.socket?.send(JSON.stringify({ action: 'scrape', info_hash: [this.file] }))
  }

  /** A closing handshake with somebody who does not answer takes ten seconds and more; nothing waits for it. */
  private giveUp(socket: WebSocket): void {
    this.ended(socket)
    socket.close()
  }
}
