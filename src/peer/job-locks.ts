/** The Web Lock of whoever does a share job. A tab that holds copies of its files waits for it, and does the job when it is granted. */
export function jobLock(id: string): string {
  return `job-owner/${id}`
}

/**
 * Resolves once nobody does this job and nobody waits to: the tab with its files is gone, and no other has copies of them. Also when the
 * job is simply done, so look at its row. Rejects when `signal` aborts.
 */
export async function whenOrphaned(id: string, signal: AbortSignal): Promise<void> {
  const name = jobLock(id)
  for (;;) {
    // Granted in the order of asking: whoever asked after us has it next, and we come after them.
    const alone = await navigator.locks.request(name, { signal }, async () => {
      const { pending = [] } = await navigator.locks.query()
      return pending.every(lock => lock.name !== name)
    })
    if (alone) return
  }
}
