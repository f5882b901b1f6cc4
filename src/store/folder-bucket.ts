import { HoldfastError, limits, toHex } from '../base/index.ts'
import { chunked, rangeOf, readRange, throwIfAborted, writeFrom, writeWhole } from './bucket-help.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'
import { HandleCache } from './handle-cache.ts'
import { walk } from './opfs-walk.ts'
import { entriesOf, failureOf, findFile, findFolder, lastOf, makeFile, makeFolder, removeEntry } from './opfs.ts'
import { PartWriter } from './part-writer.ts'
import { contentTypeOf, splitPath } from './paths.ts'
import { readExactly, type SyncHandle } from './sync-handle.ts'

/** An unfinished file this old belongs to a writer that died. */
const partMs = 60 * 60 * 1000

/** What differs between the folders of OPFS and those of the person's disk. */
export interface FolderAccess {
  /** A handle that makes reading fast; null where there are none. */
  readonly openForReading: ((file: FileSystemFileHandle) => Promise<SyncHandle>) | null
  /** A new file in `parts` under a name nobody knows. */
  newPart(parts: FileSystemDirectoryHandle): Promise<FolderPart>
  /** Puts the finished `file` into `folder` in place of what has that name there; `remove` takes away the old name where it is copied. */
  move(file: FileSystemFileHandle, folder: FileSystemDirectoryHandle, name: string, remove: () => Promise<void>): Promise<void>
}

/** A file that is being written. `finish`: all of it is in `file`. `remove` ends it however far it is. */
export interface FolderPart { readonly file: FileSystemFileHandle, append(bytes: Uint8Array): void | Promise<void>, finish(): Promise<void>, remove(): Promise<void> }

/** A random name, and how to make and remove the file of that name in `parts`. */
export async function makePart(parts: FileSystemDirectoryHandle): Promise<Pick<FolderPart, 'file' | 'remove'>> {
  const name = toHex(crypto.getRandomValues(new Uint8Array(16)))
  return { file: await makeFile(parts, [name]), remove: async () => { await removeEntry(parts, [name]) } }
}

/** The folder `path` below `top` and the one for unfinished files beside it, both made where they are not, the second without what the dead left. */
export async function makeFolders(top: FileSystemDirectoryHandle, path: string): Promise<[FileSystemDirectoryHandle, FileSystemDirectoryHandle]> {
  const names = splitPath(path)
  const parts = await makeFolder(top, splitPath(`${path}.parts`))
  await dropDeadParts(parts)
  return [await makeFolder(top, names), parts]
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
 * Files below one folder, named as their keys. Owns the handles in `handles`, all for reading; a file is replaced, moved or
 * deleted only while none of ours is open, and `changes` counts how often that happened to a key in this session, so that a
 * stream that began before does not go on in another file.
 */
export class FolderBucket implements Bucket {
  /** Empty where files are read without; it still says who may change a key now. */
  private readonly handles: HandleCache<SyncHandle>
  private readonly changes = new Map<string, number>()

  constructor(protected readonly root: FileSystemDirectoryHandle, private readonly parts: FileSystemDirectoryHandle, private readonly access: FolderAccess) {
    const open = access.openForReading ?? noHandles
    this.handles = new HandleCache<SyncHandle>(limits.openHandles, async key => await open(await this.file(key)))
  }

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
      const bytes = await this.read(key, at, count).catch((error: unknown) => failureOf(error))
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
    const part = await this.access.newPart(this.parts)
    return new PartWriter({
      append: async bytes => { await part.append(bytes) },
      publish: async () => {
        await part.finish()
        await this.replace(key, async () => {
          if (ifNotExist) await this.mustNotExist(key)
          await this.moveHere(part.file, key, part.remove)
        })
      },
      discard: async () => { await part.remove() },
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

  private async file(key: string): Promise<FileSystemFileHandle> {
    const file = await findFile(this.root, splitPath(key))
    if (file === null) throw new HoldfastError('not-found', 'no such file in the bucket', { key })
    return file
  }

  private async blob(key: string): Promise<File> {
    try {
      return await (await this.file(key)).getFile()
    } catch (error) {
      throw failureOf(error)
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
    if (this.access.openForReading === null) return null
    try {
      return await this.handles.use(key, use)
    } catch (error) {
      if (failureOf(error).code === 'storage-busy') return null
      throw failureOf(error)
    }
  }

  protected async replace(key: string, change: () => Promise<void>): Promise<void> {
    try {
      await this.handles.without(key, async () => {
        this.changes.set(key, (this.changes.get(key) ?? 0) + 1) // before the change: what was read until now is of the old file
        await change()
      })
    } catch (error) {
      throw failureOf(error)
    }
  }

  protected async moveHere(file: FileSystemFileHandle, key: string, remove: () => Promise<void>): Promise<void> {
    const names = splitPath(key)
    const folder = await makeFolder(this.root, names.slice(0, -1))
    try {
      await this.access.move(file, folder, lastOf(names), remove)
    } catch (error) {
      if (await findFolder(folder, [lastOf(names)]) !== null) throw new HoldfastError('bad-input', 'a folder has the name of the key', { key }, { cause: error })
      throw failureOf(error)
    }
  }

  private async mustNotExist(key: string): Promise<void> {
    if (await this.exists(key)) throw new HoldfastError('already-exists', 'the key is taken', { key })
  }
}

async function noHandles(): Promise<never> {
  throw new HoldfastError('unsupported', 'there are no handles here')
}

async function bytesOf(blob: Blob, at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await blob.slice(at, at + length).arrayBuffer())
  if (bytes.length !== length) throw new HoldfastError('storage-lost', 'the file is shorter than it was', { at, length })
  return bytes
}
