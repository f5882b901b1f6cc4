import type { PlainSource } from './byte-source.ts'

/**
 * What goes into the decompressor at once. It hands out all that comes of it before anybody can say stop, and a bomb makes a thousand bytes of
 * one: so this is at most 16 MiB.
 */
const sliceBytes = 16 * 1024

/** The unpacked bytes of a gzip file, with little memory whatever is in it. `onPacked` is told how many of its bytes went in, and may hold it up. */
export function gunzip(file: Pick<PlainSource, 'stream'>, onPacked: (bytes: number) => void | Promise<void> = () => {}): ReadableStream<Uint8Array<ArrayBuffer>> {
  const slices = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    async transform(chunk, out) {
      for (let at = 0; at < chunk.length; at += sliceBytes) {
        const slice = chunk.subarray(at, at + sliceBytes)
        out.enqueue(slice)
        await onPacked(slice.length)
      }
    },
  })
  return file.stream().pipeThrough(slices).pipeThrough(new DecompressionStream('gzip'))
}
