import type { Cid } from '../../../src/base/index.ts'
import { MemoryNodeStore } from '../../../src/hamt/index.ts'
import { judgeHeaderBytes, type NewBlock, type StoredBlock } from '../../../src/ledger/index.ts'

/** A block anybody has kept, and the way back from it: `jump` leads far, so that an ancestor is found in a few steps. */
export interface Known {
  readonly row: StoredBlock
  readonly parent: Known | null
  readonly jump: Known | null
}

/**
 * What all peers of a simulation keep, once: content has one name wherever it lies. A peer's store is a view of it, and says which of it the peer has.
 */
export class World {
  readonly nodes = new MemoryNodeStore()
  readonly #known = new Map<Cid, Known>()
  readonly #roots = new Map<Cid, Cid>()
  readonly #bare = new Map<Cid, StoredBlock>()
  readonly #children = new Map<Cid, Cid[]>()
  readonly #bodies = new Map<Cid, Uint8Array>()
  /** Packs have one row of numbers for all. */
  nextPack = 0

  /** Keeps a block and says what its row is; the first that executed it is taken at its word. */
  keep({ root, block, parent, number, header, power, body, state }: NewBlock): StoredBlock {
    if (body.bytes !== null) this.#bodies.set(body.cid, body.bytes)
    for (const pack of state.packs) this.nextPack = Math.max(this.nextPack, pack.number + 1)
    this.nodes.keep(state.packs)
    const { digest, place } = state.root
    const known = this.#known.get(root)
    if (known === undefined) {
      const before = parent === null ? null : this.#known.get(parent) ?? null
      const row = { root, block, parent, number, header, power, state: digest, place }
      this.#known.set(root, { row, parent: before, jump: jumpFrom(before) })
      this.#roots.set(block, root)
      if (parent !== null) this.#children.set(parent, [...this.#children.get(parent) ?? [], root])
      return row
    }
    if (place === null) {
      if (known.row.place === null) return known.row
      const bare = this.#bare.get(root) ?? { ...known.row, place: null }
      this.#bare.set(root, bare)
      return bare
    }
    if (known.row.place !== null) return known.row
    this.#bare.set(root, known.row)
    const row = { ...known.row, place }
    this.#known.set(root, { ...known, row })
    return row
  }

  /** Hears of a block that lies elsewhere. */
  note(block: NewBlock): void {
    this.keep({ ...block, state: { ...block.state, packs: [], root: { digest: block.state.root.digest, place: null } } })
  }

  /** Of a block, by its content id. */
  rootOf(block: Cid): Cid | null { return this.#roots.get(block) ?? null }
  known(root: Cid): Known | null { return this.#known.get(root) ?? null }
  childrenOf(root: Cid): readonly Cid[] { return this.#children.get(root) ?? none }
  body(cid: Cid): Uint8Array | null { return this.#bodies.get(cid) ?? null }
  bodyOf({ header }: StoredBlock): Uint8Array | null {
    const judged = judgeHeaderBytes(header)
    return judged.ok ? this.body(judged.value.body) : null
  }
  get blocks(): number { return this.#known.size }
  all(): Iterable<Known> { return this.#known.values() }

  /** The block of this number on the way back from `root`, itself included. */
  ancestor(root: Cid, number: number): Cid | null {
    let at = this.#known.get(root) ?? null
    while (at !== null && at.row.number > number) at = at.jump !== null && at.jump.row.number >= number ? at.jump : at.parent
    return at?.row.number === number ? at.row.root : null
  }

  /** Whether `below` lies on the way back from `root`, or is it. */
  descends(root: Cid, below: Cid): boolean {
    const known = this.#known.get(below)
    return known !== undefined && this.ancestor(root, known.row.number) === below
  }

  /** The number of the last block two have in common. */
  forkOf(a: Cid, b: Cid): number {
    let [low, high] = [0, Math.min(this.#known.get(a)?.row.number ?? 0, this.#known.get(b)?.row.number ?? 0)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.ancestor(a, middle) === this.ancestor(b, middle)) low = middle
      else high = middle - 1
    }
    return low
  }
}

const none: readonly Cid[] = []

/** Skew-binary jumps (E. W. Myers, 1983). */
function jumpFrom(parent: Known | null): Known | null {
  const once = parent?.jump ?? null
  const twice = once?.jump ?? null
  if (parent === null) return null
  return once !== null && twice !== null && parent.row.number - once.row.number === once.row.number - twice.row.number ? twice : parent
}
