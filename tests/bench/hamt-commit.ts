import { openProfile } from './support/profile.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const keys = 100_000
const updates = 500
/** A block of ours is too short to be measured alone. */
const ourBlocks = 30

/** Blocks of 500 updates of a state of 100,000 keys, on disk: against `ipld-hashmap`, and against the same in memory. Processor time of all of the browser. */
export const hamtCommit: Benchmark = {
  id: 'hamt/commit',
  about: 'blocks of 500 updates durable in IndexedDB, against ipld-hashmap and against our own in memory',
  async run(bench: Bench): Promise<readonly Row[]> {
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('ledger'))
      await within(180, 'the states', page.evaluate(async count => { await globalThis.ledgerPage.prepare(count) }, keys))
      const wall = new Map<string, number[]>()
      const speed = async (whose: 'ours' | 'memory' | 'library', blocks: number): Promise<number> => {
        const [before, begin] = [await profile.cpu(), performance.now()]
        await within(120, whose, page.evaluate(async ([who, count]) => { await globalThis.ledgerPage.commit(who, count) }, [whose, blocks] as const))
        wall.set(whose, [...wall.get(whose) ?? [], (performance.now() - begin) / blocks])
        return updates * blocks / (await profile.cpu() - before)
      }
      await speed('ours', ourBlocks)
      await speed('memory', ourBlocks)
      const [library, memory]: [number, number][][] = [[], []]
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const [mine, inMemory, theirs] = [await speed('ours', ourBlocks), await speed('memory', ourBlocks), await speed('library', 1)]
        library!.push([mine, theirs])
        memory!.push([1 / mine, 1 / inMemory])
        bench.log(`  updates a second of processor time: ours ${mine.toFixed(0)}, in memory ${inMemory.toFixed(0)}, ipld-hashmap ${theirs.toFixed(0)}`)
      }
      const notes = [`a block took ${[...wall].map(([whose, ms]) => `${whose} ${(ms.toSorted((a, b) => a - b)[ms.length >> 1] ?? 0).toFixed(1)} ms`).join(', ')}; same roots`]
      return [
        { what: `blocks of ${updates} updates at 100,000 keys, on disk`, against: 'ipld-hashmap, its nodes written in one transaction a block', unit: 'updates/s of CPU', goal: { of: 'ratio', is: 'at least', value: 40 }, samples: library!, notes },
        { what: 'the same', against: 'our own in memory', unit: 's of CPU an update', goal: { of: 'ratio', is: 'at most', value: 2 }, samples: memory! },
      ]
    } finally {
      await profile.close()
    }
  },
}
