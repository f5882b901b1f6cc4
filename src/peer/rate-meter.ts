import type { Clock } from '../base/index.ts'

/** Bytes a second over the last `windowMs`, from running totals. */
export class RateMeter {
  private readonly samples: { at: number, total: number }[] = []

  constructor(private readonly clock: Clock, private readonly windowMs = 5000) {}

  /** Notes that `total` bytes are through by now. */
  note(total: number): void {
    const at = this.clock.now()
    this.samples.push({ at, total })
    while (this.samples.length > 2 && (this.samples[1]?.at ?? at) <= at - this.windowMs) this.samples.shift()
  }

  rate(): number {
    const [first, last] = [this.samples[0], this.samples.at(-1)]
    if (first === undefined || last === undefined) return 0
    const seconds = (this.clock.now() - first.at) / 1000
    return seconds <= 0 ? 0 : (last.total - first.total) / seconds
  }

  /** Seconds until `whole` bytes are through at this rate, null while nothing moves. */
  left(whole: number): number | null {
    const rate = this.rate()
    return rate <= 0 ? null : (whole - (this.samples.at(-1)?.total ?? 0)) / rate
  }
}
