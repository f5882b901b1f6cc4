import { HoldfastError, utf8, type Random } from '../base/index.ts'
import { makePolicy, wrapKey, type TdfKeys } from '../content/index.ts'
import { openDatabase, type Database, type SealedKey } from '../store/index.ts'
import { deviceKeys, type DeviceKeys } from './device-keys.ts'

/** What a writer of a protected file needs: keys that only encrypt and sign, and the words that go into its manifest. */
export interface NewFileKey {
  /** The same key, for `open` and `reveal` later. */
  readonly sealed: SealedKey
  readonly cipher: CryptoKey
  readonly mac: CryptoKey
  readonly policy: string
  readonly keyAccess: object
}

/**
 * What the keys worker does. It alone ever holds bytes of keys, and lets them out by `reveal` only. `unsupported` where a browser cannot keep
 * keys, `storage-lost` where a key was sealed by a device key that is gone.
 */
export interface KeyService {
  /** A random key for one file, which one writer may use. */
  newFileKey(): Promise<NewFileKey>
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
const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** The service over the keys of this origin's database; each call of it opens the database at most once, and closes it again. */
export function createKeyService(open: () => Promise<Database> = openDatabase): KeyService {
  let loading: Promise<DeviceKeys> | null = null
  const device = async (): Promise<DeviceKeys> => {
    loading ??= load(open)
    try { return await loading } catch (error) {
      loading = null // a database that was busy may not be the next time
      throw error
    }
  }

  const seal = async (key: Uint8Array<ArrayBuffer>): Promise<SealedKey> => {
    if (key.length !== keyBytes) throw new HoldfastError('bad-input', 'not a key of 32 bytes')
    const iv = random.bytes(ivBytes)
    return { iv, ct: new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, (await device()).seal, key)) }
  }

  return {
    seal,

    async newFileKey() {
      const key = random.bytes(keyBytes)
      try {
        const [cipher, mac] = await Promise.all([
          crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']),
          crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']),
        ])
        const policy = makePolicy(crypto.randomUUID())
        const ephemeral = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits'])
        const keyAccess = await wrapKey({ key, mac, policy, owner: (await device()).file.publicKey, ephemeral, random })
        return { sealed: await seal(key), cipher, mac, policy, keyAccess }
      } finally { key.fill(0) }
    },

    async open({ iv, ct }) {
      const { seal: sealing } = await device()
      const unwrap = async (algorithm: 'AES-GCM' | HmacImportParams, usage: 'decrypt' | 'sign'): Promise<CryptoKey> =>
        await crypto.subtle.unwrapKey('raw', ct, sealing, { name: 'AES-GCM', iv, additionalData }, algorithm, false, [usage])
      return await opening(async () => ({ decipher: await unwrap('AES-GCM', 'decrypt'), mac: await unwrap({ name: 'HMAC', hash: 'SHA-256' }, 'sign') }))
    },

    async reveal({ iv, ct }) {
      const { seal: sealing } = await device()
      return await opening(async () => new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, sealing, ct)))
    },
  }
}

async function load(open: () => Promise<Database>): Promise<DeviceKeys> {
  const database = await open()
  try { return await deviceKeys(database) } finally { await database.close() }
}

async function opening<T>(task: () => Promise<T>): Promise<T> {
  try { return await task() } catch (error) {
    throw new HoldfastError('storage-lost', 'sealed by a key this device no longer has', {}, { cause: error })
  }
}
