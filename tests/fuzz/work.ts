import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { fuzz } from './engine.ts'
import type { Failure, Tally, Target } from './types.ts'

/** What a worker is to do. `inputs`: at most so many. */
export interface Task {
  readonly target: string
  readonly seed: number
  readonly from: number
  readonly ms: number
  readonly inputs: number
  /** Where the input under way lies, so that it outlives the worker: see `Slot`. */
  readonly slot: SharedArrayBuffer
}

export type Message = { readonly kind: 'ready' } | { readonly kind: 'tally', readonly tally: Tally } | { readonly kind: 'failure', readonly failure: Failure } | { readonly kind: 'done' }

/** The input under way: turns counted, its number and its length, then its bytes. */
export class Slot {
  static readonly headBytes = 12
  private readonly head: Int32Array
  private readonly bytes: Uint8Array

  constructor(readonly buffer = new SharedArrayBuffer(Slot.headBytes + 8 * 1024 * 1024)) {
    this.head = new Int32Array(buffer, 0, 3)
    this.bytes = new Uint8Array(buffer, Slot.headBytes)
  }

  set(number: number, input: Uint8Array): void {
    this.bytes.set(input)
    this.head[1] = number
    this.head[2] = input.length
    Atomics.add(this.head, 0, 1)
  }

  /** Counts the inputs begun. */
  get turn(): number { return Atomics.load(this.head, 0) }
  get number(): number { return this.head[1] ?? 0 }
  get input(): Uint8Array { return this.bytes.slice(0, this.head[2]) }
}

const tellMs = 200
/** What may be held in the end more than after the first inputs, in bytes: caches, compiled code. */
const leakBytes = 32 * 1024 * 1024
const warmUp = 200

/** Fuzzes one of `targets` on this thread, telling the parent what comes out as it goes. */
export async function work(targets: readonly Target[], { target: name, seed, from, ms, inputs, slot: buffer }: Task): Promise<void> {
  const target = targets.find(each => each.name === name)
  if (target === undefined) throw new Error(`no target is called ${name}`)
  const tell = (message: Message): void => { parentPort?.postMessage(message) }
  const slot = new Slot(buffer)
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const held = (): number => {
    collect()
    const { heapUsed, external } = process.memoryUsage()
    return heapUsed + external
  }
  tell({ kind: 'ready' })
  const end = performance.now() + ms
  let [told, before, last] = [performance.now(), 0, new Uint8Array() as Uint8Array]
  const tally = await fuzz(target, {
    seed, from,
    more(sofar) {
      if (sofar.inputs === warmUp) before = held()
      const now = performance.now()
      if (now - told > tellMs) {
        told = now
        tell({ kind: 'tally', tally: sofar })
      }
      return now < end && sofar.inputs < inputs
    },
    before(number, input) {
      last = input
      slot.set(number, input)
    },
    onFailure: failure => { tell({ kind: 'failure', failure }) },
  })
  const grown = before === 0 ? 0 : held() - before
  if (grown > leakBytes) tell({ kind: 'failure', failure: { kind: 'leak', target: name, number: from + tally.inputs - 1, message: `${String(Math.round(grown / 2 ** 20))} MiB more are held than after ${String(warmUp)} inputs`, input: last } })
  tell({ kind: 'tally', tally })
  tell({ kind: 'done' })
}
