import { HoldfastError, limits, toHex } from '../base/index.ts'
import { readRange, throwIfAborted, writeFrom } from './bucket-help.ts'
import type { Bucket } from './bucket.ts'

/** A file to be moved. */
export interface MovedFile { readonly path: string, readonly size: number }

export interface MoveOptions {
  /** Runs a task while nobody deletes this key. */
  readonly alone: <T>(key: string, task: () => Promise<T>) => Promise<T>
  readonly signal: AbortSignal
  /** Bytes of all files that are there by now. */
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Copies `files`, which never change, from one bucket to another, those that are not there yet: so that it goes on where it was ended, however it was. What is no
 * longer in `from` is passed over. Nothing is taken away.
 */
export async function copyFiles(from: Bucket, to: Bucket, files: readonly MovedFile[], { alone, signal, onProgress }: MoveOptions): Promise<void> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  onProgress(done, total)
  for (const { path, size } of files) {
    throwIfAborted(signal)
    const before = done
    await alone(path, async () => {
      if (await sizeIn(to, path) === size) return
      if (await sizeIn(from, path) !== size) return // deleted meanwhile, or damaged: whoever misses it fetches it again
      await writeFrom(to, path, size, async (at, length) => {
        const bytes = await readRange(from, path, at, length, { signal })
        onProgress(done = before + at + bytes.length, total)
        return bytes
      }, { signal })
      if (await sizeIn(to, path) !== size) throw new HoldfastError('storage-lost', 'the store does not have what was written', { key: path })
    })
    onProgress(done = before + size, total)
  }
}

/** Deletes `files` from a bucket that was left, those that the new one has. */
export async function clearFiles(left: Bucket, now: Bucket, files: readonly MovedFile[], signal: AbortSignal): Promise<void> {
  for (const { path, size } of files) {
    throwIfAborted(signal)
    if (await sizeIn(left, path) !== null && await sizeIn(now, path) === size) await left.delete(path)
  }
}

/** Whether all that will be asked of a bucket can be done there: writes a few bytes, reads and finds them, and takes them away. Fails with why not. */
export async function tryBucket(bucket: Bucket): Promise<void> {
  const key = `holdfast-${toHex(crypto.getRandomValues(new Uint8Array(8)))}`
  const bytes = crypto.getRandomValues(new Uint8Array(limits.storeTryBytes))
  await bucket.writeAll(key, bytes)
  try {
    const read = await readRange(bucket, key, 1, bytes.length - 2)
    const { size } = await bucket.attributes(key)
    let listed = false
    for await (const each of bucket.list({ prefix: key })) listed ||= each.key === key && each.size === bytes.length
    if (!listed || size !== bytes.length || toHex(read) !== toHex(bytes.subarray(1, -1))) throw new HoldfastError('storage-lost', 'the store does not give back what was written')
  } finally { await bucket.delete(key) }
}

async function sizeIn(bucket: Bucket, key: string): Promise<number | null> {
  try { return (await bucket.attributes(key)).size } catch (error) {
    if (HoldfastError.from(error).code === 'not-found') return null
    throw error
  }
}
