import { HoldfastError, type Cid } from '../../../src/base/index.ts'
import type { NodeStore } from '../../../src/hamt/index.ts'
import type { BlockStore, NewBlock, StoredBlock } from '../../../src/ledger/index.ts'
import type { World } from './world.ts'

/** One peer's ledger store: which blocks of the world it has, with or without their states, and which is its head. */
export class View implements BlockStore {
  readonly #rows = new Map<Cid, StoredBlock>()
  readonly #bodies = new Set<Cid>()
  readonly #world: World
  #head: StoredBlock | null = null
  #base: StoredBlock | null = null

  constructor(world: World) { this.#world = world }

  get nodes(): NodeStore { return this.#world.nodes }
  get nextPack(): number { return this.#world.nextPack }
  get base(): StoredBlock | null { return this.#base }
  get head(): StoredBlock | null { return this.#head }
  get size(): number { return this.#rows.size }

  block(root: Cid): StoredBlock | null { return this.#rows.get(root) ?? null }

  childrenOf(root: Cid): readonly StoredBlock[] {
    const children = this.#world.childrenOf(root)
    if (children.length === 0) return []
    return children.flatMap(child => this.#rows.get(child) ?? [])
  }

  async body(root: Cid): Promise<Uint8Array | null> {
    const row = this.#rows.get(root)
    return row?.place === null || row === undefined ? null : this.#world.bodyOf(row)
  }

  async find(cid: Cid): Promise<Uint8Array | null> {
    const root = this.#world.rootOf(cid)
    if (root !== null) return this.#rows.get(root)?.header ?? null
    return this.#bodies.has(cid) ? this.#world.body(cid) : null
  }

  async commit({ blocks = [], head }: { readonly blocks?: readonly NewBlock[], readonly head?: Cid }): Promise<void> {
    for (const block of blocks) {
      const kept = this.#rows.get(block.root)
      if (kept !== undefined && (kept.place !== null || block.state.root.place === null)) throw new HoldfastError('already-exists', 'the block is kept', { root: block.root })
      if (block.parent !== null && this.#head !== null && !this.#rows.has(block.parent)) throw new HoldfastError('not-found', 'the block before it is not kept', { root: block.root })
    }
    for (const block of blocks) {
      const row = this.#world.keep(block)
      this.#rows.set(block.root, row)
      if (row.place !== null) this.#bodies.add(block.body.cid)
      this.#base ??= row
      if (this.#head === null || this.#head.root === row.root) this.#head = row
    }
    if (head === undefined) return
    const row = this.#rows.get(head)
    if (row === undefined) throw new HoldfastError('not-found', 'the head is not kept', { root: head })
    this.#head = row
  }
}
