import { accept, fromBase64, fromUtf8, isMap, limits, type Judged } from '../../base/index.ts'
import { damaged, findManifest, type ReadAt } from './find-entries.ts'

/** A key as a manifest has it for one person: under what ECDH of P-256 gives. */
export interface WrappedKey {
  /** Which key it is for: `wrapKey` says how it is named. */
  readonly kid: string
  /** `iv(12) | ciphertext | tag(16)`. */
  readonly wrapped: Uint8Array<ArrayBuffer>
  /** SubjectPublicKeyInfo. */
  readonly ephemeral: Uint8Array<ArrayBuffer>
}

/** Bytes of a SubjectPublicKeyInfo of P-256 and of a wrapped key, at most; readable text around them. */
const textChars = 1024

/** The keys in a file's manifest that P-256 unwraps. Reads the end of it alone; `tdf-damaged` where that is no TDF. */
export async function readWrappedKeys(read: ReadAt, size: number): Promise<Judged<readonly WrappedKey[]>> {
  const span = await findManifest(read, size)
  if (!span.ok) return span
  if (span.value.length > limits.tdfManifestBytes) return damaged('a manifest too long')
  return judgeWrappedKeys(await read(span.value.at, span.value.length))
}

/** The same of a manifest's bytes. */
export function judgeWrappedKeys(bytes: Uint8Array): Judged<readonly WrappedKey[]> {
  const text = fromUtf8(bytes)
  let all: unknown = null
  try { all = text === null ? null : JSON.parse(text) } catch { return damaged('its manifest is not one') }
  const encryption = isMap(all) ? all['encryptionInformation'] : null
  const listed = isMap(encryption) ? encryption['keyAccess'] : null
  if (!Array.isArray(listed) || listed.length > limits.tdfKeyAccess) return damaged('no key access, or too many')
  return accept((listed as readonly unknown[]).flatMap(each => wrapOf(each) ?? []))
}

function wrapOf(value: unknown): WrappedKey | null {
  if (!isMap(value) || value['type'] !== 'ec-wrapped' || typeof value['kid'] !== 'string') return null
  const [wrapped, ephemeral] = [bytesOf(value['wrappedKey']), bytesOf(unframed(value['ephemeralPublicKey']))]
  return wrapped === null || ephemeral === null ? null : { kid: value['kid'], wrapped, ephemeral }
}

function unframed(text: unknown): unknown {
  return typeof text === 'string' && text.length <= textChars ? text.replaceAll(/-----(?:BEGIN|END) PUBLIC KEY-----|\s/g, '') : null
}

function bytesOf(text: unknown): Uint8Array<ArrayBuffer> | null {
  return typeof text === 'string' && text.length <= textChars ? fromBase64(text) : null
}
