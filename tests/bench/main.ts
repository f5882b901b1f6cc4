import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { appLoad } from './app-load.ts'
import { audit } from './audit.ts'
import { discoverIndex } from './discover-index.ts'
import { hamtCommit } from './hamt-commit.ts'
import { hamtProof } from './hamt-proof.ts'
import { hamtUpdate } from './hamt-update.ts'
import { hashNodes } from './hash-nodes.ts'
import { ledgerOpen } from './ledger-open.ts'
import { ledgerBlock, ledgerWeek } from './ledger.ts'
import { mediaFlac } from './media-flac.ts'
import { mediaLong } from './media-flac-2g.ts'
import { netConnect } from './net-connect.ts'
import { netRpc } from './net-rpc.ts'
import { recordChain } from './record-chain.ts'
import { reconcileDiff } from './reconcile-diff.ts'
import { records } from './records.ts'
import { relayTabs } from './relay-tabs.ts'
import { shareIngest } from './share-ingest.ts'
import { shareTdf } from './share-tdf.ts'
import { host } from './support/host.ts'
import { servePages } from './support/pages.ts'
import { result, table } from './support/report.ts'
import { parseSize } from './support/size.ts'
import { swarmFirstByte } from './swarm-first-byte.ts'
import { swarmThroughput } from './swarm-throughput.ts'
import type { Bench, Benchmark, Result } from './types.ts'

const benchmarks: readonly Benchmark[] = [appLoad, audit, discoverIndex, hamtCommit, hamtProof, hamtUpdate, hashNodes, ledgerBlock, ledgerOpen, ledgerWeek, mediaFlac, mediaLong, netConnect, netRpc, reconcileDiff, recordChain, records, relayTabs, shareIngest, shareTdf, swarmFirstByte, swarmThroughput]

const usage = `npm run bench -- [ID ..] [--runs N] [--size BYTES] [--json FILE]
${benchmarks.map(({ id, about }) => `  ${id.padEnd(18)}${about}`).join('\n')}`

/** Runs the benchmarks named (or all but those that run only so) and prints a table; 1 where one could not be measured. A goal missed is a figure, not a failure. */
export async function main(args: string[]): Promise<number> {
  let wanted: readonly Benchmark[], runs: number | null, size: number | null, json: string | undefined
  try {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'string' }, runs: { type: 'string' }, size: { type: 'string' } } })
    json = values.json
    runs = values.runs === undefined ? null : parseSize(values.runs)
    size = values.size === undefined ? null : parseSize(values.size)
    wanted = positionals.length === 0 ? benchmarks.filter(({ byName }) => byName !== true) : positionals.map(id => {
      const found = benchmarks.find(benchmark => benchmark.id === id)
      if (found === undefined) throw new Error(`no benchmark is called ${id}`)
      return found
    })
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 1
  }

  const scratch = await mkdtemp(join(tmpdir(), 'holdfast-bench-'))
  const results: Result[] = []
  let failed = 0
  try {
    const [here, pages] = [await host(), await servePages(scratch)]
    const bench: Bench = { host: here, pages, runs, size, scratch, log: line => { console.error(line) } }
    for (const { id, run } of wanted) {
      console.error(`${id} ..`)
      const before = here.load()
      try {
        const rows = await run(bench)
        const load = [before, here.load()] as const
        results.push(...rows.map(row => result(id, row, load, here.machine)))
      } catch (error) {
        failed++
        console.error(`${id} could not be measured:`, error)
      }
    }
    await pages.stop()
    if (results.length > 0) console.log(table(results))
    if (json !== undefined) await writeFile(json, `${JSON.stringify(results, null, 2)}\n`)
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
  return failed === 0 ? 0 : 1
}
