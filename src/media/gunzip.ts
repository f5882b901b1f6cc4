import { HoldfastError, limits } from '../base/index.ts'
import type { PlainSource } from './byte-source.ts'

/**
 * The unpacked bytes of a gzip file, with little memory whatever is in it: it goes into the decompressor in slices, as that hands out all that comes of one
 * before anybody can say stop. Fails with `archive-damaged` where it is none. `onPacked` is told how many of its bytes went in, and may
 * hold it up.
 */
export function gunzip(file: Pick<PlainSource, 'stream'>, onPacked: (bytes: number) => void | Promise<void> = () => {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slices = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    async transform(chunk, out) {
      for (let at = 0; at < chunk.length; at += limits.inflateBytes) {
        const slice = chunk.subarray(at, at + limits.inflateBytes)
        out.enqueue(slice)
        await onPacked(slice.length)
      }
    },
  })
  const reader = file.stream().pipeThrough(slices).pipeThrough(new DecompressionStream('gzip')).getReader()
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(out) {
      try {
        const { done, value } = await reader.read()
        if (done) out.close()
        else out.enqueue(value)
      } catch (error) { throw isDamage(error) ? new HoldfastError('archive-damaged', 'it is not one whole gzip file', {}, { cause: error }) : error }
    },
    async cancel(reason) { await reader.cancel(reason) },
  }, { highWaterMark: 0 })
}

/** A decompressor's own error is a `TypeError`; Node has one with a code of zlib. What the file's stream fails with passes as it is. */
function isDamage(error: unknown): boolean {
  return error instanceof TypeError || /^(?:Z_|ERR_TRAILING_JUNK)/.test(String((error as { code?: unknown } | null)?.code))
}
