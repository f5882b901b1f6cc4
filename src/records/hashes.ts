import { sha512 } from '@noble/hashes/sha2.js'
import { concat, sha256, toHex } from '../base/index.ts'

export function sha256d(bytes: Uint8Array): Uint8Array<ArrayBuffer> { return sha256(sha256(bytes)) }

/** SHA256(SHA512(entry) | entry), of a whole entry. */
export function entryHash(entry: Uint8Array): string { return toHex(sha256(concat(sha512(entry), entry))) }

/** Of all bytes of an item. A commit or a transaction has a TXID beside it, without signatures. */
export function fullHash(item: Uint8Array): string { return toHex(sha256(item)) }

/** What a Chain Commit says of its chain, so that nobody knows which it is before it is there. */
export function chainIdHash(chainId: Uint8Array): string { return toHex(sha256d(chainId)) }

/** Binds the first entry to its chain. */
export function commitWeld(hash: Uint8Array, chainId: Uint8Array): string { return toHex(sha256d(concat(hash, chainId))) }
