/**
 * One tab of a browser runs the peer: the one that holds this Web Lock. The browser frees it when the tab ends, however it ends.
 */
const lockName = 'holdfast/peer'

/** Resolves once this tab leads, for as long as it lives; `onWaiting` is called first where another tab leads now. */
export async function lead(onWaiting: () => void): Promise<void> {
  const held = await new Promise<boolean>((resolve, reject) => {
    navigator.locks.request(lockName, { ifAvailable: true }, async lock => {
      resolve(lock !== null)
      if (lock !== null) await forever
    }).catch(reject)
  })
  if (held) return
  onWaiting()
  await new Promise<void>((resolve, reject) => {
    navigator.locks.request(lockName, async () => {
      resolve()
      await forever
    }).catch(reject)
  })
}

const forever = new Promise<never>(() => {})
