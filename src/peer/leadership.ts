/**
 * One tab of a browser runs the peer: the one that holds this Web Lock. The browser frees it when the tab ends, however it ends, and gives
 * it to the tab that has waited longest.
 */
const lockName = 'holdfast/peer'

/**
 * Waits for the turn of this tab, then does `work` as its leader, until `work` ends or `signal` aborts, when `work` must end what it began.
 * That is when the page is left, which frees the lock at once (the browser notices within a tenth of a second, measured), and when it is
 * frozen, as it would then do nothing for anybody; a frozen page does not wait either, and takes its place in the line when it goes on.
 */
export async function lead(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  for (;;) {
    const gone = new AbortController()
    const resumed = Promise.withResolvers<void>()
    const go = () => {
      document.addEventListener('resume', () => { resumed.resolve() }, { once: true }) // it may go on before all that was begun has ended
      gone.abort()
    }
    window.addEventListener('pagehide', go)
    document.addEventListener('freeze', go)
    try {
      await navigator.locks.request(lockName, { signal: gone.signal }, async () => { await work(gone.signal) })
    } catch (error) {
      if (!gone.signal.aborted) throw error
    } finally {
      window.removeEventListener('pagehide', go)
      document.removeEventListener('freeze', go)
    }
    if (!gone.signal.aborted) return
    await resumed.promise
  }
}
