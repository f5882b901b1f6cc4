import { HoldfastError, concat } from '../base/index.ts'

const signatureBytes = 8
const chunkFrameBytes = 12
/** What pixels are made of; all else (EXIF, text, times, colour profiles, frames of a moving picture) is left out. */
const kept = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** Exif orientation that needs no turning. */
const upright = 1

/** A PNG with nothing but its pixels, which stay as they are. `bad-image` where it has not all its chunks; their sums are for whoever decodes it. */
export function barePng(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const parts = [bytes.subarray(0, signatureBytes)]
  for (const { kind, at, end } of chunks(bytes)) if (kept.has(kind)) parts.push(bytes.subarray(at, end))
  return concat(...parts)
}

/** Whether a PNG says that it is to be turned before it is shown. */
export function isTurned(bytes: Uint8Array<ArrayBuffer>): boolean {
  const found = chunks(bytes).find(({ kind }) => kind === 'eXIf')
  return found !== undefined && (orientationOf(bytes.subarray(found.at + 8, found.end - 4)) ?? upright) !== upright
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

/** Tag 0x0112 of the first directory (TIFF 6.0); null where it is not said. */
function orientationOf(tiff: Uint8Array): number | null {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return null
  const little = view.getUint16(0) === 0x4949
  const from = view.getUint32(4, little)
  if (from + 2 > tiff.length) return null
  for (let i = 0, at = from + 2; i < view.getUint16(from, little) && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little)
  }
  return null
}
