import { HoldfastError } from '../base/index.ts'

/** What `task` comes to, unless `signal` aborts before: then `aborted`, and what comes later is dropped. */
export async function unlessAborted<T>(task: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const giveUp = () => { reject(new HoldfastError('aborted', 'given up')) }
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp)
  task.catch(() => {}) // where nobody waits for it any more
  try { return await Promise.race([task, promise]) } finally { signal.removeEventListener('abort', giveUp) }
}
