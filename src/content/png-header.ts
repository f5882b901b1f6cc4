import { accept, limits, reject, type Judged } from '../base/index.ts'
import { crc32 } from './crc32.ts'

/** What the header of a PNG says of the picture. `colour`: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. */
export interface PngHeader {
  /** Pixels. */
  readonly width: number
  readonly height: number
  /** Bits of a sample. */
  readonly depth: number
  readonly colour: number
  readonly interlaced: boolean
}

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const chunkHeadBytes = 8
const crcBytes = 4
const headerBytes = 13
/** Signature and IHDR: what has to be read at least. */
export const pngHeadBytes = signature.length + chunkHeadBytes + headerBytes + crcBytes

/** Bit depths of each colour type (PNG, table 11.1). */
const depths: Readonly<Record<number, readonly number[]>> = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] }

/** The other kinds of chunk that every decoder must know; one it does not know ends the picture. */
const critical = new Set(['PLTE', 'IDAT', 'IEND'])

/**
 * Judges the beginning of a PNG before any decoder sees it: `first` are its first bytes, at least `pngHeadBytes`; the more there are, the more of the
 * chunks after the header is judged. Refused, as `bad-image`: what is none, what no PNG may say, moving pictures (APNG), a picture without
 * pixels; as `too-large` one above `limits.imagePixels`, since a few bytes can ask a decoder for gigabytes.
 */
export function judgePngHeader(first: Uint8Array): Judged<PngHeader> {
  if (first.length < pngHeadBytes || signature.some((byte, i) => first[i] !== byte)) return bad('not a PNG')
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength)
  const header = chunkAt(view, signature.length)
  if (header?.kind !== 'IHDR' || header.length !== headerBytes) return bad('no header')
  const at = signature.length + chunkHeadBytes
  if (crc32(0, first.subarray(at - 4, at + headerBytes)) !== view.getUint32(at + headerBytes)) return bad('the header is damaged')
  const [width, height, depth, colour, compression, filter, interlace] = [view.getUint32(at), view.getUint32(at + 4), view.getUint8(at + 8), view.getUint8(at + 9), view.getUint8(at + 10), view.getUint8(at + 11), view.getUint8(at + 12)]
  if (width < 1 || height < 1) return bad('no pixels')
  if (depths[colour]?.includes(depth) !== true) return bad('a depth and a colour type that do not go together')
  if (compression !== 0 || filter !== 0 || interlace > 1) return bad('a method nobody knows')
  if (width * height > limits.imagePixels) return reject('too-large', `a picture of more than ${String(limits.imagePixels)} pixels`)
  const fault = chunkFault(view, colour)
  return fault === null ? accept({ width, height, depth, colour, interlaced: interlace === 1 }) : bad(fault)
}

/** What is wrong with the order of the chunks after the header, as far as they are there and up to the first pixels. */
function chunkFault(view: DataView, colour: number): string | null {
  let palette = false
  for (let at = pngHeadBytes; ;) {
    const chunk = chunkAt(view, at)
    if (chunk === null) return null
    const { kind, length } = chunk
    if (!/^[A-Za-z]{2}[A-Z][A-Za-z]$/.test(kind) || length > 0x7fff_ffff) return 'a chunk that is none'
    if (kind === 'acTL' || kind === 'fcTL' || kind === 'fdAT') return 'a moving picture'
    if (/^[A-Z]/.test(kind) && !critical.has(kind)) return 'a chunk nobody knows'
    if (kind === 'IEND') return 'no pixels'
    if (kind === 'IDAT') return colour === 3 && !palette ? 'no palette' : null
    if (kind === 'PLTE') {
      if (palette || colour === 0 || colour === 4 || length === 0 || length % 3 !== 0 || length > 3 * 256) return 'a palette that is none'
      palette = true
    }
    at += chunkHeadBytes + length + crcBytes
  }
}

/** The head of the chunk at `at`, null where it is not there any more. */
function chunkAt(view: DataView, at: number): { readonly kind: string, readonly length: number } | null {
  if (at + chunkHeadBytes > view.byteLength) return null
  return { length: view.getUint32(at), kind: String.fromCharCode(...[4, 5, 6, 7].map(i => view.getUint8(at + i))) }
}

function bad(reason: string): Judged<never> {
  return reject('bad-image', reason)
}
