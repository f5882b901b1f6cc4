import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { verifyEd25519 } from '../base/index.ts'
import type { RecordFault } from './faults.ts'

/** Null where it is the key's signature by the one rule for Ed25519; else what is wrong with it. */
export function signatureFault(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): RecordFault | null {
  if (verifyEd25519(signature, message, publicKey)) return null
  const point = pointOf(publicKey)
  if (point === null) return 'sig-invalid'
  if (point.isSmallOrder()) return 'pubkey-small-order'
  if (!isCanonical(publicKey, point)) return 'pubkey-noncanonical'
  return isBelowOrder(signature.subarray(32)) ? 'sig-invalid' : 'sig-noncanonical-s'
}

/** The point a key stands for, also where it is written in another way than it should be. */
function pointOf(publicKey: Uint8Array): EdwardsPoint | null {
  try { return ed25519.Point.fromBytes(publicKey, true) } catch { return null }
}

function isCanonical(publicKey: Uint8Array, point: EdwardsPoint): boolean { return point.toBytes().every((byte, i) => byte === publicKey[i]) }

function isBelowOrder(s: Uint8Array): boolean {
  let value = 0n
  for (let i = s.length - 1; i >= 0; i--) value = value << 8n | BigInt(s[i] ?? 0)
  return value < ed25519.Point.Fn.ORDER
}
