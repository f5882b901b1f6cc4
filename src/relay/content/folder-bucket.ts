import { randomBytes } from 'node:crypto'
import { copyFile, link, mkdir, open, readdir, rename, rm, rmdir, stat, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { HoldfastError, limits } from '../../base/index.ts'
import { PartWriter, contentTypeOf, listing, rangeOf, readRange, splitPath, throwIfAborted, writeWhole, type Attributes, type BlobReader, type BlobWriter, type Bucket, type BucketOptions, type ListObject, type ListOptions, type WriterOptions } from '../../store/index.ts'

/** An unfinished file this old belongs to a relay that died. */
const partMs = 60 * 60 * 1000

/** The bucket in a folder of this machine, made where it is not; files lie in it under their keys, unfinished ones in `{root}.parts` beside it. */
export async function openFolderBucket(root: string): Promise<Bucket> {
  const parts = `${root}.parts`
  await filed(async () => {
    await mkdir(root, { recursive: true })
    await mkdir(parts, { recursive: true })
    for (const name of await readdir(parts)) {
      const path = join(parts, name)
      if ((await stat(path)).mtimeMs < Date.now() - partMs) await rm(path, { force: true })
    }
  })
  return new NodeFolderBucket(root, parts)
}

class NodeFolderBucket implements Bucket {
  constructor(private readonly root: string, private readonly parts: string) {}

  async exists(key: string): Promise<boolean> {
    return await this.size(key) !== null
  }

  async attributes(key: string): Promise<Attributes> {
    const path = this.path(key)
    if (await this.size(key) === null) throw notFound(key)
    const { size, mtimeMs } = await filed(async () => await stat(path), key)
    return { size, modified: mtimeMs, contentType: contentTypeOf(key) }
  }

  async newRangeReader(key: string, offset: number, length: number, { signal }: BucketOptions = {}): Promise<BlobReader> {
    const path = this.path(key)
    throwIfAborted(signal)
    rangeOf(0, offset, length)
    if (await this.size(key) === null) throw notFound(key)
    const file = await filed(async () => await open(path, 'r'), key)
    const size = (await file.stat()).size
    const { start, end } = rangeOf(size, offset, length)
    return { stream: streamOf(file, start, end, signal), size }
  }

  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return await readRange(this, key, 0, -1)
  }

  async newWriter(key: string, { signal, ifNotExist = false }: WriterOptions = {}): Promise<BlobWriter> {
    const path = this.path(key)
    throwIfAborted(signal)
    if (ifNotExist && await this.exists(key)) throw taken(key)
    const part = join(this.parts, randomBytes(16).toString('hex'))
    const file = await filed(async () => await open(part, 'wx'))
    return new PartWriter({
      append: async bytes => { await filed(async () => { await file.writeFile(bytes) }) },
      publish: async () => {
        await filed(async () => {
          await file.sync()
          await file.close()
          await this.publish(part, path, ifNotExist)
        }, key)
      },
      discard: async () => {
        await file.close().catch(() => undefined) // it was
        await rm(part, { force: true })
      },
    }, signal)
  }

  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
    await writeWhole(this, key, bytes, options)
  }

  async copy(destination: string, source: string): Promise<void> {
    const [from, to] = [this.path(source), this.path(destination)]
    if (await this.size(source) === null) throw notFound(source)
    if (from === to) return
    const part = join(this.parts, randomBytes(16).toString('hex'))
    try {
      await filed(async () => {
        await copyFile(from, part)
        await this.publish(part, to, false)
      }, destination)
    } finally { await rm(part, { force: true }) }
  }

  async delete(key: string): Promise<void> {
    const path = this.path(key)
    if (await this.size(key) === null) throw notFound(key)
    await filed(async () => { await unlink(path) }, key)
    for (let folder = dirname(path); folder !== this.root; folder = dirname(folder)) {
      try { await rmdir(folder) } catch { return } // something else is in it
    }
  }

  async * list(options: ListOptions = {}): AsyncGenerator<ListObject> {
    const entries = await filed(async () => await readdir(this.root, { recursive: true, withFileTypes: true }))
    const files: ListObject[] = []
    for (const entry of entries) {
      const key = relative(this.root, join(entry.parentPath, entry.name)).split(sep).join('/')
      const size = entry.isDirectory() || !isKey(key) ? null : await this.size(key)
      if (size !== null) files.push({ key, size, isDir: false })
    }
    yield* listing(files, options)
  }

  async close(): Promise<void> {
    // Each stream closes its own file.
  }

  private path(key: string): string {
    return join(this.root, ...splitPath(key))
  }

  /** Null where there is no file of that name; a folder is none. */
  private async size(key: string): Promise<number | null> {
    const path = this.path(key)
    try {
      const found = await stat(path)
      return found.isFile() ? found.size : null
    } catch (error) {
      if (isAbsent(error)) return null
      throw failureOf(error, key)
    }
  }

  private async publish(part: string, path: string, fresh: boolean): Promise<void> {
    await mkdir(dirname(path), { recursive: true })
    if (!fresh) { await rename(part, path); return }
    await link(part, path) // the one way to a name that fails where it is taken
    await unlink(part)
  }
}

/** Reads from a handle of its own, so it goes on with the old bytes whatever becomes of the name. */
function streamOf(file: FileHandle, start: number, end: number, signal: AbortSignal | undefined): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start
  return new ReadableStream({
    async pull(out) {
      try {
        throwIfAborted(signal)
        if (at < end) {
          const bytes = new Uint8Array(Math.min(limits.storeChunkBytes, end - at))
          const { bytesRead } = await file.read(bytes, 0, bytes.length, at)
          if (bytesRead === 0) throw new HoldfastError('storage-lost', 'the file is shorter than it was')
          at += bytesRead
          out.enqueue(bytes.subarray(0, bytesRead))
        }
      } catch (error) {
        await file.close()
        throw error
      }
      if (at < end) return
      await file.close()
      out.close()
    },
    async cancel() { await file.close() },
  }, { highWaterMark: 0 })
}

async function filed<T>(task: () => Promise<T>, key = ''): Promise<T> {
  try { return await task() } catch (error) { throw failureOf(error, key) }
}

function failureOf(error: unknown, key: string): HoldfastError {
  if (error instanceof HoldfastError) return error
  const { code = '', message } = error as NodeJS.ErrnoException
  const options = { cause: error }
  if (code === 'EEXIST' && (error as NodeJS.ErrnoException).syscall === 'link') return taken(key)
  if (['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY'].includes(code)) return new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', { key }, options)
  if (isAbsent(error)) return notFound(key)
  if (['ENOSPC', 'EDQUOT'].includes(code)) return new HoldfastError('storage-full', message, { key }, options)
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return new HoldfastError('storage-permission', message, { key }, options)
  return new HoldfastError('internal', message, { key }, options)
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')
}

function notFound(key: string): HoldfastError {
  return new HoldfastError('not-found', 'no such file in the bucket', { key })
}

function taken(key: string): HoldfastError {
  return new HoldfastError('already-exists', 'the key is taken', { key })
}

/** An operator may keep there what has no key. */
function isKey(name: string): boolean {
  try { return splitPath(name).length > 0 } catch { return false }
}
