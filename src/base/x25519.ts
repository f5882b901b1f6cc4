import { x25519 } from '@noble/curves/ed25519.js'
import { HoldfastError } from './errors.ts'

/**
 * The shared secret of RFC 7748, 32 bytes. Null where it would be all zeros, whatever the secret: a public key of small order is nobody's.
 * Other keys are taken as the RFC reads them: the highest bit ignored, the rest modulo 2^255 - 19, points of the twist among them. Throws
 * `bad-input` for a secret of another length.
 */
export function sharedX25519(secret: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (secret.length !== 32) throw new HoldfastError('bad-input', 'a secret has 32 bytes')
  if (publicKey.length !== 32) return null
  try { return new Uint8Array(x25519.scalarMult(secret, publicKey)) } catch { return null } // what it refuses is the all-zero result
}
