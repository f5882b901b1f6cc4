import { accept, limits, reject, type Judged } from '../base/index.ts'

const imageFormats = ['png', 'jpeg', 'webp', 'gif', 'avif', 'bmp'] as const
export type ImageFormat = typeof imageFormats[number]

/** What the beginning of a picture says of it, before any decoder sees it. */
export interface ImageHeader {
  readonly format: ImageFormat
  /** Pixels, as they are stored: a camera that was held upright may have them the other way round. */
  readonly width: number
  readonly height: number
  /** It moves, as far as the bytes looked at tell. */
  readonly animated: boolean
}

type Read = (view: DataView) => Omit<ImageHeader, 'format'> | null

const readers: { readonly [Format in ImageFormat]: { readonly begins: (view: DataView) => boolean, readonly read: Read } } = {
  png: { begins: view => view.byteLength >= 8 && view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a, read: readPng },
  jpeg: { begins: view => view.byteLength >= 3 && view.getUint16(0) === 0xffd8 && view.getUint8(2) === 0xff, read: readJpeg },
  webp: { begins: view => textAt(view, 0, 4) === 'RIFF' && textAt(view, 8, 4) === 'WEBP', read: readWebp },
  gif: { begins: view => /^GIF8[79]a$/.test(textAt(view, 0, 6)), read: readGif },
  avif: { begins: view => textAt(view, 4, 4) === 'ftyp' && brands(view).some(brand => brand === 'avif' || brand === 'avis'), read: readAvif },
  bmp: { begins: view => textAt(view, 0, 2) === 'BM', read: readBmp },
}

/** Which of the pictures we take this is, by its first bytes; null for all else, drawings (SVG) among it. */
export function sniffImage(first: Uint8Array): ImageFormat | null {
  const view = viewOf(first)
  return imageFormats.find(format => readers[format].begins(view)) ?? null
}

/**
 * Judges the beginning of a picture; `first`: `limits.imageHeadBytes` of it, or all there are. `bad-image` for what is none, or does not say its size
 * there; `image-too-large` above `limits.imagePixels`, since a few bytes can ask a decoder for gigabytes.
 */
export function judgeImageHeader(first: Uint8Array): Judged<ImageHeader> {
  const view = viewOf(first)
  const format = sniffImage(first)
  if (format === null) return reject('bad-image', 'not a picture that can be taken')
  const header = readers[format].read(view)
  if (header === null) return reject('bad-image', 'it does not say its size')
  const { width, height } = header
  if (width < 1 || height < 1) return reject('bad-image', 'no pixels')
  if (width * height > limits.imagePixels) return reject('image-too-large', `a picture of more than ${String(limits.imagePixels)} pixels`)
  return accept({ format, ...header })
}

function readPng(view: DataView): ReturnType<Read> {
  if (view.byteLength < 33 || textAt(view, 12, 4) !== 'IHDR') return null
  let animated = false
  for (let at = 33; at + 8 <= view.byteLength && textAt(view, at + 4, 4) !== 'IDAT'; at += 12 + view.getUint32(at)) animated ||= textAt(view, at + 4, 4) === 'acTL'
  return { width: view.getUint32(16), height: view.getUint32(20), animated }
}

/** The frame header, the first of C0 to CF that is none of DHT, JPG and DAC (ISO 10918-1, table B.1). */
function readJpeg(view: DataView): ReturnType<Read> {
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) { at += marker === 0xff ? 1 : 2; continue }
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), animated: false }
    if (marker === 0xd9 || marker === 0xda) return null
    const length = view.getUint16(at + 2)
    if (length < 2) return null
    at += 2 + length
  }
  return null
}

/** Lossy, lossless or extended (RFC 9649). */
function readWebp(view: DataView): ReturnType<Read> {
  if (view.byteLength < 30) return null
  switch (textAt(view, 12, 4)) {
    case 'VP8 ': return view.getUint8(23) !== 0x9d || view.getUint16(24) !== 0x012a ? null : { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff, animated: false }
    case 'VP8L': {
      const bits = view.getUint32(21, true)
      return view.getUint8(20) !== 0x2f ? null : { width: 1 + (bits & 0x3fff), height: 1 + (bits >>> 14 & 0x3fff), animated: false }
    }
    case 'VP8X': return { width: 1 + (view.getUint32(24, true) & 0xffffff), height: 1 + (view.getUint32(26, true) >>> 8), animated: (view.getUint8(20) & 0x02) !== 0 }
    default: return null
  }
}

/** The screen; a second picture on it makes it move. */
function readGif(view: DataView): ReturnType<Read> {
  if (view.byteLength < 13) return null
  return { width: view.getUint16(6, true), height: view.getUint16(8, true), animated: gifPictures(view) > 1 }
}

function gifPictures(view: DataView): number {
  const table = (flags: number) => (flags & 0x80) === 0 ? 0 : 3 * 2 ** (1 + (flags & 7))
  let [at, pictures] = [13 + table(view.getUint8(10)), 0]
  const skipBlocks = () => {
    while (at < view.byteLength && view.getUint8(at) !== 0) at += 1 + view.getUint8(at)
    at++
  }
  while (at < view.byteLength && pictures < 2) {
    const kind = view.getUint8(at)
    if (kind === 0x2c && at + 10 < view.byteLength) {
      pictures++
      at += 11 + table(view.getUint8(at + 9))
    } else if (kind === 0x21) at += 2
    else break
    skipBlocks()
  }
  return pictures
}

/** The largest of the sizes its items say (`ispe`): which one is shown takes more to find out, and none may be too large. */
function readAvif(view: DataView): ReturnType<Read> {
  let [width, height] = [0, 0]
  for (let at = 0; at + 16 <= view.byteLength; at++) {
    if (view.getUint32(at) !== 0x69737065) continue
    const [w, h] = [view.getUint32(at + 8), view.getUint32(at + 12)]
    if (w * h >= width * height) [width, height] = [w, h]
  }
  return width === 0 ? null : { width, height, animated: textAt(view, 8, 4) === 'avis' }
}

function brands(view: DataView): readonly string[] {
  const end = Math.min(view.byteLength, view.byteLength < 4 ? 0 : view.getUint32(0), 256)
  return [8, ...Array.from({ length: Math.max(0, Math.floor((end - 16) / 4)) }, (_, i) => 16 + 4 * i)].map(at => textAt(view, at, 4))
}

function readBmp(view: DataView): ReturnType<Read> {
  if (view.byteLength < 26) return null
  return view.getUint32(14, true) === 12
    ? { width: view.getUint16(18, true), height: view.getUint16(20, true), animated: false }
    : { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)), animated: false }
}

function textAt(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + Math.min(at, view.byteLength), Math.max(0, Math.min(length, view.byteLength - at))))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
