const windowMs = 5000
/** Below this the first samples say nothing yet. */
const shortestMs = 500

/** Bytes a second over the last five seconds, from a counter that only grows. */
export class RateWindow {
  private samples: { readonly at: number, readonly total: number }[] = []

  /** `total` at the time `now` (ms); returns the rate. */
  sample(now: number, total: number): number {
    const samples = this.samples
    while (samples.length > 1 && samples[1]!.at <= now - windowMs) samples.shift()
    const first = samples[0]
    samples.push({ at: now, total })
    return first === undefined ? 0 : (total - first.total) * 1000 / Math.max(now - first.at, shortestMs)
  }
}
