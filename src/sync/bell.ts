import type { Alarm } from '../base/index.ts'

/** A reason of its own spares the host making an error for each. */
const rungReason = 'rung'

/** A wait that somebody may end before its time. */
export class Bell {
  #ring: (() => void) | null = null

  constructor(private readonly clock: Alarm) {}

  /** Resolves after `ms` (null: never by itself), when it is rung, or when `signal` aborts. */
  async wait(ms: number | null, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const over = new AbortController()
    const rung = new Promise<void>(resolve => {
      this.#ring = () => {
        over.abort(rungReason)
        resolve()
      }
    })
    const ring = this.#ring!
    signal.addEventListener('abort', ring)
    await (ms === null ? rung : Promise.race([rung, this.clock.sleep(ms, over.signal)]))
    signal.removeEventListener('abort', ring)
    if (this.#ring === ring) this.#ring = null
  }

  ring(): void { this.#ring?.() }
}
