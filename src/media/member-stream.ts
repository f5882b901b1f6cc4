import { HoldfastError } from '../base/index.ts'
import { MemberSlice, type Member } from '../content/index.ts'
import type { PlainSource } from './byte-source.ts'
import { gunzip } from './gunzip.ts'

/**
 * The bytes of one member of an archive, unpacked as they are asked for; what stands before it is unpacked and let go, since an archive does not
 * say where its members begin. A damaged archive makes the stream fail rather than end short.
 */
export function memberStream(archive: Pick<PlainSource, 'stream'>, member: Member): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slice = new MemberSlice(member)
  return gunzip(archive).pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    start(out) { if (member.size === 0) out.terminate() },
    transform(chunk, out) {
      const part = slice.take(chunk)
      if (part.length > 0) out.enqueue(part)
      if (slice.done) out.terminate()
    },
    flush() { if (!slice.done) throw new HoldfastError('archive-damaged', 'the archive ends before the file does', { path: member.path }) },
  }))
}
