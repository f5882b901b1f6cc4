import { HoldfastError } from '../base/index.ts'
import type { MediaService } from '../media/index.ts'
import type { CheckResult } from './network-api.ts'
import { wrapService, type Remote } from './rpc.ts'

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

/** Compares a stored file with its content id and lists its members. */
export async function checkInMedia(request: Parameters<MediaService['check']>[0]): Promise<CheckResult> {
  return await inMedia(async media => await media.check(request))
}
