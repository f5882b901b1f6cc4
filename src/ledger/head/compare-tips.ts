import { HoldfastError, compareBytes } from '../../base/index.ts'
import { blockKind, rankTime } from '../pot/time-rule.ts'
import type { HeaderChain, HeaderRecord } from './header-chain.ts'

/**
 * The order of tips on forks that are not deep: positive where `a` is better, negative where `b` is, 0 for the same block alone. More difficulty; then the earlier
 * rank time; then the lower hit for its power; then, of one miner's blocks on one parent, the one at its deadline before any later one; then the higher signature, which only its own
 * miner could have chosen. `rescue` in seconds. Both parents must be at hand.
 */
export function compareTips(chain: HeaderChain, a: HeaderRecord, b: HeaderRecord, rescue: number): number {
  if (a.header.difficulty !== b.header.difficulty) return a.header.difficulty > b.header.difficulty ? 1 : -1
  const [timesOfA, timesOfB] = [timesOf(chain, a, rescue), timesOf(chain, b, rescue)]
  if (timesOfA.rank !== timesOfB.rank) return timesOfB.rank - timesOfA.rank
  const [perPowerOfA, perPowerOfB] = [a.hit * BigInt(b.power), b.hit * BigInt(a.power)] // both multiplied by both powers
  if (perPowerOfA !== perPowerOfB) return perPowerOfA < perPowerOfB ? 1 : -1
  if (timesOfA.atDeadline !== timesOfB.atDeadline) return timesOfA.atDeadline ? 1 : -1
  return compareBytes(a.header.signature, b.header.signature)
}

function timesOf(chain: HeaderChain, { parent, header: { time }, interval }: HeaderRecord, rescue: number): { readonly rank: number, readonly atDeadline: boolean } {
  if (parent === null) return { rank: time, atDeadline: true }
  const before = chain.record(parent)
  if (before === null) throw new HoldfastError('internal', 'a tip without its parent')
  const parentTime = before.header.time
  return { rank: rankTime(parentTime, interval, rescue), atDeadline: blockKind({ parentTime, time, interval, rescue }) === 'deadline' }
}
