import { join } from 'node:path'
import type { Encoder } from './pages/flac.worker.ts'
import { memoryGrowth, openProfile } from './support/profile.ts'
import { writeRecording } from './support/recording-file.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** What a recording may add to the memory of the browser, however long it is: the core, which has 32 MB and its program, and what waits to be collected. */
const flatMegabytes = 256

const sound = { rate: 44_100, channels: 2, bits: 16 } as const

/** A recording into FLAC, as the app does it and as the package of ffmpeg shows it. */
export const mediaFlac: Benchmark = {
  id: 'media/flac',
  about: 'a WAV into FLAC in a worker, against ffmpeg.wasm as its users wire it; memory',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 50e6
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('flac'))
      await page.waitForFunction(() => 'flacPage' in globalThis)
      const part = Math.ceil(size / 2)
      const recording = (bytes: number) => join(bench.scratch, `${String(bytes)}.wav`) // on the disk, as people have them: what a page makes up lies in memory
      for (const bytes of [size, 2 * size, part]) await writeRecording(recording(bytes), bytes, sound)
      const cids = new Map<number, string>()
      const rate = async (encoder: Encoder, bytes: number): Promise<number> => {
        await page.locator('input').setInputFiles(recording(bytes))
        const { ms, cid } = await within(120 + bytes / 1e6, encoder, page.evaluate(async name => await globalThis.flacPage.encode(name), encoder))
        if ((cids.get(bytes) ?? cid) !== cid) throw new Error('the two made different FLACs')
        cids.set(bytes, cid)
        return bytes / 1e3 / ms
      }
      const samples: [number, number][] = []
      for (let run = 0; run < (bench.runs ?? 3); run++) {
        const [ours, theirs] = [await rate('ours', size), await rate('package', size)]
        samples.push([ours, theirs])
        bench.log(`  ours ${ours.toFixed(1)} MB/s, the package ${theirs.toFixed(1)}`)
      }
      const grown = async (encoder: Encoder, bytes: number) => await memoryGrowth(profile, async () => { await rate(encoder, bytes) })
      const [most, least, theirs] = [await grown('ours', 2 * size), await grown('ours', part), await grown('package', 2 * size)]
      const what = `${(size / 1e6).toFixed(0)} MB of WAV, 16 bits`
      return [
        { what, against: '@ffmpeg/ffmpeg: writeFile, exec, readFile', unit: 'MB/s', goal: { of: 'ratio', is: 'at least', value: 1 }, samples, notes: ['both make the same bytes, or this fails; neither compiles the core meanwhile'] },
        ...most === null || least === null ? [] : [{
          what: `memory above idle, ${(2 * size / 1e6).toFixed(0)} MB`, against: `the same, ${(size / 2e6).toFixed(0)} MB`, unit: 'MB', goal: { of: 'ours', is: 'at most', value: flatMegabytes } as const,
          samples: [[most, least] as const], notes: [`most of all processes of the browser, sampled twice a second; the package takes ${theirs?.toFixed(0) ?? '?'} MB for the former`],
        }],
      ]
    } finally {
      await profile.close()
    }
  },
}
