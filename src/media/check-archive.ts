import { createSHA256 } from 'hash-wasm'
import { HoldfastError, type Cid } from '../base/index.ts'
import { TarLister, type Member } from '../content/index.ts'
import { readAhead } from './read-ahead.ts'
import type { StoredFile } from '../store/index.ts'
import type { Progress } from './pack-archive.ts'

/**
 * Reads a stored archive once: `wrong-bytes` where it is not the content it should be, `archive-damaged` or the code of what else is wrong
 * where it is that content but no archive anybody should unpack. Else its members.
 */
export async function checkArchive(file: StoredFile, expected: { readonly cid: Cid, readonly size: number }, { signal, onProgress }: Progress = {}): Promise<{ readonly members: readonly Member[] }> {
  if (file.size !== expected.size) throw new HoldfastError('wrong-bytes', 'not as long as it should be', { expected: expected.size, got: file.size })
  const sha256 = await createSHA256()
  const listing = new Listing()
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
  private damaged = false
  private readonly listed = this.list()

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    if (!this.damaged) await this.writer.write(chunk).catch(() => { this.damaged = true })
  }

  async end(): Promise<readonly Member[]> {
    if (!this.damaged) await this.writer.close().catch(() => { this.damaged = true })
    await this.listed
    if (this.damaged) throw new HoldfastError('archive-damaged', 'it is not one whole gzip file')
    const judged = this.lister.end()
    if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
    return judged.value
  }

  private async list(): Promise<void> {
    const reader = this.gunzip.readable.getReader()
    try {
      for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) if (value !== undefined) this.lister.push(value)
    } catch { this.damaged = true }
  }
}
