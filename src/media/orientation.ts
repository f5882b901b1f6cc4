/** The orientation of Exif that needs no turning. */
export const upright = 1

/** Tag 0x0112 of the first directory of Exif (TIFF 6.0); `upright` where it is not said. */
export function readOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (tiff.length < 8) return upright
  const little = view.getUint16(0) === 0x4949
  const from = view.getUint32(4, little)
  if (from + 2 > tiff.length) return upright
  for (let i = 0, at = from + 2; i < view.getUint16(from, little) && at + 12 <= tiff.length; i++, at += 12) {
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little)
  }
  return upright
}

/** Pixels of four bytes. */
export interface Pixels { readonly width: number, readonly height: number, readonly bytes: Uint8ClampedArray<ArrayBuffer> }

/** Turns and mirrors as Exif's orientations 2 to 8 say; any other leaves all where it is. */
export function turn({ width, height, bytes }: Pixels, orientation: number): Pixels {
  if (orientation < 2 || orientation > 8) return { width, height, bytes }
  const sideways = orientation >= 5
  const [outWidth, outHeight] = sideways ? [height, width] : [width, height]
  const [from, to] = [new Uint32Array(bytes.slice().buffer), new Uint32Array(width * height)]
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const [a, b] = sideways ? [y, x] : [x, y]
      const column = [2, 3, 7, 8].includes(orientation) ? width - 1 - a : a
      const row = [3, 4, 6, 7].includes(orientation) ? height - 1 - b : b
      to[y * outWidth + x] = from[row * width + column]!
    }
  }
  return { width: outWidth, height: outHeight, bytes: new Uint8ClampedArray(to.buffer) }
}
