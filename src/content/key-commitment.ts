import { concat, fromHex, sha256, toHex, utf8, type Cid } from '../base/index.ts'

/** What a record says of the key of a protected file, 64 hex digits: it binds the key to this file and tells nothing of it. */
export function keyCommitment(cid: Cid, key: Uint8Array): string {
  return toHex(sha256(concat(utf8('holdfast/dek/1\0'), fromHex(cid) ?? new Uint8Array(), key)))
}
