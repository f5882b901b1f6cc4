import type { Alarm, Random } from '../base/index.ts'

/** The clock of this thread. Its waits are as exact as its timers: in a worker, which no browser slows down. */
export const workerAlarm: Alarm = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    if (signal?.aborted === true) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    const giveUp = () => { resolve() }
    signal?.addEventListener('abort', giveUp)
    await promise
    clearTimeout(timer)
    signal?.removeEventListener('abort', giveUp)
  },
}

export const workerRandom: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
