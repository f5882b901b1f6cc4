import { randomUUID } from 'node:crypto'
import type { Page } from 'playwright'
import { noise } from '../support/bytes.ts'
import { personIn } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'
import type { Site } from './support/pages.ts'
import { installProbe } from './support/probe.ts'
import { openProfile, type Profile } from './support/profile.ts'
import { median } from './support/stats.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** Seconds: 60, and as long as 1 MB/s takes. */
const patience = (bytes: number) => 60 + bytes / 1e6

/** A transfer between two tabs, from the first byte to all of them. */
interface Transfer {
  /** MB/s. */
  readonly rate: number
  /** MB for each second of processor time of the whole browser. */
  readonly perCpu: number
  /** Tasks of more than 50 ms on both pages. */
  readonly longTasks: number
  readonly longest: number
}

/** Two people in one browser with a disk, by two origins: a file from one to the other, three ways in turn. */
export const swarmThroughput: Benchmark = {
  id: 'swarm/throughput',
  about: '50 MB from tab to tab, against a bare data channel and stock WebTorrent',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 50e6
    const ours: Awaited<ReturnType<typeof transferOurs>>[] = [], raw: Awaited<ReturnType<typeof transferRaw>>[] = [], stock: Transfer[] = []
    const relay = await startRelay()
    try {
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const profile = await openProfile(bench.scratch)
        try {
          await profile.context.addInitScript(installProbe)
          ours.push(await transferOurs(profile, relay.url, size))
          raw.push(await transferRaw(bench, profile, size))
          stock.push(await transferStock(bench, profile, relay.url, size))
        } finally {
          await profile.close()
        }
        bench.log(`  ours ${words(ours)}; channel ${words(raw)}; WebTorrent ${words(stock)}`)
      }
    } finally {
      await relay.stop()
    }
    const perCpu = (of: readonly Transfer[]) => median(of.map(transfer => transfer.perCpu)).toFixed(1)
    const pairs = (of: keyof Transfer, peers: readonly Transfer[]) => ours.map((transfer, i) => [transfer[of], peers[i]?.[of] ?? Number.NaN] as const)
    return [
      {
        what: `${(size / 1e6).toFixed(0)} MB, tab to tab`, against: 'a bare RTCDataChannel, warm', unit: 'MB/s', goal: { of: 'ratio', is: 'at least', value: 0.8 }, samples: pairs('rate', raw),
        notes: [
          'from the first byte to all of them, each piece checked and on disk',
          `then the whole is compared with the content id: ${median(ours.map(({ check }) => check)).toFixed(0)} ms`,
          `MB for a second of processor time: ours ${perCpu(ours)}, channel ${perCpu(raw)}, WebTorrent ${perCpu(stock)}`,
        ],
      },
      { what: `${(size / 1e6).toFixed(0)} MB, tab to tab`, against: 'a bare RTCDataChannel as young as ours', unit: 'MB/s', goal: null, samples: ours.map(({ rate }, i) => [rate, raw[i]?.young ?? Number.NaN] as const) },
      { what: `${(size / 1e6).toFixed(0)} MB, tab to tab`, against: 'stock WebTorrent, its own store', unit: 'MB/s', goal: { of: 'ratio', is: 'at least', value: 1.5 }, samples: pairs('rate', stock) },
      {
        what: 'long tasks on both pages', against: 'stock WebTorrent', unit: 'tasks', goal: { of: 'ours', is: 'at most', value: 0 }, samples: pairs('longTasks', stock),
        notes: [`the longest: ours ${Math.max(...ours.map(({ longest }) => longest)).toFixed(0)} ms, WebTorrent ${Math.max(...stock.map(({ longest }) => longest)).toFixed(0)} ms`],
      },
    ]
  },
}

function words(transfers: readonly Transfer[]): string {
  const last = transfers.at(-1)
  return last === undefined ? '' : `${last.rate.toFixed(1)} MB/s (${String(last.longTasks)} long tasks)`
}

/** The built app: share, link, get. */
async function transferOurs(profile: Profile, url: string, size: number): Promise<Transfer & { readonly check: number }> {
  const at = (site: Site) => url.replace(/(?<=\/\/)[^:/]+/, site)
  const ada = await personIn(profile.context, at('127.0.0.1'))
  const ben = await personIn(profile.context, at('localhost'))
  const link = await ada.share([{ name: 'noise.bin', bytes: noise(size, randomUUID()) }])
  await forget(ada.page)
  await forget(ben.page)
  const cpu = await profile.cpu()
  const arriving = ben.page.evaluate(async () => {
    const { probe } = globalThis
    const bar = () => probe.all('progress')[0] as HTMLProgressElement | undefined
    const saved = () => probe.all('.save button').length > 0
    const first = await probe.until(() => { const value = bar()?.value ?? 0; return value > 0 ? { begin: performance.now(), before: value } : null })
    const end = await probe.until(() => saved() || bar()?.position === 1 ? performance.now() : null)
    return { ...first, end, checked: await probe.until(() => saved() ? performance.now() : null) }
  })
  await ben.get(at('localhost') + link.slice(link.indexOf('#')))
  const { begin, before, end, checked } = await within(patience(size), 'our transfer', arriving).catch(async (error: unknown) => {
    throw new Error(`the page said: ${await ben.page.locator('main').innerText()}`, { cause: error })
  })
  const used = await profile.cpu() - cpu
  const tasks = [...await longTasks(ada.page), ...await longTasks(ben.page, begin)]
  await ada.page.close({ runBeforeUnload: false })
  await ben.page.close({ runBeforeUnload: false })
  return { ...transferOf(size, before, end - begin, used, tasks), check: checked - end }
}

/** Page to page with nothing between: while young, then warm. */
async function transferRaw(bench: Bench, profile: Profile, size: number): Promise<Transfer & { readonly young: number }> {
  const [a, b] = [await openPage(profile, bench, 'channel', '127.0.0.1'), await openPage(profile, bench, 'channel', 'localhost')]
  const offer = await a.evaluate(async () => await globalThis.channelPage.offer())
  const answer = await b.evaluate(async sdp => await globalThis.channelPage.answer(sdp), offer)
  await a.evaluate(async sdp => { await globalThis.channelPage.accept(sdp) }, answer)
  const run = async (bytes: number) => {
    const receiving = b.evaluate(async n => await globalThis.channelPage.receive(n), bytes)
    await a.evaluate(async n => { await globalThis.channelPage.send(n) }, bytes)
    return await within(patience(bytes), 'a bare transfer', receiving)
  }
  const young = await run(size) // the first 1.5 s or so of a connection are slow
  await forget(a)
  await forget(b)
  const cpu = await profile.cpu()
  const bytesPerSecond = await run(size)
  const used = await profile.cpu() - cpu
  const tasks = [...await longTasks(a), ...await longTasks(b)]
  await Promise.all([a.close(), b.close()])
  return { ...transferOf(size, 0, size / bytesPerSecond * 1000, used, tasks), young: young / 1e6 }
}

async function transferStock(bench: Bench, profile: Profile, url: string, size: number): Promise<Transfer> {
  const tracker = new URL('announce', url).href.replace(/^http/, 'ws')
  const [a, b] = [await openPage(profile, bench, 'webtorrent', '127.0.0.1'), await openPage(profile, bench, 'webtorrent', 'localhost')]
  const magnet = await a.evaluate(async ([bytes, announce]) => await globalThis.webtorrentPage.seed(bytes, announce), [size, tracker] as const)
  await forget(a)
  const cpu = await profile.cpu()
  const { begin, end, before } = await within(patience(size), 'a stock transfer', b.evaluate(async link => await globalThis.webtorrentPage.get(link), magnet))
  const used = await profile.cpu() - cpu
  const tasks = [...await longTasks(a), ...await longTasks(b, begin)]
  await Promise.all([a.close(), b.close()])
  return transferOf(size, before, end - begin, used, tasks)
}

function transferOf(size: number, before: number, ms: number, cpu: number, tasks: readonly number[]): Transfer {
  return { rate: (size - before) / 1e3 / ms, perCpu: size / 1e6 / cpu, longTasks: tasks.length, longest: Math.max(0, ...tasks) }
}

async function openPage(profile: Profile, bench: Bench, name: string, site: Site): Promise<Page> {
  const page = await profile.context.newPage()
  await page.goto(bench.pages.url(name, site))
  await page.waitForFunction(key => key in globalThis, `${name}Page`)
  return page
}

async function forget(page: Page): Promise<void> {
  await page.evaluate(() => { globalThis.probe.longTasks.length = 0 })
}

/** Durations of the long tasks since `from`, in ms. */
async function longTasks(page: Page, from = 0): Promise<readonly number[]> {
  return await page.evaluate(begin => globalThis.probe.longTasks.filter(({ start }) => start >= begin).map(({ duration }) => duration), from)
}
