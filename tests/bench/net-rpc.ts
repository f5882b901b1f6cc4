import type { Browser, Page } from 'playwright'
import { launch, permissions } from '../support/launch.ts'
import { startRelay } from '../support/relay.ts'
import type { Site } from './support/pages.ts'
import { relayAddress } from './support/relay-address.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const patience = 60 // seconds
const questionBytes = 1024
/** As many as a stream takes while others wait (`requestsInFlight` is 64). */
const atOnce = 32

interface Rates { readonly ours: number, readonly raw: number, readonly each: number }

/** Small questions and answers on a direct connection between two tabs. */
export const netRpc: Benchmark = {
  id: 'net/rpc',
  about: 'requests of 1 KiB between two tabs, against a bare data channel and a libp2p stream for each',
  async run(bench: Bench): Promise<readonly Row[]> {
    const rates: Rates[] = []
    const browser = await launch()
    const relay = await startRelay()
    try {
      const address = await relayAddress(relay.url)
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const { ours, raw, each } = await measure(browser, bench, address)
        rates.push({ ours, raw, each })
        bench.log(`  ours ${ours.toFixed(0)}, channel ${raw.toFixed(0)}, a stream each ${each.toFixed(0)} requests/s`)
      }
    } finally {
      await browser.close()
      await relay.stop()
    }
    const row = (against: string, peer: 'raw' | 'each', value: number, notes: readonly string[]): Row => ({
      what: '1 KiB there and back', against, unit: 'requests/s', goal: { of: 'ratio', is: 'at least', value }, notes, samples: rates.map(rate => [rate.ours, rate[peer]] as const),
    })
    return [
      row('a bare RTCDataChannel that echoes', 'raw', 0.5, [`${String(atOnce)} on their way at once, everything on the pages`]),
      row('a libp2p stream for each request', 'each', 10, [`the same connection, ${String(atOnce)} streams at once`]),
    ]
  },
}

async function measure(browser: Browser, bench: Bench, relay: string): Promise<Rates> {
  const contexts = await Promise.all([browser.newContext({ permissions }), browser.newContext({ permissions })])
  const [ada, ben] = contexts
  const pages = async (name: string): Promise<[Page, Page]> => await Promise.all([[ada, '127.0.0.1'], [ben, 'localhost']].map(async each => {
    const [context, site] = each as [typeof ada, Site]
    const page = await context.newPage()
    await page.goto(bench.pages.url(name, site))
    return page
  })) as [Page, Page]
  try {
    const [a, b] = await pages('rpc')
    const address = await within(patience, 'a reservation', b.evaluate(async via => await globalThis.rpcPage.serve(via), relay))
    await within(patience, 'a dial', a.evaluate(async ([via, to]) => { await globalThis.rpcPage.connect(via, to) }, [relay, address] as const))
    const libp2p = async (way: 'long' | 'each', count: number) => await within(patience, `${String(count)} requests`, a.evaluate(async ([how, n, most]) => await globalThis.rpcPage.ask(how, n, most), [way, count, atOnce] as const))
    await libp2p('long', 500) // the first second or so of a connection is slow, whatever goes over it
    const ours = await libp2p('long', 4000)
    const each = await libp2p('each', 300)

    const [c, d] = await pages('channel')
    const offer = await c.evaluate(async () => await globalThis.channelPage.offer())
    const answer = await d.evaluate(async sdp => { globalThis.channelPage.echo(); return await globalThis.channelPage.answer(sdp) }, offer)
    await c.evaluate(async sdp => { await globalThis.channelPage.accept(sdp) }, answer)
    const bare = async (count: number) => await within(patience, `${String(count)} messages`, c.evaluate(async ([n, bytes, most]) => await globalThis.channelPage.ask(n, bytes, most), [count, questionBytes, atOnce] as const))
    await bare(500)
    return { ours, each, raw: await bare(10_000) }
  } finally {
    await Promise.all(contexts.map(async context => { await context.close() }))
  }
}
