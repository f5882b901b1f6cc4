import { HoldfastError } from './errors.ts'

/** Recoverable secp256k1 signatures: r(32) | s(32) | v(1) with v 0 or 1, s in the lower half, nonces by RFC 6979. */
export interface Secp256k1 {
  /** The compressed public key, 33 bytes. Throws `bad-input` where 32 bytes are no secret key. */
  publicKey(secret: Uint8Array): Uint8Array<ArrayBuffer>
  /** 65 bytes. Throws `bad-input` where 32 bytes are no secret key. */
  sign(digest: Uint8Array, secret: Uint8Array): Uint8Array<ArrayBuffer>
  /** The compressed public key whose signature it is, or null where it is nobody's or not in the one form allowed. */
  recover(digest: Uint8Array, signature: Uint8Array): Uint8Array<ArrayBuffer> | null
}

let loading: Promise<Secp256k1> | null = null

/**
 * libsecp256k1 in WebAssembly, instantiated once in a thread. Imported when it is wanted: it weighs 300 kB, and its top-level `await` fits into no classic
 * script, which the service worker is.
 */
export async function loadSecp256k1(): Promise<Secp256k1> {
  loading ??= import('@bitauth/libauth').then(async ({ instantiateSecp256k1 }) => await instantiateSecp256k1()).then(library => {
    const checked = <T extends object>(result: T | string): T => {
      if (typeof result === 'string') throw new HoldfastError('bad-input', result)
      return result
    }
    return {
      publicKey: secret => new Uint8Array(checked(library.derivePublicKeyCompressed(secret))),

      sign(digest, secret) {
        const { signature, recoveryId } = checked(library.signMessageHashRecoverableCompact(secret, digest))
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
        if (!isLowS(compact)) return null
        const key = library.recoverPublicKeyCompressed(compact, recoveryId, digest)
        return typeof key === 'string' ? null : new Uint8Array(key)
      },
    }
  })
  return await loading
}

/** Half of the group's order, rounded down: the largest s allowed, so that nobody can make a second signature out of one. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const half = Uint8Array.from({ length: 32 }, (_, i) => Number(halfOrder >> BigInt(8 * (31 - i)) & 0xffn))

function isLowS(compact: Uint8Array): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (compact[32 + i] ?? 0) - (half[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}
