import { HoldfastError } from '../base/index.ts'
import { openTdf } from '../content/index.ts'
import type { ByteSource, PlainSource } from '../media/index.ts'
import type { FileKey } from './stored-item.ts'

/**
 * What a protected file holds. The key is judged by the root signature before any plaintext: `wrong-key`, or `tdf-damaged` where the file is
 * not sound; the same where a segment turns out not to be the one that was signed.
 */
export async function openPlain(stored: ByteSource, key: FileKey): Promise<PlainSource> {
  const opened = await openTdf(async (at, length) => await stored.read(at, length), stored.size)
  const judged = opened.ok ? await opened.value.unlock(key) : opened
  if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
  const { value: tdf } = judged
  return {
    size: tdf.size,
    stream() {
      const chunks = tdf.range(0, tdf.size)
      return new ReadableStream<Uint8Array<ArrayBuffer>>({
        async pull(out) {
          const { done, value } = await chunks.next()
          if (done === true) out.close()
          else out.enqueue(value)
        },
        async cancel() { await chunks.return() },
      }, { highWaterMark: 0 })
    },
  }
}
