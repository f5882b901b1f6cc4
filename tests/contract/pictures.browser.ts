import { afterEach, expect, test } from 'vitest'
import { AuditPass, judgePngHeader } from '../../src/content/index.ts'
import type { MediaService, Picture } from '../../src/media/index.ts'
import { wrapService } from '../../src/peer/rpc.ts'
import { openStoredFile } from '../../src/store/index.ts'
import { bytesOf, sameBytes } from './support/archives.ts'
import { canonical } from './support/canonical.ts'
import { endWorkers } from './support/end-workers.ts'
import { coreMake } from './support/recordings.ts'
import { jpegTurned, pixelsOf, pngOf } from './support/pictures.ts'

/* The real worker and the browser's own decoders, on pictures made here. What pixels there are is asked of `ImageDecoder`, which the code under test does not use. */

const folder = `tmp/pictures-${crypto.randomUUID()}`
const workers: Worker[] = []

async function pngFrom(bytes: Uint8Array<ArrayBuffer>, name = 'cover.jpg'): Promise<{ readonly made: Picture, readonly png: Uint8Array<ArrayBuffer> }> {
  const worker = new Worker(new URL('../../workers/media.ts', import.meta.url), { type: 'module' })
  workers.push(worker)
  const id = crypto.randomUUID()
  const path = `${folder}/${id}/cover.png`
  const made = await wrapService<MediaService>(worker).picture({ id, file: new File([bytes], name), path })
  return { made, png: await bytesOf(await openStoredFile(path, 'holdfast') as File) }
}

const codeOf = async (bytes: Uint8Array<ArrayBuffer>) => await pngFrom(bytes).then(() => 'taken', (error: unknown) => (error as { code: string }).code)

afterEach(async () => { await endWorkers(workers, folder) })

/** Every alpha with every other value of red: most of them do not survive being multiplied and divided. */
const gradient = Uint8Array.from({ length: 4 * 256 * 256 }, (_, i) => {
  const [x, y, channel] = [(i >> 2) % 256, i >> 10, i % 4]
  return channel === 0 ? x : channel === 1 ? 255 - x : channel === 2 ? 77 : y
})
const other = (kind: string, body: number[]) => ({ kind, body: Uint8Array.from(body) })

test('a PNG keeps every pixel, whatever its alpha, and nothing else', async () => {
  const bytes = await pngOf(256, 256, gradient, [other('tEXt', [65, 0, 66]), other('tIME', [7, 234, 1, 1, 1, 1, 1])])
  const { made, png } = await pngFrom(bytes)
  expect(await pixelsOf(png, 'image/png')).toEqual({ width: 256, height: 256, pixels: gradient })
  expect(new TextDecoder('latin1').decode(png)).not.toMatch(/tEXt|tIME/)
  const { cid, infohash } = await canonical(png, name => name.replace('.tgz', '.png'))
  const pass = new AuditPass(png.length)
  pass.push(png)
  expect(made).toMatchObject({ width: 256, height: 256, animated: false, packed: { kind: 'i', cid, size: png.length, audit: pass.root(), torrent: { infohash } } })
})

test('a PNG that is to be turned is, and keeps its pixels all the same', async () => {
  const exif = other('eXIf', [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0])
  const bytes = await pngOf(256, 256, gradient, [exif])
  const { png } = await pngFrom(bytes)
  const upsideDown = Uint8Array.from(gradient, (_, i) => gradient[4 * (256 * 256 - 1 - (i >> 2)) + i % 4]!)
  expect(await pixelsOf(png, 'image/png')).toEqual({ width: 256, height: 256, pixels: upsideDown })
  expect(new TextDecoder('latin1').decode(png)).not.toContain('eXIf')
})

test('a lossless WebP keeps the pixels it decodes to, alpha and all', async () => {
  const webp = await coreMake(['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', '256x256', '-i', '/made-of', '-c:v', 'libwebp', '-lossless', '1', '-f', 'webp'], gradient)
  const { made, png } = await pngFrom(webp)
  expect(await pixelsOf(png, 'image/png')).toEqual(await pixelsOf(webp, 'image/webp'))
  expect(made.animated).toBe(false)
})

test('a photo is turned as its camera was held, and says nothing of where it was taken', async () => {
  const { made, png } = await pngFrom(await jpegTurned(40, 24))
  expect(made).toMatchObject({ width: 24, height: 40 })
  const { width, pixels } = await pixelsOf(png, 'image/png')
  const red = (x: number, y: number) => pixels[4 * (y * width + x)]!
  // Its left half was red: turned by a quarter to the right that is the upper half.
  expect([red(12, 4) > 200, red(12, 36) < 60]).toEqual([true, true])
  expect(new TextDecoder('latin1').decode(png)).not.toMatch(/Exif|eXIf|secret place/)
})

test.each([['gif', 'gif'], ['webp', 'webp'], ['apng', 'apng']])('of a moving %s the first picture is taken, and it is said', async (_about, format) => {
  const frames = new Uint8Array(3 * 16 * 16 * 4).fill(255, 0, 3 * 16 * 16).fill(90, 3 * 16 * 16)
  const moving = await coreMake(['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '16x16', '-r', '5', '-i', '/made-of', ...format === 'webp' ? ['-c:v', 'libwebp_anim', '-lossless', '1'] : [], '-f', format], frames)
  const { made, png } = await pngFrom(moving)
  expect(made).toMatchObject({ animated: true, width: 16, height: 16 })
  expect(judgePngHeader(png).ok).toBe(true)
  const { pixels } = await pixelsOf(png, 'image/png')
  expect(pixels[0]).toBeGreaterThan(240)
})

test('what is no picture, or too large a one, is refused before it is decoded', async () => {
  const text = (words: string) => new TextEncoder().encode(words)
  const good = await pngOf(4, 4, gradient.subarray(0, 64))
  const huge = await pngOf(4, 4, gradient.subarray(0, 64), [], { width: 10_000, height: 5_000 })
  const found = []
  for (const bytes of [new Uint8Array(0), text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), text('no picture'), good.slice(0, 50), huge]) found.push(await codeOf(bytes))
  expect(found).toEqual(['media-none', 'bad-image', 'bad-image', 'bad-image', 'image-too-large'])
})

test('the same picture is the same PNG', async () => {
  const jpeg = await jpegTurned(40, 24)
  expect(await sameBytes((await pngFrom(jpeg)).png, (await pngFrom(jpeg)).png)).toBe(true)
})
