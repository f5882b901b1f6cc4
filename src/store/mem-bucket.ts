import { HoldfastError, concat } from '../base/index.ts'
import { chunked, listing, rangeOf, readRange, throwIfAborted, writeWhole } from './bucket-help.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'
import { PartWriter } from './part-writer.ts'
import { contentTypeOf, foldersOf, splitPath } from './paths.ts'

/** A bucket that lives as long as this object. */
export function memBucket(): Bucket {
  return new MemBucket()
}

class MemBucket implements Bucket {
  private readonly files = new Map<string, { readonly bytes: Uint8Array<ArrayBuffer>, readonly modified: number }>()

  async exists(key: string): Promise<boolean> {
    splitPath(key)
    return this.files.has(key)
  }

  async attributes(key: string): Promise<Attributes> {
    const { bytes, modified } = this.file(key)
    return { size: bytes.length, modified, contentType: contentTypeOf(key) }
  }

  async newRangeReader(key: string, offset: number, length: number, { signal }: BucketOptions = {}): Promise<BlobReader> {
    throwIfAborted(signal)
    const { bytes } = this.file(key)
    const { start, end } = rangeOf(bytes.length, offset, length)
    const stream = chunked(start, end, async (at, count) => {
      throwIfAborted(signal)
      return bytes.slice(at, at + count)
    })
    return { stream, size: bytes.length }
  }

  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return await readRange(this, key, 0, -1)
  }

  async newWriter(key: string, { signal, ifNotExist = false }: WriterOptions = {}): Promise<BlobWriter> {
    splitPath(key)
    throwIfAborted(signal)
    const check = (): void => {
      if (ifNotExist && this.files.has(key)) throw new HoldfastError('already-exists', 'the key is taken', { key })
    }
    check()
    const parts: Uint8Array<ArrayBuffer>[] = []
    return new PartWriter({
      append: bytes => { parts.push(bytes.slice()) },
      publish: async () => {
        check()
        this.put(key, concat(...parts))
      },
      discard: async () => { parts.length = 0 },
    }, signal)
  }

  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
    await writeWhole(this, key, bytes, options)
  }

  async copy(destination: string, source: string): Promise<void> {
    splitPath(destination)
    this.put(destination, this.file(source).bytes)
  }

  async delete(key: string): Promise<void> {
    this.file(key)
    this.files.delete(key)
  }

  async * list(options: ListOptions = {}): AsyncGenerator<ListObject> {
    yield* listing([...this.files].map(([key, { bytes }]) => ({ key, size: bytes.length, isDir: false })), options)
  }

  async close(): Promise<void> {
    this.files.clear()
  }

  private file(key: string): { readonly bytes: Uint8Array<ArrayBuffer>, readonly modified: number } {
    splitPath(key)
    const file = this.files.get(key)
    if (file === undefined) throw new HoldfastError('not-found', 'no such file in the bucket', { key })
    return file
  }

  private put(key: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (foldersOf(key).some(folder => this.files.has(folder)) || [...this.files.keys()].some(other => other.startsWith(`${key}/`))) {
      throw new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', { key })
    }
    this.files.set(key, { bytes, modified: Date.now() })
  }
}
