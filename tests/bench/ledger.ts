import type { BlocksRequest } from './pages/blocks.worker.ts'
import { openProfile } from './support/profile.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

async function measured(bench: Bench, request: BlocksRequest, seconds: number): Promise<readonly (readonly number[])[]> {
  const profile = await openProfile(bench.scratch)
  try {
    const page = await profile.context.newPage()
    await page.goto(bench.pages.url('blocks'))
    await page.waitForFunction(() => 'blocksPage' in globalThis)
    return await within(seconds, request.what, page.evaluate(async what => await globalThis.blocksPage.run(what), request))
  } finally {
    await profile.close()
  }
}

/** A full block of transfers, from its bytes to the database, against the signatures in it. */
export const ledgerBlock: Benchmark = {
  id: 'ledger/block',
  about: 'a block of 50 transfers at 100,000 accounts, executed and kept, against its signatures alone',
  async run(bench: Bench): Promise<readonly Row[]> {
    const figures = await measured(bench, { what: 'block', accounts: bench.size ?? 100_000, runs: bench.runs ?? 10 }, 300)
    const pairs = (ours: number, peer: number): [number, number][] => figures.map(row => [row[ours] ?? 0, row[peer] ?? 0])
    const rates = pairs(1, 2).map(([ours, noble]): [number, number] => [51_000 / ours, 51_000 / noble])
    return [
      { what: '50 transfers, judged, executed, kept in IndexedDB, a series of 8', against: 'recovering their 51 signers alone', unit: 'ms', goal: { of: 'ratio', is: 'at most', value: 1.3 }, samples: pairs(0, 1) },
      { what: 'the same', against: 'the same in memory, one by one', unit: 'ms', goal: null, samples: pairs(0, 3) },
      { what: 'recovering signers', against: '@noble/curves', unit: '/s', goal: { of: 'ratio', is: 'at least', value: 2.5 }, samples: rates },
    ]
  },
}

/** What a newcomer verifies of a week: headers, votes, and the proofs of the powers in them. */
export const ledgerWeek: Benchmark = {
  id: 'ledger/week',
  about: 'a week of headers, votes and proofs verified without the state, against its signatures alone',
  async run(bench: Bench): Promise<readonly Row[]> {
    const figures = await measured(bench, { what: 'week', headers: bench.size ?? 2016, runs: bench.runs ?? 5 }, 300)
    const samples = figures.map(([ours = 0, pure = 0, headers = 0]): [number, number] => [1000 * headers / ours, 1000 * headers / pure])
    return [{ what: 'headers of a week, with votes and proofs of power', against: 'recovering their signers alone', unit: 'headers/s', goal: { of: 'ours', is: 'at least', value: 1000 }, samples }]
  },
}
