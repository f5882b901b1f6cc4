import type { Protector } from './pages/tdf.worker.ts'
import { memoryGrowth, openProfile } from './support/profile.ts'
import { within } from './support/within.ts'
import type { Bench, Benchmark, Row } from './types.ts'

/** The client is slow and keeps much: it gets less to do, and is measured by the second all the same. */
const clientShare = 4
/** What protecting may add to the memory of the browser, however much it is: a few segments, and what waits to be collected. */
const flatMegabytes = 128

/** Archives into protected ones, in a worker: against the cipher alone over the same segments, and against OpenTDF's client. */
export const shareTdf: Benchmark = {
  id: 'share/tdf',
  about: 'protecting bytes in a worker, against AES-GCM alone and against the OpenTDF client',
  async run(bench: Bench): Promise<readonly Row[]> {
    const size = bench.size ?? 200e6
    const profile = await openProfile(bench.scratch)
    try {
      const page = await profile.context.newPage()
      await page.goto(bench.pages.url('tdf'))
      await page.waitForFunction(() => 'tdfPage' in globalThis)
      const rate = async (protector: Protector, bytes: number): Promise<number> => {
        const ms = await within(60 + bytes / 1e6, protector, page.evaluate(async ([name, length]) => await globalThis.tdfPage.protect(name, length), [protector, bytes] as const))
        return bytes / 1e3 / ms
      }
      const cipher: [number, number][] = [], client: [number, number][] = []
      for (let run = 0; run < (bench.runs ?? 5); run++) {
        const [ours, alone, theirs] = [await rate('ours', size), await rate('cipher', size), await rate('client', Math.ceil(size / clientShare))]
        cipher.push([ours, alone])
        client.push([ours, theirs])
        bench.log(`  ours ${ours.toFixed(0)} MB/s, the cipher alone ${alone.toFixed(0)}, the OpenTDF client ${theirs.toFixed(1)}`)
      }
      const grown = async (bytes: number) => await memoryGrowth(profile, async () => { await rate('ours', bytes) })
      const [whole, part] = [await grown(size), await grown(Math.ceil(size / 4))]
      const what = `${(size / 1e6).toFixed(0)} MB in segments of 1 MiB`
      return [
        { what, against: 'WebCrypto AES-GCM alone, as many at once', unit: 'MB/s', goal: { of: 'ratio', is: 'at least', value: 0.8 }, samples: cipher },
        { what, against: '@opentdf/client, same segments', unit: 'MB/s', goal: { of: 'ratio', is: 'at least', value: 5 }, samples: client },
        ...whole === null || part === null ? [] : [{
          what: `memory above idle, ${(size / 1e6).toFixed(0)} MB`, against: `the same, ${(size / 4e6).toFixed(0)} MB`, unit: 'MB', goal: { of: 'ours', is: 'at most', value: flatMegabytes } as const,
          samples: [[whole, part] as const], notes: ['most of all processes of the browser, sampled twice a second; 32 MB of it are the bytes that are protected'],
        }],
      ]
    } finally {
      await profile.close()
    }
  },
}
