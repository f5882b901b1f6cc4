import type { FileKey, SealedKey } from './network-api.ts'

/** What the keys worker offers, to all tabs over `keysChannel`. Nobody else ever holds a key that opens a sealed one. */
export interface KeyService {
  /** A fresh key for a file that is to be protected. */
  newFileKey(): Promise<NewFileKey>
  /** Seals the 32 bytes of a link to this device. */
  seal(key: Uint8Array<ArrayBuffer>): Promise<SealedKey>
  /** The keys that open a protected file; they can be used and not be taken out. */
  open(sealed: SealedKey): Promise<FileKey>
  /** The 32 bytes again, for a link. */
  reveal(sealed: SealedKey): Promise<Uint8Array<ArrayBuffer>>
}

/** `cipher`, `mac`: what encrypts a file; `policy`, `keyAccess`: what its manifest says of them. */
export interface NewFileKey {
  readonly sealed: SealedKey
  readonly cipher: CryptoKey
  readonly mac: CryptoKey
  readonly policy: string
  readonly keyAccess: object
}
