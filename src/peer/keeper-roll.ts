import { isAddress, limits, type Address } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import { keys, type Keeper } from '../state/index.ts'
import { readRow, readRows, type ReadValues } from './upload-state.ts'

/** All keepers of the head's state, in memory: read once, then those rows that are others. */
export class KeeperRoll {
  readonly #rows = new Map<Address, Keeper>()
  #isRead = false

  constructor(private readonly ledger: Pick<Ledger, 'head' | 'values'>) {}

  get(address: Address): Keeper | null { return this.#rows.get(address) ?? null }

  all(): ReadonlyMap<Address, Keeper> { return this.#rows }

  /** Whether a place it has may be taken by others. */
  isActive = (address: Address): boolean => this.#rows.get(address)?.status === 'active'

  /** `changed`: keys of the state that are others since the last time; null where nobody knows. Resolves with whether any keeper's row is. */
  async follow(changed: readonly string[] | null): Promise<boolean> {
    const { root } = this.ledger.head
    const read: ReadValues = async names => await this.ledger.values(names, root)
    if (changed === null || !this.#isRead) {
      await this.#readAll(read)
      return true
    }
    const touched = changed.flatMap(key => {
      const [room, address = '', more] = key.split('/')
      return room === 'keeper' && more === undefined && isAddress(address) ? [address] : []
    })
    this.#isRead = false // until they are: where that fails all are read the next time
    for (const [i, row] of (await readRows(read, touched.map(address => keys.keeper(address)))).entries()) this.#set(touched[i]!, row)
    this.#isRead = true
    return touched.length > 0
  }

  async #readAll(read: ReadValues): Promise<void> {
    const total = await readRow(read, keys.keepers.total) ?? 0
    const before = new Set(this.#rows.keys())
    for (let at = 0; at < total; at += limits.uploadsWalked) {
      const addresses = (await readRows(read, Array.from({ length: Math.min(limits.uploadsWalked, total - at) }, (_, i) => keys.keepers.at(at + i)))).flatMap(address => address ?? [])
      for (const [i, row] of (await readRows(read, addresses.map(address => keys.keeper(address)))).entries()) {
        before.delete(addresses[i]!)
        this.#set(addresses[i]!, row)
      }
    }
    for (const gone of before) this.#rows.delete(gone)
    this.#isRead = true
  }

  #set(address: Address, row: Keeper | null): void {
    if (row === null) this.#rows.delete(address)
    else this.#rows.set(address, row)
  }
}
