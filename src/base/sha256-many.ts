import { sha256 } from '@noble/hashes/sha2.js'

/** The SHA-256 of each message, 32 bytes after 32 bytes. `lengths` says how much of each counts, where it is not all. */
export function sha256Flat(messages: readonly Uint8Array[], lengths: readonly number[] | null = null): Uint8Array<ArrayBuffer> {
  const digests = new Uint8Array(32 * messages.length)
  for (const [i, message] of messages.entries()) digests.set(sha256(lengths === null ? message : message.subarray(0, lengths[i])), 32 * i)
  return digests
}

/** The SHA-256 of each message. */
export function sha256Many(messages: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const digests = sha256Flat(messages)
  return messages.map((_, i) => digests.subarray(32 * i, 32 * i + 32))
}
