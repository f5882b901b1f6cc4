import { openProfile } from './support/profile.ts'
import type { OurTurn, Turn } from './support/trie-turns.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const [keys, changes, blocks] = [100_000, 500, 5]
/** Blocks until all is compiled. */
const warmUp = 20

/** Blocks of changes to a trie in memory, the same in the library, with the same root. */
export const hamtUpdate: Benchmark = {
  id: 'hamt/update',
  about: 'blocks of 500 changes to a trie of 100,000 keys in memory, against ipld-hashmap',
  async run(bench: Bench): Promise<readonly Row[]> {
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('trie'))
      await page.waitForFunction(() => 'triePage' in globalThis)
      const turn = async (count: number): Promise<{ readonly ours: OurTurn, readonly library: Turn }> => await within(300, 'a turn', page.evaluate(
        async ([many, size]) => await globalThis.triePage.turn(many, size), [count, changes] as const,
      ))
      await within(180, 'making the tries', page.evaluate(async ([seed, count]) => { await globalThis.triePage.make(seed, count) }, [1, keys] as const))
      await turn(warmUp)
      const turns: OurTurn[] = [], samples: [number, number][] = []
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const { ours, library } = await turn(blocks)
        if (ours.root !== library.root) throw new Error('two roots')
        bench.log(`  a block: ours ${ours.ms.toFixed(1)} ms (hashing alone ${ours.hashingMs.toFixed(1)}), ipld-hashmap ${library.ms.toFixed(0)} ms`)
        turns.push(ours)
        samples.push([changes / ours.ms * 1000, changes / library.ms * 1000])
      }
      const average = (of: 'ms' | 'nodes' | 'bytes' | 'hashingMs') => turns.reduce((sum, each) => sum + each[of], 0) / turns.length
      return [{
        what: '500 changes at 100,000 keys', against: 'ipld-hashmap, same root', unit: 'changes/s', goal: { of: 'ratio', is: 'at least', value: 60 }, samples,
        notes: [
          `${average('nodes').toFixed(0)} nodes, ${(average('bytes') / 1e6).toFixed(2)} MB a block`,
          `hashing as much takes ${average('hashingMs').toFixed(1)} ms alone, ${(100 * average('hashingMs') / average('ms')).toFixed(0)} % of our time: nothing could make more than ${(changes / average('hashingMs') * 1000).toFixed(0)} changes/s`,
        ],
      }]
    } finally {
      await profile.close()
    }
  },
}
