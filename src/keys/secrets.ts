import { HoldfastError, fromUtf8, utf8, type Random } from '../base/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { OwnStore } from './own-store.ts'

/** What opens things elsewhere (a bucket in the cloud), sealed to this device. `unsupported` and `storage-lost` as for keys of files. */
export interface SecretService {
  sealSecret(text: string): Promise<SealedKey>
  openSecret(sealed: SealedKey): Promise<string>
}

const ivBytes = 12
/** So that what is sealed for one purpose opens for no other. */
const additionalData = utf8('holdfast/secret/1')

export function createSecrets(store: OwnStore, random: Random): SecretService {
  return {
    async sealSecret(text) {
      const iv = random.bytes(ivBytes)
      return { iv, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await store.deviceKey(), utf8(text))) }
    },
    async openSecret({ iv, ct }) {
      const key = await store.deviceKey()
      const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ct).catch((error: unknown) => {
        throw new HoldfastError('storage-lost', 'sealed by a key this device no longer has', {}, { cause: error })
      })
      return fromUtf8(new Uint8Array(bytes)) ?? ''
    },
  }
}
