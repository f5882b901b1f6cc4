import { randomUUID } from 'node:crypto'
import { noise } from '../support/bytes.ts'
import { personIn } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'
import type { Site } from './support/pages.ts'
import { installProbe } from './support/probe.ts'
import { openProfile, type Profile } from './support/profile.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** The shortest piece of ours: from here on at least one is whole and right. */
const pieceBytes = 256 * 1024
const seconds = 60

/** Milliseconds since the page of whoever opened the link began to load. */
interface Times { readonly first: number, readonly end: number }

/** A link is opened in a browser that was never here: when is the first piece here and right, when all of it? */
export const swarmFirstByte: Benchmark = {
  id: 'swarm/first-byte',
  about: 'from opening a link to the first verified piece, and to 10 MB, against stock WebTorrent on a page',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 10e6
    const ours: Times[] = [], again: Times[] = [], stock: Times[] = []
    const relay = await startRelay()
    try {
      for (let run = 0; run < (bench.runs ?? 7); run++) {
        const profile = await openProfile(bench.scratch)
        try {
          await profile.context.addInitScript(installProbe)
          ours.push(await openOurs(profile, relay.url, size))
          again.push(await openOurs(profile, relay.url, size))
          stock.push(await openStock(bench, profile, relay.url, size))
        } finally { await profile.close() }
        bench.log(`  ours ${words(ours)}; again ${words(again)}; WebTorrent ${words(stock)}`)
      }
    } finally { await relay.stop() }
    const row = (what: string, of: readonly Times[], key: keyof Times): Row => ({
      what, against: 'stock WebTorrent on a page of its own', unit: 'ms', goal: null, samples: of.map((times, i) => [times[key], stock[i]?.[key] ?? Number.NaN] as const),
    })
    const all = `${(size / 1e6).toFixed(0)} MB complete`
    return [
      { ...row('first verified piece', ours, 'first'), notes: ['ours: 256 KiB, a person who presses Get and Agree at once; WebTorrent: its own, shorter pieces, no question'] },
      { ...row(all, ours, 'end'), notes: ['ours: compared with the content id, listed and stored, ready to be saved; WebTorrent: all pieces'] },
      row('first verified piece, second visit', again, 'first'),
      row(`${all}, second visit`, again, 'end'),
    ]
  },
}

function words(times: readonly Times[]): string {
  const last = times.at(-1)
  return last === undefined ? '' : `${last.first.toFixed(0)} / ${last.end.toFixed(0)} ms`
}

async function openOurs(profile: Profile, url: string, size: number): Promise<Times> {
  const at = (site: Site) => url.replace(/(?<=\/\/)[^:/]+/, site)
  const ada = await personIn(profile.context, at('127.0.0.1'))
  const link = await ada.share([{ name: 'noise.bin', bytes: noise(size, randomUUID()) }])
  const page = await profile.context.newPage()
  await page.goto(at('localhost') + link.slice(link.indexOf('#')), { waitUntil: 'commit' })
  const times = await within(seconds, 'our link', page.evaluate(async least => {
    const { probe } = globalThis
    const button = (name: RegExp) => probe.all('button').find(each => name.test(each.getAttribute('aria-label') ?? each.textContent.trim()) && !(each as HTMLButtonElement).disabled) as HTMLButtonElement | undefined
    const press = (name: RegExp) => {
      const found = button(name)
      found?.click()
      return found === undefined ? null : true
    }
    const get = probe.until(() => press(/^Get$/))
    const first = probe.until(() => {
      press(/^Agree$/)
      const bar = probe.all('progress')[0] as HTMLProgressElement | undefined
      return (bar?.value ?? 0) >= least || probe.all('.save button').length > 0 ? performance.now() : null
    })
    await get
    return { first: await first, end: await probe.until(() => probe.all('.save button').length === 0 ? null : performance.now()) }
  }, pieceBytes))
  await page.close({ runBeforeUnload: false })
  await ada.page.close({ runBeforeUnload: false })
  return times
}

/** The way of instant.io: a page with the magnet link, which it adds as soon as it has loaded. */
async function openStock(bench: Bench, profile: Profile, url: string, size: number): Promise<Times> {
  const tracker = new URL('announce', url).href.replace(/^http/, 'ws')
  const [a, b] = [await profile.context.newPage(), await profile.context.newPage()]
  await a.goto(bench.pages.url('webtorrent', '127.0.0.1'))
  await a.waitForFunction(() => 'webtorrentPage' in globalThis)
  const magnet = await a.evaluate(async ([bytes, announce]) => await globalThis.webtorrentPage.seed(bytes, announce), [size, tracker] as const)
  await b.goto(bench.pages.url('webtorrent', 'localhost'))
  await b.waitForFunction(() => 'webtorrentPage' in globalThis)
  const { verified, end } = await within(seconds, 'a stock link', b.evaluate(async link => await globalThis.webtorrentPage.get(link), magnet))
  await Promise.all([a.close(), b.close()])
  return { first: verified, end }
}
