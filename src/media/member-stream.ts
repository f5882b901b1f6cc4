import { HoldfastError } from '../base/index.ts'
import { MemberSlice, type Member, type TdfKeys } from '../content/index.ts'
import { openArchive } from './open-archive.ts'

/**
 * The bytes of one member of a stored archive, unpacked as they are asked for, decrypted with `key` where it is protected; what stands before it is
 * unpacked and let go. A damaged archive makes the stream fail rather than end short, the wrong key before its first byte.
 */
export function memberStream(file: Blob, member: Member, key: TdfKeys | null = null): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slice = new MemberSlice(member)
  return archiveStream(file, key).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    start(out) { if (member.size === 0) out.terminate() },
    transform(chunk, out) {
      const part = slice.take(chunk)
      if (part.length > 0) out.enqueue(part)
      if (slice.done) out.terminate()
    },
    flush() { if (!slice.done) throw new HoldfastError('archive-damaged', 'the archive ends before the file does', { path: member.path }) },
  }))
}

/** `openArchive` for those who want a stream at once. */
function archiveStream(file: Blob, key: TdfKeys | null): ReadableStream<Uint8Array<ArrayBuffer>> {
  if (key === null) return file.stream()
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>()
  openArchive(file, key).then(
    async archive => { await archive.stream().pipeTo(writable) },
    async (error: unknown) => { await writable.abort(error) },
  ).catch(() => {}) // whoever reads has the reason, or left
  return readable
}
