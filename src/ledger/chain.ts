import type { Cid } from '../base/index.ts'
import type { Header } from './header.ts'
import type { BlockKind } from './pot/time-rule.ts'

/** A block whose header keeps the rules, with what proof of transaction makes of it. */
export interface Link {
  /** The state root after the block. */
  readonly root: Cid
  /** The root before it; null at genesis. */
  readonly parent: Cid | null
  /** The block's content id. */
  readonly id: Cid
  readonly header: Header
  readonly hit: bigint
  /** The miner's power for this block. */
  readonly power: bigint
  /** Seconds from the parent to its miner's deadline. */
  readonly interval: bigint
  readonly kind: BlockKind | 'genesis'
}

/** A link without its root, as long as nobody executed it or built on it. */
export type Tip = Omit<Link, 'root'>

/** The links at hand, of all branches. What was there once may be forgotten, from the genesis up. */
export interface Chain { record(root: Cid): Link | null }

/** `link` and those before it, as far as they are at hand. */
export function* pastOf(chain: Chain, link: Link): Generator<Link> {
  for (let at: Link | null = link; at !== null; at = at.parent === null ? null : chain.record(at.parent)) yield at
}

/** The block of this number on the chain of `link`, itself or before it; null where it is later or forgotten. */
export function ancestor(chain: Chain, link: Link, number: number): Link | null {
  let at: Link | null = link // a loop of its own, as it goes over hundreds of blocks for each that is judged
  while (at !== null && at.header.number > number) at = at.parent === null ? null : chain.record(at.parent)
  return at?.header.number === number ? at : null
}

/** The roots a child of `link` may take as witnesses, the last `range` before it, and whether the chain is at hand as far back as that. */
export function knownWitnesses(chain: Chain, link: Link, range: number): { readonly roots: ReadonlySet<Cid>, readonly isWhole: boolean } {
  const roots = new Set<Cid>()
  const least = Math.max(0, link.header.number - range + 1)
  for (const { root, header: { number } } of pastOf(chain, link)) {
    roots.add(root)
    if (number <= least) return { roots, isWhole: true }
  }
  return { roots, isWhole: false }
}
