import type { Browser, Page } from 'playwright'
import type { Peer, RecordDraft } from '../../src/peer/index.ts'
import { limits } from '../../src/base/index.ts'
import { launch, permissions } from '../support/launch.ts'
import { networkFile } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

type App = HTMLElement & { readonly peer: Peer }

const entryCount = 1000
const blockTime = 5
/** Of the 1,000, those whose receipts are made and checked elsewhere. */
const receiptCount = 20
/** Seconds for a thousand entries: a commit and a reveal each, as many as a block takes. Rescued blocks at the beginning, and a busy machine, take as long again. */
const least = 2 * entryCount / limits.blockRecords * blockTime
const patience = 8 * least

/** A chain of a thousand entries, written in one tab; read, searched and checked in another. */
export const recordChain: Benchmark = {
  id: 'records/chain',
  about: `a chain of ${String(entryCount)} entries written in one browser, read, searched and verified in another`,
  async run(bench: Bench): Promise<readonly Row[]> {
    const browser = await launch()
    const relay = await startRelay({ args: ['--network', await networkFile(bench.scratch, { blockTime, rescue: 30 })] })
    try {
      const [ada, bo] = [await somebody(browser, relay.url), await somebody(browser, relay.url)]
      await within(patience, 'coins', ada.evaluate(waitForCoins, 2 * entryCount))
      const written = await write(ada, bench)
      const read = await within(patience, 'reading', bo.evaluate(readAll, { id: written.chain, entries: entryCount, receipts: receiptCount }))
      if (read.wrong.length > 0) throw new Error(`read elsewhere it is another: ${read.wrong.join(', ')}`)
      bench.log(`  ${String(written.paid)} credits; read in ${read.readMs.toFixed(0)} ms, searched in ${read.searchMs.toFixed(1)} ms, ${String(receiptCount)} receipts in ${read.receiptMs.toFixed(0)} ms`)
      return [
        {
          what: `${String(entryCount)} entries, to the last block`, against: 'what full blocks take', unit: 's', goal: null, samples: [[written.seconds, least]],
          notes: [`${String(written.paid)} credits paid; elsewhere read by ranges in ${read.readMs.toFixed(0)} ms, one found by its mark in ${read.searchMs.toFixed(1)} ms, ${String(receiptCount)} receipts made and checked in ${read.receiptMs.toFixed(0)} ms`],
        },
      ]
    } finally {
      await browser.close()
      await relay.stop()
    }
  },
}

async function somebody(browser: Browser, url: string): Promise<Page> {
  const page = await (await browser.newContext({ permissions })).newPage()
  await page.goto(`${url}#/network`)
  return page
}

async function write(page: Page, bench: Bench): Promise<{ readonly chain: string, readonly seconds: number, readonly paid: number }> {
  const credits = entryCount + 20
  await within(patience, 'credits', page.evaluate(buy, credits))
  const begun = performance.now()
  const chain = await page.evaluate(record, entryCount)
  await within(patience, 'the last entry', page.evaluate(waitForEntries, { id: chain, entries: entryCount }))
  const seconds = (performance.now() - begun) / 1000
  bench.log(`  written in ${seconds.toFixed(0)} s`)
  return { chain, seconds, paid: credits - await page.evaluate(async () => (await document.querySelector<App>('holdfast-app')!.peer.records.credits())?.credits ?? 0) }
}

/* What runs in the pages; each is handed over as text and knows nothing of what stands around it. */

async function waitForCoins(most: number): Promise<void> {
  const { peer } = document.querySelector<App>('holdfast-app')!
  await new Promise<void>(done => {
    const look = setInterval(() => {
      if ((peer.state.account?.balance ?? 0) - (peer.state.wallet?.unsafe ?? Infinity) <= most) return
      clearInterval(look)
      done()
    }, 200)
  })
}

async function buy(credits: number): Promise<void> {
  const { peer } = document.querySelector<App>('holdfast-app')!
  await peer.records.buyCredits(credits)
  while (((await peer.records.credits())?.credits ?? 0) < credits) await new Promise(done => { setTimeout(done, 500) })
}

async function record(entries: number): Promise<string> {
  const { records } = document.querySelector<App>('holdfast-app')!.peer
  const say = (text: string): Uint8Array => new TextEncoder().encode(text)
  const draft = (chain: string | null, i: number): RecordDraft => ({ chain, extIds: i === 0 ? [say('A thousand')] : [say('reading'), say(String(i))], content: say(`{ "reading": ${i} }`) })
  const { chain } = await records.record(draft(null, 0))
  for (let i = 1; i < entries; i++) await records.record(draft(chain, i))
  return chain
}

async function waitForEntries({ id, entries }: { readonly id: string, readonly entries: number }): Promise<void> {
  const { records } = document.querySelector<App>('holdfast-app')!.peer
  while (((await records.chain(id))?.count ?? 0) < entries) await new Promise(done => { setTimeout(done, 500) })
}

/** Waits until all of it is here and safe, then reads every entry by ranges, looks for one by its mark, and has receipts made and checked. */
async function readAll({ id, entries, receipts }: { readonly id: string, readonly entries: number, readonly receipts: number }) {
  const { records } = document.querySelector<App>('holdfast-app')!.peer
  const text = (bytes: Uint8Array | null | undefined): string => bytes === null || bytes === undefined ? '' : new TextDecoder().decode(bytes)
  for (;;) {
    const chain = await records.chain(id)
    if (chain !== null && chain.count === entries && chain.here === entries && chain.safe) break
    await new Promise(done => { setTimeout(done, 500) })
  }
  const wrong: string[] = []
  const began = performance.now()
  const hashes: string[] = []
  for (let from = 0; from < entries; from += 50) {
    for (const entry of await records.entries(id, from, 50)) {
      hashes.push(entry.hash)
      if (entry.index !== hashes.length - 1 || text(entry.content) !== `{ "reading": ${entry.index} }` || !entry.safe) wrong.push(`entry ${entry.index}`)
    }
  }
  if (hashes.length !== entries) wrong.push(`${hashes.length} entries`)
  const readMs = performance.now() - began
  const searching = performance.now()
  const found = await records.search({ chain: id, extId: { value: new TextEncoder().encode('777'), how: 'exact', position: 1 }, offset: 0, limit: 10 })
  const searchMs = performance.now() - searching
  if (found.total !== 1 || found.entries[0]?.hash !== hashes[777]) wrong.push('the search')
  const making = performance.now()
  for (let i = 0; i < receipts; i++) {
    const judged = await records.verify(await records.receipt(hashes[i * Math.floor(entries / receipts)]!), [])
    if (!judged.ok || judged.value.some(({ holds }) => holds === false) || !judged.value.some(({ claim, holds }) => claim === 'trust' && holds === true)) wrong.push(`receipt ${i}`)
  }
  return { wrong, readMs, searchMs, receiptMs: performance.now() - making }
}
