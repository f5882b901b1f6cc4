import { HoldfastError, limits } from '../base/index.ts'
import type { StoredFile } from '../store/index.ts'

/**
 * Bytes of a stored file, whether all of it is here or it still comes. A range outside the file is `bad-input`; whatever else fails, fails
 * with the code of whoever holds the bytes.
 */
export interface ByteSource {
  /** Of the whole file, in bytes. */
  readonly size: number
  /** Exactly `length` bytes from `at`, once they are here. */
  read(at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  /** The bytes from `at` to before `end` as they are asked for; it fails where they cannot be had, and never ends short. */
  stream(at?: number, end?: number): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** An archive that anybody can unpack: a `Blob` is one, and so is what a protected file holds once it is opened. */
export interface PlainSource {
  /** In bytes. */
  readonly size: number
  /** All of it, from the front, as it is asked for. It fails where something is wrong, and never ends short. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** What somebody else reads for us, as `ByteSource.read`. */
export type ReadBytes = (at: number, length: number, signal?: AbortSignal) => Promise<Uint8Array<ArrayBuffer>>

/**
 * Of a file that still comes. A part read at once lies in one piece of any torrent, as pieces are whole multiples of the smallest: nobody
 * waits for a piece whose bytes were not asked for.
 */
const partBytes = limits.pieceBytesMin

/** A file that is here as a whole; take a fresh `File` for each use. */
export function blobSource(file: StoredFile): ByteSource {
  return {
    size: file.size,
    async read(at, length, signal) {
      checkRange(file.size, at, at + length)
      signal?.throwIfAborted()
      return exactly(length, new Uint8Array(await file.slice(at, at + length).arrayBuffer()))
    },
    stream(at = 0, end = file.size) {
      checkRange(file.size, at, end)
      return file.slice(at, end).stream()
    },
  }
}

/** A file of `size` bytes that `read` reads for us, asked for in parts of `most` bytes: by default those of a file that still comes. */
export function readSource(size: number, read: ReadBytes, most = partBytes): ByteSource {
  const part = async (at: number, end: number, signal?: AbortSignal) => {
    const length = Math.min(most - at % most, end - at)
    return exactly(length, await read(at, length, signal))
  }
  return {
    size,
    async read(at, length, signal) {
      checkRange(size, at, at + length)
      const whole = new Uint8Array(length)
      for (let done = 0; done < length;) {
        signal?.throwIfAborted()
        const bytes = await part(at + done, at + length, signal)
        whole.set(bytes, done)
        done += bytes.length
      }
      return whole
    },
    stream(at = 0, end = size) {
      checkRange(size, at, end)
      let next = at
      const stopped = new AbortController()
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(out) {
          if (next < end) {
            const bytes = await part(next, end, stopped.signal)
            next += bytes.length
            out.enqueue(bytes)
          }
          if (next >= end) out.close()
        },
        cancel() { stopped.abort() },
      }, { highWaterMark: 0 })
    },
  }
}

function checkRange(size: number, at: number, end: number): void {
  if (!Number.isSafeInteger(at) || !Number.isSafeInteger(end) || at < 0 || end < at || end > size) throw new HoldfastError('bad-input', 'a range outside the file', { at, end, size })
}

function exactly(length: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length !== length) throw new HoldfastError('storage-lost', 'the store gives fewer bytes than the file has', { expected: length, got: bytes.length })
  return bytes
}
