import { crc32 } from '../../../src/content/crc32.ts'

/* Pictures that tests are about, made by hand where their bytes matter. */

interface Chunk { readonly kind: string, readonly body: Uint8Array<ArrayBuffer> }

/** A PNG of RGBA pixels; `more` stand before them, `said` is what its header says instead. */
export async function pngOf(width: number, height: number, pixels: Uint8Array, more: readonly Chunk[] = [], said = { width, height }): Promise<Uint8Array<ArrayBuffer>> {
  const rows = new Uint8Array(height * (1 + 4 * width))
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(4 * width * y, 4 * width * (y + 1)), y * (1 + 4 * width) + 1)
  const packed = new Uint8Array(await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer())
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, said.width)
  view.setUint32(4, said.height)
  head.set([8, 6, 0, 0, 0], 8)
  const chunks = [{ kind: 'IHDR', body: head }, ...more, { kind: 'IDAT', body: packed }, { kind: 'IEND', body: new Uint8Array(0) }]
  return new Uint8Array(await new Blob([Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), ...chunks.map(framed)]).arrayBuffer())
}

function framed({ kind, body }: Chunk): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, body.length)
  bytes.set(new TextEncoder().encode(kind), 4)
  bytes.set(body, 8)
  view.setUint32(8 + body.length, crc32(0, bytes.subarray(4, 8 + body.length)))
  return bytes
}

/** A JPEG whose left half is red and whose right half is blue, with Exif that says it is to be turned by a quarter to the right. */
export async function jpegTurned(width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#f00'
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = '#00f'
  context.fillRect(width / 2, 0, width / 2, height)
  const jpeg = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer())
  const words = new TextEncoder().encode('secret place')
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, ...words]
  return new Uint8Array(await new Blob([jpeg.slice(0, 2), Uint8Array.from([0xff, 0xe1, 0, exif.length + 2, ...exif]), jpeg.slice(2)]).arrayBuffer())
}

/** The pixels of the first frame, red, green, blue and alpha, not multiplied. */
export async function pixelsOf(data: Uint8Array<ArrayBuffer>, type: string): Promise<{ readonly width: number, readonly height: number, readonly pixels: Uint8Array<ArrayBuffer> }> {
  const decoder = new ImageDecoder({ data, type, colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as ImageDecoderInit)
  const { image } = await decoder.decode()
  const { displayWidth: width, displayHeight: height, format } = image
  const pixels = new Uint8Array(image.allocationSize())
  await image.copyTo(pixels)
  image.close()
  // Whether the fourth byte is alpha or nothing, and which of red and blue comes first, is the decoder's choice.
  const swapped = format?.startsWith('BGR') === true
  return { width, height, pixels: Uint8Array.from(pixels, (value, i) => i % 4 === 3 ? (format?.endsWith('X') === true ? 255 : value) : swapped && i % 4 !== 1 ? pixels[i % 4 === 0 ? i + 2 : i - 2]! : value) }
}
