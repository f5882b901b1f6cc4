import type { Clock } from '../base/index.ts'

const minuteMs = 60_000

/**
 * Sums of the last hour by key, to the minute: what was added leaves the sum after 60 to 61 minutes. Owns at most `maxKeys` sums; those that
 * ran out go first, then those nothing was added to for longest.
 */
export class HourCount {
  private readonly sums = new Map<string, Map<number, number>>()

  constructor(private readonly clock: Clock, private readonly maxKeys = 4096) {}

  /** Adds `amount` for `key`: the sum with it. */
  add(key: string, amount: number): number {
    const minute = Math.floor(this.clock.now() / minuteMs)
    const minutes = this.sums.get(key) ?? new Map<number, number>()
    minutes.set(minute, (minutes.get(minute) ?? 0) + amount)
    this.sums.delete(key)
    this.sums.set(key, minutes)
    if (this.sums.size > this.maxKeys) this.forget()
    return this.sum(key)
  }

  sum(key: string): number {
    const minutes = this.sums.get(key)
    if (minutes === undefined) return 0
    const oldest = Math.floor(this.clock.now() / minuteMs) - 60
    let sum = 0
    for (const [minute, amount] of minutes) {
      if (minute < oldest) minutes.delete(minute)
      else sum += amount
    }
    return sum
  }

  private forget(): void {
    for (const key of this.sums.keys()) if (this.sum(key) === 0) this.sums.delete(key)
    for (const key of this.sums.keys()) {
      if (this.sums.size <= this.maxKeys) return
      this.sums.delete(key)
    }
  }
}
