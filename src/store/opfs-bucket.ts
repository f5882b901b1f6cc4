import { HoldfastError, limits, toHex } from '../base/index.ts'
import { chunked, rangeOf, readRange, throwIfAborted, writeFrom, writeWhole } from './bucket-help.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'
import { HandleCache } from './handle-cache.ts'
import { walk } from './opfs-walk.ts'
import { canOpenHandles, entriesOf, findFile, findFolder, lastOf, makeFile, makeFolder, moveFile, openHandle, opfsRoot, removeEntry } from './opfs.ts'
import { PartWriter } from './part-writer.ts'
import { contentTypeOf, splitPath } from './paths.ts'
import { readExactly, writeAll, type SyncHandle } from './sync-handle.ts'

/** An unfinished file this old belongs to a writer that died. */
const partMs = 60 * 60 * 1000

/**
 * The bucket in the OPFS folder `root`. Reading works in every context; writing, copying and the handles that make reading fast
 * need a dedicated worker. Unfinished files lie in the folder `{root}.parts` beside it.
 */
export async function openOpfsBucket(root = 'holdfast/content'): Promise<Bucket> {
  const names = splitPath(root)
  const top = await opfsRoot()
  const parts = await makeFolder(top, splitPath(`${root}.parts`))
  await dropDeadParts(parts)
  return new OpfsBucket(await makeFolder(top, names), parts)
}

async function dropDeadParts(parts: FileSystemDirectoryHandle): Promise<void> {
  for (const part of await entriesOf(parts)) {
    try {
      if (part.kind === 'file' && (await part.getFile()).lastModified < Date.now() - partMs) await parts.removeEntry(part.name)
    } catch {
      // Its writer lives, however old it is, or has just published it.
    }
  }
}

/**
 * Files below one OPFS folder, named as their keys. Owns the handles in `handles`, all for reading; a file is replaced, moved or
 * deleted only while none of ours is open, and `changes` counts how often that happened to a key in this session, so that a
 * stream that began before does not go on in another file.
 */
export class OpfsBucket implements Bucket {
  private readonly handles = new HandleCache<SyncHandle>(limits.openHandles, async key => await openHandle(await this.file(key), 'read-only'))
  private readonly changes = new Map<string, number>()

  constructor(private readonly root: FileSystemDirectoryHandle, private readonly parts: FileSystemDirectoryHandle) {}

  async exists(key: string): Promise<boolean> {
    return await findFile(this.root, splitPath(key)) !== null
  }

  async attributes(key: string): Promise<Attributes> {
    const { size, lastModified } = await this.blob(key)
    return { size, modified: lastModified, contentType: contentTypeOf(key) }
  }

  async newRangeReader(key: string, offset: number, length: number, { signal }: BucketOptions = {}): Promise<BlobReader> {
    throwIfAborted(signal)
    const before = this.changes.get(key)
    const size = await this.size(key)
    const { start, end } = rangeOf(size, offset, length)
    const stream = chunked(start, end, async (at, count) => {
      throwIfAborted(signal)
      const bytes = await this.read(key, at, count).catch((error: unknown) => HoldfastError.from(error))
      if (this.changes.get(key) !== before) throw new HoldfastError('not-found', 'the file was replaced while it was read', { key })
      if (bytes instanceof HoldfastError) throw bytes
      return bytes
    })
    return { stream, size }
  }

  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return await readRange(this, key, 0, -1)
  }

  async newWriter(key: string, { signal, ifNotExist = false }: WriterOptions = {}): Promise<BlobWriter> {
    splitPath(key)
    throwIfAborted(signal)
    if (ifNotExist) await this.mustNotExist(key)
    const part = await this.newPart()
    return new PartWriter({
      append: bytes => { writeAll(part.handle, part.handle.getSize(), bytes) },
      publish: async () => {
        part.handle.flush()
        part.handle.close()
        await this.replace(key, async () => {
          if (ifNotExist) await this.mustNotExist(key)
          await this.moveHere(part.file, key, part.remove)
        })
      },
      discard: async () => {
        part.handle.close()
        await part.remove()
      },
    }, signal)
  }

  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
    await writeWhole(this, key, bytes, options)
  }

  async copy(destination: string, source: string): Promise<void> {
    splitPath(destination)
    const blob = await this.blob(source)
    if (destination !== source) await writeFrom(this, destination, blob.size, async (at, length) => await bytesOf(blob, at, length))
  }

  async delete(key: string): Promise<void> {
    await this.replace(key, async () => {
      await this.file(key) // a folder of that name is not to be removed
      await removeEntry(this.root, splitPath(key))
    })
  }

  async * list({ prefix = '', delimiter }: ListOptions = {}): AsyncGenerator<ListObject> {
    yield* walk(this.root, '', prefix, delimiter !== undefined)
  }

  async close(): Promise<void> {
    this.handles.closeAll()
  }

  /** Takes over a staged file of this OPFS under `key`, or drops it by `remove` where the key is already there in full length. */
  async adopt(file: FileSystemFileHandle, key: string, remove: () => Promise<void>): Promise<void> {
    const names = splitPath(key)
    await this.replace(key, async () => {
      const there = await findFile(this.root, names)
      if (there !== null && (await there.getFile()).size === (await file.getFile()).size) await remove()
      else await this.moveHere(file, key, remove)
    })
  }

  private async file(key: string): Promise<FileSystemFileHandle> {
    const file = await findFile(this.root, splitPath(key))
    if (file === null) throw new HoldfastError('not-found', 'no such file in the bucket', { key })
    return file
  }

  private async blob(key: string): Promise<File> {
    try {
      return await (await this.file(key)).getFile()
    } catch (error) {
      throw HoldfastError.from(error)
    }
  }

  private async size(key: string): Promise<number> {
    return await this.byHandle(key, handle => handle.getSize()) ?? (await this.blob(key)).size
  }

  private async read(key: string, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return await this.byHandle(key, handle => readExactly(handle, at, length)) ?? await bytesOf(await this.blob(key), at, length)
  }

  /** Null where no handle is to be had, here or because another context has one: a fresh `File` is slower and always works. */
  private async byHandle<T>(key: string, use: (handle: SyncHandle) => T): Promise<T | null> {
    if (!canOpenHandles()) return null
    try {
      return await this.handles.use(key, use)
    } catch (error) {
      if (HoldfastError.from(error).code === 'storage-busy') return null
      throw HoldfastError.from(error)
    }
  }

  private async replace(key: string, change: () => Promise<void>): Promise<void> {
    try {
      await this.handles.without(key, async () => {
        this.changes.set(key, (this.changes.get(key) ?? 0) + 1) // before the change: what was read until now is of the old file
        await change()
      })
    } catch (error) {
      throw HoldfastError.from(error)
    }
  }

  private async moveHere(file: FileSystemFileHandle, key: string, remove: () => Promise<void>): Promise<void> {
    const names = splitPath(key)
    const folder = await makeFolder(this.root, names.slice(0, -1))
    try {
      await moveFile(file, folder, lastOf(names), remove)
    } catch (error) {
      if (await findFolder(folder, [lastOf(names)]) !== null) throw new HoldfastError('bad-input', 'a folder has the name of the key', { key }, { cause: error })
      throw HoldfastError.from(error)
    }
  }

  private async mustNotExist(key: string): Promise<void> {
    if (await this.exists(key)) throw new HoldfastError('already-exists', 'the key is taken', { key })
  }

  private async newPart(): Promise<Part> {
    const name = toHex(crypto.getRandomValues(new Uint8Array(16)))
    const file = await makeFile(this.parts, [name])
    const remove = async (): Promise<void> => { await removeEntry(this.parts, [name]) }
    try {
      return { file, handle: await openHandle(file, 'readwrite'), remove }
    } catch (error) {
      await remove()
      throw HoldfastError.from(error)
    }
  }
}

/** A file that is being written, under a name nobody knows yet. */
interface Part { readonly file: FileSystemFileHandle, readonly handle: SyncHandle, readonly remove: () => Promise<void> }

async function bytesOf(blob: Blob, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await blob.slice(at, at + length).arrayBuffer())
  if (bytes.length !== length) throw new HoldfastError('storage-lost', 'the file is shorter than it was', { at, length })
  return bytes
}
