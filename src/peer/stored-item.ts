import type { Cid } from '../base/index.ts'
import type { Kind, Member } from '../content/index.ts'

/*
 * What readers of stored files need to know, the service worker among them: apart from `network-api.ts`, whose types lead into rooms that no
 * service worker can load.
 */

/** The key of a protected file as it is kept: sealed to this device by the keys worker, which alone can open it. */
export interface SealedKey { readonly iv: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

/** An opened key: it deciphers and verifies, and cannot be taken out. */
export interface FileKey { readonly decipher: CryptoKey, readonly mac: CryptoKey }

/** The channel of the network worker for `TabService`. */
export const networkChannel = 'holdfast/network'
/** The same of the keys worker. */
export const keysChannel = 'holdfast/keys'

/** `path`: key in the bucket, null while the file is still coming. `readable`: as in `Item`. */
export interface StoredItem {
  readonly cid: Cid
  readonly kind: Kind
  readonly size: number
  readonly title: string
  readonly path: string | null
  readonly sealed: SealedKey | null
  readonly members: readonly Member[] | null
  readonly readable: number
}
