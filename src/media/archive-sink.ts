import { concat, limits, type Cid } from '../base/index.ts'
import { possiblePieceLengths, type AuditPass, type Bounds } from '../content/index.ts'
import type { StagingFile } from '../store/index.ts'
import type { BlockHash } from './block-hash.ts'

export interface Sunk {
  readonly cid: Cid
  readonly size: number
  /** SHA-1 of all pieces of the canonical length, one after the other. */
  readonly pieces: Uint8Array<ArrayBuffer>
  /** See `AuditPass`; null where it was not asked for. */
  readonly audit: string | null
}

/** A multiple of every piece length, so that pieces never cross blocks. */
const blockBytes = limits.pieceBytesMax
/** Blocks being hashed while the next is made. */
const blocksInFlight = 2

/**
 * Where an archive goes while it is made: into its file, its SHA-256, and the SHA-1 of its pieces. The size, and with it the length of pieces,
 * is known at the end only, so hashes are kept for every length still possible. `push` takes bytes at once; `drain` lets full blocks through and
 * is to be awaited before much more is pushed. Both hashes run beside this thread. Holds at most what one `push` fills and 3 blocks more.
 */
export class ArchiveSink {
  private block = new Uint8Array(blockBytes)
  private filled = 0
  private readonly full: Uint8Array<ArrayBuffer>[] = []
  private readonly free: ArrayBuffer[] = []
  private written = 0
  /** Hashes of the pieces, for each length that is still possible. */
  private pieces: Map<number, Promise<Uint8Array>[]> | null = null
  private readonly inFlight: Promise<unknown>[] = []

  constructor(private readonly out: StagingFile, private readonly sha256: BlockHash, private readonly audit: AuditPass | null = null) {}

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + blockBytes - this.filled)
      this.block.set(part, this.filled)
      this.filled += part.length
      at += part.length
      if (this.filled === blockBytes) {
        this.full.push(this.block)
        this.block = new Uint8Array(this.free.pop() ?? new ArrayBuffer(blockBytes))
        this.filled = 0
      }
    }
  }

  /** `bounds`: between what sizes the whole will end. */
  async drain(bounds: Bounds): Promise<void> {
    for (let block = this.full.shift(); block !== undefined; block = this.full.shift()) await this.pass(block, bounds)
  }

  async finish(): Promise<Sunk> {
    const size = this.written + this.full.length * blockBytes + this.filled
    const bounds = { min: size, max: size }
    await this.drain(bounds)
    if (this.filled > 0) await this.pass(this.block.subarray(0, this.filled), bounds)
    await this.out.flush()
    await Promise.all(this.inFlight)
    const [pieces = []] = this.pieces?.values() ?? []
    return { cid: await this.sha256.digest(), size, pieces: concat(...await Promise.all(pieces)), audit: this.audit?.root() ?? null }
  }

  private async pass(block: Uint8Array<ArrayBuffer>, { min, max }: Bounds): Promise<void> {
    if (this.inFlight.length >= blocksInFlight) await this.inFlight.shift()
    const end = this.written + block.length
    const hashed = this.hashPieces(block, possiblePieceLengths(Math.max(end, min), max))
    await this.out.write(this.written, block)
    this.written = end
    this.audit?.push(block)
    const returned = this.sha256.update(block).then(({ buffer }) => { this.free.push(buffer) })
    const done = Promise.all([returned, ...hashed])
    done.catch(() => {}) // told where it is awaited
    this.inFlight.push(done)
  }

  /** WebCrypto copies what it is given, and works on threads of its own. */
  private hashPieces(block: Uint8Array<ArrayBuffer>, lengths: readonly number[]): readonly Promise<unknown>[] {
    this.pieces ??= new Map(lengths.map(length => [length, []]))
    const started: Promise<unknown>[] = []
    for (const [length, hashes] of this.pieces) {
      if (!lengths.includes(length)) this.pieces.delete(length)
      else for (let at = 0; at < block.length; at += length) {
        const hash = crypto.subtle.digest('SHA-1', block.subarray(at, at + length)).then(digest => new Uint8Array(digest))
        hashes.push(hash)
        started.push(hash)
      }
    }
    return started
  }
}
