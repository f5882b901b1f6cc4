import { TdfWriter, type TdfSetup } from '../content/index.ts'
import type { ArchiveSink } from './archive-sink.ts'
import { crcHere } from './block-hash.ts'

/** What makes a file a protected one: the keys of a file, which no other is written with, and the words of its manifest. */
export type Protection = Pick<TdfSetup, 'cipher' | 'mac' | 'policy' | 'keyAccess' | 'random'>

/** `sink` behind encryption: takes at most `maxBytes` of plaintext, which is of `mimeType`, and lets it have the bytes of a TDF. */
export async function protectedSink(sink: ArchiveSink, protection: Protection, { mimeType, maxBytes }: { readonly mimeType: string, readonly maxBytes: number }): Promise<Pick<ArchiveSink, 'push' | 'drain' | 'finish'>> {
  const tdf = new TdfWriter({ ...protection, mimeType, maxBytes, crc: await crcHere() }, bytes => { sink.push(bytes) })
  return {
    push(bytes) { tdf.write(bytes) },
    async drain(bounds) {
      await tdf.drain()
      await sink.drain(tdf.bounds(bounds))
    },
    async finish() {
      await tdf.finish()
      return await sink.finish()
    },
  }
}
