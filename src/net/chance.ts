import type { Random } from '../base/index.ts'

/** A number from 0 to below 1. */
export function fraction(random: Random): number {
  const [a = 0, b = 0, c = 0] = random.bytes(3)
  return (a + b * 256 + c * 65_536) / 16_777_216
}

/** Milliseconds to wait after `fails` failures in a row: doubling from one second to `longest`, a quarter more or less by chance. */
export function backOff(fails: number, longest: number, random: Random): number {
  return Math.min(longest, 500 * 2 ** fails) * (0.75 + fraction(random) / 2)
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items.map(item => ({ item, at: fraction(random) })).toSorted((a, b) => a.at - b.at).map(({ item }) => item)
}
