import { HoldfastError, accept, concat, equalBytes, limits, reject, utf8, type Judged } from '../../base/index.ts'
import { damaged, findEntries, type EntrySpan, type ReadAt, type Span } from './find-entries.ts'
import { judgeManifest, type Manifest, type Segment } from './judge-manifest.ts'
import { hashedForm, ivBytes, tagBytes } from './manifest.ts'

/** What opens a file: AES-GCM for `decrypt`, HMAC with SHA-256 for `sign`, both over the same 32 bytes. */
export interface TdfKeys { readonly decipher: CryptoKey, readonly mac: CryptoKey }

/** A TDF whose structure is sound. It gives nothing away before `unlock`. */
export interface Tdf {
  readonly manifest: Manifest
  readonly spans: { readonly payload: EntrySpan, readonly manifest: EntrySpan }
  /** `wrong-key` where the root signature was made with another key, `tdf-damaged` where another policy stands in it than was bound. */
  unlock(keys: TdfKeys): Promise<Judged<UnlockedTdf>>
}

/** Hears of the bytes of a segment that were read and are needed no more. */
export type Spent = (sealed: Uint8Array<ArrayBuffer>) => void

/**
 * Opens a file of `size` bytes: reads the end of it, the manifest, and the first bytes of the payload. `tdf-damaged` for everything that is no
 * TDF; what `read` throws passes through.
 */
export async function openTdf(read: ReadAt, size: number, spent: Spent = () => {}): Promise<Judged<Tdf>> {
  const entries = await findEntries(read, size)
  if (!entries.ok) return entries
  const { payload, manifest: { at, length } } = entries.value
  if (length > limits.tdfManifestBytes) return damaged('a manifest too long')
  const manifest = judgeManifest(await read(at, length), payload.length)
  if (!manifest.ok) return manifest
  return accept({ manifest: manifest.value, spans: entries.value, unlock: async keys => await unlock(read, payload, manifest.value, keys, spent) })
}

async function unlock(read: ReadAt, payload: Span, manifest: Manifest, keys: TdfKeys, spent: Spent): Promise<Judged<UnlockedTdf>> {
  const { legacy, segments, root, policy, keyAccess } = manifest
  const signed = await hmac(keys.mac, concat(...segments.map(({ hash }) => hashedForm(hash, legacy))))
  if (!equalBytes(signed, root)) return reject('wrong-key', 'the root signature was made with another key')
  // Each of several shares binds the policy with itself; the whole key cannot say anything of those.
  if (new Set(keyAccess.map(({ share }) => share)).size === 1) {
    const bound = await hmac(keys.mac, utf8(policy))
    if (!keyAccess.every(({ binding }) => equalBytes(binding, bound))) return damaged('another policy than was bound')
  }
  return accept(new UnlockedTdf(read, payload, manifest, keys, spent))
}

/** A TDF and its key, which is the right one. Every segment is compared with its signed hash before a byte of it is given. */
export class UnlockedTdf {
  /** Of the plaintext. */
  readonly size: number

  constructor(private readonly read: ReadAt, readonly payload: Span, private readonly manifest: Manifest, private readonly keys: TdfKeys, private readonly spent: Spent) {
    this.size = manifest.plainBytes
  }

  get segments(): readonly Segment[] {
    return this.manifest.segments
  }

  /**
   * The plaintext from byte `at`, `length` bytes or up to the end, in chunks of at most a segment. Reads the segments it lies in, a few ahead of what is
   * asked for, and the empty ones beside it. Throws `tdf-damaged` where a segment is not what was signed. Sizes are not signed but proven by decrypting: what
   * begins at 0 is what was written, any other part is a part of it but may be from elsewhere, unless the file is known by its content id.
   */
  async* range(at: number, length: number): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const end = Math.min(at + length, this.size)
    const ahead: Promise<Uint8Array<ArrayBuffer>>[] = []
    let next = end > at || this.size === 0 ? firstAt(this.segments, at) : this.segments.length
    for (;;) {
      for (; ahead.length < limits.tdfSegmentsInFlight && reaches(this.segments[next], end); next++) ahead.push(this.fetch(next, at, end))
      const chunk = await ahead.shift()
      if (chunk === undefined) return
      if (chunk.length > 0) yield chunk
    }
  }

  /** The plaintext of a whole segment out of its bytes. */
  async decrypt({ hash, plain }: Segment, sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const found = this.manifest.segmentHash === 'GMAC' ? sealed.subarray(-tagBytes) : await hmac(this.keys.mac, sealed)
    if (!equalBytes(found, hash)) throw new HoldfastError('tdf-damaged', 'a segment is not the one that was signed')
    try {
      const bytes = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.subarray(0, ivBytes) }, this.keys.decipher, sealed.subarray(ivBytes)))
      if (bytes.length === plain) return bytes
    } catch (error) {
      throw new HoldfastError('tdf-damaged', 'a segment does not decrypt', {}, { cause: error })
    }
    throw new HoldfastError('tdf-damaged', 'a segment of another length')
  }

  /** Of segment `index`, what lies from `at` to before `end`. */
  private fetch(index: number, at: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
    const segment = this.segments[index]!
    const fetching = this.read(this.payload.at + segment.sealedAt, segment.sealed)
      .then(async sealed => await this.decrypt(segment, sealed).finally(() => { this.spent(sealed) }))
      .then(plain => plain.subarray(Math.max(0, at - segment.plainAt), Math.min(segment.plain, end - segment.plainAt)))
    fetching.catch(() => {}) // told in its turn, where anybody still asks
    return fetching
  }
}

/** The segment in which byte `at` of the plaintext lies, or the first of those before it that say they are empty: one that lies would be left out. */
function firstAt(segments: readonly Segment[], at: number): number {
  let [low, high] = [0, segments.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const { plainAt, plain } = segments[middle]!
    if (plainAt + plain < at || (plainAt + plain === at && plain > 0)) low = middle + 1
    else high = middle
  }
  return low
}

/** Whether a segment begins before `end`, or is said to be empty there. */
function reaches(segment: Segment | undefined, end: number): boolean {
  return segment !== undefined && (segment.plainAt < end || (segment.plainAt === end && segment.plain === 0))
}

async function hmac(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))
}
