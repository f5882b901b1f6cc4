import { HoldfastError, concat, limits } from '../base/index.ts'
import type { Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'
import { checkCount, comparePaths } from './paths.ts'

/** Where a range of a file of `size` bytes begins and ends. */
export function rangeOf(size: number, offset: number, length: number): { readonly start: number, readonly end: number } {
  checkCount('offset', offset)
  if (length !== -1) checkCount('length', length)
  const start = Math.min(offset, size)
  return { start, end: length === -1 ? size : Math.min(size, start + length) }
}

/** `length` bytes from `offset` in one piece, fewer at the end of the file. */
export async function readRange(bucket: Bucket, key: string, offset: number, length: number, options?: BucketOptions): Promise<Uint8Array<ArrayBuffer>> {
  const { stream } = await bucket.newRangeReader(key, offset, length, options)
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (const reader = stream.getReader(); ;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
  }
  const [only] = parts
  return only !== undefined && parts.length === 1 ? only : concat(...parts)
}

/** Writes `size` bytes to `key`, as `read` gives them chunk by chunk; when anything fails nothing is left of it. */
export async function writeFrom(bucket: Bucket, key: string, size: number, read: (at: number, length: number) => Promise<Uint8Array>, options?: WriterOptions): Promise<void> {
  const writer = await bucket.newWriter(key, options)
  try {
    for (let at = 0; at < size; at += limits.storeChunkBytes) await writer.write(await read(at, Math.min(limits.storeChunkBytes, size - at)))
    await writer.close()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/** `writeAll` of every driver. */
export async function writeWhole(bucket: Bucket, key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> {
  await writeFrom(bucket, key, bytes.length, async (at, length) => bytes.subarray(at, at + length), options)
}

/** Bytes from `start` to `end`, a chunk at a time and only when they are asked for; `read` gives exactly what it is asked. */
export function chunked(start: number, end: number, read: (at: number, length: number) => Promise<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = start
  return new ReadableStream({
    async pull(controller) {
      if (at < end) {
        const bytes = await read(at, Math.min(limits.storeChunkBytes, end - at))
        at += bytes.length
        controller.enqueue(bytes)
      }
      if (at >= end) controller.close()
    },
  }, { highWaterMark: 0 })
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new HoldfastError('aborted', 'the operation was cancelled', {}, { cause: signal.reason })
}

/** Sorts files and folds by delimiter: `list` of a driver that has all its keys at hand. */
export function* listing(files: Iterable<ListObject>, { prefix = '', delimiter }: ListOptions): Generator<ListObject> {
  let folder: string | null = null
  for (const file of [...files].filter(({ key }) => key.startsWith(prefix)).sort((a, b) => comparePaths(a.key, b.key))) {
    const slash = delimiter === undefined ? -1 : file.key.indexOf(delimiter, prefix.length)
    if (slash < 0) yield file
    else if (file.key.slice(0, slash + 1) !== folder) {
      folder = file.key.slice(0, slash + 1)
      yield { key: folder, size: 0, isDir: true }
    }
  }
}
