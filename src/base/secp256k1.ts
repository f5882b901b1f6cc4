import type { Secp256k1 as Library } from '@bitauth/libauth'
import { HoldfastError } from './errors.ts'

/** Recoverable secp256k1 signatures: r(32) | s(32) | v(1) with v 0 or 1, s in the lower half, nonces by RFC 6979. Digests and secrets of other lengths than 32 bytes throw `bad-input`. */
export interface Secp256k1 {
  /** The compressed public key, 33 bytes. Throws `bad-input` where 32 bytes are no secret key. */
  publicKey(secret: Uint8Array): Uint8Array<ArrayBuffer>
  /** 65 bytes. Throws `bad-input` where 32 bytes are no secret key. */
  sign(digest: Uint8Array, secret: Uint8Array): Uint8Array<ArrayBuffer>
  /** The compressed public key whose signature it is, or null where it is nobody's or not in the one form allowed. */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> | null
}

/** The compressed key whose signature over `digest` the 64 bytes r | s are, if the nonce's point is the one that `id` names (SEC 1, 4.1.6): bit 0 is the parity of its y, bit 1 set where its x is r + n. Both halves of s are taken. */
export type RecoverCompact = (digest: Uint8Array, compact: Uint8Array, id: 0 | 1 | 2 | 3) => Uint8Array<ArrayBuffer> | null

let loading: Promise<Library> | null = null

/**
 * libsecp256k1 in WebAssembly, instantiated once in a thread. This file of the package alone: its face instantiates every other algorithm it has, too. Only threads that
 * ask for it load its 240 kB.
 */
async function load(): Promise<Library> {
  loading ??= import('@bitauth/libauth/build/lib/crypto/secp256k1.js').then(async ({ instantiateSecp256k1 }) => await instantiateSecp256k1())
  try { return await loading } catch (error) {
    loading = null // a line that broke off: whoever asks next loads it anew
    throw error
  }
}

export async function loadSecp256k1(): Promise<Secp256k1> {
  const library = await load()
  const recoverCompact = await loadRecoverCompact()
  return {
    publicKey: secret => new Uint8Array(checked(library.derivePublicKeyCompressed(exactly32(secret)))),

    sign(digest, secret) {
      const { signature, recoveryId } = checked(library.signMessageHashRecoverableCompact(exactly32(secret), exactly32(digest)))
      // A nonce whose point has an x beyond the order is found once in 2^127 signatures.
      if (recoveryId > 1) throw new HoldfastError('internal', 'a signature that cannot be written')
      const whole = new Uint8Array(65)
      whole.set(signature)
      whole[64] = recoveryId
      return whole
    },

    recover(digest, signature) {
      const recoveryId = signature[64]
      if (signature.length !== 65 || recoveryId !== 0 && recoveryId !== 1) return null
      const compact = signature.subarray(0, 64)
      return isLowS(compact) ? recoverCompact(digest, compact, recoveryId) : null
    },
  }
}

/** For signatures of others, which name their key and no recovery id: `Secp256k1.recover` without its two restrictions. */
export async function loadRecoverCompact(): Promise<RecoverCompact> {
  const library = await load()
  return (digest, compact, id) => {
    if (compact.length !== 64) return null
    const key = library.recoverPublicKeyCompressed(compact, id, exactly32(digest))
    return typeof key === 'string' ? null : new Uint8Array(key)
  }
}

/** Half of the group's order, rounded down: the largest s allowed, so that nobody can make a second signature out of one. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const half = Uint8Array.from({ length: 32 }, (_, i) => Number(halfOrder >> BigInt(8 * (31 - i)) & 0xffn))

export function isLowS(compact: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (compact[32 + i] ?? 0) - (half[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}

function checked<T extends object>(result: T | string): T {
  if (typeof result === 'string') throw new HoldfastError('bad-input', result)
  return result
}

/** The library fills shorter ones up with zeros. */
function exactly32(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new HoldfastError('bad-input', 'a digest or secret has 32 bytes')
  return bytes
}
