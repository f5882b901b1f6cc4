import { describe, expect, it } from 'vitest'
import { beginning } from './network-of.ts'
import { table } from './report.ts'
import { run } from './run.ts'
import type { Scenario } from './scenario.ts'
import { dormant, leavesSafe, shortFork } from './scenarios/index.ts'
import { always, anchors, usual } from './scenarios/usual.ts'
import type { Result } from './watch/result.ts'

/** What consensus.md asks for by name, on short networks where a week would be needed; the commands run them in full. */
async function runs(scenario: Scenario, seed = 1): Promise<Result> {
  const result = await run(scenario, seed)
  expect(result.broken, table(result)).toEqual([])
  return result
}

/** A thirtieth of the time. */
const quick = { ...usual, network: 'local', latency: [1, 20], tail: 40 } as const
const patience = 120_000

describe('the pace of blocks', () => {
  it.each([
    ['five', 0.4, 4, [3.5, 7]], ['local', 0.7, 4, [8, 13]], ['main', 14, 4, [240, 370]],
  ] as const)('on a network called %s', async (network, hours, peers, meanInterval) => {
    const result = await runs({ ...usual, name: network, network, latency: network === 'main' ? [25, 200] : [1, 5], hours, groups: [always(peers)], expect: { meanInterval, deepestAtMost: 8 } })
    expect(result.safe).toBeGreaterThan(result.height - 20)
  }, patience)
})

describe('verdicts', () => {
  it('are the same for peers with different safety roots, each with a ledger of its own (C1)', async () => {
    const result = await runs({ ...quick, name: 'verdicts', memo: false, hours: 0.8, groups: [always(6)], partitions: [{ from: 0.2, to: 0.4, shares: [0.7, 0.3] }], transfers: 500 })
    expect(result.underSeveral).toBeGreaterThan(50)
  }, patience)
})

describe('k', () => {
  it('follows for ever, past the end of the range, with nothing that makes anybody vote anew (C2)', async () => {
    const result = await runs({ ...usual, name: 'past the range', network: 'five', latency: [1, 5], hours: 3.3, groups: [always(2)], transfers: 10, expect: { safeMovesWithin: 0.2 } })
    expect(result.height).toBeGreaterThan(2_100)
    expect(result.safe).toBeGreaterThan(result.height - 30)
  }, patience)

  const home = { ...usual, network: 'home', relays: 1, latency: [1, 5], transfers: 0 } as const
  const anchor = { ...anchors, count: 1 }

  it('follows a lone tab and an anchor, however often the tab is killed', async () => {
    const tab = always(1, { power: 0, killedEvery: 0.02 })
    for (const seed of [1, 2, 3]) {
      const result = await runs({ ...home, name: 'killed', hours: 0.25, groups: [tab, anchor], expect: { safeMovesWithin: 0.06, deepestAtMost: 2 } }, seed)
      expect(result.safe).toBeGreaterThan(result.height - 20)
    }
  }, patience)

  it('stands where those who left have more than a third of the weight, and goes on once who came has two thirds', async () => {
    const gone = always(2, { name: 'gone', power: 0, habit: { is: 'spans', spans: [[beginning * 1000, beginning * 1000 + 80_000]] } })
    const tab = always(1, { power: 0, habit: { is: 'joins', at: 85 / 3600 } })
    const result = await runs({ ...home, name: 'left', hours: 0.25, groups: [gone, tab, anchor] })
    expect(result.safeStill).toBeGreaterThan(0.03) // all they made, twice: some thirty blocks
    expect(result.safeStill).toBeLessThan(0.07)
    expect(result.safe).toBeGreaterThan(result.height - 20)
  }, patience)
})

describe('partitions', () => {
  it.each([['40 : 60', [0.6, 0.4]], ['50 : 50', [0.5, 0.5]]] as const)('of %s heal to one head, and no two safety roots are in conflict', async (name, shares) => {
    const result = await runs({ ...quick, name, hours: 1.6, groups: [always(6)], partitions: [{ from: 0.95, to: 1.25, shares }] })
    expect(result.deepest).toBeGreaterThan(70)
    expect(result.conflicts).toBe(0)
    expect(result.converged).toBeLessThan(900)
  }, patience)
})

describe('a partition longer than the active window', () => {
  it('leaves two safety roots in conflict, and heals by majority (6.5)', async () => {
    const result = await runs({ ...quick, name: 'longer than the window', hours: 1.3, groups: [always(6)], partitions: [{ from: 0.15, to: 0.95, shares: [0.6, 0.4] }], conflicts: true })
    expect(result.conflicts).toBeGreaterThan(0)
    expect(result.unlocks).toBeGreaterThan(0)
  }, patience)
})

describe('hidden branches', () => {
  const hidden = { power: 24_000, keys: 8, from: 0.4 }
  const crowd = { ...quick, hours: 0.8, groups: [always(8)] }

  it('of sleeping keys with three times the power are refused where they are deep (C6)', async () => {
    await runs({ ...dormant, ...crowd, privateBranch: { ...hidden, shown: 0.467 } })
  }, patience)

  it('are decided by difficulty where they are not', async () => {
    const result = await runs({ ...shortFork, ...crowd, privateBranch: { ...hidden, shown: 0.41, most: 12 } })
    expect(result.deepest).toBeLessThanOrEqual(12)
  }, patience)

  it('from below the safety root stop nobody from making blocks', async () => {
    await runs({ ...leavesSafe, ...crowd, privateBranch: { ...hidden, shown: 0.425, most: 12 }, expect: { meanInterval: [7, 13] } })
  }, patience)
})

describe('a pause of three days', () => {
  it('is followed by no more blocks in the first minute than always (H4)', async () => {
    await runs({ ...usual, name: 'pause', hours: 80, groups: [always(8)], pause: { from: 3, to: 75 }, expect: { afterPauseAtMost: 5, deepestAtMost: 4 } })
  }, patience)
})

describe('records', () => {
  it('that were paid for are in everybody\'s chain once, in one order, whatever becomes of blocks, tabs and the two halves of the network', async () => {
    const result = await runs({
      ...quick, name: 'recorders', hours: 0.35, groups: [always(4, { killedEvery: 0.2 })], partitions: [{ from: 0.1, to: 0.14, shares: [0.5, 0.5] }],
      transfers: 200, recorders: { count: 3, entries: 2_000 },
    })
    expect(result.recorded).toBeGreaterThan(20)
  }, patience)
})

describe('own blocks', () => {
  it('do not void own transactions that wait: all that was sent is on the chain once (C5)', async () => {
    const { transactions } = await runs({ ...quick, name: 'senders', hours: 0.6, groups: [always(3)], transfers: 3_000, messages: 1_000 })
    expect(transactions.submitted).toBeGreaterThan(150)
    expect(transactions.refused).toEqual({})
    expect(transactions.onChain).toBe(transactions.submitted)
  }, patience)
})
