import { HoldfastError } from '../base/index.ts'
import { chunked } from './bucket-help.ts'
import { fileAt, openFiles, readParts, type FileRow, type Files } from './idb-files.ts'
import { storeDriver } from './open-stores.ts'
import { findFile, opfsRoot } from './opfs.ts'
import { splitPath } from './paths.ts'

/**
 * What is read of a finished file, as of a `Blob`, and a `Blob` is one. Not a `Blob` of what IndexedDB holds: that would be read into memory whole.
 */
export interface StoredFile {
  readonly size: number
  /** A range of it; reads nothing yet. */
  slice(start?: number, end?: number): StoredFile
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>
  arrayBuffer(): Promise<ArrayBuffer>
}

/**
 * A finished file of the local bucket, wherever this browser keeps it, for contexts that only read: page, service worker, media worker. It needs no
 * handle and works beside anybody's. Take a fresh one for each use: once the file is moved or removed, a new read of an old one fails.
 * `not-found` where there is none.
 */
export async function openStoredFile(key: string, root = 'holdfast/content'): Promise<StoredFile> {
  const names = [...splitPath(root), ...splitPath(key)]
  const file = await storeDriver(names[0]) === 'opfs' ? await opfsFile(names) : await idbFile(root, `${root}/${key}`)
  if (file === null) throw new HoldfastError('not-found', 'no such file in the bucket', { key })
  return file
}

async function opfsFile(names: readonly string[]): Promise<File | null> {
  try {
    return await (await findFile(await opfsRoot(), names))?.getFile() ?? null
  } catch (error) {
    throw HoldfastError.from(error)
  }
}

async function idbFile(root: string, path: string): Promise<StoredFile | null> {
  const files = await openFiles(root)
  const row = await fileAt(files, path)
  return row === null ? null : new IdbStoredFile(files, row)
}

/** A range of a file in IndexedDB. */
export class IdbStoredFile implements StoredFile {
  constructor(private readonly files: Files, private readonly row: Pick<FileRow, 'id' | 'size'>, private readonly from = 0, readonly size = row.size) {}

  slice(start = 0, end = this.size): StoredFile {
    const at = (offset: number): number => offset < 0 ? Math.max(0, this.size + offset) : Math.min(offset, this.size)
    return new IdbStoredFile(this.files, this.row, this.from + at(start), Math.max(0, at(end) - at(start)))
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return chunked(this.from, this.from + this.size, async (at, length) => await this.read(at, length))
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.read(this.from, this.size)).buffer
  }

  private async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    return await readParts(this.files, this.row.id, at, length, true)
  }
}
