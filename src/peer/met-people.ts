import { limits, type Address, type Clock } from '../base/index.ts'
import type { Neighbour } from '../sync/index.ts'

interface Met { readonly seen: number, readonly relays: readonly string[] }

/** When somebody's devices were there last, and by which relays; since this device began. */
export class MetPeople {
  readonly #met = new Map<Address, Met>()

  constructor(private readonly clock: Clock) {}

  meet(neighbours: readonly Neighbour[]): void {
    const relays = new Map<Address, Set<string>>()
    for (const { address, relays: through } of neighbours) if (address !== null) relays.set(address, new Set([...relays.get(address) ?? [], ...through]))
    for (const [address, through] of relays) {
      this.#met.delete(address)
      this.#met.set(address, { seen: this.clock.now(), relays: [...through] })
    }
    for (const oldest of this.#met.keys()) {
      if (this.#met.size <= limits.keyHoldersSeen) break
      this.#met.delete(oldest)
    }
  }

  of(address: Address): { readonly seen: number | null, readonly relays: readonly string[] } { return this.#met.get(address) ?? { seen: null, relays: [] } }
}
