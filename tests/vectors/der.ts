import { concat } from '../../src/base/index.ts'

/** r and s, 32 bytes each, of an ECDSA signature in strict DER; null where it is not that: two INTEGERs in a SEQUENCE, shortest lengths, shortest positive numbers, nothing behind. */
export function compactOfDer(der: Uint8Array): Uint8Array | null {
  // 2 * 35 bytes at most, so a length has one byte.
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null
  const r = integerAt(der, 2)
  if (r === null) return null
  const s = integerAt(der, r.end)
  return s === null || s.end !== der.length ? null : concat(r.bytes, s.bytes)
}

function integerAt(der: Uint8Array, at: number): { readonly bytes: Uint8Array, readonly end: number } | null {
  const length = der[at + 1] ?? 0
  const [start, end] = [at + 2, at + 2 + length]
  if (der[at] !== 0x02 || length < 1 || end > der.length) return null
  const [first = 0, second = 0] = der.subarray(start, end)
  if (first >= 0x80 || first === 0 && length > 1 && second < 0x80) return null
  const number = der.subarray(first === 0 && length > 1 ? start + 1 : start, end)
  if (number.length > 32) return null
  const bytes = new Uint8Array(32)
  bytes.set(number, 32 - number.length)
  return { bytes, end }
}
