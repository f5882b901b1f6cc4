import type { HeadMove } from '../../../src/sync/index.ts'
import type { Peer } from '../people/peer.ts'

/** What is counted while a run goes on. */
export class Measures {
  /** Reorganisations of honest peers, by how many blocks were left. */
  readonly reorganisations = new Map<number, number>()
  readonly #lags: number[] = []
  readonly #agreements: number[] = []
  readonly #there: number[] = []
  #apartAt = 0

  /** From when on nothing hinders anybody, and when all were together since then. */
  constructor(readonly clears: number) {}

  togetherAt: number | null = null

  moved({ left }: HeadMove): void {
    if (left.length > 0) this.reorganisations.set(left.length, (this.reorganisations.get(left.length) ?? 0) + 1)
  }

  sample(now: number, peers: readonly Peer[]): void {
    const heads = new Map<string, number>()
    let [there, most, least, highest] = [0, 0, Infinity, 0]
    for (const { honest, there: isThere, ledger, plan } of peers) {
      if (!honest || !isThere || ledger === null || Math.abs(plan.skew) > 60_000) continue
      const { head, safe } = ledger
      there++
      const count = (heads.get(head.root) ?? 0) + 1
      heads.set(head.root, count)
      most = Math.max(most, count)
      least = Math.min(least, head.header.number)
      highest = Math.max(highest, head.header.number)
      this.#lags.push(head.header.number - safe.header.number)
    }
    this.#there.push(there)
    if (there === 0) return
    this.#agreements.push(most / there)
    const together = most / there >= 0.9 && highest - least <= 1
    if (!together) this.#apartAt = now
    if (now < this.clears) this.togetherAt = null
    else if (together) this.togetherAt ??= now
  }

  get deepest(): number { return Math.max(0, ...this.reorganisations.keys()) }
  get agreement(): number { return mean(this.#agreements) }
  get there(): number { return mean(this.#there) }
  /** When peers were last not together. */
  get apartAt(): number { return this.#apartAt }

  lags(): readonly [number, number, number] {
    const sorted = Float64Array.from(this.#lags).sort()
    const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
    return [at(0.05), at(0.5), at(0.95)]
  }
}

export function mean(values: readonly number[]): number { return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length }
