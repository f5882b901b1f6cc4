import type { Address } from '../../base/index.ts'
import type { ActiveSet } from './active-set.ts'
import type { Fork, HeaderRecord } from './header-chain.ts'

type Mined = Pick<HeaderRecord, 'header'>

/**
 * The support of one side of a fork: blocks of active miners, of each at most one and a half times its share of the longer side, rounded up. Keys that slept while the others mined
 * can make blocks for that time afterwards, but were not active; and nobody who was active counts for much more than it was.
 */
export function support(side: readonly Mined[], depth: number, active: ActiveSet): bigint {
  if (active.total === 0n) return 0n
  const blocks = new Map<Address, bigint>()
  for (const { header: { miner } } of side) blocks.set(miner, (blocks.get(miner) ?? 0n) + 1n)
  let sum = 0n
  for (const [miner, count] of blocks) {
    const most = ceilDivide(3n * (active.weights.get(miner) ?? 0n) * BigInt(depth), 2n * active.total)
    sum += count < most ? count : most
  }
  return sum
}

/** The weight of all active miners who mined on a side. */
export function weight(side: readonly Mined[], active: ActiveSet): bigint {
  let sum = 0n
  for (const miner of new Set(side.map(({ header }) => header.miner))) sum += active.weights.get(miner) ?? 0n
  return sum
}

/** Whether the left side of a fork may win although the voted root lies on the right one: more support, and miners of more than half of the total weight on it. */
export function outweighs({ left, right, depth }: Fork, active: ActiveSet): boolean {
  return support(left, depth, active) > support(right, depth, active) && 2n * weight(left, active) > active.total
}

function ceilDivide(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}
