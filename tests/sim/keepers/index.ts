import { writeFile } from 'node:fs/promises'
import { table } from './report.ts'
import type { Result } from './result.ts'
import { runKeepers } from './run.ts'
import type { Settings } from './settings.ts'

/** Simulates keepers, prints what came of each run; 1 where something did not hold. */
export async function simulateKeepers(settings: Omit<Settings, 'seed'>, { seed: first, seeds, json }: { readonly seed: number, readonly seeds: number, readonly json: string | undefined }): Promise<number> {
  const results: Result[] = []
  for (let seed = first; seed < first + seeds; seed++) {
    let told = 0
    const result = await runKeepers({ ...settings, seed }, (part, { number, counts, lost, view }) => {
      const seconds = performance.now() / 1000
      if (seconds - told < 15) return
      told = seconds
      console.error(`${(100 * part).toFixed(1)} % after ${seconds.toFixed(0)} s: block ${number}, ${view.keepers.size} keepers, ${view.uploads.size} uploads, ${counts.forks} branches left, ${lost.size} files lost, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`)
    })
    results.push(result)
    console.log(table(result))
  }
  if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`)
  const failed = results.filter(({ broken }) => broken.length > 0)
  console.log(`${results.length} runs, ${failed.length} in which something did not hold${failed.length === 0 ? '' : `: seeds ${failed.map(({ seed }) => seed).join(', ')}`}`)
  return failed.length === 0 ? 0 : 1
}
