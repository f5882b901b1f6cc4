import { HoldfastError, limits, type Clock } from '../base/index.ts'
import type { Staging } from '../store/index.ts'

/** A media worker that was just ended may hold its file for some 20 ms more. */
export async function removeScratch(staging: Pick<Staging, 'remove'>, clock: Clock, path: string): Promise<void> {
  for (const deadline = clock.now() + limits.handOverMs; ;) {
    try { await staging.remove(path); return } catch (error) {
      if (HoldfastError.from(error).code !== 'storage-busy' || clock.now() > deadline) throw error
    }
    await new Promise(done => { setTimeout(done, 20) })
  }
}
