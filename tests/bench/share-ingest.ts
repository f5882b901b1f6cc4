import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { noise } from '../support/bytes.ts'
import { text } from '../support/text.ts'
import type { Stage } from './pages/stages.worker.ts'
import { memoryGrowth, openProfile, type Profile } from './support/profile.ts'
import { median } from './support/stats.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

const fileBytes = 50e6
const textBytes = 50e6
/** What a run may add to the memory of the browser, however large the files: buffers, and what their reading leaves to be collected. */
const flatMegabytes = 128

/** Files into an archive that is hashed, cut into pieces and on disk, against the slowest of its stages alone. */
export const shareIngest: Benchmark = {
  id: 'share/ingest',
  about: 'files to a hashed, pieced, stored archive, against its slowest stage alone; memory',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 200e6
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('ingest'))
      await page.waitForFunction(() => 'ingestPage' in globalThis)
      const runs = bench.runs ?? 5
      const plain = await measure({ bench, profile, page, runs, size, fill: noise, stages: ['read', 'crc32', 'stored', 'sha256', 'sha1', 'write'] })
      const packed = await measure({ bench, profile, page, runs, size: textBytes, fill: text, stages: ['read', 'crc32', 'deflate', 'sha256', 'sha1', 'write'] })
      const small = await measure({ bench, profile, page, runs: Math.min(runs, 3), size: Math.ceil(size / 4), fill: noise, stages: [] })
      const goal = { of: 'ratio', is: 'at least', value: 0.8 } as const
      return [
        { what: `${megabytes(size)} that do not compress`, against: `${plain.slowest} alone`, unit: 'MB/s', goal, samples: plain.samples, notes: [plain.words] },
        { what: `${megabytes(textBytes)} of text`, against: `${packed.slowest} alone`, unit: 'MB/s', goal, samples: packed.samples, notes: [packed.words] },
        ...plain.growth.length === 0 ? [] : [{
          what: `memory above idle, ${megabytes(size)}`, against: `the same, ${megabytes(Math.ceil(size / 4))}`, unit: 'MB', goal: { of: 'ours', is: 'at most', value: flatMegabytes } as const,
          samples: [[median(plain.growth), median(small.growth)] as const],
          notes: ['most of all processes of the browser, sampled twice a second; medians'],
        }],
      ]
    } finally {
      await profile.close()
    }
  },
}

interface Work {
  readonly bench: Bench
  readonly profile: Profile
  readonly page: Page
  readonly runs: number
  readonly size: number
  readonly fill: (length: number, seed: string) => Buffer
  readonly stages: readonly Stage[]
}

interface Measured {
  /** MB of input a second: the pipeline, the stage that was slowest in the median. */
  readonly samples: readonly (readonly [number, number])[]
  readonly slowest: string
  readonly growth: readonly number[]
  readonly words: string
}

async function measure({ bench, profile, page, runs, size, fill, stages }: Work): Promise<Measured> {
  const folder = join(bench.scratch, 'files')
  await page.locator('input').setInputFiles(await writeFiles(folder, size, fill))
  const times: number[] = [], growth: number[] = []
  const patience = 60 + size / 1e6 // seconds: a minute, and as long as 1 MB/s takes
  const alone = new Map<Stage, number[]>(stages.map(stage => [stage, []]))
  for (let run = 0; run < runs; run++) {
    let packed = { ms: 0, size: 0 }
    const grown = await memoryGrowth(profile, async () => { packed = await within(patience, 'an archive', page.evaluate(async () => await globalThis.ingestPage.pack())) })
    if (grown !== null) growth.push(grown)
    times.push(packed.ms)
    await page.evaluate(async () => { await globalThis.ingestPage.clear() })
    for (const [stage, list] of alone) {
      const through = stage === 'sha256' || stage === 'sha1' || stage === 'write' ? packed.size : size
      list.push(await within(patience, stage, page.evaluate(async ([name, bytes]) => await globalThis.ingestPage.stage(name, bytes), [stage, through] as const)))
    }
    bench.log(`  ${megabytes(size)}: ${(size / 1e3 / packed.ms).toFixed(0)} MB/s${stages.length === 0 ? '' : '; alone '}${[...alone].map(([stage, list]) => `${stage} ${(size / 1e3 / (list.at(-1) ?? 0)).toFixed(0)}`).join(', ')}; memory +${grown?.toFixed(0) ?? '?'} MB`)
  }
  await rm(folder, { recursive: true })
  const rate = (ms: number) => size / 1e3 / ms
  const [slowest, slow] = [...alone].toSorted(([, a], [, b]) => median(b) - median(a))[0] ?? ['', times]
  return {
    samples: times.map((ms, i) => [rate(ms), rate(slow[i] ?? Number.NaN)] as const),
    slowest, growth,
    words: `each stage alone, in MB/s of input: ${[...alone].map(([stage, list]) => `${stage} ${rate(median(list)).toFixed(0)}`).join(', ')}; one after the other ${rate([...alone.values()].reduce((sum, list) => sum + median(list), 0)).toFixed(0)}`,
  }
}

/** Files of 50 MB on disk, so that reading them is a stage; returns their paths. */
async function writeFiles(folder: string, size: number, fill: Work['fill']): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (let done = 0; done < size; done += fileBytes) {
    const path = join(folder, `${String(paths.length)}.bin`)
    const file = await open(path, 'w')
    await file.writeFile(fill(Math.min(fileBytes, size - done), path))
    await file.close()
    paths.push(path)
  }
  return paths
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`
}
