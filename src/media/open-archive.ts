import { HoldfastError } from '../base/index.ts'
import { openTdf, type ReadAt, type TdfKeys, type UnlockedTdf } from '../content/index.ts'

/** An archive as it was before it was protected, or as it is. */
export interface OpenArchive {
  /** Bytes. */
  readonly size: number
  /** All of it, as it is asked for. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>
}

/** The archive in a stored file; `key` where it is protected. `wrong-key` and `tdf-damaged` before any byte of it. */
export async function openArchive(file: Blob, key: TdfKeys | null): Promise<OpenArchive> {
  if (key === null) return { size: file.size, stream: () => file.stream() }
  const tdf = await unlockTdf(readerOf(file), file.size, key)
  return { size: tdf.size, stream: () => tdfStream(tdf) }
}

/** `openTdf` and `unlock` for those who throw. `read` may wait for bytes that are still on their way. */
export async function unlockTdf(read: ReadAt, size: number, key: TdfKeys): Promise<UnlockedTdf> {
  const opened = await openTdf(read, size)
  const judged = opened.ok ? await opened.value.unlock(key) : opened
  if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
  return judged.value
}

/** The whole plaintext. It fails where a segment is not what was signed; nothing of that segment comes out. */
export function tdfStream(tdf: UnlockedTdf): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = tdf.range(0, tdf.size)
  return new ReadableStream({
    async pull(out) {
      const { done, value } = await chunks.next()
      if (done === true) out.close()
      else out.enqueue(value)
    },
    async cancel() { await chunks.return() },
  }, { highWaterMark: 0 })
}

export function readerOf(file: Blob): ReadAt {
  return async (at, length) => {
    const bytes = new Uint8Array(await file.slice(at, at + length).arrayBuffer())
    if (bytes.length !== length) throw new HoldfastError('file-changed', 'the stored file is shorter than it was', { expected: length, got: bytes.length })
    return bytes
  }
}
