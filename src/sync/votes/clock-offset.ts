/** Answers that are looked at, each of another peer; fewer than the least say nothing. */
const [most, least] = [11, 3] as const

interface Sample { readonly relay: string, readonly ahead: number }

/** How far this clock is ahead of what others take for the time, as the answers of the last peers say. */
export class ClockOffset {
  /** By peer, the latest last. */
  #ahead: number | null | undefined = undefined
  #relays = 0
  readonly #samples = new Map<string, Sample>()

  /** `relays`: how many are known. All that is heard through one of them may be its own work. */
  constructor(private readonly relays: () => number) {}

  /** A peer met through this relay told its time: `ahead` is ours less theirs, in seconds. */
  note(peer: string, relay: string, ahead: number): void {
    this.#ahead = undefined
    this.#samples.delete(peer)
    this.#samples.set(peer, { relay, ahead })
    for (const oldest of this.#samples.keys()) {
      if (this.#samples.size <= most) break
      this.#samples.delete(oldest)
    }
  }

  /** The median, in seconds; null where too few peers said so, or one relay alone although there are others. */
  get ahead(): number | null {
    const relays = this.relays()
    if (this.#ahead === undefined || this.#relays !== relays) [this.#ahead, this.#relays] = [this.#median(relays), relays]
    return this.#ahead
  }

  #median(relays: number): number | null {
    const samples = [...this.#samples.values()]
    if (samples.length < least) return null
    if (new Set(samples.map(({ relay }) => relay)).size < 2 && relays >= 2) return null
    const sorted = samples.map(({ ahead }) => ahead).toSorted((a, b) => a - b)
    const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
    return (low + high) / 2
  }
}
