import { HoldfastError, limits } from '../base/index.ts'
import type { MediaService } from '../media/index.ts'
import type { CheckResult } from './network-api.ts'
import { offer, wrapService, type Remote } from './rpc.ts'

/**
 * Does one piece of work in a media worker of its own, which ends with it: when it is done, when it fails, or when `signal` aborts. It
 * leaves nothing behind but its scratch file.
 */
export async function inMedia<T>(work: (media: Remote<MediaService>) => Promise<T>, signal?: AbortSignal): Promise<T> {
  signal?.throwIfAborted()
  const worker = new Worker(new URL('../../workers/media.ts', import.meta.url), { type: 'module', name: 'media' })
  const ended = new AbortController()
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  worker.addEventListener('error', event => { reject(new HoldfastError('internal', event.message || 'the media worker could not be loaded')) })
  signal?.addEventListener('abort', () => { worker.terminate(); reject(HoldfastError.from(signal.reason)) }, { signal: ended.signal })
  try {
    return await Promise.race([work(wrapService<MediaService>(worker)), stopped])
  } finally {
    ended.abort()
    worker.terminate()
  }
}

/**
 * The same for work that might get stuck, since whoever decodes hears nothing while it does: it tells how far it is, from 0 to 1, and is ended with `media-crashed` where it is silent for
 * `limits.mediaSilentMs`.
 */
export async function inWatchedMedia<T>(work: (media: Remote<MediaService>, onProgress: (done: number) => void) => Promise<T>, { signal, onProgress, silentMs = limits.mediaSilentMs }: WatchOptions): Promise<T> {
  const stuck = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const beat = () => {
    clearTimeout(timer)
    timer = setTimeout(() => { stuck.abort(new HoldfastError('media-crashed', 'nothing was read or written for too long')) }, silentMs)
  }
  beat()
  try {
    return await inMedia(async media => await work(media, offer((done: number) => {
      beat()
      onProgress(done)
    })), AbortSignal.any([signal, stuck.signal]))
  } finally { clearTimeout(timer) }
}

export interface WatchOptions { readonly signal: AbortSignal, readonly onProgress: (done: number) => void, readonly silentMs?: number }

/** Compares a stored file with its content id and lists its members. */
export async function checkInMedia(request: Parameters<MediaService['check']>[0]): Promise<CheckResult> {
  return await inMedia(async media => await media.check(request))
}
