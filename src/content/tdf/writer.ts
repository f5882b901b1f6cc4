import { HoldfastError, concat, limits, utf8, type Random } from '../../base/index.ts'
import type { Bounds } from '../archive-writer.ts'
import { PlainCrc32, crc32, type RunningCrc32 } from '../crc32.ts'
import { containerBytes, descriptor, directory, localHeader, manifestName, payloadName, saturated, type Entry } from './container.ts'
import { hashedForm, ivBytes, manifestText, segmentExtra, segmentLine, tagBytes, type ManifestHead, type SegmentLine } from './manifest.ts'

export interface TdfSetup {
  /** AES-GCM with 256 bits, for `encrypt`. */
  readonly cipher: CryptoKey
  /** HMAC with SHA-256 over the same bytes, for `sign`. */
  readonly mac: CryptoKey
  /** Base64 of the policy's JSON. */
  readonly policy: string
  /** The one key access object, which binds that policy. */
  readonly keyAccess: object
  /** Gives each segment its iv. A key never has two writers: ivs are random, and 96 bits meet by chance before 2^32 segments. */
  readonly random: Random
  readonly mimeType: string
  /** The most plaintext that may come; decides between zip and zip64. */
  readonly maxBytes: number
  /** As OpenTDF wrote before 4.3.0, which old clients want. */
  readonly legacy?: boolean
  /** Of the payload: a fresh one, where there is a faster one than ours. */
  readonly crc?: RunningCrc32
  /** Plaintext of a segment, where it is not ours. */
  readonly segmentBytes?: number
}

/** The plaintext of a segment on its way, and what it becomes. */
interface Coming { readonly plain: number, readonly iv: Uint8Array<ArrayBuffer>, readonly sealed: Promise<Uint8Array<ArrayBuffer>> }

/**
 * Makes a TDF out of plaintext that comes in chunks of any length, in one pass: `emit` is given its bytes in order, each array until it
 * returns. `write` takes its bytes at once; `drain` lets through what is encrypted and is to be awaited before much more is written. Holds what was
 * written since, and `limits.tdfSegmentsInFlight` segments.
 */
export class TdfWriter {
  private readonly head: ManifestHead
  private readonly zip64: boolean
  private segment: Uint8Array<ArrayBuffer>
  private filled = 0
  private readonly free: Uint8Array<ArrayBuffer>[] = []
  private readonly coming: Coming[] = []
  private readonly lines: SegmentLine[] = []
  private readonly tags: Uint8Array[] = []
  private written = 0
  private readonly crc: RunningCrc32
  private payload = 0
  private emitted = 0

  constructor(private readonly setup: TdfSetup, private readonly emit: (bytes: Uint8Array) => void) {
    const { policy, keyAccess, mimeType, maxBytes, legacy = false, segmentBytes = limits.tdfSegmentBytes } = setup
    this.head = { policy, keyAccess, mimeType, legacy, segmentBytes }
    if (manifestBytes(this.head, maxBytes) > limits.tdfManifestBytes) throw new HoldfastError('too-large', 'its manifest would be longer than readers take', { bytes: maxBytes })
    this.zip64 = tdfBytes(this.head, maxBytes, true) >= saturated
    this.segment = new Uint8Array(segmentBytes)
    this.crc = setup.crc ?? new PlainCrc32()
    this.put(localHeader(payloadName, null, this.zip64))
  }

  write(bytes: Uint8Array): void {
    this.written += bytes.length
    if (this.written > this.setup.maxBytes) throw new HoldfastError('bad-input', 'more bytes than were announced')
    for (let at = 0; at < bytes.length;) {
      // A full one goes when more comes, so that the last is never empty but in an empty file.
      if (this.filled === this.segment.length) this.seal()
      const part = bytes.subarray(at, at + this.segment.length - this.filled)
      this.segment.set(part, this.filled)
      this.filled += part.length
      at += part.length
    }
  }

  /** Emits what is ready, and waits while too many segments are under way. */
  async drain(): Promise<void> {
    await this.pass(limits.tdfSegmentsInFlight)
  }

  /** Emits the rest: the last segment, the manifest, the directory. */
  async finish(): Promise<void> {
    this.seal()
    await this.pass(0)
    const payload: Entry = { name: payloadName, crc: this.crc.digest(), size: this.payload, at: 0 }
    this.put(descriptor(payload, this.zip64))
    const root = new Uint8Array(await crypto.subtle.sign('HMAC', this.setup.mac, concat(...this.tags.map(tag => hashedForm(tag, this.head.legacy)))))
    const text = utf8(manifestText(this.head, root, this.lines))
    const manifest: Entry = { name: manifestName, crc: crc32(0, text), size: text.length, at: this.emitted }
    this.put(localHeader(manifestName, manifest, this.zip64))
    this.put(text)
    this.put(directory(payload, manifest, this.emitted, this.zip64))
  }

  /** Between what sizes the file will end, where the plaintext ends between those of `plain`. */
  bounds({ min, max }: Bounds): Bounds {
    return { min: tdfBytes(this.head, min, this.zip64), max: tdfBytes(this.head, max, this.zip64) }
  }

  private seal(): void {
    const [buffer, plain, iv] = [this.segment, this.filled, this.setup.random.bytes(ivBytes)]
    const sealed = crypto.subtle.encrypt({ name: 'AES-GCM', iv }, this.setup.cipher, buffer.subarray(0, plain)).then(bytes => {
      this.free.push(buffer)
      return new Uint8Array(bytes)
    })
    sealed.catch(() => {}) // told where it is awaited
    this.coming.push({ plain, iv, sealed })
    this.segment = this.free.pop() ?? new Uint8Array(buffer.length)
    this.filled = 0
  }

  private async pass(inFlight: number): Promise<void> {
    while (this.coming.length > inFlight) {
      const next = this.coming.shift()
      if (next === undefined) return
      const sealed = await next.sealed
      const tag = sealed.slice(-tagBytes)
      this.tags.push(tag)
      this.lines.push(segmentLine(tag, next.plain, this.head.legacy))
      for (const bytes of [next.iv, sealed]) {
        this.crc.update(bytes)
        this.payload += bytes.length
        this.put(bytes)
      }
    }
  }

  private put(bytes: Uint8Array): void {
    this.emitted += bytes.length
    this.emit(bytes)
  }
}

/** Bytes of the TDF of `plain` bytes; grows with them. */
function tdfBytes(head: ManifestHead, plain: number, zip64: boolean): number {
  return containerBytes(plain + segmentCount(head, plain) * segmentExtra, manifestBytes(head, plain), zip64)
}

function manifestBytes(head: ManifestHead, plain: number): number {
  const count = segmentCount(head, plain)
  const line = (length: number): number => JSON.stringify(segmentLine(new Uint8Array(tagBytes), length, head.legacy)).length
  const frame = utf8(manifestText(head, new Uint8Array(32), [])).length
  return frame + (count - 1) * (line(head.segmentBytes) + 1) + line(plain - (count - 1) * head.segmentBytes)
}

/** An empty file is one empty segment. */
function segmentCount({ segmentBytes }: ManifestHead, plain: number): number {
  return Math.max(1, Math.ceil(plain / segmentBytes))
}
