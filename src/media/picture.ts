import { HoldfastError, limits } from '../base/index.ts'
import { AuditPass, judgeImageHeader, judgePngHeader, makeTorrent, type ImageFormat, type ImageHeader } from '../content/index.ts'
import type { StagingFile } from '../store/index.ts'
import { ArchiveSink } from './archive-sink.ts'
import { hashHere } from './block-hash.ts'
import type { Picture } from './convert-api.ts'
import { turn, upright, type Pixels } from './orientation.ts'
import { barePng, orientationOfPng } from './png-chunks.ts'

/**
 * Makes a picture a PNG in `out`: turned as it says, never resized, with nothing in it but pixels. Those of a PNG stay bit for bit. `bad-image`, `image-too-large`; a moving
 * one gives its first frame.
 */
export async function makePicture(file: Blob, out: StagingFile): Promise<Picture> {
  if (file.size === 0) throw new HoldfastError('media-none', 'the file has 0 bytes')
  if (file.size > limits.imageSourceBytes) throw new HoldfastError('image-too-large', 'too many bytes', { bytes: file.size })
  const header = judgeImageHeader(await bytesOf(file.slice(0, limits.imageHeadBytes)))
  if (!header.ok) throw new HoldfastError(header.code, header.reason)
  const { png, width, height } = await decode(file, header.value)
  if (png.length > limits.imageBytes) throw new HoldfastError('image-too-large', 'as a PNG it has too many bytes', { bytes: png.length })
  const judged = judgePngHeader(png)
  if (!judged.ok) throw new HoldfastError('bad-image', judged.reason)
  await out.resize(0)
  const sink = new ArchiveSink(out, await hashHere(), new AuditPass(png.length))
  sink.push(png)
  const { cid, size, pieces, audit } = await sink.finish()
  const packed = { kind: 'i', cid, size, audit, members: [], title: '', torrent: makeTorrent({ cid, kind: 'i', size, pieces }) } as const
  return { packed, width, height, animated: header.value.animated }
}

interface Decoded { readonly png: Uint8Array<ArrayBuffer>, readonly width: number, readonly height: number }

/** By the browser's own decoders; they also tell whether a PNG, whose bytes stay, can be decoded at all. */
async function decode(file: Blob, { format }: ImageHeader): Promise<Decoded> {
  if (format !== 'png') {
    const head = new Uint8Array(await file.slice(0, limits.imageHeadBytes).arrayBuffer())
    return await drawn(await decoded(file, format, { premultiplyAlpha: 'none' }), format === 'jpeg' || format === 'bmp' || mayBeTurned(head, format))
  }
  const own = await bytesOf(file)
  const png = barePng(own)
  // Its pixels are not touched, whatever profile it names.
  const bitmap = await decoded(new Blob([png]), format, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' })
  const orientation = orientationOfPng(own)
  if (orientation !== upright) {
    bitmap.close()
    return await turned(png, orientation)
  }
  const { width, height } = bitmap
  bitmap.close()
  return { png, width, height }
}

/**
 * A PNG of what was decoded. On a 2d canvas it is turned, but colours are multiplied with their alpha: 52,967 of 65,536 pixels of a gradient came out changed (measured). Handed over
 * as a bitmap no pixel changes, but a turned picture is written as it was before (measured in Chromium 156).
 */
async function drawn(bitmap: ImageBitmap, flat: boolean): Promise<Decoded> {
  const { width, height } = bitmap
  if (width * height > limits.imagePixels) throw new HoldfastError('image-too-large', 'more pixels than it said')
  const canvas = new OffscreenCanvas(width, height)
  if (flat) {
    const context = canvas.getContext('2d')
    if (context === null) throw new HoldfastError('unsupported', 'no way to write pictures here')
    context.drawImage(bitmap, 0, 0)
    bitmap.close()
  } else {
    const screen = canvas.getContext('bitmaprenderer')
    if (screen === null) throw new HoldfastError('unsupported', 'no way to write pictures here')
    screen.transferFromImageBitmap(bitmap)
  }
  return { png: barePng(await bytesOf(await canvas.convertToBlob({ type: 'image/png' }))), width, height }
}

/** Pixel by pixel where the browser gives them out as they are; else as a photo is. */
async function turned(png: Uint8Array<ArrayBuffer>, orientation: number): Promise<Decoded> {
  const pixels = turn(await pixelsOf(png), orientation)
  return await drawn(await createImageBitmap(new ImageData(pixels.bytes, pixels.width, pixels.height), { premultiplyAlpha: 'none', colorSpaceConversion: 'none' }), false)
}

async function pixelsOf(png: Uint8Array<ArrayBuffer>): Promise<Pixels> {
  if (!('ImageDecoder' in globalThis)) {
    const bitmap = await decoded(new Blob([png]), 'png', {})
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')
    if (context === null) throw new HoldfastError('unsupported', 'no way to read pictures here')
    context.drawImage(bitmap, 0, 0)
    return { width: bitmap.width, height: bitmap.height, bytes: context.getImageData(0, 0, bitmap.width, bitmap.height).data }
  }
  const { image } = await new ImageDecoder({ data: png, type: 'image/png', colorSpaceConversion: 'none', premultiplyAlpha: 'none' } as ImageDecoderInit).decode()
  const { displayWidth: width, displayHeight: height, format } = image
  const bytes = new Uint8ClampedArray(width * height * 4)
  await image.copyTo(bytes)
  image.close()
  const view = new Uint32Array(bytes.buffer)
  if (format?.startsWith('BGR') === true) for (const [i, pixel] of view.entries()) view[i] = (pixel & 0xff00ff00) | (pixel & 0xff) << 16 | pixel >>> 16 & 0xff
  if (format?.endsWith('X') === true) for (const [i, pixel] of view.entries()) view[i] = pixel | 0xff000000
  return { width, height, bytes }
}

/** Whether a WebP or AVIF may be one that is to be turned: it has Exif, or properties that turn. */
function mayBeTurned(head: Uint8Array, format: ImageFormat): boolean {
  const text = new TextDecoder('latin1').decode(format === 'avif' ? head.subarray(0, 65_536) : head.subarray(0, 32))
  return format === 'avif' ? /irot|imir/.test(text) : format === 'webp' && text.slice(12, 16) === 'VP8X' && (head[20]! & 0x08) !== 0
}

async function decoded(blob: Blob, format: ImageFormat, options: ImageBitmapOptions): Promise<ImageBitmap> {
  try { return await createImageBitmap(new Blob([blob], { type: `image/${format}` }), options) } catch (error) {
    throw new HoldfastError('bad-image', 'the picture cannot be decoded', {}, { cause: error })
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try { return new Uint8Array(await blob.arrayBuffer()) } catch (error) {
    throw new HoldfastError('file-unreadable', 'the file cannot be read, or was changed since it was chosen', {}, { cause: error })
  }
}
