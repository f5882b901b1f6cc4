import { limits, toHex, type Secp256k1 } from '../base/index.ts'

/**
 * Signatures whose signers are remembered: that of a transaction is checked when it comes, and again in each block that carries it. What is remembered
 * follows from digest and signature alone. Forgotten all at once when there is too much.
 */
export function rememberSigners(signatures: Secp256k1): Secp256k1 {
  const signers = new Map<string, Uint8Array<ArrayBuffer> | null>()
  return {
    ...signatures,
    recover(digest, signature) {
      const name = toHex(digest) + toHex(signature)
      let signer = signers.get(name)
      if (signer === undefined) {
        signer = signatures.recover(digest, signature)
        if (signers.size >= limits.knownSigners) signers.clear()
        signers.set(name, signer)
      }
      return signer
    },
  }
}
