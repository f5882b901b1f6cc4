import { HoldfastError, utf8, type Address, type Random } from '../base/index.ts'
import { makePolicy, wrapKey, type TdfKeys } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { OwnStore } from './own-store.ts'

/** What a writer of a protected file needs: keys that only encrypt and sign, and the words that go into its manifest. */
export interface NewFileKey {
  /** The same key, for `open` and `reveal` later. */
  readonly sealed: SealedKey
  readonly cipher: CryptoKey
  readonly mac: CryptoKey
  readonly policy: string
  readonly keyAccess: object
}

/** Keys of single files. `unsupported` where a browser cannot keep keys, `storage-lost` where a key was sealed by a device key that is gone. */
export interface FileKeyService {
  /** A random key for one file, which one writer may use. Its owner is the person of this device, locked or not; `named`: the file says whose it is, as those must that are published. */
  newFileKey(named?: boolean): Promise<NewFileKey>
  /** Seals the 32 bytes of a link. */
  seal(key: Uint8Array<ArrayBuffer>): Promise<SealedKey>
  /** Keys that only decrypt and sign. */
  open(sealed: SealedKey): Promise<TdfKeys>
  /** The 32 bytes, for a link and nothing else. */
  reveal(sealed: SealedKey): Promise<Uint8Array<ArrayBuffer>>
}

const keyBytes = 32
const ivBytes = 12
/** So that what is sealed for one purpose opens for no other. */
const additionalData = utf8('holdfast/file-key/1')

/** `owner`: who the person is; `recovery` P-256, uncompressed. */
export function createFileKeys(store: OwnStore, owner: () => Promise<{ readonly address: Address, readonly recovery: Uint8Array<ArrayBuffer> }>, random: Random): FileKeyService {
  const seal = async (key: Uint8Array<ArrayBuffer>): Promise<SealedKey> => {
    if (key.length !== keyBytes) throw new HoldfastError('bad-input', 'not a key of 32 bytes')
    const iv = random.bytes(ivBytes)
    return { iv, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, await store.deviceKey(), key)) }
  }

  return {
    seal,

    async newFileKey(named = false) {
      const key = random.bytes(keyBytes)
      try {
        const [cipher, mac] = await Promise.all([
          crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']),
          crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
        ])
        const { address, recovery: point } = await owner()
        const policy = makePolicy(crypto.randomUUID(), named ? [address] : [])
        const ephemeral = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
        const recovery = await crypto.subtle.importKey('raw', point, { name: 'ECDH', namedCurve: 'P-256' }, true, [])
        const keyAccess = await wrapKey({ key, mac, policy, owner: recovery, ephemeral, random })
        return { sealed: await seal(key), cipher, mac, policy, keyAccess }
      } finally { key.fill(0) }
    },

    async open({ iv, ct }) {
      const sealing = await store.deviceKey()
      const unwrap = async (algorithm: 'AES-GCM' | HmacImportParams, usage: 'decrypt' | 'sign'): Promise<CryptoKey> =>
        await crypto.subtle.unwrapKey('raw', ct, sealing, { name: 'AES-GCM', iv, additionalData }, algorithm, false, [usage])
      return await opening(async () => ({ decipher: await unwrap('AES-GCM', 'decrypt'), mac: await unwrap({ name: 'HMAC', hash: 'SHA-256' }, 'sign') }))
    },

    async reveal({ iv, ct }) {
      const sealing = await store.deviceKey()
      return await opening(async () => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, sealing, ct)))
    },
  }
}

async function opening<T>(task: () => Promise<T>): Promise<T> {
  try { return await task() } catch (error) {
    throw new HoldfastError('storage-lost', 'sealed by a key this device no longer has', {}, { cause: error })
  }
}
