import { HoldfastError, fromHex, limits, toHex, utf8, type Address, type Cid } from '../base/index.ts'
import { Hamt, type Difference } from '../hamt/index.ts'
import { keys, noAccount, readState, type Account, type StateKey, type StateRoot } from '../state/index.ts'
import type { Position } from './branch.ts'
import type { Link } from './chain.ts'
import { rootOf } from './genesis.ts'
import type { Links } from './links.ts'
import type { BlockStore } from './ports.ts'
import type { Tries } from './tries.ts'

/** What can be read of a ledger: its blocks and their states, as the last commit left them. */
export class LedgerReader {
  protected constructor(protected readonly store: BlockStore, protected readonly links: Links, protected readonly tries: Tries) {}

  /** The best block known. */
  get head(): Link {
    const { head } = this.store
    const link = head === null ? null : this.links.record(head.root)
    if (link === null) throw new HoldfastError('storage-lost', 'the ledger has no head')
    return link
  }

  /** The blocks at hand, of all branches. */
  get chain(): Links { return this.links }

  async account(address: Address, root: Cid = this.head.root): Promise<Account> {
    return await this.read(keys.account(address), root) ?? noAccount
  }

  /** What a state has under a key. `not-found` where the root is not kept. */
  async read<T>(key: StateKey<T>, root: Cid = this.head.root): Promise<T | null> {
    return await readState(await this.tries.at(this.store.block(root)), key)
  }

  /** A kept block and the state after it. */
  position(root: Cid): Position | null {
    const row = this.store.block(root)
    return row === null ? null : { header: this.links.record(root)!.header, state: toHex(row.state) }
  }

  /** What a root is the hash of. `not-found` where it is not kept. */
  parts(root: Cid): StateRoot {
    const { block, state } = this.store.block(root) ?? notKept(root)
    return { block, state: toHex(state) }
  }

  /** A header, a body, the node a root is the hash of, the root node of a state or an object, by its content id. */
  async find(cid: Cid): Promise<Uint8Array | null> {
    const position = this.position(cid)
    return position === null ? await this.store.find(cid) : rootOf(position.header, fromHex(position.state)!).bytes
  }

  /**
   * The nodes of a state at these paths, for whoever copies it: one hexadecimal digit a level, the slot it leads through; '' is the root node. Null where there is none, or no
   * node of its own. `too-many` above 256, `not-found` where the state is not here.
   */
  async below(root: Cid, paths: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
    if (paths.length > limits.nodesAsked) throw new HoldfastError('too-many', `more than ${limits.nodesAsked} nodes at once`)
    return await (await this.tries.at(this.store.block(root))).nodesAt(paths)
  }

  /** What a state has under these names of keys, as bytes. `not-found` where the state is not here. */
  async values(names: readonly string[], root: Cid): Promise<readonly (Uint8Array | null)[]> {
    return await (await this.tries.at(this.store.block(root))).getMany(names.map(utf8))
  }

  /** Keys whose values differ between the states of two roots. `not-found` where one of them is not here. */
  async *changes(before: Cid, after: Cid): AsyncGenerator<Difference> {
    yield* Hamt.diff(await this.tries.at(this.store.block(before)), await this.tries.at(this.store.block(after)))
  }

  /** The nodes that show what a state has under these names of keys. */
  async prove(names: readonly string[], root: Cid = this.head.root): Promise<readonly Uint8Array[]> {
    return await (await this.tries.at(this.store.block(root))).prove(names.map(utf8))
  }
}

export function notKept(root: Cid): never { throw new HoldfastError('not-found', 'this root is not kept', { root }) }
