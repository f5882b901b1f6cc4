import { crc32 } from 'node:zlib'
import { limits } from '../../../src/base/index.ts'
import { judgePngHeader } from '../../../src/content/index.ts'
import { chunk, png } from '../../unit/content/png-help.ts'
import type { Target } from '../types.ts'

/** The beginning of a picture; the sum of its header is mostly right. */
export const pngHeader: Target = {
  name: 'png-header',
  corpus: () => [png({}, chunk('tEXt', new Uint8Array(20)), chunk('IDAT', new Uint8Array(30))), png({ colour: 3, depth: 1, width: 8000, height: 5000, interlace: 1 }, chunk('PLTE', new Uint8Array(6)), chunk('IDAT')), png({ width: 1, height: limits.imagePixels })],
  dictionary: ['IHDR', 'PLTE', 'IDAT', 'IEND', 'acTL', 'fcTL', 'tEXt', 'ABCD', chunk('acTL', new Uint8Array(8)), chunk('PLTE', new Uint8Array(768)), chunk('tEXt')],
  maxBytes: 8192,
  vary(base, chance, mutate) {
    const bytes = mutate(base).slice()
    if (bytes.length >= 33 && !chance.once(4)) new DataView(bytes.buffer).setUint32(29, crc32(bytes.subarray(12, 29)))
    return bytes
  },
  run(bytes) {
    const judged = judgePngHeader(bytes)
    if (!judged.ok) return judged.code
    if (!(judged.value.width * judged.value.height <= limits.imagePixels && judged.value.width > 0)) throw new Error('a picture too large')
    return 'accepted'
  },
}
