import * as fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { fromHex, utf8 } from '../../../../src/base/index.ts'
import { adjustTarget, childBaseTarget, childDifficulty, genesisTarget, leastTarget, mostTarget } from '../../../../src/ledger/pot/base-target.ts'
import { hit, hitOf, nextGeneration } from '../../../../src/ledger/pot/hit.ts'
import { blockKind, interval, powerBlock, rankTime } from '../../../../src/ledger/pot/time-rule.ts'
import { Chance } from '../../../fuzz/chance.ts'
import pot from '../../../fixtures/pot.json'

const u64 = fc.bigInt(0n, (1n << 64n) - 1n)
const refused = expect.objectContaining({ code: 'bad-input' })

describe('the hit', () => {
  test.each([
    [0n, 25572617290405311319n], [1n, 25173045145242728330n], [1n << 32n, 12786308645068437931n], [1n << 63n, 399572145162582989n],
    [12345678901234567890n, 231496127305161524n], [(1n << 64n) - 1n, 0n],
    ...pot.hit.map(row => row.map(BigInt) as [bigint, bigint]),
  ])('of %d', (x, expected) => { expect(hitOf(x)).toBe(expected) })

  test('is the logarithm, as near as a double can tell, and falls as x grows', () => {
    fc.assert(fc.property(u64, u64, (a, b) => {
      const float = 2 ** 59 * -Math.log((Number(a) + 1) / 2 ** 64)
      expect(Math.abs(Number(hitOf(a)) - float)).toBeLessThanOrEqual(2 ** 59 * 1e-13)
      if (a < b) expect(hitOf(a)).toBeGreaterThanOrEqual(hitOf(b))
    }), { numRuns: 2000 })
  })

  test('is that of the bits written one by one', () => {
    // The method of the specification as it is written down, a step a line.
    const plain = (x: bigint): bigint => {
      const m = x + 1n
      let e = 0n
      while (m >> e + 1n > 0n) e++
      let y = m << 127n - e
      let fraction = 0n
      for (let i = 0; i < 64; i++) {
        y = y * y >> 127n
        fraction <<= 1n
        if (y >= 1n << 128n) {
          y >>= 1n
          fraction |= 1n
        }
      }
      return ((64n - e << 64n) - fraction) * 0xB17217F7D1CF79ABC9E3B39803F2F6AFn >> 133n
    }
    fc.assert(fc.property(fc.oneof(u64, fc.nat(63).map(bits => (1n << BigInt(bits)) - 1n), fc.nat(63).map(bits => 1n << BigInt(bits))), x => { expect(hitOf(x)).toBe(plain(x)) }), { numRuns: 1000 })
  })

  test('takes the first eight bytes of a generation, the highest first', () => {
    const generation = new Uint8Array(40).fill(0xff) // eight bytes of something else before it
    generation.set(fromHex('ab54a98ceb1f0ad2')!, 8)
    expect(hit(generation.subarray(8))).toBe(hitOf(12345678901234567890n))
    expect(() => hit(generation)).toThrow(refused)
    expect(() => hitOf(-1n)).toThrow(refused)
    expect(() => hitOf(1n << 64n)).toThrow(refused)
  })

  test('a generation follows from the one before and the key', () => {
    const [generation, key] = [new Uint8Array(32).fill(1), new Uint8Array(33).fill(2)]
    expect(nextGeneration(generation, key)).toEqual(new Uint8Array(createHash('sha256').update(utf8('holdfast/generation/1')).update(generation).update(key).digest()))
    expect(() => nextGeneration(key, key)).toThrow(refused)
    expect(() => nextGeneration(generation, generation)).toThrow(refused)
  })
})

describe('the time of a block', () => {
  test('interval', () => {
    expect(interval(0n, 1n, 1n)).toBe(1n)
    expect(interval(599n, 2n, 3n)).toBe(100n)
    expect(interval(600n, 2n, 3n)).toBe(101n)
    expect(interval(25572617290405311319n, 1n, 1n)).toBe(25572617290405311320n)
    expect(interval(1n, 1n, 0n)).toBeNull()
    expect(() => interval(1n, 0n, 1n)).toThrow(refused)
  })

  test('a deadline is met to the second, a rescue is never early', () => {
    const kind = (time: number, own: bigint) => blockKind({ parentTime: 1000, time, interval: own, rescue: 1800 })
    expect([1099, 1100, 1101].map(time => kind(time, 100n))).toEqual([null, 'deadline', null])
    expect([2799, 2800, 2801, 4_000_000_000].map(time => kind(time, 100n))).toEqual([null, 'rescue', 'rescue', 'rescue'])
    expect([2799, 2800, 2801].map(time => kind(time, 1800n))).toEqual([null, 'deadline', 'rescue'])
    expect([2799, 2800, 2801, 2802].map(time => kind(time, 1801n))).toEqual([null, 'rescue', 'rescue', 'rescue'])
    expect(kind(2800, 1n << 65n)).toBe('rescue')
    expect(kind(900, 100n)).toBeNull()
  })

  test('rank time ends at the rescue', () => {
    expect([1n, 1799n, 1800n, 1801n, 1n << 65n].map(own => rankTime(1000, own, 1800))).toEqual([1001, 2799, 2800, 2800, 2800])
  })

  test.each([[0, 0], [1, 0], [287, 0], [288, 0], [575, 0], [576, 288], [863, 288], [864, 576]])('the powers for block %d are those of block %d', (n, expected) => {
    expect(powerBlock(n, 288)).toBe(expected)
  })
})

describe('the base target', () => {
  test.each<readonly [bigint, number, number, bigint]>([
    [10n ** 15n, 1200, 300, 1116666666666666n], [10n ** 15n, 300, 300, 925333333333380n],
    ...pot.baseTarget.map(([parent, span, blockTime, child]) => [BigInt(parent!), Number(span), Number(blockTime), BigInt(child!)] as const),
  ])('of a child of %d after %d s at %d s a block', (parent, span, blockTime, child) => { expect(adjustTarget(parent, span, blockTime)).toBe(child) })

  test.each([5, 10, 300])('stays where the pace is right, and its steps end at 335 and 265: %d s', blockTime => {
    const target = 1875n * 2n ** 30n
    const at = (pace: number) => adjustTarget(target, pace * blockTime / 100, blockTime)
    expect(at(300)).toBe(target)
    expect(at(320)).toBe(target * 320n / 300n)
    expect(at(340)).toBe(target * 335n / 300n)
    expect(at(100_000)).toBe(target * 335n / 300n)
    expect(at(280)).toBe(target - target / 1875n * 80n)
    expect(at(260)).toBe(target - target / 1875n * 140n)
    expect(at(0)).toBe(target - target / 1875n * 140n)
  })

  test('is bound on both sides', () => {
    expect(adjustTarget(leastTarget, 0, 300)).toBe(leastTarget)
    expect(adjustTarget(leastTarget, 1200, 300)).toBe(leastTarget * 335n / 300n)
    expect(adjustTarget(mostTarget, 1200, 300)).toBe(mostTarget)
    expect(adjustTarget(mostTarget, 0, 300)).toBeLessThan(mostTarget)
    expect([leastTarget, mostTarget]).toEqual([2n ** 20n, 2n ** 63n])
  })

  test('is that of the genesis for the first three children', () => {
    const network = { blockTime: 300, genesisTarget: 7_000_000n }
    const child = (number: number) => childBaseTarget({ number, time: 1200, baseTarget: 10n ** 15n }, () => 0, network)
    expect([0, 1, 2, 3].map(child)).toEqual([7_000_000n, 7_000_000n, 7_000_000n, 1116666666666666n])
  })

  test('of the genesis', () => {
    expect(genesisTarget(300, 0n)).toBe(1921535841011411n)
    expect(genesisTarget(300, 1n)).toBe(1921535841011411n)
    expect(genesisTarget(300, 100_000n)).toBe(19215358410n)
    expect(genesisTarget(5, 1n)).toBe(115292150460684697n)
    expect(genesisTarget(1, 2n ** 39n)).toBe(leastTarget)
    expect(() => genesisTarget(1, 2n ** 39n + 1n)).toThrow(refused)
  })

  test('adds to the difficulty, as far as eight bytes go', () => {
    expect(childDifficulty(0n, 2n ** 63n)).toBe(2n)
    expect(childDifficulty(5n, 3n)).toBe(5n + 6148914691236517205n)
    expect(childDifficulty(2n ** 64n - 3n, 2n ** 63n)).toBe(2n ** 64n - 1n)
    expect(childDifficulty(2n ** 64n - 2n, 2n ** 63n)).toBeNull()
    expect(childDifficulty(0n, 1n)).toBeNull()
    expect(() => childDifficulty(0n, 0n)).toThrow(refused)
  })
})

/** Miners who are always there and see each block at once; powers change a hundredfold in between. */
test.each([5, 10, 300])('the pace holds at %d s a block, and comes back after the power has changed', blockTime => {
  const chance = new Chance(blockTime)
  const draw = (): bigint => hitOf(BigInt(chance.next()) << 32n | BigInt(chance.next()))
  const first = genesisTarget(blockTime, 1000n)
  const blocks = [{ number: 0, time: 0, baseTarget: first }]
  const mine = (powers: readonly bigint[], count: number): number => {
    const start = blocks.at(-1)!
    for (let i = 0; i < count; i++) {
      const parent = blocks.at(-1)!
      const baseTarget = childBaseTarget(parent, () => blocks.at(-4)!.time, { blockTime, genesisTarget: first })
      const elapsed = powers.map(power => rankTime(0, interval(draw(), baseTarget, power)!, 6 * blockTime)).reduce((least, each) => Math.min(least, each))
      blocks.push({ number: parent.number + 1, time: parent.time + elapsed, baseTarget })
    }
    return (blocks.at(-1)!.time - start.time) / count / blockTime
  }
  for (const powers of [[500n, 300n, 150n, 50n], [1n, 2n, 3n, 4n], [50_000n, 50_000n]]) {
    mine(powers, 200) // finds its way
    const pace = mine(powers, 1500)
    expect(pace).toBeGreaterThan(0.93)
    expect(pace).toBeLessThan(1.1)
  }
})
