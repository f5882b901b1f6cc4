/**
 * One tab of a browser runs the peer: the one that holds this Web Lock. The browser frees it when the tab ends, however it ends, and gives
 * it to the tab that has waited longest.
 */
const lockName = 'holdfast/peer'

/**
 * Waits for the turn of this tab, then does `work` as its leader: until `work` ends or the page is left, when `signal` aborts and `work`
 * must end what it began. A page that is left resigns at once; waiting for the browser to notice costs a tenth of a second (measured).
 */
export async function lead(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const leaving = new AbortController()
  window.addEventListener('pagehide', () => { leaving.abort() })
  try {
    await navigator.locks.request(lockName, { signal: leaving.signal }, async () => { await work(leaving.signal) })
  } catch (error) {
    if (!leaving.signal.aborted) throw error
  }
}
