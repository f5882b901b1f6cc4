import { describe, expect, it } from 'vitest'
import { compose } from './compose.ts'
import { faultsOf } from './faults.ts'
import { table } from './report.ts'
import { run } from './run.ts'

/** Thirty peers, everything that can go wrong, two hours of it. */
const hard = (seed: number, more: object = {}) => ({ ...compose({ peers: 30, hours: 2, seed, faults: faultsOf('all') }), ...more })

describe('twenty networks in which everything goes wrong', () => {
  it.each(Array.from({ length: 20 }, (_, i) => i + 1))('keep their word, seed %i', async seed => {
    const result = await run(hard(seed), seed)
    expect(result.broken, table(result)).toEqual([])
    expect(result.height).toBeGreaterThan(10)
  }, 120_000)
})

describe('a seed', () => {
  it('is one run, and comes to the same chain whatever ledgers share: real keys, frames that are written and read, stores of their own', async () => {
    const scenario = { ...compose({ peers: 12, hours: 2, seed: 3, faults: faultsOf('loss,churn,kills,equivocate,forge,grind') }), realKeys: true, encoded: true }
    const [shared, again, alone] = [await run(scenario, 3), await run(scenario, 3), await run({ ...scenario, memo: false }, 3)]
    expect(shared.broken, table(shared)).toEqual([])
    expect(again.hash).toBe(shared.hash)
    // Not the same in each step: which of two siblings of one instant a peer takes first is a matter of how often its ledger waits.
    for (const each of ['blocks', 'height', 'events', 'broken'] as const) expect(alone[each], each).toEqual(shared[each])
    expect((await run(scenario, 4)).hash).not.toBe(shared.hash)
  }, 120_000)
})
