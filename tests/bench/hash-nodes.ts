import { openProfile } from './support/profile.ts'
import { within } from './support/within.ts'
import type { HashTimes } from './pages/trie.worker.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** A key, an inner node, a node of the ledger, a node at the limit of the goal. */
const sizes = [32, 700, 2400, 4096]

/** Hashing of many small messages in a worker. */
export const hashNodes: Benchmark = {
  id: 'hash/nodes',
  about: 'SHA-256 of 500 keys or nodes in a worker, against @noble/hashes, WebCrypto and hash-wasm',
  async run(bench: Bench): Promise<readonly Row[]> {
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('trie'))
      await page.waitForFunction(() => 'triePage' in globalThis)
      const turn = async (bytes: number): Promise<HashTimes> => await within(60, 'hashing', page.evaluate(async length => await globalThis.triePage.hash(length), bytes))
      const rows: Row[] = []
      for (const bytes of sizes) {
        await turn(bytes) // compiled
        const turns: HashTimes[] = []
        for (let run = 0; run < (bench.runs ?? 5); run++) turns.push(await turn(bytes))
        const [last] = turns.slice(-1)
        bench.log(`  ${String(bytes)} bytes: ours ${last!.ours.toFixed(0)} MB/s, noble ${last!.noble.toFixed(0)}, WebCrypto ${last!.webCrypto.toFixed(0)}, hash-wasm ${last!.hashWasm.toFixed(0)}`)
        const row = (against: string, of: keyof HashTimes, goal: Row['goal']): Row => ({ what: `messages of ${String(bytes)} bytes`, against, unit: 'MB/s', goal, samples: turns.map(each => [each.ours, each[of]] as const) })
        rows.push(row('@noble/hashes', 'noble', { of: 'ratio', is: 'at least', value: 8 }), row('WebCrypto, one after the other', 'webCrypto', null), row('hash-wasm', 'hashWasm', null))
      }
      return rows
    } finally {
      await profile.close()
    }
  },
}
