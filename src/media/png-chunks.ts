import { HoldfastError, concat } from '../base/index.ts'
import { readOrientation, upright } from './orientation.ts'

const signatureBytes = 8
const chunkFrameBytes = 12
/** What pixels are made of; all else (EXIF, text, times, colour profiles, frames of a moving picture) is left out. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** A PNG with nothing but its pixels, which stay as they are. `bad-image` where it has not all its chunks; their sums are for whoever decodes it. */
export function barePng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, signatureBytes)]
  for (const { kind, at, end } of chunks(bytes)) if (kept.has(kind)) parts.push(bytes.subarray(at, end))
  return concat(...parts)
}

/** How a PNG says that it is to be turned before it is shown, as Exif numbers it; 1: not at all. */
export function orientationOfPng(bytes: Uint8Array<ArrayBuffer>): number {
  const found = chunks(bytes).find(({ kind }) => kind === 'eXIf')
  return found === undefined ? upright : readOrientation(bytes.subarray(found.at + 8, found.end - 4))
}

interface Chunk { readonly kind: string, readonly at: number, readonly end: number }

function chunks(bytes: Uint8Array): readonly Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Chunk[] = []
  for (let at = signatureBytes; at + chunkFrameBytes <= bytes.length;) {
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
    const end = at + chunkFrameBytes + view.getUint32(at)
    if (end > bytes.length) break
    found.push({ kind, at, end })
    if (kind === 'IEND') return found
    at = end
  }
  throw new HoldfastError('bad-image', 'the picture is cut off')
}
