import { limits } from '../base/index.ts'
import type { FrameTap } from '../net/index.ts'

/** A frame between two peers, without what it says. */
export interface LoggedFrame {
  readonly direction: Parameters<FrameTap>[0]
  readonly peerId: string
  readonly protocol: string
  readonly kind: Parameters<FrameTap>[3]
  readonly id: number
}

/** How many frames left this device, and how many of them were neither a question nor the answer to one: none ever may be. */
export interface SentFrames { readonly frames: number, readonly unasked: number }

/** The last frames that came and left, to be looked at; and whether anything was ever said to who did not ask. */
export class FrameLog {
  readonly #ring: LoggedFrame[] = []
  /** Questions of others that were not answered yet, by who asked what: a stream that is opened anew counts from 1 again. */
  readonly #asked = new Map<string, number>()
  #next = 0
  #sent = 0
  #unasked = 0

  readonly tap: FrameTap = (direction, peerId, protocol, kind, id) => {
    this.#ring[this.#next] = { direction, peerId, protocol, kind, id }
    this.#next = (this.#next + 1) % limits.loggedFrames
    const key = `${peerId} ${protocol} ${id}`
    const open = this.#asked.get(key) ?? 0
    if (direction === 'in') {
      if (kind === 'request') this.#remember(key, open + 1)
      return
    }
    this.#sent++
    if (kind === 'request') return
    if (open === 0) this.#unasked++
    else this.#remember(key, open - 1)
  }

  get sent(): SentFrames { return { frames: this.#sent, unasked: this.#unasked } }

  /** Oldest first. */
  get last(): readonly LoggedFrame[] { return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)] }

  /** Questions that were never answered are forgotten in the end, the oldest first. */
  #remember(key: string, open: number): void {
    this.#asked.delete(key)
    if (open > 0) this.#asked.set(key, open)
    for (const oldest of this.#asked.keys()) {
      if (this.#asked.size <= limits.loggedFrames) break
      this.#asked.delete(oldest)
    }
  }
}
