import { getHeapStatistics } from 'node:v8'
import { HoldfastError, errorCodes } from '../../src/base/index.ts'
import { rules } from '../../src/ledger/index.ts'
import { recordFaults } from '../../src/records/index.ts'
import { Chance } from './chance.ts'
import { mutate } from './mutate.ts'
import type { Failure, Tally, Target } from './types.ts'

/** An input of up to 64 KiB should be done within this, a longer one within as much more as it is longer. */
const slowMs = 50
const sizeClass = 64 * 1024
/** Bytes outside the heap that one input may ask for, which a worker's limits do not count: a length that lies must not be believed. */
const mostBytes = 128 * 2 ** 20
/** No input may take this long. */
const hangMs = 1000
const defaultMaxBytes = 64 * 1024

const verdicts: ReadonlySet<string> = new Set(['accepted', 'ignored', ...errorCodes.filter(code => code !== 'internal'), ...rules, ...recordFaults])
const prototypes = [Object.prototype, Array.prototype, Function.prototype]
const cleanKeys = prototypes.map(keysOf)

export interface Run {
  readonly seed: number
  /** The number of the first input. */
  readonly from: number
  /** Asked before each input: whether there is to be another. */
  more(tally: Tally): boolean
  /** Told of each input before it is run. */
  before?(number: number, input: Uint8Array): void
  onFailure(failure: Failure): void
}

/** Runs `target` on input after input; each follows from the seed, the target's name and its number alone. */
export async function fuzz(target: Target, { seed, from, more, before = () => {}, onFailure }: Run): Promise<Tally> {
  const inputs = await Inputs.of(target)
  const tally: Tally = { inputs: 0, accepted: 0, refused: {}, slow: 0, slowestMs: 0 }
  for (let number = from; more(tally); number++) {
    const input = await inputs.make(seed, number)
    before(number, input)
    let { verdict, ms, fault } = await judge(target, input)
    // Measured again: once may be the machine's fault, or that of a compiler that was at work.
    for (let again = fault === null ? 0 : 2; again < 2 && ms > allowedMs(input); again++) ms = Math.min(ms, (await judge(target, input)).ms)
    await turn()
    tally.inputs++
    tally.slowestMs = Math.max(tally.slowestMs, ms)
    if (verdict === 'accepted') tally.accepted++
    else if (verdict !== null) tally.refused[verdict] = (tally.refused[verdict] ?? 0) + 1
    if (ms > allowedMs(input)) tally.slow++
    fault ??= ms > hangMs ? { kind: 'hang', message: `took ${ms.toFixed(0)} ms` } : null
    if (fault !== null) onFailure({ ...fault, target: target.name, number, input })
  }
  return tally
}

/** The inputs of a target: its corpus as it is first, then what becomes of it. */
export class Inputs {
  private constructor(private readonly target: Target, private readonly corpus: readonly Uint8Array[]) {}

  static async of(target: Target): Promise<Inputs> {
    return new Inputs(target, await target.corpus())
  }

  async make(seed: number, number: number): Promise<Uint8Array> {
    const { corpus, target: { name, dictionary = [], maxBytes = defaultMaxBytes } } = this
    const friendly = corpus[number]
    if (friendly !== undefined) return friendly
    const chance = Chance.of(seed, name, number)
    const damage = (bytes: Uint8Array): Uint8Array => mutate(bytes, chance, { corpus, dictionary, maxBytes })
    const base = chance.pick(corpus)
    return (await this.target.vary?.(base, chance, damage) ?? damage(base)).subarray(0, maxBytes)
  }
}

/** What `target` makes of one input; `fault` where it is not an answer a decoder may give. */
export async function judge(target: Target, input: Uint8Array): Promise<{ readonly verdict: string | null, readonly ms: number, readonly fault: Pick<Failure, 'kind' | 'message'> | null }> {
  const copy = input.slice() // what a decoder does to its input is its own affair
  const before = getHeapStatistics().external_memory
  const begin = performance.now()
  let verdict: string | null = null
  let fault: Pick<Failure, 'kind' | 'message'> | null = null
  try {
    verdict = await target.run(copy)
  } catch (error) {
    if (error instanceof HoldfastError) verdict = error.code
    if (verdict === null || verdict === 'internal') fault = { kind: 'crash', message: error instanceof Error ? error.stack ?? error.message : String(error) }
  }
  const ms = performance.now() - begin
  if (fault === null && (verdict === null || !verdicts.has(verdict))) fault = { kind: 'crash', message: `not a verdict: ${String(verdict)}` }
  const bytes = getHeapStatistics().external_memory - before
  if (fault === null && bytes > mostBytes) fault = { kind: 'memory', message: `asked for ${String(Math.round(bytes / 2 ** 20))} MiB` }
  if (fault === null && prototypes.some((prototype, i) => keysOf(prototype) !== cleanKeys[i])) fault = { kind: 'crash', message: 'a built-in prototype was changed' }
  return { verdict, ms, fault }
}

/** Lets what the input left behind come to light, a rejection nobody waits for, before the next one is taken. */
async function turn(): Promise<void> {
  await new Promise(done => { setImmediate(done) })
}

function allowedMs(input: Uint8Array): number {
  return slowMs * Math.max(1, input.length / sizeClass)
}

function keysOf(prototype: object): string {
  return Reflect.ownKeys(prototype).map(String).join()
}
