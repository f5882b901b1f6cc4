import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { judge } from './engine.ts'
import { table } from './report.ts'
import { buildWorker, supervise, type Result } from './supervise.ts'
import { targets } from './targets/index.ts'
import type { Failure, Target } from './types.ts'

const usage = `npm run fuzz -- [--seconds N] [--seed S] [--target NAME] [--json FILE]
npm run fuzz -- --target NAME --input FILE    runs one input again
targets: ${targets.map(({ name }) => name).join(', ')}`

const folder = 'dist/fuzz'

/** Fuzzes every decoder, or one, and prints a table; 1 where anything crashed, hung, leaked or refused without a code. */
export async function main(args: string[]): Promise<number> {
  let options: Options
  try { options = readOptions(args) } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`)
    return 1
  }
  const { wanted, seconds, seed, input, json } = options
  if (input !== undefined) return await again(wanted, input)
  console.log(`seed ${String(seed)}, ${String(seconds)} s`)
  const [results, worker]: [Result[], string] = [[], await buildWorker('tests/fuzz/worker.ts')]
  for (const { name } of wanted) {
    const result = await supervise(worker, { target: name, seed, ms: seconds * 1000 / wanted.length, inputs: Infinity })
    results.push(result)
    for (const failure of result.failures) await keep(failure)
  }
  console.log(table(results))
  const failed = results.reduce((sum, { failures }) => sum + failures.length, 0)
  console.log(`${String(results.reduce((sum, { tally }) => sum + tally.inputs, 0))} inputs, ${String(failed)} crashes`)
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ seed, seconds, results: results.map(({ name, tally, failures }) => ({ name, ...tally, failures: failures.map(({ kind, number, message }) => ({ kind, number, message })) })) }, null, 2)}\n`)
  return failed === 0 ? 0 : 1
}

interface Options { readonly wanted: readonly Target[], readonly seconds: number, readonly seed: number, readonly input: string | undefined, readonly json: string | undefined }

function readOptions(args: string[]): Options {
  const { values: { seconds = '60', seed, target, input, json } } = parseArgs({ args, options: { seconds: { type: 'string' }, seed: { type: 'string' }, target: { type: 'string' }, input: { type: 'string' }, json: { type: 'string' } } })
  const wanted = targets.filter(({ name }) => target === undefined || name === target)
  if (wanted.length === 0) throw new Error(`no target is called ${String(target)}`)
  if (input !== undefined && target === undefined) throw new Error('--input needs --target')
  return { wanted, seconds: whole('--seconds', seconds), seed: seed === undefined ? Date.now() % 1_000_000 : whole('--seed', seed), input, json }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a whole number`)
  return Number(text)
}

/** Keeps the input of a failure, and says how to run it again. */
async function keep({ kind, target, number, message, input }: Failure): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = `${folder}/${target}-${createHash('sha256').update(input).digest('hex').slice(0, 12)}`
  await writeFile(path, input)
  console.error(`${kind} in ${target}, input ${String(number)}, ${String(input.length)} bytes: ${message}\n  npm run fuzz -- --target ${target} --input ${path}`)
}

async function again(wanted: readonly Target[], path: string): Promise<number> {
  const [target] = wanted
  if (target === undefined) return 1
  const { verdict, ms, fault } = await judge(target, new Uint8Array(await readFile(path)))
  console.log(`${target.name}: ${fault?.message ?? String(verdict)}, ${ms.toFixed(1)} ms`)
  return fault === null ? 0 : 1
}
