import { HoldfastError, limits } from '../base/index.ts'
import { MemberSlice, type Member } from '../content/index.ts'

/**
 * The bytes of one member of a stored archive, unpacked as they are asked for; what stands before it is unpacked and let go. A damaged archive
 * makes the stream fail rather than end short.
 */
export function memberStream(file: Blob, member: Member): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slice = new MemberSlice(member)
  return file.stream().pipeThrough(inSlices()).pipeThrough(new DecompressionStream('gzip')).pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    start(out) { if (member.size === 0) out.terminate() },
    transform(chunk, out) {
      const part = slice.take(chunk)
      if (part.length > 0) out.enqueue(part)
      if (slice.done) out.terminate()
    },
    flush() { if (!slice.done) throw new HoldfastError('archive-damaged', 'the archive ends before the file does', { path: member.path }) },
  }))
}

/** Chunks small enough to be unpacked whole, as browsers do before anybody may take some of it. */
function inSlices(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(chunk, out) {
      for (let at = 0; at < chunk.length; at += limits.inflateBytes) out.enqueue(chunk.subarray(at, at + limits.inflateBytes))
    },
  })
}
