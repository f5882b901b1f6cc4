import { HoldfastError } from '../base/index.ts'
import { openTdf, type TdfKeys, type UnlockedTdf } from '../content/index.ts'
import type { ByteSource, PlainSource } from './byte-source.ts'
import { giveAway } from './give-away.ts'

/**
 * The archive in a stored file; `key` where it is protected. The key is judged by the root signature before any plaintext: `wrong-key`, or
 * `tdf-damaged` where the file is not sound; the same where a segment turns out not to be the one that was signed.
 */
export async function openArchive(stored: ByteSource, key: TdfKeys | null): Promise<PlainSource> {
  if (key === null) return { size: stored.size, stream: () => stored.stream() }
  const tdf = await unlockTdf(stored, key)
  return { size: tdf.size, stream: () => tdfStream(tdf) }
}

/** `openTdf` and `unlock` for those who throw. */
export async function unlockTdf(stored: Pick<ByteSource, 'size' | 'read'>, key: TdfKeys): Promise<UnlockedTdf> {
  const opened = await openTdf(async (at, length) => await stored.read(at, length), stored.size, giveAway)
  const judged = opened.ok ? await opened.value.unlock(key) : opened
  if (!judged.ok) throw new HoldfastError(judged.code, judged.reason)
  return judged.value
}

/** The whole plaintext. It fails where a segment is not what was signed; nothing of that segment comes out. */
function tdfStream(tdf: UnlockedTdf): ReadableStream<Uint8Array<ArrayBuffer>> {
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
