import { HoldfastError } from '../../base/index.ts'

/** Seconds from a parent to the miner's deadline, at least 1; null where the power is 0: too young to mine. */
export function interval(hit: bigint, baseTarget: bigint, power: bigint): bigint | null {
  if (hit < 0n || baseTarget < 1n || power < 0n) throw new HoldfastError('bad-input', 'not a hit, target and power')
  return power === 0n ? null : hit / (baseTarget * power) + 1n
}

/** A block at its miner's own deadline, or one of those that anybody may make when nobody's deadline came. */
export type BlockKind = 'deadline' | 'rescue'

/** What a block of this time is, or null where it may not have this time. Times and `rescue` in seconds. */
export function blockKind({ parentTime, time, interval: own, rescue }: { readonly parentTime: number, readonly time: number, readonly interval: bigint, readonly rescue: number }): BlockKind | null {
  const elapsed = time - parentTime
  if (own <= BigInt(rescue) && elapsed === Number(own)) return 'deadline'
  return elapsed >= rescue ? 'rescue' : null
}

/** The time by which blocks compete: a rescue block gains nothing by an early time of its own choice, and nothing is later than the rescue. */
export function rankTime(parentTime: number, own: bigint, rescue: number): number {
  return parentTime + (own < BigInt(rescue) ? Number(own) : rescue)
}

/** The number of the block whose root holds the powers for block `n`: one to two epochs back, so that no key can be made for a generation already known. */
export function powerBlock(n: number, epoch: number): number {
  return Math.max(0, (Math.floor(n / epoch) - 1) * epoch)
}
