import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { compose } from './compose.ts'
import { faults, faultsOf } from './faults.ts'
import { simulateKeepers } from './keepers/index.ts'
import { leastPeriod, usualPeriod } from './keepers/settings.ts'
import { table } from './report.ts'
import { run } from './run.ts'
import { networks, type NetworkName, type Scenario } from './scenario.ts'
import { scenarios } from './scenarios/index.ts'
import type { Settings } from './keepers/settings.ts'
import type { Result } from './watch/result.ts'

const usage = `npm run sim -- [--peers N] [--hours H] [--seed S] [--seeds N] [--faults LIST] [--network NAME] [--voters N] [--json FILE]
npm run sim -- --faults keepers [--peers N] [--hours H] [--seed S] [--seeds N] [--period BLOCKS] [--json FILE]
npm run sim -- --scenario NAME [--seed S] [--seeds N] [--json FILE]
faults: ${faults.join(', ')}, all, none; keepers, which stands alone
networks: ${Object.keys(networks).join(', ')}
scenarios: ${scenarios.map(({ name }) => name).join(', ')}`

/** Simulates networks and prints what came of each; 1 where an invariant was broken. */
export async function main(args: string[]): Promise<number> {
  let options: Options
  try { options = readOptions(args) } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 1
  }
  if (options.keepers !== null) return await simulateKeepers(options.keepers, options)
  const results: Result[] = []
  for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
    let told = 0
    const result = await run(options.scenario(seed), seed, (part, stage) => {
      const seconds = performance.now() / 1000
      if (seconds - told < 15 || !options.loud) return
      told = seconds
      console.error(`${(100 * part).toFixed(1)} % after ${seconds.toFixed(0)} s: ${stage.world.blocks} blocks, ${stage.timeline.happened} events, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`)
    })
    results.push(result)
    console.log(table(result))
  }
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(results, null, 2)}\n`)
  const failed = results.filter(({ broken }) => broken.length > 0)
  console.log(`${results.length} runs, ${failed.length} with broken invariants${failed.length === 0 ? '' : `: seeds ${failed.map(({ seed }) => seed).join(', ')}`}`)
  return failed.length === 0 ? 0 : 1
}

interface Options { readonly keepers: Omit<Settings, 'seed'> | null, readonly scenario: (seed: number) => Scenario, readonly seed: number, readonly seeds: number, readonly json: string | undefined, readonly loud: boolean }

function readOptions(args: string[]): Options {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ args, options: { peers: text, hours: text, seed: text, seeds: text, faults: text, network: text, voters: text, scenario: text, period: text, json: text } })
  const shared = { keepers: null, seed: whole('--seed', values.seed ?? '1'), seeds: whole('--seeds', values.seeds ?? '1'), json: values.json, loud: true }
  if (values.scenario !== undefined) {
    const scenario = scenarios.find(({ name }) => name === values.scenario)
    if (scenario === undefined) throw new Error(`no scenario is called ${values.scenario}`)
    return { ...shared, scenario: () => scenario }
  }
  const [peers, hours] = [whole('--peers', values.peers ?? '30'), Number(values.hours ?? '12')]
  if (peers < 1) throw new Error('--peers takes at least 1')
  if (!(hours > 0 && hours <= 10_000)) throw new Error('--hours takes a number of hours')
  if (values.faults === 'keepers') {
    const period = whole('--period', values.period ?? String(usualPeriod))
    if (peers < 20) throw new Error('--peers takes at least 20 of keepers and owners')
    if (period < leastPeriod) throw new Error(`--period takes at least ${leastPeriod} blocks: a day is a seventh of it, and an evening a quarter of that`)
    return { ...shared, keepers: { peers, hours, period }, scenario: () => { throw new Error('keepers have no scenario') } }
  }
  if (values.period !== undefined) throw new Error('--period is for --faults keepers')
  const network = (values.network ?? 'main') as NetworkName
  if (!Object.hasOwn(networks, network)) throw new Error(`no network is called ${network}`)
  const wanted = faultsOf(values.faults ?? 'none')
  return { ...shared, scenario: seed => compose({ peers, hours, seed, faults: wanted, network, ...values.voters === undefined ? {} : { voters: whole('--voters', values.voters) } }) }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number`)
  return Number(text)
}
