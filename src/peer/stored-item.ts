import type { Cid } from '../base/index.ts'
import type { Kind, Member } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'

/*
 * What readers of stored files need to know, the service worker among them: apart from `network-api.ts`, whose types lead into rooms that no
 * service worker can load.
 */

export type { SealedKey } from '../store/index.ts'
/** An opened key: it deciphers and verifies, and cannot be taken out. */
export type { TdfKeys as FileKey } from '../content/index.ts'

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
