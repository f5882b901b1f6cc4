import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { concat, equalBytes } from './bytes.ts'

/**
 * Whether `signature` (64 bytes, R | S) is that of `publicKey` (32 bytes) over `message`, by the one rule for Ed25519 everywhere:
 *
 * 1. S, little-endian, is below the group's order L.
 * 2. The key is the canonical encoding of a point A (y below 2^255 - 19; no sign bit where x is 0) whose order does not divide 8.
 * 3. R is, byte for byte, the canonical encoding of [S]B - [k]A, with k = SHA-512(R | key | message) mod L: the equation without the cofactor.
 *
 * R may be of any order: 3 leaves no choice about it. Keys with a part of small order beside a large one are taken. WebCrypto is not asked,
 * since browsers differ in 2 and in the cofactor.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false
  const { BASE, Fn: { ORDER } } = ed25519.Point
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))]
  if (s >= ORDER) return false
  const a = pointOf(publicKey)
  if (a === null || a.isSmallOrder()) return false
  const k = littleEndian(sha512(concat(r, publicKey, message))) % ORDER
  return equalBytes(BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r)
}

function pointOf(bytes: Uint8Array): EdwardsPoint | null {
  try { return ed25519.Point.fromBytes(bytes, false) } catch { return null }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = value << 8n | BigInt(bytes[i] ?? 0)
  return value
}
