import { HoldfastError } from '../base/index.ts'
import type { StoredFile } from '../store/index.ts'

export interface Source { readonly path: string, readonly file: Blob }

/** The same, or a file of the store. */
interface Readable { readonly path: string, readonly file: StoredFile }

const chunkBytes = 1024 * 1024
const chunksAhead = 4
/** Files no larger are read whole, many at once, since reading one is mostly waiting. */
const smallBytes = 64 * 1024
const readsAhead = 32

/**
 * The bytes of all `sources` one after the other, in chunks of at most 1 MiB, read ahead while earlier ones are in use; a chunk is lent until
 * the next is asked for. Every byte is read once. `file-unreadable` where the browser refuses (it does so for a file that was
 * changed, moved or deleted since it was chosen), `file-changed` where it gives another number of bytes than the file had.
 */
export async function* readAhead(sources: readonly Readable[]): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const free: ArrayBuffer[] = []
  const reads = allReads(sources)
  const ahead: { readonly lent: boolean, readonly chunk: Promise<Uint8Array<ArrayBuffer>> }[] = []
  for (let next = reads.next(), lent = 0; ;) {
    for (; next.done !== true && ahead.length < readsAhead && lent < chunksAhead; next = reads.next()) {
      const { large, read } = next.value
      const chunk = read(large ? free.pop() ?? new ArrayBuffer(chunkBytes) : new ArrayBuffer(0))
      chunk.catch(() => {}) // where an earlier one fails, nobody waits for this
      ahead.push({ lent: large, chunk })
      if (large) lent++
    }
    const first = ahead.shift()
    if (first === undefined) return
    const chunk = await first.chunk
    if (chunk.length > 0) yield chunk
    if (first.lent) {
      lent--
      free.push(chunk.buffer)
    }
  }
}

interface Read {
  readonly large: boolean
  /** Reads into `buffer`, taking it away, where it is for a large file. */
  readonly read: (buffer: ArrayBuffer) => Promise<Uint8Array<ArrayBuffer>>
}

function* allReads(sources: readonly Readable[]): Generator<Read, void, void> {
  for (const { path, file } of sources) {
    if (file.size <= smallBytes) {
      // Of an empty one, too: it fails where what looked like a file is a folder.
      yield { large: false, read: async () => exactly(path, file.size, new Uint8Array(await readable(path, file.arrayBuffer()))) }
      continue
    }
    const reader = new LargeFile(path, file)
    for (let at = 0; at < file.size; at += chunkBytes) {
      const length = Math.min(chunkBytes, file.size - at)
      yield { large: true, read: async buffer => await reader.next(buffer, length) }
    }
  }
}

/** Of which a read is pending. Chromium collects a stream that fills given buffers where nothing but its own pending read holds it, and then that read never ends (measured in 156). */
const pending = new Set<LargeFile>()

/**
 * Reads a file through one stream into buffers that come back: at a third of the processor time that slices of it take. Where streams of
 * files do not take buffers, reads slices.
 */
class LargeFile {
  private reader: ReadableStreamBYOBReader | null | undefined
  private at = 0
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly path: string, private readonly file: StoredFile) {}

  /** The next `length` bytes, once those asked for before are there. */
  async next(buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const chunk = this.last.then(async () => exactly(this.path, length, await this.read(buffer, length)))
    this.last = chunk
    return await chunk
  }

  private async read(buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    this.reader ??= this.open()
    const from = this.at
    this.at += length
    if (this.reader === null) {
      const bytes = new Uint8Array(buffer, 0, length)
      bytes.set(exactly(this.path, length, new Uint8Array(await readable(this.path, this.file.slice(from, this.at).arrayBuffer()))))
      return bytes
    }
    pending.add(this)
    try { return await this.fill(this.reader, buffer, length) } finally { pending.delete(this) }
  }

  private async fill(reader: ReadableStreamBYOBReader, buffer: ArrayBuffer, length: number): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = new Uint8Array(buffer, 0, 0)
    while (bytes.length < length) {
      const { value, done } = await readable(this.path, reader.read(new Uint8Array(bytes.buffer, bytes.length, length - bytes.length)))
      if (done || value === undefined) break
      bytes = new Uint8Array(value.buffer, 0, value.byteOffset + value.length)
    }
    if (this.at === this.file.size) reader.cancel().catch(() => {}) // nobody has to wait for a stream that has given everything
    return bytes
  }

  private open(): ReadableStreamBYOBReader | null {
    try { return this.file.stream().getReader({ mode: 'byob' }) } catch { return null }
  }
}

async function readable<T>(path: string, reading: Promise<T>): Promise<T> {
  try { return await reading } catch (error) {
    throw new HoldfastError('file-unreadable', 'the file cannot be read, or was changed since it was chosen', { path }, { cause: error })
  }
}

function exactly(path: string, expected: number, bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length !== expected) throw new HoldfastError('file-changed', 'the file was changed while it was read', { path, expected, got: bytes.length })
  return bytes
}
