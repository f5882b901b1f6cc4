import { HoldfastError } from '../base/index.ts'
import { whenHandedOver } from './opfs.ts'

/**
 * Takes the Web Lock `name` for this context and resolves with how to give it back; the browser does so when the context ends, however it ends.
 * `storage-busy` where another keeps it for longer than a dying one would.
 */
export async function holdLock(name: string): Promise<() => void> {
  return await whenHandedOver(async () => {
    const release = await tryLock(name)
    if (release === null) throw new HoldfastError('storage-busy', 'another context has it', { name })
    return release
  })
}

/** The same without patience: null where another context, or this one, has it. */
export async function tryLock(name: string): Promise<(() => void) | null> {
  return await new Promise((resolve, reject) => {
    navigator.locks.request(name, { ifAvailable: true }, async lock => {
      if (lock === null) resolve(null)
      else await new Promise<void>(release => { resolve(release) })
    }).catch(reject)
  })
}
