import { TdfWriter, type TdfSetup } from '../content/index.ts'
import type { ArchiveSink } from './archive-sink.ts'
import { crcHere } from './block-hash.ts'

/** What makes an archive a protected one: the keys of a file, which no other is written with, and the words of its manifest. */
export type Protection = Pick<TdfSetup, 'cipher' | 'mac' | 'policy' | 'keyAccess' | 'random'>

/** Of what is in it: what every shared archive is. */
const mimeType = 'application/gzip'

/** `sink` behind encryption: takes the bytes of an archive of at most `maxBytes`, lets it have those of a TDF. */
export async function protectedSink(sink: ArchiveSink, protection: Protection, maxBytes: number): Promise<Pick<ArchiveSink, 'push' | 'drain' | 'finish'>> {
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
