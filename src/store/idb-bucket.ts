import { HoldfastError, concat, limits } from '../base/index.ts'
import { chunked, listing, rangeOf, readRange, throwIfAborted, writeFrom, writeWhole } from './bucket-help.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'
import { dropFile, dropParts, fileAt, fillParts, filesBelow, newId, openFiles, putFile, readParts, type FileRow, type Files } from './idb-files.ts'
import { PartWriter } from './part-writer.ts'
import { contentTypeOf, splitPath } from './paths.ts'
import { holdLock, tryLock } from './web-lock.ts'

/** The bucket in the folder `root` of the files in IndexedDB, for browsers without OPFS; works in every context. */
export async function openIdbBucket(root = 'holdfast/content'): Promise<Bucket> {
  splitPath(root)
  const files = await openFiles(root)
  await dropDeadParts(files)
  return new IdbBucket(files, root)
}

const writerLock = (id: string): string => `holdfast-writer/${id}`

/** What a writer that died left: nobody holds its lock. */
async function dropDeadParts(files: Files): Promise<void> {
  for (const { id } of await files.use(async database => await database.getAll('writers'))) {
    const release = await tryLock(writerLock(id))
    if (release === null) continue
    await discard(files, id)
    release()
  }
}

async function discard(files: Files, id: string): Promise<void> {
  await files.change(['parts', 'writers'], 'relaxed', async change => {
    await change.objectStore('writers').delete(id)
    await dropParts(change, id)
  })
}

/** Files below one folder. A stream keeps the id it began with: once that file is replaced its records are gone, and the stream fails. */
export class IdbBucket implements Bucket {
  constructor(readonly files: Files, private readonly root: string) {}

  async exists(key: string): Promise<boolean> {
    return await fileAt(this.files, this.path(key)) !== null
  }

  async attributes(key: string): Promise<Attributes> {
    const { size, modified } = await this.file(key)
    return { size, modified, contentType: contentTypeOf(key) }
  }

  async newRangeReader(key: string, offset: number, length: number, { signal }: BucketOptions = {}): Promise<BlobReader> {
    throwIfAborted(signal)
    const { id, size } = await this.file(key)
    const { start, end } = rangeOf(size, offset, length)
    const stream = chunked(start, end, async (at, count) => {
      throwIfAborted(signal)
      return await readParts(this.files, id, at, count, true)
    })
    return { stream, size }
  }

  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return await readRange(this, key, 0, -1)
  }

  async newWriter(key: string, { signal, ifNotExist = false }: WriterOptions = {}): Promise<BlobWriter> {
    const path = this.path(key)
    throwIfAborted(signal)
    if (ifNotExist && await this.exists(key)) throw taken(key)
    const part = await NewFile.open(this.files)
    return new PartWriter({
      append: async bytes => { await part.append(bytes) },
      publish: async () => { await part.publish(path, ifNotExist, key) },
      discard: async () => { await part.discard() },
    }, signal)
  }

  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
    await writeWhole(this, key, bytes, options)
  }

  async copy(destination: string, source: string): Promise<void> {
    splitPath(destination)
    const { id, size } = await this.file(source)
    if (destination !== source) await writeFrom(this, destination, size, async (at, length) => await readParts(this.files, id, at, length, true))
  }

  async delete(key: string): Promise<void> {
    const path = this.path(key)
    await this.files.change(['files', 'parts', 'writers'], 'strict', async change => {
      const row = await change.objectStore('files').get(path)
      if (row === undefined) throw missing(key)
      await dropFile(change, row)
    })
  }

  async * list(options: ListOptions = {}): AsyncGenerator<ListObject> {
    const rows = await filesBelow(this.files, this.root, `${this.root}/${options.prefix ?? ''}`)
    yield* listing(rows.map(({ path, size }) => ({ key: path.slice(this.root.length + 1), size, isDir: false })), options)
  }

  async close(): Promise<void> {
    // The connection is shared with whatever else of this context reads files.
  }

  /** Takes over the staged file `path` under `key`, or drops it where the key is already there in full length; false where there is none. */
  async adopt(path: string, key: string): Promise<boolean> {
    const target = this.path(key)
    return await this.files.change(['files', 'parts', 'writers'], 'strict', async change => {
      const rows = change.objectStore('files')
      const [staged, there] = await Promise.all([rows.get(path), rows.get(target)])
      if (staged === undefined) return false
      if (there !== undefined && there.size === staged.size) await dropFile(change, staged)
      else {
        await fillParts(change, staged.id, staged.size)
        await putFile(change, { ...staged, path: target, modified: Date.now() })
        await rows.delete(path)
      }
      return true
    })
  }

  private path(key: string): string {
    splitPath(key)
    return `${this.root}/${key}`
  }

  private async file(key: string): Promise<FileRow> {
    const row = await fileAt(this.files, this.path(key))
    if (row === null) throw missing(key)
    return row
  }
}

/** Bytes on their way to become a file, under an id nobody knows yet. Only whole records are written before the end. */
class NewFile {
  private tail: Uint8Array<ArrayBuffer> = new Uint8Array(0)
  private records = 0

  private constructor(private readonly files: Files, private readonly id: string, private readonly release: () => void) {}

  static async open(files: Files): Promise<NewFile> {
    const id = newId()
    const release = await holdLock(writerLock(id))
    await files.change(['writers'], 'relaxed', async change => { await change.objectStore('writers').put({ id }) })
    return new NewFile(files, id, release)
  }

  async append(bytes: Uint8Array): Promise<void> {
    const all = concat(this.tail, bytes)
    const count = Math.floor(all.length / limits.storedRecordBytes)
    const first = this.records
    this.records += count
    this.tail = all.slice(count * limits.storedRecordBytes)
    if (count === 0) return
    await this.files.change(['parts'], 'relaxed', async change => {
      await Promise.all(Array.from({ length: count }, async (_, i) => {
        await change.objectStore('parts').put(all.slice(i * limits.storedRecordBytes, (i + 1) * limits.storedRecordBytes), [this.id, first + i])
      }))
    })
  }

  /** Strict: what is on disk by then includes the records written before. */
  async publish(path: string, ifNotExist: boolean, key: string): Promise<void> {
    const { id, tail, records } = this
    await this.files.change(['files', 'parts', 'writers'], 'strict', async change => {
      if (ifNotExist && await change.objectStore('files').getKey(path) !== undefined) throw taken(key)
      if (tail.length > 0) await change.objectStore('parts').put(tail, [id, records])
      await putFile(change, { path, id, size: records * limits.storedRecordBytes + tail.length, modified: Date.now() })
      await change.objectStore('writers').delete(id)
    })
    this.release()
  }

  async discard(): Promise<void> {
    await discard(this.files, this.id)
    this.release()
  }
}

function missing(key: string): HoldfastError {
  return new HoldfastError('not-found', 'no such file in the bucket', { key })
}

function taken(key: string): HoldfastError {
  return new HoldfastError('already-exists', 'the key is taken', { key })
}
