import type { Browser, Page } from 'playwright'
import { launch, permissions } from '../support/launch.ts'
import { startRelay } from '../support/relay.ts'
import { installProbe } from './support/probe.ts'
import { relayAddress } from './support/relay-address.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const patience = 60 // seconds

/** From the beginning of a page to a direct connection with somebody who is already there. */
export const netConnect: Benchmark = {
  id: 'net/connect',
  about: 'page load to a direct connection, against libp2p as its own example wires it',
  async run(bench: Bench): Promise<readonly Row[]> {
    const samples: [number, number][] = []
    let failedDials = 0
    const browser = await launch()
    const relay = await startRelay()
    try {
      const address = await relayAddress(relay.url)
      for (let run = 0; run < (bench.runs ?? 7); run++) {
        const ours = await connectOurs(browser, relay.url)
        const theirs = await connectTheirs(browser, bench.pages.url('libp2p'), address)
        failedDials += theirs.failed
        samples.push([ours, theirs.ms])
        bench.log(`  ours ${ours.toFixed(0)} ms, libp2p ${theirs.ms.toFixed(0)} ms`)
      }
    } finally {
      await browser.close()
      await relay.stop()
    }
    return [{
      what: 'page load to direct', against: "libp2p's own example, told whom to dial", unit: 'ms',
      goal: null, samples,
      notes: [`first visits; ours finds the other by itself, with all of the app around it; the example's dials that failed and were tried again: ${String(failedDials)}`],
    }]
  },
}

async function somebody<T>(browser: Browser, url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ permissions })
  try {
    await context.addInitScript(installProbe)
    const page = await context.newPage()
    await page.goto(url, { waitUntil: 'commit' })
    return await use(page)
  } finally {
    await context.close()
  }
}

/** Waits until the region "Connection" says what `words` look for; ms since the page began. */
async function connectionSays(page: Page, words: string): Promise<number> {
  return await within(patience, `"${words}"`, page.evaluate(async pattern => await globalThis.probe.until(() => {
    const region = globalThis.probe.all('section[aria-label="Connection"]')[0]
    return region !== undefined && new RegExp(pattern).test(region.textContent) ? performance.now() : null
  }), words))
}

async function connectOurs(browser: Browser, url: string): Promise<number> {
  return await somebody(browser, url, async there => {
    await connectionSays(there, 'Ready')
    return await somebody(browser, url, async page => await connectionSays(page, '[1-9]\\d* direct'))
  })
}

async function connectTheirs(browser: Browser, url: string, relay: string): Promise<{ ms: number, failed: number }> {
  return await somebody(browser, url, async there => {
    await there.waitForFunction(() => 'libp2pPage' in globalThis)
    const address = await within(patience, 'a reservation', there.evaluate(async via => await globalThis.libp2pPage.listen(via), relay))
    return await somebody(browser, url, async page => {
      return await within(patience, 'a dial', page.evaluate(async ([via, to]) => {
        await globalThis.probe.until(() => 'libp2pPage' in globalThis || null)
        return await globalThis.libp2pPage.connect(via, to)
      }, [relay, address] as const))
    })
  })
}
