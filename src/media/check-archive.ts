import { createSHA256 } from 'hash-wasm'
import { HoldfastError, type Cid } from '../base/index.ts'
import { TarLister, TdfPass, type Kind, type Member, type TdfKeys, type UnlockedTdf } from '../content/index.ts'
import { blobSource } from './byte-source.ts'
import { unlockTdf } from './open-archive.ts'
import type { Progress } from './pack-archive.ts'
import { readAhead } from './read-ahead.ts'

export interface ExpectedFile {
  readonly cid: Cid
  readonly size: number
  readonly kind: Kind
  /** Of a protected archive; without it only its bytes are compared. */
  readonly key?: TdfKeys | null
}

/** What is looked for in a file while it is hashed. What is wrong with it is told by `end` alone, so that the whole file can be hashed first. */
interface Look {
  push(chunk: Uint8Array<ArrayBuffer>): Promise<void>
  /** The members, null for what is no archive or cannot be looked into. */
  end(): Promise<readonly Member[] | null>
}

/**
 * Reads a stored file once. `wrong-bytes` where it is not the content it should be. Where it is that content, but nothing anybody should unpack: `wrong-key`,
 * `tdf-damaged`, `archive-damaged` or the code of what else is wrong. Else its members, in the order of the archive.
 */
export async function checkArchive(file: Blob, { cid, size, kind, key = null }: ExpectedFile, { signal, onProgress }: Progress = {}): Promise<{ readonly members: readonly Member[] | null }> {
  if (file.size !== size) throw new HoldfastError('wrong-bytes', 'not as long as it should be', { expected: size, got: file.size })
  const sha256 = await createSHA256()
  const look = kind === 'z' ? new Listing() : kind === 'p' && key !== null ? await lookInside(file, key) : noLook
  let done = 0
  for await (const chunk of readAhead([{ path: cid, file }])) {
    if (signal?.aborted === true) throw HoldfastError.from(signal.reason)
    sha256.update(chunk)
    await look.push(chunk)
    onProgress?.(done += chunk.length)
  }
  if (sha256.digest() !== cid) throw new HoldfastError('wrong-bytes', 'not the content it should be')
  return { members: await look.end() }
}

const noLook: Look = { async push() {}, async end() { return null } }

async function lookInside(file: Blob, key: TdfKeys): Promise<Look> {
  try { return new ProtectedListing(await unlockTdf(blobSource(file), key)) } catch (error) {
    return { async push() {}, async end() { throw error } }
  }
}

/** Lists a protected archive while its bytes pass by. */
class ProtectedListing implements Look {
  private readonly listing = new Listing()
  private readonly pass: TdfPass
  private fault: HoldfastError | null = null

  constructor(tdf: UnlockedTdf) {
    this.pass = new TdfPass(tdf, async plain => { await this.listing.push(plain) })
  }

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.note(async () => {
      this.pass.push(chunk)
      await this.pass.drain()
    })
  }

  async end(): Promise<readonly Member[]> {
    await this.note(async () => { await this.pass.finish() })
    // Ended even after a fault, or its unpacker would stay.
    const listed = this.listing.end()
    if (this.fault === null) return await listed
    await listed.catch(() => {})
    throw this.fault
  }

  private async note(task: () => Promise<void>): Promise<void> {
    if (this.fault === null) await task().catch((error: unknown) => { this.fault = HoldfastError.from(error) })
  }
}

/** Lists an archive that comes in chunks. */
class Listing implements Look {
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
