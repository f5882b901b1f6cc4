import { limits, type Address } from '../../base/index.ts'
import type { ActiveSet, NetworkId, Statement } from '../../ledger/index.ts'

export interface StatementRules {
  readonly network: NetworkId
  /** Seconds a statement's time may lie ahead. */
  readonly drift: number
}

/**
 * `new`: kept, in place of an earlier one. `old`: not later than the one there is. `no-member`: of nobody who has a say here. `early`: its time is not near.
 * `ignored`: its miner said two things at one time and has no say until the next epoch.
 */
export type Taken = 'new' | 'old' | 'no-member' | 'early' | 'ignored'

/** Whose statement is known, and of when. */
export type Had = readonly (readonly [Address, number])[]

/** The latest statement of each member of the active set, by time. Whoever decoded them verified their signatures. */
export class StatementBook {
  readonly #latest = new Map<Address, Statement>()
  /** Miners without a say, and the epoch they lost it in. */
  readonly #ignored = new Map<Address, number>()
  readonly #changed = new Map<Address, Statement | null>()
  /** Where the next window of `have` begins. */
  #cursor: Address = ''

  constructor(private readonly rules: StatementRules) {}

  /** Those that were kept before a restart. */
  restore(statements: readonly Statement[]): void {
    for (const statement of statements) {
      const known = this.#latest.get(statement.miner)
      if (statement.network === this.rules.network && (known === undefined || known.time < statement.time)) this.#latest.set(statement.miner, statement)
    }
  }

  /** What becomes of a statement whose signature was verified. */
  take(statement: Statement, now: number, active: ActiveSet, epoch: number): Taken {
    const refused = this.refuses(statement, now, active, epoch)
    if (refused !== null) return refused
    const { miner, time } = statement
    this.#ignored.delete(miner)
    if (this.#latest.get(miner)?.time === time) {
      this.#ignored.set(miner, epoch)
      this.#forget(miner)
      return 'ignored'
    }
    this.#latest.set(miner, statement)
    this.#changed.set(miner, statement)
    return 'new'
  }

  /** Why a statement is not looked at, whatever its signature; null where that decides. */
  refuses({ miner, network, root, time }: Statement, now: number, active: ActiveSet, epoch: number): Exclude<Taken, 'new'> | null {
    if (network !== this.rules.network || !active.weights.has(miner)) return 'no-member'
    if (time > now + this.rules.drift) return 'early'
    const ignoredIn = this.#ignored.get(miner)
    if (ignoredIn !== undefined && epoch <= ignoredIn) return 'ignored'
    const known = this.#latest.get(miner)
    return known !== undefined && (known.time > time || known.time === time && known.root === root) ? 'old' : null
  }

  latest(miner: Address): Statement | null { return this.#latest.get(miner) ?? null }

  /** Those that count now: after a restart some may lie ahead of a clock that was set back. */
  *counted(now: number): Generator<Statement> {
    for (const statement of this.#latest.values()) if (statement.time <= now + this.rules.drift) yield statement
  }

  /** Forgets who is not in the active set any more. */
  tidy(active: ActiveSet): void {
    for (const miner of this.#latest.keys()) if (!active.weights.has(miner)) this.#forget(miner)
    for (const miner of this.#ignored.keys()) if (!active.weights.has(miner)) this.#ignored.delete(miner)
  }

  /**
   * What whoever has `have` lacks, the newest first. As many of them as fit an answer are a window on a longer list, in the order of addresses from the
   * first round to the last: nothing is known about who is outside, and nothing of them is told.
   */
  newerThan(have: Had, most: number = limits.votesAsked): readonly Statement[] {
    const times = new Map(have)
    const [first, last] = have.length >= most ? [have[0]?.[0] ?? '', have.at(-1)?.[0] ?? ''] : ['', null]
    const isInside = (miner: Address) => last === null || (first <= last ? first <= miner && miner <= last : first <= miner || miner <= last)
    const newer = [...this.#latest.values()].filter(({ miner, time }) => time > (times.get(miner) ?? -1) && isInside(miner))
    return newer.length > most ? newer.toSorted((a, b) => b.time - a.time).slice(0, most) : newer
  }

  /** What there is, for a question. Where it does not fit, a window that begins where the last one ended, at the same miner, so that no gap between two stays unseen. */
  have(most: number = limits.votesAsked): Had {
    const all = [...this.#latest.values()].map(({ miner, time }) => [miner, time] as const)
    if (all.length < most) return all
    all.sort(([a], [b]) => a < b ? -1 : 1)
    const start = Math.max(0, all.findIndex(([miner]) => miner >= this.#cursor))
    const window = [...all.slice(start), ...all.slice(0, start)].slice(0, most)
    this.#cursor = window.at(-1)?.[0] ?? ''
    return window
  }

  /** How many members said something since then, and how much they weigh. */
  heard(active: ActiveSet, since: number): { readonly heard: number, readonly weight: bigint } {
    let [heard, weight] = [0, 0n]
    for (const { miner, time } of this.#latest.values()) {
      const own = time >= since ? active.weights.get(miner) : undefined
      if (own === undefined) continue
      heard++
      weight += own
    }
    return { heard, weight }
  }

  /** What to write down: the latest of each miner that changed since the last call, null for one that was forgotten. Who is ignored is not written down. */
  drainChanged(): readonly (readonly [Address, Statement | null])[] {
    const changed = [...this.#changed]
    this.#changed.clear()
    return changed
  }

  #forget(miner: Address): void {
    if (this.#latest.delete(miner)) this.#changed.set(miner, null)
  }
}
