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
