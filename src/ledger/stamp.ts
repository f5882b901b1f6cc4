import { sha256 as hasher } from '@noble/hashes/sha2.js'
import { concat, sha256 } from '../base/index.ts'
import { encodeUnsigned, type UnsignedTransaction } from './transaction.ts'

/** The bytes a stamp is added to: the transaction as it is signed, with no stamp in it. */
export function stampedBytes(value: UnsignedTransaction): Uint8Array<ArrayBuffer> {
  return encodeUnsigned({ ...value, stamp: null })
}

/** Leading zero bits of SHA-256d(unsigned transaction || stamp, 8 bytes big-endian): the work in a stamp. 0 without one. */
export function stampWork(value: UnsignedTransaction): number {
  if (value.stamp === null) return 0
  const bytes = concat(stampedBytes(value), new Uint8Array(8))
  new DataView(bytes.buffer).setBigUint64(bytes.length - 8, value.stamp)
  return leadingZeros(sha256(sha256(bytes)))
}

export function leadingZeros(digest: Uint8Array): number {
  const index = digest.findIndex(byte => byte !== 0)
  return index < 0 ? 8 * digest.length : 8 * index + Math.clz32(digest[index] ?? 0) - 24
}

/**
 * The first of `tries` stamps from `from` on with at least `bits` of work, or null. A slice of a search: whoever searches asks again from `from + tries`, and
 * may stop between two slices. What comes before the stamp is hashed once; a try costs the one or two blocks the stamp lies in, and one for the second hash.
 */
export function findStamp(value: UnsignedTransaction, bits: number, from: bigint, tries: number): bigint | null {
  const before = hasher.create().update(stampedBytes(value))
  const [inner, fresh, outer] = [before.clone(), hasher.create(), hasher.create()]
  const [stamp, digest] = [new Uint8Array(8), new Uint8Array(32)]
  const [stampView, digestView] = [new DataView(stamp.buffer), new DataView(digest.buffer)]
  const last = from + BigInt(tries) < 1n << 64n ? from + BigInt(tries) : 1n << 64n
  const rough = Math.min(bits, 32)
  stampView.setBigUint64(0, from)
  for (let left = Number(last - from), low = stampView.getUint32(4); left > 0; left--) {
    before._cloneInto(inner).update(stamp).digestInto(digest)
    fresh._cloneInto(outer).update(digest).digestInto(digest)
    if (Math.clz32(digestView.getUint32(0)) >= rough && leadingZeros(digest) >= bits) return stampView.getBigUint64(0)
    low = low + 1 >>> 0 // one word counts, since a bigint for each try would cost as much as a hash
    stampView.setUint32(4, low)
    if (low === 0) stampView.setUint32(0, stampView.getUint32(0) + 1)
  }
  return null
}
