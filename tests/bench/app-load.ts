import type { Browser, BrowserContext, Page } from 'playwright'
import { launch } from '../support/launch.ts'
import { startRelay } from '../support/relay.ts'
import { installProbe } from './support/probe.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const fileInput = 'input[type=file]'
const shellLimit = 150 // kB
/** Chromium's own preset "Slow 4G": what 1.6 Mbit/s and a 150 ms round trip do to requests. */
const slow4G = { offline: false, latency: 562.5, downloadThroughput: 1.44e6 / 8, uploadThroughput: 675e3 / 8 }
const slowdown = 4
const patience = 60 // seconds

/** The weight of the shell, and how soon a slow device on a slow line can choose a file. */
export const appLoad: Benchmark = {
  id: 'app/load',
  about: 'weight of the shell; first paint, interactive and long tasks on a slow device and line',
  async run(bench: Bench): Promise<readonly Row[]> {
    const loads: Record<Visit, [Load, Load][]> = { full: [], first: [], again: [] }
    const browser = await launch()
    const relay = await startRelay()
    let shell: readonly ShellFile[]
    try {
      shell = await shellFiles(browser, relay.url)
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const ours = await visitor(browser, relay.url, fileInput)
        const blank = await visitor(browser, bench.pages.url('blank'), 'p')
        for (const kind of ['full', 'first', 'again'] as const) loads[kind].push([ours[kind], blank[kind]])
        bench.log(`  full speed ${words(ours.full)}; slow ${words(ours.first)}, again ${words(ours.again)}; empty page ${words(blank.first)}`)
      }
    } finally {
      await browser.close()
      await relay.stop()
    }
    const row = (what: string, of: keyof Load, kind: Visit, most: number | null = null): Row => ({
      what, against: 'an empty page', unit: 'ms', goal: most === null ? null : { of: 'ours', is: 'at most', value: most },
      samples: loads[kind].map(([ours, blank]) => [ours[of], blank[of]] as const),
    })
    return [
      {
        what: 'shell, brotli', against: 'the limit', unit: 'kB', goal: { of: 'ratio', is: 'at most', value: 1 }, samples: [[shell.reduce((sum, { bytes }) => sum + bytes, 0) / 1000, shellLimit]],
        notes: [shell.map(file => `${file.path} ${(file.bytes / 1000).toFixed(1)}`).join(', ')],
      },
      row('first paint', 'paint', 'full'),
      row('interactive', 'interactive', 'full', 1000),
      row('longest task', 'longest', 'full', 50),
      row('first paint, slow', 'paint', 'first'),
      row('interactive, slow', 'interactive', 'first'),
      row('longest task, slow', 'longest', 'first'),
      row('first paint, slow, second visit', 'paint', 'again'),
      row('interactive, slow, second visit', 'interactive', 'again'),
      row('longest task, slow, second visit', 'longest', 'again'),
    ]
  },
}

/** At full speed; slow and for the first time; slow again, with what the first visit left. */
type Visit = 'full' | 'first' | 'again'

interface Load {
  readonly paint: number
  /** The first moment a file can be chosen. */
  readonly interactive: number
  /** Of the first 5 s, in ms; 0 where none was longer than 50. */
  readonly longest: number
}

function words({ paint, interactive, longest }: Load): string {
  return `paint ${paint.toFixed(0)}, interactive ${interactive.toFixed(0)}, longest task ${longest.toFixed(0)} ms`
}

/** A first visit at full speed; then, as somebody else, a slow first visit and a slow second one. */
async function visitor(browser: Browser, url: string, usable: string): Promise<Record<Visit, Load>> {
  const [quick, slow] = [await browser.newContext(), await browser.newContext()]
  try {
    await quick.addInitScript(installProbe)
    await slow.addInitScript(installProbe)
    return { full: await visit(quick, url, usable), first: await visit(slow, url, usable, true), again: await visit(slow, url, usable, true) }
  } finally {
    await quick.close()
    await slow.close()
  }
}

async function visit(context: BrowserContext, url: string, usable: string, slowly = false): Promise<Load> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  if (slowly) {
    await cdp.send('Network.enable')
    await cdp.send('Network.emulateNetworkConditions', slow4G)
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: slowdown })
  }
  await page.goto(url, { waitUntil: 'commit' })
  const load = await measure(page, usable)
  await cdp.detach() // and with it what it slowed
  // What a person leaves behind after a first visit: the service worker has what it keeps.
  await page.evaluate(async () => { if ((await navigator.serviceWorker.getRegistrations()).length > 0) await navigator.serviceWorker.ready })
  await page.close()
  return load
}

async function measure(page: Page, usable: string): Promise<Load> {
  return await within(patience, 'a visit', page.evaluate(async selector => {
    const { probe } = globalThis
    const interactive = await probe.until(() => probe.all(selector).some(element => !(element as HTMLInputElement).disabled) ? performance.now() : null)
    const paint = await probe.until(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null)
    await new Promise(resolve => { setTimeout(resolve, Math.max(0, 5000 - performance.now())) })
    return { interactive, paint, longest: Math.max(0, ...probe.longTasks.filter(({ start }) => start < 5000).map(({ duration }) => duration)) }
  }, usable))
}

interface ShellFile { readonly path: string, readonly bytes: number }

/** What a first visit takes before a file can be chosen, as it travels: page, style and scripts; no font, no worker. */
async function shellFiles(browser: Browser, url: string): Promise<readonly ShellFile[]> {
  const context = await browser.newContext()
  try {
    await context.addInitScript(installProbe)
    const page = await context.newPage()
    await page.goto(url, { waitUntil: 'commit' })
    return await within(patience, 'a visit', page.evaluate(async selector => {
      const { probe } = globalThis
      const end = await probe.until(() => probe.all(selector).length > 0 ? performance.now() : null)
      const entries = performance.getEntries().filter(entry => entry instanceof PerformanceResourceTiming)
      return entries.filter(({ responseEnd, entryType, initiatorType, name }) => entryType === 'navigation' || (responseEnd > 0 && responseEnd <= end && initiatorType !== 'other' && /\.(js|css)$/.test(name)))
        .map(({ name, encodedBodySize }) => ({ path: new URL(name).pathname, bytes: encodedBodySize }))
    }, fileInput))
  } finally {
    await context.close()
  }
}
