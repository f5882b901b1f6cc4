import type { Clock } from './ports.ts'

/** `burst` requests at once, refilled evenly so that `perSecond` go through in the long run. */
export interface Rate { readonly burst: number, readonly perSecond: number }

/**
 * Generic cell rate algorithm (ATM Forum TM 4.1): one number a key, the theoretical arrival time. Owns at most `maxKeys` of
 * them; those whose time has passed say nothing and are dropped first.
 */
export class RateLimiter {
  private readonly arrivals = new Map<string, number>()

  constructor(private readonly rate: Rate, private readonly clock: Clock, private readonly maxKeys = 4096) {}

  /** Takes `count` requests for `key`: true when they fit. */
  take(key: string, count = 1): boolean {
    const now = this.clock.now()
    const interval = 1000 / this.rate.perSecond
    // No arrival lies further ahead than a burst, unless the clock was set back.
    const before = Math.min(this.arrivals.get(key) ?? 0, now + this.rate.burst * interval)
    const arrival = Math.max(now, before) + count * interval
    if (arrival - now > this.rate.burst * interval) return false
    this.arrivals.delete(key)
    if (this.arrivals.size >= this.maxKeys) this.forget(now)
    this.arrivals.set(key, arrival)
    return true
  }

  private forget(now: number): void {
    for (const [key, arrival] of this.arrivals) if (arrival <= now) this.arrivals.delete(key)
    for (const key of this.arrivals.keys()) {
      if (this.arrivals.size < this.maxKeys) break
      this.arrivals.delete(key)
    }
  }
}
