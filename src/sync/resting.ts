import type { Cid } from '../base/index.ts'

/** Names that are remembered. */
const most = 1_024

/** What is not looked at for a while, so that nobody makes us judge it again and again; the oldest is forgotten where there are too many. */
export class Resting {
  readonly #until = new Map<Cid, number>()

  /** Seconds. */
  constructor(private readonly now: () => number) {}

  has(name: Cid): boolean {
    const until = this.#until.get(name)
    if (until === undefined) return false
    if (until > this.now()) return true
    this.#until.delete(name)
    return false
  }

  add(name: Cid, seconds: number): void {
    this.#until.delete(name)
    this.#until.set(name, this.now() + seconds)
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= most) break
      this.#until.delete(oldest)
    }
  }
}
