import type { Address, Cid } from '../../base/index.ts'

/** What the choice of a head looks at: a header whose signature, generation, target and difficulty were verified, and what proof of transaction makes of it. */
export interface HeaderRecord {
  /** The root of the state after the block. */
  readonly root: Cid
  /** The root before it, null for the genesis. */
  readonly parent: Cid | null
  readonly header: {
    readonly number: number
    /** Seconds. */
    readonly time: number
    /** Cumulative. */
    readonly difficulty: bigint
    readonly miner: Address
    /** 65 bytes. */
    readonly signature: Uint8Array
  }
  readonly hit: bigint
  readonly power: bigint | number
  /** Seconds from the parent to the miner's deadline. */
  readonly interval: bigint
}

/** The headers at hand, of all branches. What was there once may be pruned, from the genesis up. */
export interface HeaderChain {
  record(root: Cid): HeaderRecord | null
}

/** Where two branches part. Each side goes down from its tip to the block after the last common one, and is empty where the other one descends from it. */
export interface Fork {
  /** The last common block. */
  readonly base: HeaderRecord
  readonly left: readonly HeaderRecord[]
  readonly right: readonly HeaderRecord[]
  /** Blocks on the longer side. */
  readonly depth: number
}

/** Why there is none: it is deeper than was asked for, or the headers at hand end before it. */
export type NoFork = 'too-deep' | 'headers-missing'

/** The fork between two tips, at most `most` deep. A descendant is found however far it is ahead: that is no fork. */
export function forkOf(chain: HeaderChain, leftTip: HeaderRecord, rightTip: HeaderRecord, most: number): Fork | NoFork {
  const highest = Math.max(leftTip.header.number, rightTip.header.number)
  const level = Math.min(leftTip.header.number, rightTip.header.number)
  const [left, right]: [HeaderRecord[], HeaderRecord[]] = [[], []]
  let a = descend(chain, leftTip, level, left)
  let b = descend(chain, rightTip, level, right)
  while (a !== null && b !== null && a.root !== b.root) {
    const below = a.header.number - 1
    if (highest - below > most) return 'too-deep'
    a = descend(chain, a, below, left)
    b = descend(chain, b, below, right)
  }
  return a === null || b === null ? 'headers-missing' : { base: a, left, right, depth: highest - a.header.number }
}

/** The ancestor of this number, with what was passed on the way added to `passed`; null where a header is missing. */
function descend(chain: HeaderChain, from: HeaderRecord, number: number, passed: HeaderRecord[]): HeaderRecord | null {
  let at: HeaderRecord | null = from
  while (at !== null && at.header.number > number) {
    passed.push(at)
    at = at.parent === null ? null : chain.record(at.parent)
  }
  return at
}
