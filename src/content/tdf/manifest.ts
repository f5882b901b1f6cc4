import { toBase64, toHex, utf8 } from '../../base/index.ts'
import { payloadName } from './container.ts'

/** `iv(12) | ciphertext | tag(16)`: what a segment has beside its plaintext. */
export const ivBytes = 12
export const tagBytes = 16
export const segmentExtra = ivBytes + tagBytes

export const schemaVersion = '4.3.0'

/** What a manifest says besides its segments. */
export interface ManifestHead {
  /** Base64 of the policy's JSON, exactly as it is bound. */
  readonly policy: string
  readonly keyAccess: object
  readonly mimeType: string
  /** Plaintext of every segment but the last. */
  readonly segmentBytes: number
  /** As OpenTDF wrote before 4.3.0: no version, and hashes in hex within base64. */
  readonly legacy: boolean
}

/** A hash as manifests write it. */
export function hashText(hash: Uint8Array, legacy: boolean): string {
  return toBase64(hashedForm(hash, legacy))
}

/** What of a segment's hash the root signature covers. */
export function hashedForm(hash: Uint8Array, legacy: boolean): Uint8Array<ArrayBuffer> {
  return legacy ? utf8(toHex(hash)) : new Uint8Array(hash)
}

/** As it stands in a manifest, always with its sizes: Go's reader takes a missing one for zero. */
export interface SegmentLine { readonly hash: string, readonly segmentSize: number, readonly encryptedSegmentSize: number }

export function segmentLine(hash: Uint8Array, plain: number, legacy: boolean): SegmentLine {
  return { hash: hashText(hash, legacy), segmentSize: plain, encryptedSegmentSize: plain + segmentExtra }
}

/** The manifest's JSON. Deterministic: the same goes in, the same comes out. */
export function manifestText({ policy, keyAccess, mimeType, segmentBytes, legacy }: ManifestHead, root: Uint8Array, segments: readonly SegmentLine[]): string {
  return JSON.stringify({
    payload: { type: 'reference', url: payloadName, protocol: 'zip', isEncrypted: true, mimeType },
    encryptionInformation: {
      type: 'split',
      policy,
      keyAccess: [keyAccess],
      method: { algorithm: 'AES-256-GCM', iv: '', isStreamable: true },
      integrityInformation: {
        rootSignature: { alg: 'HS256', sig: hashText(root, legacy) },
        segmentHashAlg: 'GMAC', segmentSizeDefault: segmentBytes, encryptedSegmentSizeDefault: segmentBytes + segmentExtra,
        segments,
      },
    },
    ...legacy ? {} : { schemaVersion },
  })
}
