import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { become, coinsFor, knownPerson, type Known } from '../support/known-people.ts'
import type { App } from '../support/on-ledger.ts'
import { networkFile } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'
import { memoryGrowth, openProfile, watchMemory, type Profile } from './support/profile.ts'
import { samplesIn, writeRecording } from './support/recording-file.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const sound = { rate: 96_000, channels: 2, bits: 24 } as const
/** What any recording may take, however long, MB: the same as `media/flac`. What waits to be collected is never the same, so a ratio of two lengths says little. */
const mostMemory = 256

/** A recording of 2 GiB, published as music in the app and saved as WAV again: memory beside that of shorter ones, time beside reading and hashing it. */
export const mediaLong: Benchmark = {
  id: 'media/flac-2g',
  about: 'a WAV of 2 GiB published as music and saved as WAV again, in the app; memory beside shorter ones',
  byName: true, // 10 GB of disk
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 2 ** 31
    const publisher = await knownPerson('somebody with a long recording')
    const relay = await startRelay({ args: ['--network', await networkFile(bench.scratch, { blockTime: 5, rescue: 30, allocations: coinsFor([publisher], 20) })] })
    try {
      const runs: Run[] = []
      for (const bytes of [size / 8, size / 4, size]) runs.push(await measure(bench, relay.url, publisher, bytes))
      const [short, middle, long] = runs as [Run, Run, Run]
      return [...memoryRows(short, middle, long), ...timeRows(short, long)]
    } finally {
      await relay.stop()
    }
  },
}

interface Run {
  readonly bytes: number
  readonly peaks: ReadonlyMap<string, number>
  /** Seconds of the recording, of making and placing what is published, of converting it back, and of reading and hashing the recording alone. */
  readonly recorded: number
  readonly publishing: number
  readonly exporting: number
  readonly hashing: number
}

/** In a browser of its own, so that nothing is left of an earlier one. */
async function measure(bench: Bench, url: string, publisher: Known, bytes: number): Promise<Run> {
  const folder = await mkdtemp(join(bench.scratch, 'long-'))
  const profile = await openProfile(bench.scratch)
  try {
    const path = join(folder, 'Long.wav')
    const { size, seconds, samples } = await writeRecording(path, bytes, sound)
    const patience = 120 + size / 2e6
    const hashing = await within(patience, 'reading and hashing', hashed(bench, profile, path, size))
    const page = await appOf(profile, url, publisher)
    const { peaks: published, ended } = await watchMemory(profile, async () => await page.evaluate(() => document.querySelector<App>('holdfast-app')!.dataset['stage'] ?? ''))
    let publishing = 0, exporting = 0
    try {
      publishing = await within(patience, 'publishing', publish(page, path, patience))
    } finally { await ended() }
    await page.reload() // what publishing leaves to be collected is not what saving takes
    await page.waitForTimeout(5000)
    const peaks = new Map(published)
    const saving = await memoryGrowth(profile, async () => { exporting = await within(patience, 'a WAV of it', exportWav(page, patience, samples)) })
    if (saving !== null) peaks.set('saving', saving)
    bench.log(`  ${mib(size)}: published in ${publishing.toFixed(1)} s, saved in ${exporting.toFixed(1)} s, read and hashed in ${hashing.toFixed(1)} s; ${[...peaks].map(([stage, peak]) => `${stage} +${peak.toFixed(0)} MB`).join(', ')}`)
    return { bytes: size, peaks, recorded: seconds, publishing, exporting, hashing }
  } finally {
    await profile.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Seconds for reading the file and for its SHA-256, one after the other, in a worker. */
async function hashed({ pages }: Bench, { context }: Profile, path: string, size: number): Promise<number> {
  const page = await context.newPage()
  await page.goto(pages.url('ingest'))
  await page.waitForFunction(() => 'ingestPage' in globalThis)
  await page.locator('input').setInputFiles(path)
  const ms = await page.evaluate(async bytes => await globalThis.ingestPage.stage('read', bytes) + await globalThis.ingestPage.stage('sha256', bytes), size)
  await page.close()
  return ms / 1000
}

/** The app of somebody who has coins, at Share and idle; how far it is stands in `data-stage`. */
async function appOf({ context }: Profile, url: string, publisher: Known): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${url}#/share`)
  await become(page, publisher)
  await page.waitForFunction(() => document.querySelector<App>('holdfast-app')?.peer.state.account?.balance === 20, undefined, { timeout: 90_000 })
  await page.evaluate(() => {
    const app = document.querySelector<App>('holdfast-app')!
    app.peer.subscribe(({ jobs: [job] }) => { app.dataset['stage'] = job?.publish?.stage ?? '' })
  })
  await page.waitForTimeout(5000) // what the start leaves is collected
  return page
}

async function publish(page: Page, path: string, patience: number): Promise<number> {
  const begun = performance.now()
  await page.getByLabel('Files to share').setInputFiles(path)
  await page.getByRole('radio', { name: 'Publish', exact: true }).check()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.waitForURL(/#\/upload\/[0-9a-f]{64}\/T/, { timeout: 1000 * patience })
  return (performance.now() - begun) / 1000
}

/** Saves it as WAV and compares the samples with those that were published; seconds until all of it was saved. */
async function exportWav(page: Page, patience: number, samples: string): Promise<number> {
  await page.getByRole('button', { name: 'Save…', exact: true }).click({ timeout: 120_000 })
  await page.getByRole('radio', { name: 'WAV', exact: true }).check()
  const begun = performance.now()
  const waiting = page.waitForEvent('download', { timeout: 1000 * patience })
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  const download = await waiting
  const path = await download.path()
  const seconds = (performance.now() - begun) / 1000
  if (await samplesIn(path) !== samples) throw new Error('what was saved has other samples than what was published')
  await download.delete()
  return seconds
}

function memoryRows(short: Run, middle: Run, long: Run): readonly Row[] {
  const most = ({ peaks }: Run, stages: readonly string[]) => Math.max(...stages.map(stage => peaks.get(stage) ?? 0))
  const row = (what: string, stages: readonly string[]): Row => ({
    what: `${what} ${mib(long.bytes)}: memory above idle`, against: `the same, ${mib(short.bytes)}`, unit: 'MB', goal: { of: 'ours', is: 'at most', value: mostMemory },
    samples: [[most(long, stages), most(short, stages)]],
    notes: [`most of all processes of the browser, sampled twice a second; ${mib(middle.bytes)}: ${most(middle, stages).toFixed(0)} MB; ${stages.map(stage => `${stage} ${(long.peaks.get(stage) ?? 0).toFixed(0)}`).join(', ')}`],
  })
  return [row('publishing', ['receiving', 'transcoding', 'encrypting', 'seeding', 'complete']), row('saving as WAV', ['saving'])]
}

function timeRows(short: Run, long: Run): readonly Row[] {
  const rate = ({ bytes }: Run, seconds: number) => bytes / 1e6 / seconds
  const row = (what: string, of: 'publishing' | 'exporting'): Row => ({
    what, against: 'reading and hashing it alone', unit: 'MB/s', goal: null, samples: [[rate(long, long[of]), rate(long, long.hashing)]],
    notes: [`${(long.recorded / long[of]).toFixed(0)} times as fast as it plays; ${mib(short.bytes)}: ${rate(short, short[of]).toFixed(1)} MB/s`],
  })
  return [row(`publishing ${mib(long.bytes)} of WAV, 24 bits at 96 kHz`, 'publishing'), row('the same, saved as WAV: its samples are equal, or this fails', 'exporting')]
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`
}
