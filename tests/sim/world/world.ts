import type { Cid } from '../../../src/base/index.ts'
import type { NewBlock } from '../../../src/ledger/index.ts'

/** A block anybody has kept, and the way back from it: `jump` leads far, so that an ancestor is found in a few steps. */
export interface Known {
  readonly root: Cid
  readonly number: number
  readonly header: Uint8Array
  readonly body: Cid
  readonly parent: Known | null
  readonly jump: Known | null
}

/** All blocks that any peer ever kept, to look at how their chains lie to each other. No peer sees it. */
export class World {
  readonly #known = new Map<Cid, Known>()
  readonly #bodies = new Map<Cid, Uint8Array>()

  /** Hears of a block that somebody keeps. */
  note({ root, parent, number, header, body }: NewBlock): void {
    if (this.#known.has(root)) return
    const before = parent === null ? null : this.#known.get(parent) ?? null
    this.#known.set(root, { root, number, header, body: body.cid, parent: before, jump: jumpFrom(before) })
    if (body.bytes !== null) this.#bodies.set(body.cid, body.bytes)
  }

  known(root: Cid): Known | null { return this.#known.get(root) ?? null }
  body(cid: Cid): Uint8Array | null { return this.#bodies.get(cid) ?? null }
  get blocks(): number { return this.#known.size }
  all(): Iterable<Known> { return this.#known.values() }

  /** The block of this number on the way back from `root`, itself included. */
  ancestor(root: Cid, number: number): Cid | null {
    let at = this.#known.get(root) ?? null
    while (at !== null && at.number > number) at = at.jump !== null && at.jump.number >= number ? at.jump : at.parent
    return at?.number === number ? at.root : null
  }

  /** Whether `below` lies on the way back from `root`, or is it. */
  descends(root: Cid, below: Cid): boolean {
    const known = this.#known.get(below)
    return known !== undefined && this.ancestor(root, known.number) === below
  }

  /** The number of the last block two have in common. */
  forkOf(a: Cid, b: Cid): number {
    let [low, high] = [0, Math.min(this.#known.get(a)?.number ?? 0, this.#known.get(b)?.number ?? 0)]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.ancestor(a, middle) === this.ancestor(b, middle)) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Skew-binary jumps (E. W. Myers, 1983). */
function jumpFrom(parent: Known | null): Known | null {
  const once = parent?.jump ?? null
  const twice = once?.jump ?? null
  if (parent === null) return null
  return once !== null && twice !== null && parent.number - once.number === once.number - twice.number ? twice : parent
}
