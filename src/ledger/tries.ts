import { HoldfastError, limits, type Address, type Cid } from '../base/index.ts'
import { Hamt, type NodeStore } from '../hamt/index.ts'
import { keys, noAccount, readState } from '../state/index.ts'
import type { StoredBlock } from './ports.ts'

/** The tries of roots used last, which share what they have in memory, and the powers that were read from them. */
export class Tries {
  readonly #open = new Map<Cid, Hamt>()
  readonly #powers = new Map<string, bigint>()

  constructor(private readonly nodes: NodeStore, private readonly most: number) {}

  /** The state of a block that is kept; null or one without a place is not. */
  async at(row: StoredBlock | null): Promise<Hamt> {
    if (row === null || row.place === null) throw new HoldfastError('not-found', 'the state of this root is not kept', row === null ? {} : { root: row.root })
    const trie = this.#open.get(row.root) ?? await Hamt.open(this.nodes, { digest: row.state, place: row.place })
    this.add(row.root, trie)
    return trie
  }

  add(root: Cid, trie: Hamt): void {
    this.#open.delete(root)
    this.#open.set(root, trie)
    for (const oldest of this.#open.keys()) {
      if (this.#open.size <= this.most) break
      this.#open.delete(oldest)
    }
  }

  /** The power a miner has in the state of a block. */
  async power(row: StoredBlock, miner: Address): Promise<bigint> {
    const name = `${row.root}/${miner}`
    let power = this.#powers.get(name)
    if (power === undefined) {
      ;({ power } = await readState(await this.at(row), keys.account(miner)) ?? noAccount)
      if (this.#powers.size >= limits.knownPowers) this.#powers.clear()
      this.#powers.set(name, power)
    }
    return power
  }

  /** Forgets nodes beyond what memory is spared for; those of this root must be in the store. */
  trim(root: Cid): void { this.#open.get(root)?.trim(limits.trieMemoryBytes) }

  /** The places of nodes are others from now on. */
  clear(): void { this.#open.clear() }
}
