import { createSHA256 } from 'hash-wasm'
import { HoldfastError, concat, limits, type Cid } from '../base/index.ts'
import { FactsPass, RatioGuard, TarLister, TdfPass, beginsAsGzip, endsAsGzip, judgePngHeader, type FileFacts, type Kind, type Member, type TdfKeys, type UnlockedTdf } from '../content/index.ts'
import type { StoredFile } from '../store/index.ts'
import { crcHere } from './block-hash.ts'
import { blobSource } from './byte-source.ts'
import { unlockTdf } from './open-archive.ts'
import type { Progress } from './pack-archive.ts'
import { readAhead } from './read-ahead.ts'

export interface ExpectedFile {
  readonly cid: Cid
  readonly size: number
  readonly kind: Kind
  /** Of a protected file; without it only its bytes are compared. */
  readonly key?: TdfKeys | null
}

/** Of a picture, for its header and the chunks before its pixels. */
const pngLookBytes = 64 * 1024

/** What is looked for in a file while it is hashed. What is wrong with it is told by `end` alone, so that the whole file can be hashed first. */
interface Look {
  push(chunk: Uint8Array<ArrayBuffer>): Promise<void>
  /** The members, null for what is no archive or cannot be looked into. */
  end(): Promise<readonly Member[] | null>
}

export interface CheckOptions extends Progress {
  /** Whether to look inside whatever it unpacks to, since somebody said so. */
  readonly anyRatio?: boolean
  /** Whether to find out what records say of it, too. */
  readonly facts?: boolean
  /** Whether to compare its bytes alone, and look into nothing. */
  readonly bytes?: boolean
}

export interface Checked {
  readonly members: readonly Member[] | null
  /** Where they were asked for. */
  readonly facts?: FileFacts
}

/**
 * Reads a stored file once. `wrong-bytes` where it is not the content it should be. Where it is that content, but nothing anybody should unpack: `wrong-key`,
 * `tdf-damaged`, `archive-bomb` for one that unpacks to too much (looked into no further once that is seen), `archive-damaged`, `bad-image` or the code of what else is
 * wrong. Else its members, in the order of the archive.
 */
export async function checkArchive(file: StoredFile, { cid, size, kind, key = null }: ExpectedFile, { signal, onProgress, anyRatio = false, facts = false, bytes = false }: CheckOptions = {}): Promise<Checked> {
  if (file.size !== size) throw new HoldfastError('wrong-bytes', 'not as long as it should be', { expected: size, got: file.size })
  const sha256 = await createSHA256()
  const guard = anyRatio ? null : new RatioGuard(size)
  const look = bytes ? noLook : kind === 'z' ? new Listing(guard) : kind === 'i' ? new PictureLook() : key !== null ? await lookInside(file, kind, key, guard) : noLook
  const source = blobSource(file)
  const pass = facts ? await FactsPass.over(async (at, length) => await source.read(at, length), size, kind, [await crcHere(), await crcHere()]) : null
  let done = 0
  for await (const chunk of readAhead([{ path: cid, file }])) {
    if (signal?.aborted === true) throw HoldfastError.from(signal.reason)
    sha256.update(chunk)
    pass?.push(chunk)
    await look.push(chunk)
    onProgress?.(done += chunk.length)
  }
  if (sha256.digest() !== cid) throw new HoldfastError('wrong-bytes', 'not the content it should be')
  if (pass === null) return { members: await look.end() }
  const members = await look.end().catch((error: unknown) => {
    if (HoldfastError.from(error).code === 'archive-bomb') return null // it is what it should be
    throw error
  })
  return { members, facts: pass.end() }
}

const noLook: Look = { async push() {}, async end() { return null } }

async function lookInside(file: StoredFile, kind: Kind, key: TdfKeys, guard: RatioGuard | null): Promise<Look> {
  try { return new ProtectedLook(await unlockTdf(blobSource(file), key), kind === 'p' ? new Listing(guard) : noLook) } catch (error) {
    return { async push() {}, async end() { throw error } }
  }
}

/** Judges a picture by its first bytes (D4): what a decoder would be asked for. */
class PictureLook implements Look {
  private first = new Uint8Array(0)

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.first.length < pngLookBytes) this.first = new Uint8Array(concat(this.first, chunk.subarray(0, pngLookBytes - this.first.length)))
  }

  async end(): Promise<null> {
    const judged = judgePngHeader(this.first)
    if (!judged.ok) throw new HoldfastError(judged.code === 'too-large' ? 'image-too-large' : judged.code, judged.reason)
    return null
  }
}

/** Looks into a protected file while its bytes pass by. */
class ProtectedLook implements Look {
  private readonly pass: TdfPass
  private fault: HoldfastError | null = null

  constructor(tdf: UnlockedTdf, private readonly inner: Look) {
    this.pass = new TdfPass(tdf, async plain => { await inner.push(plain) })
  }

  async push(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.note(async () => {
      this.pass.push(chunk)
      await this.pass.drain()
    })
  }

  async end(): Promise<readonly Member[] | null> {
    await this.note(async () => { await this.pass.finish() })
    // Ended even after a fault, or its unpacker would stay.
    const listed = this.inner.end()
    if (this.fault === null) return await listed
    await listed.catch(() => {})
    throw this.fault
  }

  private async note(task: () => Promise<void>): Promise<void> {
    if (this.fault === null) await task().catch((error: unknown) => { this.fault = HoldfastError.from(error) })
  }
}

/** Lists an archive that comes in chunks. What is wrong with it is told by `end` alone, so that the whole file can be hashed first. */
class Listing implements Look {
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
