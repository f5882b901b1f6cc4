import { encodeCbor, sha256, toHex, utf8, type Cid } from '../../src/base/index.ts'
import { Hamt, MemoryNodeStore, packOf, type Change, type NodeRef, type NodeStore, type Place } from '../../src/hamt/index.ts'
import type { BlockRow, LedgerStore, NewBlock } from '../../src/store/index.ts'
import { blockOf } from './ledger-blocks.ts'

/** What of a store concerns its chain, whatever values it has. */
export type ChainStore = Pick<LedgerStore<object>, 'head' | 'base' | 'nodes' | 'nextPack' | 'block' | 'blocksAt' | 'commit'>

/** What the block called `name` does to the state: the same whenever it is asked. One change in five removes its key. */
export function changesOf(name: string, count = 20, keys = 200): readonly Change[] {
  return Array.from({ length: count }, (_, i) => {
    const random = new DataView(sha256(utf8(`${name}/${i}`)).buffer)
    const value = random.getUint8(0) % 5 === 0 ? null : encodeCbor({ balance: random.getUint32(4), of: name })
    return { key: utf8(`account/${random.getUint32(8) % keys}`), value }
  })
}

export function stateOf({ state, place }: BlockRow): NodeRef {
  return { digest: state, place }
}

/** Adds blocks to a store, each executed on the state of its parent. */
export class ChainWriter {
  private readonly blocks = new Map<Cid, { readonly block: NewBlock, readonly trie: Hamt }>()

  constructor(readonly store: ChainStore, private readonly changes: (name: string) => readonly Change[] = changesOf) {}

  /** The block after `parent`, the new head unless it is told to be none. */
  async add(name: string, parent: NewBlock | null, isHead = true): Promise<NewBlock> {
    const block = await this.make(name, parent)
    await this.store.commit({ blocks: [block.block], ...isHead ? { head: block.block.root } : {} })
    this.blocks.set(block.block.root, block)
    return block.block
  }

  /** The same, not yet kept. */
  async make(name: string, parent: NewBlock | null): Promise<{ readonly block: NewBlock, readonly trie: Hamt }> {
    const trie = parent === null ? Hamt.empty(this.store.nodes) : await this.stateAfter(parent)
    await trie.update(this.changes(name))
    return { block: blockOf(name, parent, trie.commit(this.store.nextPack)), trie }
  }

  /** A fork of what was computed before, or of what the store has. */
  private async stateAfter(parent: NewBlock): Promise<Hamt> {
    const known = this.blocks.get(parent.root)
    return known === undefined ? await Hamt.open(this.store.nodes, stateOf(this.store.block(parent.root)!)) : known.trie.fork()
  }
}

/** The states after each of these blocks, one on the other, as they must be: computed in memory. */
export async function statesAfter(names: readonly string[]): Promise<readonly string[]> {
  const store = new MemoryNodeStore()
  const trie = Hamt.empty(store)
  const digests: string[] = []
  for (const name of names) {
    await trie.update(changesOf(name))
    const { root, packs } = trie.commit(digests.length)
    if (packs.length !== 1) throw new RangeError('a commit of one pack was expected')
    store.keep(packs)
    digests.push(toHex(root.digest))
  }
  return digests
}

/** Reads the whole trie under a root, every node checked, and tells the bytes of each by its place. Fails as `Hamt` does. */
export async function readWhole(nodes: NodeStore, root: NodeRef): Promise<ReadonlyMap<Place, number>> {
  const sizes = new Map<Place, number>()
  for await (const { ref, bytes } of (await Hamt.open(nodes, root)).nodes()) if (ref.place !== null) sizes.set(ref.place, bytes.length)
  return sizes
}

/** The same of all executed blocks of a store from its base on: what is reachable, by pack. */
export async function reachable(store: ChainStore): Promise<ReadonlyMap<number, ReadonlySet<Place>>> {
  const packs = new Map<number, Set<Place>>()
  for (let { number } = store.base!, rows = store.blocksAt(number); rows.length > 0; rows = store.blocksAt(++number)) {
    for (const row of rows) {
      for (const place of (await readWhole(store.nodes, stateOf(row))).keys()) packs.set(packOf(place), (packs.get(packOf(place)) ?? new Set()).add(place))
    }
  }
  return packs
}
