import type { ReadAt } from '../content/index.ts'

/** Enough for the directory and the manifest of a file of some hundred MiB. */
const tailBytes = 64 * 1024

/** Reads a file's end once, and out of that whatever lies in it: each read of a file that is not here costs some seconds. */
export function tailReader(read: ReadAt, size: number): ReadAt {
  const from = Math.max(0, size - tailBytes)
  let tail: Promise<Uint8Array<ArrayBuffer>> | null = null
  return async (at, length) => {
    if (at < from) return await read(at, length)
    tail ??= read(from, size - from)
    return (await tail).slice(at - from, at - from + length)
  }
}
