import { HoldfastError } from '../base/index.ts'
import type { Database } from '../store/index.ts'

/** What this device keeps and nobody can take out, not even we. */
export interface DeviceKeys {
  /** AES-GCM with 256 bits: seals the keys of files that are kept here. */
  readonly seal: CryptoKey
  /** P-256: the owner of the files protected here, until there are identities. */
  readonly file: CryptoKeyPair
}

/** The keys of this device, made at the first call; of several who make them at once all get the same. `unsupported` where a browser cannot store them. */
export async function deviceKeys(database: Database): Promise<DeviceKeys> {
  try {
    return {
      seal: await database.setting('seal-key') ?? await database.settle('seal-key', await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt', 'unwrapKey'])),
      file: await database.setting('file-key') ?? await database.settle('file-key', await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])),
    }
  } catch (error) {
    const { cause } = HoldfastError.from(error)
    if ((cause as Error | undefined)?.name !== 'DataCloneError') throw error
    throw new HoldfastError('unsupported', 'this browser cannot keep keys', {}, { cause: error })
  }
}
