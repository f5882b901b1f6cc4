import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { checkArchive } from '../../../src/media/index.ts'
import { archiveOf } from '../../unit/content/archive-help.ts'
import { archives, mendTar, tarWords } from './tar.ts'
import type { Target, Verdict } from '../types.ts'

/** 800:1, in 3 KB. */
const bomb = archiveOf([{ path: 'zeros', bytes: new Uint8Array(3 * 2 ** 20) }])

/** Archives that are the content their link names, whatever that is: damaged as gzip, or as the tar in it. */
export const archive: Target = {
  name: 'archive',
  cost: 2,
  corpus: () => [...archives(), bomb],
  dictionary: [...tarWords, '\u001f\u008b\b\0', new Uint8Array([3, 0]), new Uint8Array([0x1f, 0x8b, 8, 8]), new Uint8Array([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, 255, 255])],
  maxBytes: 256 * 1024,
  vary: (base, chance, mutate) => chance.once(2) ? mutate(base) : packed(mendTar(mutate(gunzipSync(base)))),
  async run(bytes): Promise<Verdict> {
    await checkArchive(new Blob([new Uint8Array(bytes)]), { cid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, kind: 'z' })
    return 'accepted'
  },
}

function packed(tar: Uint8Array): Uint8Array {
  const gzip = new Uint8Array(gzipSync(tar))
  gzip[9] = 255 // the recipe's operating system
  gzip[8] = 0
  return gzip
}
