import { HoldfastError } from '../../base/index.ts'

/** A lower target would add more than 2^44 of difficulty a block, a higher one less than 2. */
export const leastTarget: bigint = 1n << 20n
export const mostTarget: bigint = 1n << 63n
const mostDifficulty = (1n << 64n) - 1n

/** The target with which miners of this power together need `blockTime` seconds a block. Throws `bad-input` for more power than a target can express. */
export function genesisTarget(blockTime: number, totalPower: bigint): bigint {
  const target = (1n << 59n) / (BigInt(blockTime) * (totalPower > 1n ? totalPower : 1n))
  if (target < leastTarget) throw new HoldfastError('bad-input', 'too much power at genesis')
  return target
}

export interface TargetParent {
  readonly number: number
  /** Seconds. */
  readonly time: number
  readonly baseTarget: bigint
}

/** The base target of a child of `parent`. `thirdTime`: the time of the block three before the parent, asked for only where there is one. */
export function childBaseTarget(parent: TargetParent, thirdTime: () => number, network: { readonly blockTime: number, readonly genesisTarget: bigint }): bigint {
  return parent.number < 3 ? network.genesisTarget : adjustTarget(parent.baseTarget, parent.time - thirdTime(), network.blockTime)
}

/** The target after a block of `target`, when the last three blocks took `span` seconds: up to 11.7 % up where they were slow, up to 7.5 % down where they were quick. */
export function adjustTarget(target: bigint, span: number, blockTime: number): bigint {
  const pace = BigInt(span) * 100n / BigInt(blockTime) // 300 is the pace wanted
  const moved = pace > 300n ? target * (pace < 335n ? pace : 335n) / 300n
    : target - target / 1875n * (300n - (pace > 265n ? pace : 265n)) * 4n
  return moved < leastTarget ? leastTarget : moved > mostTarget ? mostTarget : moved
}

/** The cumulative difficulty of a block of this target, or null where 8 bytes do not hold it: such a block is invalid. */
export function childDifficulty(parentDifficulty: bigint, baseTarget: bigint): bigint | null {
  if (baseTarget < 1n) throw new HoldfastError('bad-input', 'not a target')
  const difficulty = parentDifficulty + (1n << 64n) / baseTarget
  return difficulty > mostDifficulty ? null : difficulty
}
