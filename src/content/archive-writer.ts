import { HoldfastError, concat, limits } from '../base/index.ts'
import { crc32 } from './crc32.ts'
import { DeflateRun } from './deflate-run.ts'
import { memberHeader, paddedSize, tarEndBytes } from './tar-header.ts'
import type { ArchivePlan } from './archive-plan.ts'

/**
 * The recipe of archives, by which the same files give the same bytes, and so the same content id, in every browser. Any change to what it
 * writes is a new version; `tests/fixtures/archive/golden.ts` holds it still.
 *
 * One gzip member without name or time, operating system 255. In it the members of the plan and the end of the tar, each its own run of
 * deflate blocks from byte to byte: header, bytes and padding, cut into 64 KiB, go through fflate 0.8.3 at level 6. Where the
 * first 64 KiB of that, flushed, shrink by less than 10 %, the whole run is stored blocks of 65,535 bytes instead. An empty final block.
 */
export const archiveRecipe = 1

const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
const finalBlock = Uint8Array.of(3, 0)
const storedBytes = 65_535

/** Of the size of something that is being made; both ends included. */
export interface Bounds { readonly min: number, readonly max: number }

/**
 * Makes the archive of one plan out of the bytes of its members, which come in the plan's order and in chunks of any length. Gives what
 * is made to `emit`, in order; such an array is the receiver's until `emit` returns. Holds no more than 64 KiB and what deflate needs.
 */
export class ArchiveWriter {
  /** Index of the member whose bytes come next. */
  private next = -1
  private missing = 0
  private crc = 0
  private run: Run | null = null
  private tarDone = 0
  private emitted = 0
  private readonly emit: (bytes: Uint8Array) => void

  constructor(private readonly plan: ArchivePlan, emit: (bytes: Uint8Array) => void) {
    if (plan.refusal !== null) throw new HoldfastError(plan.refusal.code, plan.refusal.reason)
    this.emit = bytes => {
      this.emitted += bytes.length
      emit(bytes)
    }
    this.emit(gzipHeader)
    this.advance()
  }

  /** The next bytes of the member that is due; `bad-input` where they are more than are missing of it. */
  write(bytes: Uint8Array): void {
    if (bytes.length > this.missing) throw new HoldfastError('bad-input', 'more bytes than the plan has')
    this.put(bytes)
    this.missing -= bytes.length
    if (this.missing === 0) this.advance()
  }

  /**
   * Between what sizes the archive will end. Deflate may take 9 bits for 8, blocks and runs some bytes more; what is stored is known
   * exactly. Up to a chunk has come and not gone out yet.
   */
  get bounds(): Bounds {
    const left = this.plan.tarBytes - this.tarDone
    const stored = this.run?.stored === true ? this.run.left : 0
    return { min: this.emitted + stored, max: this.emitted + left + overhead(left - stored, stored, this.plan.members.length - this.next + 1) }
  }

  /** Writes the end, once all members are whole. */
  finish(): void {
    if (this.next !== this.plan.members.length) throw new HoldfastError('bad-input', 'bytes are missing')
    this.begin(tarEndBytes)
    this.put(new Uint8Array(tarEndBytes))
    this.run?.end()
    this.emit(finalBlock)
    const trailer = new DataView(new ArrayBuffer(8))
    trailer.setUint32(0, this.crc, true)
    trailer.setUint32(4, this.plan.tarBytes % 2 ** 32, true)
    this.emit(new Uint8Array(trailer.buffer))
  }

  /** Ends the member that is whole, and begins with the next that has bytes. */
  private advance(): void {
    while (this.missing === 0 && this.next < this.plan.members.length) {
      const done = this.plan.members[this.next]
      if (done !== undefined) {
        this.put(new Uint8Array(paddedSize(done.size) - done.size))
        this.run?.end()
      }
      const member = this.plan.members[++this.next]
      if (member === undefined) return
      const header = memberHeader(member)
      this.begin(header.length + paddedSize(member.size))
      this.put(header)
      this.missing = member.size
    }
  }

  private begin(length: number): void {
    this.run = new Run(length, this.emit)
  }

  private put(bytes: Uint8Array): void {
    this.crc = crc32(this.crc, bytes)
    this.tarDone += bytes.length
    this.run?.put(bytes)
  }
}

/** More than the archive of `plan` can have, before a byte of it is read. */
export function archiveBytesMost({ tarBytes, members }: ArchivePlan): number {
  return tarBytes + overhead(tarBytes, 0, members.length + 2)
}

function overhead(deflated: number, stored: number, runs: number): number {
  return Math.ceil(stored * 5 / storedBytes + deflated / 8 + 16 * runs + 2 * limits.archiveProbeBytes)
}

/** The blocks of one run of `length` bytes: probed, then deflated or stored. */
class Run {
  stored = false
  /** Bytes of its input that are still to come. */
  left: number
  private readonly chunk: Uint8Array<ArrayBuffer>
  private filled = 0
  private deflate: DeflateRun | null = null
  private blockLeft = 0

  constructor(length: number, private readonly emit: (bytes: Uint8Array) => void) {
    this.left = length
    this.chunk = new Uint8Array(Math.min(length, limits.archiveProbeBytes))
  }

  put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.stored) return this.store(bytes.subarray(at))
      const part = bytes.subarray(at, at + this.chunk.length - this.filled)
      this.chunk.set(part, this.filled)
      this.filled += part.length
      this.left -= part.length
      at += part.length
      if (this.filled === this.chunk.length) this.turn()
    }
  }

  end(): void {
    if (this.filled > 0) this.turn()
    this.deflate?.end()
  }

  /** A chunk is full, or the run ends with it. */
  private turn(): void {
    const chunk = this.chunk.subarray(0, this.filled)
    this.filled = 0
    if (this.deflate === null) this.probe(chunk)
    else this.deflate.push(chunk)
  }

  private probe(chunk: Uint8Array): void {
    const parts: Uint8Array[] = []
    const deflate = new DeflateRun(part => { parts.push(part) })
    deflate.push(chunk)
    deflate.flush()
    const deflated = concat(...parts)
    this.stored = deflated.length * 10 > chunk.length * 9
    if (this.stored) {
      this.left += chunk.length
      this.store(chunk)
    } else {
      this.emit(deflated)
      deflate.redirect(this.emit)
      this.deflate = deflate
    }
  }

  private store(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.blockLeft === 0) {
        const length = this.blockLeft = Math.min(this.left, storedBytes)
        this.emit(Uint8Array.of(0, length & 255, length >> 8, ~length & 255, ~length >> 8 & 255))
      }
      const part = bytes.subarray(at, at + this.blockLeft)
      this.emit(part)
      this.blockLeft -= part.length
      this.left -= part.length
      at += part.length
    }
  }
}
