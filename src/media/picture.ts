import { HoldfastError, limits } from '../base/index.ts'
import { AuditPass, judgeImageHeader, judgePngHeader, makeTorrent, type ImageHeader } from '../content/index.ts'
import type { StagingFile } from '../store/index.ts'
import { ArchiveSink } from './archive-sink.ts'
import { hashHere } from './block-hash.ts'
import type { Picture } from './convert-api.ts'
import { barePng, isTurned } from './png-chunks.ts'

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

/** By the browser's own decoder, and so in its turn by none of ours; it also tells whether a PNG can be decoded at all. */
async function decode(file: Blob, { format }: ImageHeader): Promise<{ readonly png: Uint8Array<ArrayBuffer>, readonly width: number, readonly height: number }> {
  const own = format === 'png' ? await bytesOf(file) : null
  const asIs = own !== null && !isTurned(own)
  // Pixels of other formats become what they look like on a screen; those of a PNG are not touched, whatever profile it names.
  const bitmap = await decoded(new Blob([asIs ? barePng(own) : file], { type: `image/${format}` }), { premultiplyAlpha: 'none', colorSpaceConversion: format === 'png' ? 'none' : 'default' })
  const { width, height } = bitmap
  if (width * height > limits.imagePixels) {
    bitmap.close()
    throw new HoldfastError('image-too-large', 'more pixels than it said')
  }
  if (asIs) {
    bitmap.close()
    return { png: barePng(own), width, height }
  }
  const canvas = new OffscreenCanvas(width, height)
  // A 2d context would multiply colours with their alpha: 52,967 of 65,536 pixels of a gradient came out changed (measured).
  const screen = canvas.getContext('bitmaprenderer')
  if (screen === null) throw new HoldfastError('unsupported', 'no way to write pictures here')
  screen.transferFromImageBitmap(bitmap)
  return { png: barePng(await bytesOf(await canvas.convertToBlob({ type: 'image/png' }))), width, height }
}

async function decoded(blob: Blob, options: ImageBitmapOptions): Promise<ImageBitmap> {
  try { return await createImageBitmap(blob, options) } catch (error) {
    throw new HoldfastError('bad-image', 'the picture cannot be decoded', {}, { cause: error })
  }
}

async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try { return new Uint8Array(await blob.arrayBuffer()) } catch (error) {
    throw new HoldfastError('file-unreadable', 'the file cannot be read, or was changed since it was chosen', {}, { cause: error })
  }
}
