import { HoldfastError } from '../base/index.ts'
import type { ByteRange, ChunkStore } from 'webtorrent/dist/webtorrent.min.js'
import type { PieceMap } from './bitfield.ts'
import type { PieceCache } from './piece-cache.ts'

/** Where the bytes of a torrent lie: a staging file while it comes, the bucket once it is placed. */
export interface Backing {
  /** One whole piece. */
  read(at: number, length: number): Promise<Uint8Array>
  write(at: number, bytes: Uint8Array): Promise<void>
}

type Done<T> = (error: Error | null, value?: T) => void
const ignore = (): void => {}

/**
 * WebTorrent's chunk store over one file. What is behind it changes in a torrent's life (nothing yet, staging, nothing while
 * it is checked, bucket) and connections go on: as long as there is nothing, reads and writes wait. It opens, closes and
 * removes nothing; who sets the backing owns it.
 */
export class FileChunkStore implements ChunkStore {
  readonly chunkLength: number
  private provide: (backing: Promise<Backing>) => void = ignore
  private backing = this.nothing()

  constructor(readonly name: string, readonly pieces: PieceMap, readonly cache: PieceCache) {
    this.chunkLength = pieces.pieceLength
  }

  /** From now on, and for those who wait, the bytes are in `backing`. */
  use(backing: Backing): void {
    this.settle(Promise.resolve(backing))
  }

  /** Those who wait, and all who come, fail with `problem`. */
  fail(problem: HoldfastError): void {
    this.settle(Promise.reject(problem))
  }

  /** Reads and writes wait from now on. */
  suspend(): void {
    this.backing = this.nothing()
  }

  put(index: number, bytes: Uint8Array, done: Done<void> = ignore): void {
    this.cache.forget(this.key(index)) // may hold what was read there before
    void tell(this.write(index, bytes), done)
  }

  get(index: number, range: ByteRange | null, done: Done<Uint8Array>): void {
    void tell(this.read(index, range?.offset ?? 0, range?.length), done)
  }

  close(done: Done<void> = ignore): void {
    queueMicrotask(() => { done(null) })
  }

  destroy(done: Done<void> = ignore): void {
    this.close(done)
  }

  private async write(index: number, bytes: Uint8Array): Promise<void> {
    await (await this.backing).write(index * this.chunkLength, bytes)
  }

  private async read(index: number, offset: number, length?: number): Promise<Uint8Array> {
    const whole = this.pieces.length(index)
    const end = length === undefined ? whole : offset + length
    if (!(index >= 0 && index < this.pieces.count && offset >= 0 && offset <= end && end <= whole)) throw new HoldfastError('bad-input', 'a block outside of its piece')
    const piece = await this.cache.get(this.key(index), whole, async () => (await this.backing).read(index * this.chunkLength, whole))
    return piece.subarray(offset, end)
  }

  private settle(backing: Promise<Backing>): void {
    this.provide(backing)
    this.backing = seen(backing)
  }

  private nothing(): Promise<Backing> {
    return seen(new Promise(resolve => { this.provide = resolve }))
  }

  private key(index: number): string {
    return `${this.name}/${index}/`
  }
}

/** A failure here is told to whoever reads or writes, which may be nobody. */
function seen(backing: Promise<Backing>): Promise<Backing> {
  backing.catch(ignore)
  return backing
}

/** A promise's outcome as a Node callback, which chunk stores speak. */
async function tell<T>(work: Promise<T>, done: Done<T>): Promise<void> {
  let value: T
  try {
    value = await work
  } catch (error) {
    done(HoldfastError.from(error))
    return
  }
  done(null, value)
}
