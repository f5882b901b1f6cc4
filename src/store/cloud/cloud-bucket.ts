import { HoldfastError, KeyedLock, concat, limits } from '../../base/index.ts'
import { rangeOf, readRange, throwIfAborted, writeFrom, writeWhole } from '../bucket-help.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from '../bucket.ts'
import { PartWriter } from '../part-writer.ts'
import { comparePaths, contentTypeOf, foldersOf, splitPath } from '../paths.ts'
import type { CloudApi, CloudFile, CloudParts } from './cloud-api.ts'
import { cloudFailure } from './cloud-request.ts'
import { bodyOf, sizeOf } from './cloud-stream.ts'

/** A bucket of a cloud store. It holds one part of each file being written in memory, and nothing else. */
export class CloudBucket implements Bucket {
  /** Those that write one key here follow each other: a store that takes no conditions would let both believe they were first. */
  private readonly publishing = new KeyedLock()

  constructor(private readonly api: CloudApi, private readonly prefix: string) {}

  async exists(key: string): Promise<boolean> {
    return await this.api.head(this.full(key)) !== null
  }

  async attributes(key: string): Promise<Attributes> {
    return { ...await this.head(key), contentType: contentTypeOf(key) }
  }

  async newRangeReader(key: string, offset: number, length: number, { signal }: BucketOptions = {}): Promise<BlobReader> {
    const full = this.full(key)
    throwIfAborted(signal)
    rangeOf(0, offset, length)
    if (length === 0) return { stream: new Blob().stream(), size: (await this.head(key, signal)).size }
    const whole = offset === 0 && length === -1
    const response = await this.api.get(full, whole ? null : { at: offset, end: length === -1 ? null : offset + length }, signal)
    if (response.status === 416) {
      await response.body?.cancel()
      return { stream: new Blob().stream(), size: (await this.head(key, signal)).size }
    }
    if (!response.ok) throw await cloudFailure(response, { key })
    const size = sizeOf(response, whole)
    const { start, end } = rangeOf(size, offset, length)
    return { stream: bodyOf(response, end - start, signal), size }
  }

  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return await readRange(this, key, 0, -1)
  }

  async newWriter(key: string, { signal, ifNotExist: fresh = false }: WriterOptions = {}): Promise<BlobWriter> {
    const full = this.full(key)
    throwIfAborted(signal)
    if (fresh) await this.mustNotExist(key)
    const ending = new AbortController() // what is on its way when the writer is aborted
    const put = { type: contentTypeOf(key), fresh, signal: ending.signal }
    let waiting: Uint8Array<ArrayBuffer>[] = []
    let length = 0
    let parts: CloudParts | null = null
    const taken = (): Uint8Array<ArrayBuffer> => {
      const bytes = concat(...waiting)
      waiting = []
      length = 0
      return bytes
    }
    return new PartWriter({
      append: async bytes => {
        for (let at = 0; at < bytes.length;) {
          const piece = bytes.slice(at, at + limits.cloudPartBytes - length)
          at += piece.length
          waiting.push(piece)
          length += piece.length
          if (length < limits.cloudPartBytes) continue
          parts ??= await this.api.beginParts(full, put)
          await parts.add(taken())
        }
      },
      publish: async () => {
        await this.mustFit(key)
        await this.publishing.run(key, async () => {
          if (fresh) await this.mustNotExist(key)
          if (parts === null) { await this.api.put(full, taken(), put); return }
          if (length > 0) await parts.add(taken())
          await parts.finish()
        })
      },
      discard: async () => {
        ending.abort()
        waiting = []
        await parts?.abandon()
      },
    }, signal)
  }

  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
    await writeWhole(this, key, bytes, options)
  }

  async copy(destination: string, source: string): Promise<void> {
    splitPath(destination)
    const file = await this.head(source)
    if (destination === source) return
    await this.mustFit(destination)
    if (await this.api.copy(this.full(destination), { ...file, key: this.full(source) })) return
    await writeFrom(this, destination, file.size, async (at, length) => await readRange(this, source, at, length))
  }

  async delete(key: string): Promise<void> {
    if (!await this.api.remove(this.full(key))) throw notFound(key)
  }

  async * list({ prefix = '', delimiter }: ListOptions = {}): AsyncGenerator<ListObject> {
    const rows: ListObject[] = []
    let token: string | null = null
    do {
      const page = await this.api.page({ prefix: this.prefix + prefix, delimited: delimiter !== undefined, token, most: limits.cloudPageKeys })
      const found = [
        ...page.files.map(({ key, size }) => ({ key: key.slice(this.prefix.length), size, isDir: false })).filter(({ key }) => isKey(key)),
        ...page.folders.map(key => ({ key: key.slice(this.prefix.length), size: 0, isDir: true })).filter(({ key }) => isKey(key.slice(0, -1))),
      ].sort((a, b) => comparePaths(a.key, b.key))
      if (this.api.ordered) yield* found
      else rows.push(...found)
      token = page.next
    } while (token !== null)
    yield* rows.sort((a, b) => comparePaths(a.key, b.key))
  }

  async close(): Promise<void> {
    // Nothing is held open.
  }

  private full(key: string): string {
    splitPath(key)
    return this.prefix + key
  }

  private async head(key: string, signal?: AbortSignal): Promise<CloudFile> {
    const file = await this.api.head(this.full(key), signal)
    if (file === null) throw notFound(key)
    return file
  }

  private async mustNotExist(key: string): Promise<void> {
    if (await this.exists(key)) throw new HoldfastError('already-exists', 'the key is taken', { key })
  }

  /** To a cloud store folders are nothing, so it would take a key that is a folder of another. */
  private async mustFit(key: string): Promise<void> {
    const within = this.api.page({ prefix: `${this.full(key)}/`, delimited: false, token: null, most: 1 }).then(({ files }) => files.length > 0)
    const above = foldersOf(key).map(async folder => await this.exists(folder))
    if ((await Promise.all([within, ...above])).includes(true)) throw new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', { key })
  }
}

function notFound(key: string): HoldfastError {
  return new HoldfastError('not-found', 'no such file in the bucket', { key })
}

/** Others may have put there what we would not. */
function isKey(key: string): boolean {
  try { return splitPath(key).length > 0 } catch { return false }
}
