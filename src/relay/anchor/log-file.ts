import { randomBytes } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { HoldfastError } from '../../base/index.ts'
import { encodeBatch, headAfter, headBytes, readActs, readHead, type Batch, type ReadBatch } from './log-batch.ts'

const kind = 'holdfast ledger log '
const version = 1
const opening = Buffer.from(`${kind}${String(version)}\n`)
/** And the number of the file that its heads are checked by. */
const openingBytes = opening.length + 4
/** Read at once while a file is opened: many small batches, or the list of one whose values are passed over. */
const windowBytes = 16_384

/** One file of the log. It grows at its end; what it has never changes. Failures are `HoldfastError`s. */
export class LogFile {
  /** How much of it lies on the disk, whatever happens to the machine. */
  private synced = 0
  private syncing: Promise<void> | null = null

  private constructor(readonly path: string, readonly number: number, private readonly handle: FileHandle, private length: number, private readonly seed: number) {}

  /** A new one, which is there after a power cut, too. */
  static async create(path: string, number: number): Promise<LogFile> {
    return await told(async () => {
      const seed = randomBytes(4)
      const file = new LogFile(path, number, await open(path, 'wx+', 0o600), 0, seed.readUInt32LE())
      try {
        await file.write(Buffer.concat([opening, seed]))
        await file.sync()
        await syncFolder(dirname(path))
        return file
      } catch (error) {
        await file.handle.close()
        await unlink(path)
        throw error
      }
    })
  }

  /**
   * The file and its batches. `isLast`: what a process that was killed, or a machine without power, left unfinished at its end is taken off; null for a
   * file of which not even the beginning was written. `storage-damaged` for anything else that is not as it was written, `storage-newer` for a file of a later version.
   */
  static async open(path: string, number: number, isLast: boolean): Promise<{ readonly file: LogFile, readonly batches: readonly ReadBatch[] } | null> {
    return await told(async () => {
      const handle = await open(path, 'r+')
      try {
        const { size } = await handle.stat()
        const start = Buffer.alloc(openingBytes)
        await handle.read(start, 0, openingBytes, 0)
        if (!isOurs(start, size, isLast, path)) {
          await handle.close()
          return null
        }
        const file = new LogFile(path, number, handle, size, start.readUInt32LE(opening.length))
        const batches = await file.batches(isLast)
        await file.sync()
        return { file, batches }
      } catch (error) {
        await handle.close()
        throw error
      }
    })
  }

  get size(): number { return this.length }

  /** Adds a batch at the end, all of it or nothing; where its values begin. */
  async append(batch: Batch): Promise<number> {
    const at = this.length
    const { bytes, values } = encodeBatch(batch, this.synced, this.seed)
    await told(async () => {
      try { await this.write(bytes) } catch (error) {
        await this.handle.truncate(at)
        throw error
      }
    })
    return at + values
  }

  /** Bytes of the file, which must have this checksum: `storage-damaged`. */
  async read(at: number, length: number, crc: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length)
    const { bytesRead } = await told(async () => await this.handle.read(bytes, 0, length, at))
    if (bytesRead < length || crc32(bytes) !== crc) throw this.damaged(at)
    return bytes
  }

  /** Resolves when all that is written now lies on the disk. */
  async sync(): Promise<void> {
    for (const size = this.length; this.synced < size;) {
      this.syncing ??= this.flush().finally(() => { this.syncing = null })
      await this.syncing
    }
  }

  /** Ends it where its last batch ends, on the disk: nothing is added any more. */
  async seal(): Promise<void> {
    await told(async () => { await this.handle.truncate(this.length) }) // a batch that failed may have left something behind
    await this.sync()
  }

  /** Once what is being read is read. */
  async close(): Promise<void> {
    await this.handle.close()
  }

  private async flush(): Promise<void> {
    const size = this.length
    await told(async () => { await this.handle.datasync() })
    this.synced = Math.max(this.synced, size)
  }

  private async write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length;) done += (await this.handle.write(bytes, done, bytes.length - done, this.length + done)).bytesWritten
    this.length += bytes.length
  }

  private async batches(isLast: boolean): Promise<readonly ReadBatch[]> {
    const found: ReadBatch[] = []
    let window: { readonly at: number, readonly bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) }
    const view = async (at: number, length: number): Promise<Buffer> => {
      if (at < window.at || at + length > window.at + window.bytes.length) window = { at, bytes: await this.bytes(at, Math.max(length, windowBytes)) }
      return window.bytes.subarray(at - window.at, at - window.at + length)
    }
    let at = openingBytes
    while (at < this.length) {
      const head = readHead(await view(at, headBytes), this.seed)
      const values = at + headBytes + (head?.list ?? 0)
      const acts = head === null || values > this.length ? null : readActs(await view(at + headBytes, head.list), head)
      if (head === null || acts === null || values + head.values > this.length) break
      found.push({ acts, at, values, end: values + head.values, synced: head.synced })
      at = values + head.values
    }
    if (!isLast) {
      if (at < this.length) throw this.damaged(at)
      return found
    }
    const synced = Math.max(0, ...found.map(batch => batch.synced))
    const whole: ReadBatch[] = []
    for (const batch of found) {
      // Of batches that may not have come to the disk whole the values are looked at, too.
      if (batch.at >= synced && !await this.isWhole(batch)) break
      whole.push(batch)
    }
    const end = whole.at(-1)?.end ?? openingBytes
    if (end < this.length) await this.takeOff(end, synced)
    return whole
  }

  private async isWhole({ acts, values }: ReadBatch): Promise<boolean> {
    let at = values
    for (const act of acts) {
      if (act[0] !== 'put') continue
      const [, , , length, crc] = act
      if (crc32(await this.bytes(at, length)) !== crc) return false
      at += length
    }
    return true
  }

  /** Takes off what was not finished. What had been on the disk for sure is not that. */
  private async takeOff(end: number, synced: number): Promise<void> {
    if (end < synced || headAfter(await this.bytes(end, this.length - end), end, this.seed) !== null) throw this.damaged(end)
    await this.handle.truncate(end)
    this.length = end
  }

  private async bytes(at: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.length - at)))
    const { bytesRead } = await this.handle.read(bytes, 0, bytes.length, at)
    return bytes.subarray(0, bytesRead)
  }

  private damaged(at: number): HoldfastError {
    return damaged(this.path, at)
  }
}

/** False for the last file where it has no more than a part of its beginning: that is on the disk before anything is added. */
function isOurs(start: Buffer, size: number, isLast: boolean, path: string): boolean {
  if (isLast && size < openingBytes) return false
  if (size >= openingBytes && start.subarray(0, opening.length).equals(opening)) return true
  if (start.toString('latin1').startsWith(kind)) throw new HoldfastError('storage-newer', 'a newer version wrote the ledger here', { path })
  throw damaged(path, 0)
}

function damaged(path: string, at: number): HoldfastError {
  return new HoldfastError('storage-damaged', `${path} is not as it was written`, { path, at })
}

/** Makes what a folder lists last; where the system cannot, it does so by itself. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  try { await folder.sync() } finally { await folder.close() }
}

/** Failures of the file system under our codes. */
export async function told<T>(task: () => Promise<T>): Promise<T> {
  try { return await task() } catch (error) {
    if (error instanceof HoldfastError) throw error
    const { code = '', message = String(error) } = error as Partial<NodeJS.ErrnoException>
    const ours = code === 'ENOSPC' || code === 'EDQUOT' ? 'storage-full' : code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'storage-permission' : 'storage-lost'
    throw new HoldfastError(ours, message, { reason: code }, { cause: error })
  }
}
