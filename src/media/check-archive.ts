import { createSHA256 } from 'hash-wasm'
import { HoldfastError, limits, type Cid } from '../base/index.ts'
import { RatioGuard, TarLister, beginsAsGzip, endsAsGzip, type Member } from '../content/index.ts'
import { readAhead } from './read-ahead.ts'
import type { Progress } from './pack-archive.ts'

export interface CheckOptions extends Progress {
  /** Whether to look inside whatever it unpacks to, since somebody said so. */
  readonly anyRatio?: boolean
}

/**
 * Reads a stored archive once: `wrong-bytes` where it is not the content it should be; where it is that content but none that anybody should unpack,
 * `archive-bomb` for one that unpacks to too much (looked into no further, and no further once that is seen), `archive-damaged` or the code of what
 * else is wrong. Else its members.
 */
export async function checkArchive(file: Blob, expected: { readonly cid: Cid, readonly size: number }, { signal, onProgress, anyRatio = false }: CheckOptions = {}): Promise<{ readonly members: readonly Member[] }> {
  if (file.size !== expected.size) throw new HoldfastError('wrong-bytes', 'not as long as it should be', { expected: expected.size, got: file.size })
  const sha256 = await createSHA256()
  const listing = new Listing(anyRatio ? null : new RatioGuard(file.size))
  let done = 0
  for await (const chunk of readAhead([{ path: expected.cid, file }])) {
    if (signal?.aborted === true) throw HoldfastError.from(signal.reason)
    sha256.update(chunk)
    await listing.push(chunk)
    onProgress?.(done += chunk.length)
  }
  if (sha256.digest() !== expected.cid) throw new HoldfastError('wrong-bytes', 'not the content it should be')
  return { members: await listing.end() }
}

/** Lists an archive that comes in chunks. What is wrong with it is told by `end` alone, so that the whole file can be hashed first. */
class Listing {
  private readonly lister = new TarLister()
  private readonly gunzip = new DecompressionStream('gzip')
  private readonly writer = this.gunzip.writable.getWriter()
  private readonly listed = this.list()
  private fault: HoldfastError | null = null
  private begun = false
  private unpacked = 0
  private last = new Uint8Array()

  constructor(private readonly guard: RatioGuard | null) {
    this.writer.closed.catch(() => {}) // told where it is written to
  }

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.begun && !beginsAsGzip(chunk)) {
      this.fault = damaged()
      await this.writer.abort(this.fault).catch(() => {}) // unpacks nothing
    }
    this.begun = true
    this.last = chunk.slice(-4)
    for (let at = 0; at < chunk.length && this.fault === null; at += limits.inflateBytes) await this.write(chunk.subarray(at, at + limits.inflateBytes))
  }

  async end(): Promise<readonly Member[]> {
    if (this.fault === null) await this.writer.close().catch(() => { this.fault ??= damaged() })
    await this.listed
    if (this.fault !== null) throw this.fault
    const judged = endsAsGzip(this.last, this.unpacked) ? this.lister.end() : damaged()
    if (judged instanceof HoldfastError) throw judged
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return judged.value
  }

  private async write(part: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.writer.write(part).catch(() => { this.fault ??= damaged() })
  }

  private async list(): Promise<void> {
    const reader = this.gunzip.readable.getReader()
    try {
      for (let read = await reader.read(); read.value !== undefined; read = await reader.read()) {
        this.unpacked += read.value.length
        if (this.guard?.take(read.value.length) === false) {
          this.fault = new HoldfastError('archive-bomb', `it unpacks to more than ${String(limits.unpackRatio)} times its size`)
          return await reader.cancel() // unpacks no more: what is to come is hashed only
        }
        this.lister.push(read.value)
      }
    } catch { this.fault ??= damaged() }
  }
}

function damaged(): HoldfastError {
  return new HoldfastError('archive-damaged', 'it is not one whole gzip file')
}
