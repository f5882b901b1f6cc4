import type { Address } from '../../base/index.ts'
import type { ActiveSet } from '../../ledger/index.ts'

/** Voters, each counted once, and what they weigh together: summed up as they come, and anew where the active set is another. */
export class Ballot {
  readonly #voters = new Set<Address>()
  #set: ActiveSet | null = null
  #weight = 0n

  count(voter: Address): void {
    if (this.#voters.has(voter)) return
    this.#voters.add(voter)
    this.#weight += this.#set?.weights.get(voter) ?? 0n
  }

  weight(set: ActiveSet): bigint {
    if (set !== this.#set) {
      this.#set = set
      this.#weight = 0n
      for (const voter of this.#voters) this.#weight += set.weights.get(voter) ?? 0n
    }
    return this.#weight
  }

  /** Whether they have two thirds of all there is; of nothing nobody has. */
  hasQuorum(set: ActiveSet | null): boolean { return set !== null && set.total > 0n && 3n * this.weight(set) >= 2n * set.total }
}
