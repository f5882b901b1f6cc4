import type { Random } from '../base/index.ts'

/** A number from 0 to `count - 1`; what the remainder of 2^32 favours nobody notices. */
export function lot(random: Random, count: number): number { return Math.floor(fraction(random) * count) }

/** From 0 to below 1. */
export function fraction(random: Random): number {
  const [a, b, c, d] = random.bytes(4) as unknown as [number, number, number, number]
  return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32
}
