import { HoldfastError, limits } from '../base/index.ts'
import { exposeService, wrapService, type Remote } from './rpc.ts'

/*
 * How a page notices that a worker is no more. Nothing tells it: a worker that was killed, or that closed itself, is silent. So each
 * holds a Web Lock from its start until it ends, for which its page waits in line (granted 1.5 ms after the end, measured); and it
 * answers to a beat, which one that hangs does not.
 */

/** A worker that died twice within a minute is started again after this. */
const againMs = 1000

/** What every such worker offers besides its service. */
interface Living {
  /** Resolves once it holds its lock, which is when the one before it is gone. */
  live(): Promise<void>
  beat(): void
}

/** Offers `service` to whoever started this worker, as one that lives as long as it holds `lock`. */
export function exposeLiving(service: object, lock: string): void {
  const held = Promise.withResolvers<void>()
  navigator.locks.request(lock, async () => {
    held.resolve()
    await new Promise<never>(() => {})
  }).catch(held.reject)
  const living: Living = { live: async () => { await held.promise }, beat: () => {} }
  exposeService({ ...service, ...living })
}

export interface KeptWorker<T> {
  readonly lock: string
  readonly start: () => Worker
  /** What it is to do first. If that fails the reason is final: it is not started again. */
  readonly begin: (service: Remote<T>) => Promise<void>
  /** It is gone, and perhaps another takes its place. */
  readonly ended?: () => void
}

/**
 * Keeps one worker running until `signal` aborts: when it dies or hangs it is started anew, the first time at once. Rejects when it cannot
 * begin, or died `limits.workerDeaths` times within `limits.workerDeathsMs`, with the reason of the last time. What its code throws while it
 * runs ends nothing by itself.
 */
export async function keepWorker<T>({ lock, start, begin, ended }: KeptWorker<T>, signal: AbortSignal, beatMs: number = limits.workerBeatMs): Promise<void> {
  const deaths: number[] = []
  while (!signal.aborted) {
    const life = new AbortController()
    const worker = start()
    try {
      const problem = await deathOf(worker, { lock, begin, life: life.signal, signal, beatMs })
      if (problem === null) return
      deaths.push(performance.now())
      const recent = deaths.filter(at => at > performance.now() - limits.workerDeathsMs).length
      if (recent >= limits.workerDeaths) throw problem
      if (recent > 1) await new Promise(done => { setTimeout(done, againMs) })
    } finally {
      life.abort()
      worker.terminate()
      ended?.()
    }
  }
}

interface Watch<T> extends Pick<KeptWorker<T>, 'lock' | 'begin'> { readonly life: AbortSignal, readonly signal: AbortSignal, readonly beatMs: number }

/** Begins with a worker and waits for its end: null where `signal` says so, else what it died of. Rejects when it cannot begin. */
async function deathOf<T>(worker: Worker, { lock, begin, life, signal, beatMs }: Watch<T>): Promise<HoldfastError | null> {
  const { promise, resolve, reject } = Promise.withResolvers<HoldfastError | null>()
  const loaded = new AbortController()
  const service = wrapService<T>(worker)
  const living = service as unknown as Remote<Living>
  signal.addEventListener('abort', () => { resolve(null) }, { signal: life })
  worker.addEventListener('error', event => { resolve(new HoldfastError('internal', event.message || 'the worker could not be loaded')) }, { signal: loaded.signal })
  const unloaded = setTimeout(() => { resolve(new HoldfastError('timeout', 'the worker does not load')) }, limits.workerLoadMs)
  life.addEventListener('abort', () => { clearTimeout(unloaded) })
  living.beat().then(() => { clearTimeout(unloaded) }, () => { /* told otherwise */ })
  const begun = async () => {
    await living.live()
    if (life.aborted) return // it was ended meanwhile
    loaded.abort()
    navigator.locks.request(lock, { signal: life }, () => { resolve(new HoldfastError('internal', 'the worker died')) }).catch((error: unknown) => { if (!life.aborted) reject(error) })
    beat(living, beatMs, life, () => { resolve(new HoldfastError('timeout', 'the worker hangs')) })
    await begin(service)
  }
  begun().catch(reject)
  return await promise
}

/** Counted in beats and not in time: a machine that slept missed one at most, and the timers of a hidden page are slow. */
function beat(living: Remote<Living>, beatMs: number, life: AbortSignal, onHang: () => void): void {
  let missed = 0
  let open = false
  const timer = setInterval(() => {
    if (open) {
      if (++missed >= limits.workerBeatsMissed) onHang()
      return
    }
    open = true
    living.beat().then(() => { [open, missed] = [false, 0] }).catch(onHang)
  }, beatMs)
  life.addEventListener('abort', () => { clearInterval(timer) })
}
