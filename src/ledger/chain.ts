import type { Cid } from '../base/index.ts'
import type { Header } from './header.ts'
import type { BlockKind } from './pot/time-rule.ts'

/** A block whose header keeps the rules, on its chain. Links are shared by all chains that go through them. */
export interface Link {
  /** The state root after the block. */
  readonly root: Cid
  /** The block's content id. */
  readonly id: Cid
  /** Null at genesis, and where the past was forgotten. */
  readonly parent: Link | null
  readonly header: Header
  readonly hit: bigint
  /** The miner's power for this block. */
  readonly power: bigint
  /** Seconds after its parent at which the block is due by its own miner's turn. */
  readonly interval: bigint
  readonly kind: BlockKind | 'genesis'
}

/** A link without its root, as long as nobody executed it or built on it. */
export type Tip = Omit<Link, 'root'>

/** The block of this number on the chain of `link`, itself or before it; null where it is later or forgotten. */
export function ancestor(link: Link, number: number): Link | null {
  let at: Link | null = link
  while (at !== null && at.header.number > number) at = at.parent
  return at?.header.number === number ? at : null
}

/** Whether `root` is that of a block on the chain of `link`, at most `range` blocks before the child that `link` might get. */
export function isOnChain(link: Link, root: Cid, range: number): boolean {
  const oldest = link.header.number + 1 - range
  for (let at: Link | null = link; at !== null && at.header.number >= oldest; at = at.parent) if (at.root === root) return true
  return false
}

/** The last block two chains share, or null where it is forgotten. */
export function forkOf(a: Link, b: Link): Link | null {
  let [x, y]: [Link | null, Link | null] = [a, b]
  while (x !== null && y !== null && x.root !== y.root) {
    if (x.header.number > y.header.number) x = x.parent
    else if (y.header.number > x.header.number) y = y.parent
    else [x, y] = [x.parent, y.parent]
  }
  return x === null || y === null ? null : x
}
