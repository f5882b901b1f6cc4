import { accept, fromBase64, fromHex, fromUtf8, limits, toHex, type Judged } from '../../base/index.ts'
import { damaged } from './find-entries.ts'
import { schemaVersion, segmentExtra, tagBytes } from './manifest.ts'

/** One segment: where it is in the plaintext and in the payload, and what it hashes to. */
export interface Segment {
  readonly plainAt: number
  readonly plain: number
  readonly sealedAt: number
  readonly sealed: number
  readonly hash: Uint8Array<ArrayBuffer>
}

/** Of one key access object: which share of the key it wraps, and what binds the policy to that. */
export interface KeyAccess { readonly share: string, readonly binding: Uint8Array<ArrayBuffer> }

/** A manifest whose words make sense; whether they are true, the root signature says. */
export interface Manifest {
  /** Before 4.3.0: hashes are signed as the hex text they are. */
  readonly legacy: boolean
  readonly policy: string
  readonly keyAccess: readonly KeyAccess[]
  readonly root: Uint8Array<ArrayBuffer>
  readonly segmentHash: 'GMAC' | 'HS256'
  readonly segments: readonly Segment[]
  readonly plainBytes: number
}

type Fields = Readonly<Record<string, unknown>>

const hashBytes = { GMAC: tagBytes, HS256: 32 } as const
const rootBytes = 32

/**
 * Judges a manifest, of 4.3.0 or of before, for a payload of `payloadBytes`. Everything wrong is `tdf-damaged`. Algorithms other than ours are refused and never
 * taken for one of ours: a root signature that says GMAC would be a tag anybody can copy.
 */
export function judgeManifest(bytes: Uint8Array, payloadBytes: number): Judged<Manifest> {
  const all = parsed(bytes)
  const [payload, encryption] = [fieldsOf(all?.['payload']), fieldsOf(all?.['encryptionInformation'])]
  const integrity = fieldsOf(encryption?.['integrityInformation'])
  if (all === null || payload === null || encryption === null || integrity === null) return damaged('its manifest is not one')
  const version = all['schemaVersion'] ?? '4.2.2'
  if (version !== schemaVersion && version !== '4.2.2') return damaged('a manifest of another version')
  if (payload['isEncrypted'] !== true || fieldsOf(encryption['method'])?.['algorithm'] !== 'AES-256-GCM') return damaged('not encrypted in a way that is read here')
  const legacy = version !== schemaVersion
  const policy = encryption['policy']
  if (typeof policy !== 'string' || policy === '') return damaged('no policy')
  const keyAccess = judgeKeyAccess(encryption['keyAccess'])
  if (!keyAccess.ok) return keyAccess
  const signature = fieldsOf(integrity['rootSignature'])
  const root = signature?.['alg'] === 'HS256' ? hashOf(signature['sig'], legacy, rootBytes) : null
  if (root === null) return damaged('no root signature of the one kind that is one')
  const segmentHash = integrity['segmentHashAlg']
  if (segmentHash !== 'GMAC' && segmentHash !== 'HS256') return damaged('an unknown hash of segments')
  const segments = judgeSegments(integrity, legacy, hashBytes[segmentHash], payloadBytes)
  if (!segments.ok) return segments
  const plainBytes = segments.value.reduce((sum, { plain }) => sum + plain, 0)
  return accept({ legacy, policy, keyAccess: keyAccess.value, root, segmentHash, segments: segments.value, plainBytes })
}

/** Segments that fill the payload exactly. Sizes that are left out are the default ones. */
function judgeSegments(integrity: Fields, legacy: boolean, length: number, payloadBytes: number): Judged<readonly Segment[]> {
  const { segments: listed, segmentSizeDefault, encryptedSegmentSizeDefault } = integrity
  if (!Array.isArray(listed) || listed.length === 0) return damaged('no segments')
  const segments: Segment[] = []
  let [plainAt, sealedAt] = [0, 0]
  for (const each of listed as readonly unknown[]) {
    const { hash: text, segmentSize: plain = segmentSizeDefault, encryptedSegmentSize: sealed = encryptedSegmentSizeDefault } = fieldsOf(each) ?? {}
    if (!isCount(plain, limits.tdfSegmentBytesMost) || sealed !== plain + segmentExtra) return damaged('a segment of an impossible size')
    const hash = hashOf(text, legacy, length)
    if (hash === null) return damaged('a segment without a hash')
    segments.push({ plainAt, plain, sealedAt, sealed, hash })
    plainAt += plain
    sealedAt += sealed
    if (sealedAt > payloadBytes) break
  }
  return sealedAt === payloadBytes ? accept(segments) : damaged('its segments are not its payload')
}

function judgeKeyAccess(listed: unknown): Judged<readonly KeyAccess[]> {
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > limits.tdfKeyAccess) return damaged('no key access, or too many')
  const judged: KeyAccess[] = []
  for (const each of listed as readonly unknown[]) {
    const { sid = '', policyBinding } = fieldsOf(each) ?? {}
    const binding = bindingOf(policyBinding)
    if (typeof sid !== 'string' || binding === null) return damaged('a key access object that binds no policy')
    judged.push({ share: sid, binding })
  }
  return accept(judged)
}

/** As writers write it, base64 of hex, or as the specification says, base64 alone; an object with its algorithm, or text only. */
function bindingOf(binding: unknown): Uint8Array<ArrayBuffer> | null {
  const fields = fieldsOf(binding)
  if (fields !== null && fields['alg'] !== 'HS256') return null
  const text = fields === null ? binding : fields['hash']
  return hashOf(text, true, rootBytes) ?? hashOf(text, false, rootBytes)
}

function hashOf(text: unknown, legacy: boolean, length: number): Uint8Array<ArrayBuffer> | null {
  const bytes = typeof text === 'string' && text.length <= 4 * length ? fromBase64(text) : null
  const hash = legacy && bytes !== null ? unhexed(bytes) : bytes
  return hash?.length === length ? hash : null
}

/** Lower-case hex only: it is the text that is signed. */
function unhexed(text: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const digits = fromUtf8(text) ?? ''
  const bytes = fromHex(digits)
  return bytes !== null && toHex(bytes) === digits ? bytes : null
}

function parsed(bytes: Uint8Array): Fields | null {
  const text = fromUtf8(bytes)
  try { return text === null ? null : fieldsOf(JSON.parse(text) as unknown) } catch { return null }
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : null
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most
}
