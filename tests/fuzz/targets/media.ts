import { HoldfastError, limits } from '../../../src/base/index.ts'
import { countFault, isCountOpen, judgeImageHeader, sniffMedia } from '../../../src/content/index.ts'
import { barePng, orientationOfPng } from '../../../src/media/png-chunks.ts'
import { chunk, png } from '../../unit/content/png-help.ts'
import type { Target } from '../types.ts'

const text = (words: string) => new TextEncoder().encode(words)
const magics = ['RIFF', 'WAVE', 'fLaC', 'OggS', 'ftyp', 'M4A ', 'avif', 'ispe', 'ID3', 'WEBP', 'VP8 ', 'VP8L', 'VP8X', 'GIF89a', 'moov', 'MAC ', 'FORM', 'AIFF', 'BM']

const w64 = (name: string, length: number) => [...text(name), ...Array.from({ length: 12 }, () => 0x2e), length, 0, 0, 0, 0, 0, 0, 0]
const riffGuid = Uint8Array.of(0x72, 0x69, 0x66, 0x66, 0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0)

/** What a person chose as music, or has converted, by its first bytes. */
export const mediaSniff: Target = {
  name: 'media-sniff',
  corpus: () => [
    text('RIFF\u0030\0\0\0WAVEfmt \u0004\0\0\0....data\u0010\0\0\0................'), Uint8Array.of(0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 2, 0, 0, 0xff, 0xfb, 0x90, 0x64), Uint8Array.of(0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x4d, 0x34, 0x41, 0x20), new Uint8Array(1000).fill(0x47),
    text('RF64....WAVEds64\u0018\0\0\0................\u0010\0\0\0\0\0\0\0data....'), text('FORM\0\0\0\u0030AIFFCOMM\0\0\0\u0004....SSND\0\0\0\u0010................'),
    Uint8Array.of(...riffGuid, 80, 0, 0, 0, 0, 0, 0, 0, ...text('wave............'), ...w64('fmt ', 28), 1, 2, 3, 4, 0, 0, 0, 0, ...w64('data', 32)),
  ],
  dictionary: [...magics, 'data', 'ds64', 'SSND', 'RF64', 'BW64', riffGuid, Uint8Array.of(0xff, 0xff, 0xff, 0xff), Uint8Array.of(0xff, 0xfb, 0x90), Uint8Array.of(0x0b, 0x77), '#EXTM3U', 'ffconcat version 1.0'],
  maxBytes: 4096,
  run(bytes) {
    const known = sniffMedia(bytes) !== null
    const faults = [bytes.length, 2 * bytes.length + 100, 2 ** 31, 2 ** 32, 2 ** 40].map(size => countFault(bytes, size))
    if (!known && (isCountOpen(bytes) || faults.some(fault => fault !== null))) throw new Error('something is counted wrongly in what is no recording')
    if (faults.some((fault, i) => i > 0 && fault === 'media-cut' && faults[i - 1] === null)) throw new Error('cut, and whole where it is shorter')
    if (faults.slice(0, 2).includes('media-miscounted')) throw new Error('too long, where 32 bits count it')
    return known ? faults[0] ?? 'accepted' : 'not-media'
  },
}

/** The beginning of a picture of any format that is taken. */
export const imageHeader: Target = {
  name: 'image-header',
  corpus: () => [
    png({ width: 30, height: 20 }, chunk('acTL', new Uint8Array(8)), chunk('IDAT', new Uint8Array(9))), Uint8Array.of(0xff, 0xd8, 0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xc2, 0, 11, 8, 1, 0, 2, 0, 1, 1, 0x11, 0),
    text('RIFF....WEBPVP8X..........................'), Uint8Array.of(0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 9, 0, 9, 0, 0x80, 0, 0, 1, 2, 3, 4, 5, 6, 0x2c, 0, 0, 0, 0, 9, 0, 9, 0, 0, 2, 1, 0, 0, 0x3b), text('....ftypavif....mif1....ispe............'), text('BM........................'),
  ],
  dictionary: [...magics, 'IHDR', 'acTL', 'IDAT', Uint8Array.of(0xff, 0xc0), Uint8Array.of(0x9d, 0x01, 0x2a)],
  maxBytes: 8192,
  run(bytes) {
    const judged = judgeImageHeader(bytes)
    if (!judged.ok) return judged.code
    const { width, height } = judged.value
    if (!(width > 0 && height > 0 && width * height <= limits.imagePixels)) throw new Error('a picture of a size nobody may have')
    return 'accepted'
  },
}

/** A PNG whose pixels are kept and nothing else. */
export const pngChunks: Target = {
  name: 'png-chunks',
  corpus: () => [png({}, chunk('eXIf', Uint8Array.of(0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0)), chunk('tEXt', new Uint8Array(9)), chunk('IDAT', new Uint8Array(30)), chunk('IEND'))],
  dictionary: ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND', 'eXIf', 'tEXt', chunk('IEND')],
  maxBytes: 4096,
  run(bytes) {
    const own = Uint8Array.from(bytes)
    try {
      const bare = barePng(own)
      if (bare.length > own.length || barePng(bare).length !== bare.length || orientationOfPng(bare) !== 1) throw new Error('something was left in it')
      orientationOfPng(own)
      return 'accepted'
    } catch (error) {
      if (error instanceof HoldfastError && error.code === 'bad-image') return error.code
      throw error
    }
  },
}
