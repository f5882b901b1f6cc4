import { HoldfastError, limits, type Cid } from '../base/index.ts'
import type { ExportRequest, ExportService } from './export-service.ts'
import type { ExportProgress } from './publish-api.ts'
import { offer, wrapService, type Remote } from './rpc.ts'
import { exportChannel } from './save-path.ts'

export interface Exporting extends Omit<ExportRequest, 'id'> {
  readonly cid: Cid
  readonly signal: AbortSignal
  readonly onProgress: (progress: ExportProgress) => void
  /** Hands the finished file to the browser; under which name. */
  readonly save: (id: string, name: string) => Promise<string | null>
}

/** Converts a held file in a worker of its own and saves it. Resolves with its name once the browser has it; the scratch goes when all of it is out, or with this tab, or at the next start. */
export async function exportHeld({ cid, member, format, signal, onProgress, save }: Exporting): Promise<string | null> {
  const id = crypto.randomUUID()
  const handed = Promise.withResolvers<string | null>()
  navigator.locks.request(`job/${id}`, { mode: 'shared' }, async () => {
    try {
      const name = await inExport(async service => await service.export({ id, cid, member, format }, offer(onProgress)), signal)
      signal.throwIfAborted()
      const saved = whenSaved(id)
      handed.resolve(await save(id, name))
      await saved
    } catch (error) { handed.reject(HoldfastError.from(error)) }
    await inExport(async service => { await service.drop(id) }).catch(() => {}) // the next start removes it
  }).catch(handed.reject)
  return await handed.promise
}

/** A person may keep the browser's question where to save it open for long. */
async function whenSaved(id: string): Promise<void> {
  const channel = new BroadcastChannel(exportChannel(id))
  let timer: ReturnType<typeof setTimeout> | undefined
  await new Promise<void>(done => {
    channel.onmessage = () => { done() }
    timer = setTimeout(done, limits.exportKeptMs)
  })
  clearTimeout(timer)
  channel.close()
}

async function inExport<T>(work: (service: Remote<ExportService>) => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('../../workers/export.ts', import.meta.url), { type: 'module', name: 'export' })
  const ended = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  worker.addEventListener('error', event => { reject(new HoldfastError('internal', event.message || 'the export worker could not be loaded')) })
  signal?.addEventListener('abort', () => { reject(HoldfastError.from(signal.reason)) }, { signal: ended.signal })
  try {
    return await Promise.race([work(wrapService<ExportService>(worker)), stopped])
  } finally {
    ended.abort()
    worker.terminate()
  }
}
