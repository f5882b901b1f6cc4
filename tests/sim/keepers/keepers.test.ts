import { describe, expect, it } from 'vitest'
import { table } from './report.ts'
import { runKeepers } from './run.ts'

/* Sixty people of all kinds, eight periods; and the same in small, twice. What holds of all runs is in `brokenIn`. */

describe('people who keep for each other, and some who want something for nothing', () => {
  it('lose no file, pay who proves, burn who is gone, and let nobody gain who cheats', async () => {
    const result = await runKeepers({ peers: 60, hours: 56, seed: 1, period: 84 })
    expect(result.broken, table(result)).toEqual([])
    expect(result.lost).toBe(0)
    expect(result.share).toBeLessThan(0.1)
    expect(result.forks).toBeGreaterThan(3)
    expect(result.settledAgain).toBeGreaterThan(0)
    for (const [what, count] of Object.entries({ proofs: result.proofs, rent: result.rent, seenThrough: result.seenThrough, failed: result.failed, forged: result.forged, burned: result.sums.burned })) expect(count, what).toBeGreaterThan(0)
    expect(Object.keys(result.slots).sort()).toEqual(['accept', 'assign', 'audit', 'claim', 'close', 'open', 'release'])
    const [honest, releases] = ['always there', 'releases picks'].map(name => result.incomes.find(({ who }) => who === name)!)
    expect(honest!.gain).toBeGreaterThan(0)
    expect(releases!.gain).toBeLessThan(0)
  }, 120_000)

  it('do the same again with the same seed', async () => {
    const small = { peers: 24, hours: 14, seed: 7, period: 84 }
    const [first, again, other] = [await runKeepers(small), await runKeepers(small), await runKeepers({ ...small, seed: 8 })]
    expect({ ...again, seconds: 0 }).toEqual({ ...first, seconds: 0 })
    expect(other.incomes).not.toEqual(first.incomes)
  }, 120_000)
})
