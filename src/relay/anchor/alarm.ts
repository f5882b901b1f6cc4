import type { Alarm } from '../../base/index.ts'

/** The longest a timer of Node takes; whoever waits longer looks again. */
const longestMs = 2 ** 31 - 1

/** The clock of this process. Its waits keep no process alive. */
export const processAlarm: Alarm = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    if (signal?.aborted === true) return
    await new Promise<void>(done => {
      const over = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', over)
        done()
      }
      const timer = setTimeout(over, Math.min(ms, longestMs)).unref()
      signal?.addEventListener('abort', over)
    })
  },
}
