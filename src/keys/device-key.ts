import { HoldfastError } from '../base/index.ts'
import type { Database } from '../store/index.ts'

/**
 * The key of this device, AES-GCM with 256 bits, which nobody can take out, not even we: it seals the keys of files that are kept here, and the phrase of
 * the person. Made at the first call; of several who make it at once all get the same. `unsupported` where a browser cannot store it.
 */
export async function deviceKey(database: Database): Promise<CryptoKey> {
  try {
    return await database.setting('seal-key') ?? await database.settle('seal-key', await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt', 'unwrapKey']))
  } catch (error) {
    const { cause } = HoldfastError.from(error)
    if ((cause as Error | undefined)?.name !== 'DataCloneError') throw error
    throw new HoldfastError('unsupported', 'this browser cannot keep keys', {}, { cause: error })
  }
}
