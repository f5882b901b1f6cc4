import { basename } from 'node:path'
import { Worker } from 'node:worker_threads'
import { build } from 'vite'
import { Slot, type Message, type Task } from './work.ts'
import type { Failure, Tally } from './types.ts'

/** A worker that has not begun by then never will. */
const beginMs = 60_000
/** A target that failed so often is left. */
const mostFailures = 5
/** When a worker is ended. */
export interface Guard {
  /** An input that is not done by then is a hang. Judged is what takes a second; this leaves room for a busy machine. */
  readonly giveUpMs: number
  /** What its heap may hold, in MiB. Buffers outside the heap are not counted by it; `engine.ts` and `work.ts` do. */
  readonly heapMb: number
}

const usual: Guard = { giveUpMs: 4000, heapMb: 512 }

export interface Result { readonly name: string, readonly tally: Tally, readonly failures: readonly Failure[] }

/** Compiles `entry`, which calls `work`, for `supervise`. Its path. */
export async function buildWorker(entry: string): Promise<string> {
  await build({ configFile: false, logLevel: 'warn', publicDir: false, build: { ssr: entry, outDir: 'dist/fuzz', emptyOutDir: false, target: 'node20' } })
  return `./dist/fuzz/${basename(entry, '.ts')}.js`
}

/** Fuzzes one target for `ms` in threads that run `worker`: one that crashes or hangs costs the input it was at, and the next goes on behind it. */
export async function supervise(worker: string, { ms, ...task }: Omit<Task, 'slot' | 'from'>, guard: Guard = usual): Promise<Result> {
  const failures: Failure[] = []
  const total: Tally = { inputs: 0, accepted: 0, refused: {}, slow: 0, slowestMs: 0 }
  let [from, left] = [0, ms]
  while (left > 0 && failures.length < mostFailures && total.inputs < task.inputs) {
    const { tally, failed, lastNumber, tookMs } = await one(worker, guard, { ...task, from, ms: left, inputs: task.inputs - total.inputs }, failure => { if (failures.length < mostFailures) failures.push(failure) })
    // What a worker that ended told last may be behind: the one at which it ended counts, too.
    add(total, failed ? { ...tally, inputs: lastNumber - from + 1 } : tally)
    left -= tookMs
    if (!failed) break
    from = lastNumber + 1
  }
  return { name: task.target, tally: total, failures }
}

async function one(path: string, { giveUpMs, heapMb }: Guard, task: Omit<Task, 'slot'>, onFailure: (failure: Failure) => void): Promise<{ readonly tally: Tally, readonly failed: boolean, readonly lastNumber: number, readonly tookMs: number }> {
  const slot = new Slot()
  const worker = new Worker(path, { workerData: { ...task, slot: slot.buffer } satisfies Task, resourceLimits: { maxOldGenerationSizeMb: heapMb } })
  let [tally, began, turn, since]: [Tally, number | null, number, number] = [{ inputs: 0, accepted: 0, refused: {}, slow: 0, slowestMs: 0 }, null, 0, performance.now()]
  let watch: NodeJS.Timeout | undefined
  const fault = await new Promise<Pick<Failure, 'kind' | 'message'> | null>(end => {
    worker.on('message', (message: Message) => {
      if (message.kind === 'ready') began = since = performance.now()
      else if (message.kind === 'tally') ({ tally } = message)
      else if (message.kind === 'failure') onFailure(message.failure)
      else end(null)
    })
    worker.on('error', error => { end({ kind: 'crash', message: error instanceof Error ? error.stack ?? error.message : String(error) }) })
    worker.on('exit', code => { end({ kind: 'crash', message: `the worker ended with ${String(code)}` }) })
    watch = setInterval(() => {
      const now = performance.now()
      const most = began === null ? beginMs : giveUpMs
      if (slot.turn !== turn) [turn, since] = [slot.turn, now]
      else if (now - since > most) end({ kind: 'hang', message: `not done after ${String(most)} ms` })
    }, 100)
  })
  clearInterval(watch)
  await worker.terminate()
  if (fault !== null) onFailure({ ...fault, target: task.target, number: slot.number, input: slot.input })
  return { tally, failed: fault !== null, lastNumber: slot.number, tookMs: began === null ? task.ms : performance.now() - began }
}

function add(total: Tally, tally: Tally): void {
  total.inputs += tally.inputs
  total.accepted += tally.accepted
  total.slow += tally.slow
  total.slowestMs = Math.max(total.slowestMs, tally.slowestMs)
  for (const [code, count] of Object.entries(tally.refused)) total.refused[code] = (total.refused[code] ?? 0) + count
}
