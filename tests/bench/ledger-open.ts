import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { profileIn } from './support/profile.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const keys = 1_000_000
/** The library's trie takes a record a node, 400 microseconds each to write. */
const libraryKeys = 100_000

/** A browser that was just started, and its first read of the ledger: against `ipld-hashmap` over nodes in IndexedDB, which has no more to open than that. */
export const ledgerOpen: Benchmark = {
  id: 'ledger/open',
  about: 'cold open of a ledger of a million keys to the first verified read, against ipld-hashmap',
  async run(bench: Bench): Promise<readonly Row[]> {
    const folder = await mkdtemp(join(bench.scratch, 'ledger-'))
    const inBrowser = async <T>(what: string, work: (page: Page) => Promise<T>): Promise<T> => {
      const profile = await profileIn(folder)
      try {
        const page = await profile.context.newPage()
        await page.goto(bench.pages.url('ledger'))
        return await within(600, what, work(page))
      } finally {
        await profile.close()
      }
    }
    await inBrowser('filling the ledger', async page => { await page.evaluate(async count => { await globalThis.ledgerPage.fill(count) }, keys) })
    const root = await inBrowser('filling the library\'s', async page => [...await page.evaluate(async count => Array.from(await globalThis.ledgerPage.fillLibrary(count)), libraryKeys)])
    const samples: [number, number][] = []
    for (let run = 0; run < (bench.runs ?? 5); run++) {
      const ours = await inBrowser('opening', async page => await page.evaluate(async count => await globalThis.ledgerPage.open(count), keys))
      const theirs = await inBrowser('opening the library\'s', async page => await page.evaluate(async ([count, digest]) => await globalThis.ledgerPage.openLibrary(count, Uint8Array.from(digest)), [libraryKeys, root] as const))
      samples.push([ours.all, theirs])
      bench.log(`  ours ${ours.all.toFixed(0)} ms, of which database and rows ${ours.rows.toFixed(0)}; ipld-hashmap ${theirs.toFixed(0)} ms`)
    }
    return [{
      what: 'first verified read of 1,000,000 keys and 2,593 blocks, in a new browser', against: 'ipld-hashmap over 100,000 keys, a record a node', unit: 'ms', goal: { of: 'ours', is: 'at most', value: 150 },
      samples, notes: ['the system has the files in memory; the code is loaded'],
    }]
  },
}
