import type { Alarm } from '../../../src/base/index.ts'
import type { Timeline } from './timeline.ts'

/**
 * One run of a peer's program, and its clock. Once it is over nothing comes any more of what it waited for, as when a tab is killed; while it sleeps what
 * was due is kept until it wakes, as a browser does with tabs in the background.
 */
export class Life implements Alarm {
  #over = false
  #asleep = false
  #late: (() => void)[] = []

  constructor(private readonly timeline: Timeline, private readonly skew: () => number) {}

  get over(): boolean { return this.#over }
  get asleep(): boolean { return this.#asleep }

  now(): number { return this.timeline.now + this.skew() }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      if (signal?.aborted === true) {
        resolve()
        return
      }
      const end = (): void => {
        signal?.removeEventListener('abort', end)
        happening.act = null
        resolve()
      }
      const happening = this.timeline.after(Math.max(0, ms), () => { this.hears(end) })
      signal?.addEventListener('abort', end, { once: true })
    })
  }

  /** Does what comes from outside, now or when it is awake again. */
  hears(act: () => void): void {
    if (this.#over) return
    if (this.#asleep) this.#late.push(act)
    else act()
  }

  fallAsleep(): void { this.#asleep = true }

  wake(): void {
    this.#asleep = false
    const late = this.#late
    this.#late = []
    for (const act of late) act()
  }

  end(): void {
    this.#over = true
    this.#late = []
  }
}
