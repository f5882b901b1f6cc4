import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { judgeImageHeader, sniffImage } from '../../../src/content/index.ts'
import { chunk, png } from './png-help.ts'

const text = (words: string) => Array.from(words, char => char.charCodeAt(0))
const low16 = (...numbers: readonly number[]) => numbers.flatMap(n => [n & 0xff, n >> 8])
const high16 = (...numbers: readonly number[]) => numbers.flatMap(n => [n >> 8, n & 0xff])
const high32 = (...numbers: readonly number[]) => numbers.flatMap(n => [n >>> 24, n >>> 16 & 0xff, n >>> 8 & 0xff, n & 0xff])
const judged = (...bytes: readonly number[]) => judgeImageHeader(Uint8Array.from(bytes))

const jpeg = (width: number, height: number, ...before: readonly number[]) => [0xff, 0xd8, ...before, 0xff, 0xc0, 0, 11, 8, ...high16(height, width), 1, 1, 0x11, 0]
const webpLossless = (width: number, height: number) => [...text('RIFF'), 0, 0, 0, 0, ...text('WEBPVP8L'), 0, 0, 0, 0, 0x2f, ...(bits => [bits & 0xff, bits >>> 8 & 0xff, bits >>> 16 & 0xff, bits >>> 24])((width - 1) | (height - 1) << 14), ...Array.from({ length: 10 }, () => 0)]
const webpExtended = (flags: number) => [...text('RIFF'), 0, 0, 0, 0, ...text('WEBPVP8X'), 10, 0, 0, 0, flags, 0, 0, 0, 99, 0, 0, 49, 0, 0]
const frame = [0x2c, ...low16(0, 0, 9, 9), 0, 2, 1, 0, 0]
const gif = (...frames: readonly number[]) => [...text('GIF89a'), ...low16(300, 200), 0, 0, 0, ...frames, 0x3b]
const avif = (brand: string, ...boxes: readonly number[]) => [...high32(24), ...text(`ftyp${brand}`), 0, 0, 0, 0, ...text('mif1avif'), ...boxes]
const ispe = (width: number, height: number) => [...high32(20), ...text('ispe'), 0, 0, 0, 0, ...high32(width, height)]

test.each([
  ['jpeg', 640, 480, false, jpeg(640, 480)],
  ['jpeg behind Exif, fill bytes and restarts', 640, 480, false, jpeg(640, 480, 0xff, 0xe1, 0, 6, 1, 2, 3, 4, 0xff, 0xff, 0xd0)],
  ['webp', 1000, 16_384, false, webpLossless(1000, 16_384)],
  ['webp, extended', 100, 50, false, webpExtended(0)],
  ['webp, moving', 100, 50, true, webpExtended(2)],
  ['gif', 300, 200, false, gif(...frame)],
  ['gif, moving', 300, 200, true, gif(0x21, 0xf9, 4, 0, 0, 0, 0, 0, ...frame, ...frame)],
  ['avif, of several sizes', 900, 700, false, avif('avif', ...ispe(90, 70), ...ispe(900, 700))],
  ['avif, moving', 9, 7, true, avif('avis', ...ispe(9, 7))],
  ['bmp upside down', 320, 240, false, [...text('BM'), ...Array.from({ length: 12 }, () => 0), 40, 0, 0, 0, 64, 1, 0, 0, 0x10, 0xff, 0xff, 0xff]],
] as const)('%s', (about, width, height, animated, bytes) => {
  expect(judged(...bytes)).toEqual({ ok: true, value: { format: about.split(/[ ,]/)[0], width, height, animated } })
})

test('a PNG, and one that moves', () => {
  expect(judgeImageHeader(png({ width: 30, height: 20 }, chunk('IDAT', new Uint8Array(9))))).toMatchObject({ ok: true, value: { format: 'png', width: 30, height: 20, animated: false } })
  expect(judgeImageHeader(png({ width: 30, height: 20 }, chunk('acTL', new Uint8Array(8)), chunk('IDAT', new Uint8Array(9))))).toMatchObject({ ok: true, value: { animated: true } })
})

test('both sides of the most pixels', () => {
  expect(limits.imagePixels).toBe(8000 * 5000)
  expect(judged(...jpeg(8000, 5000)).ok).toBe(true)
  expect(judged(...jpeg(8000, 5001))).toMatchObject({ ok: false, code: 'image-too-large' })
  expect(judged(...avif('avif', ...ispe(10, 10), ...ispe(2 ** 31, 2 ** 31)))).toMatchObject({ ok: false, code: 'image-too-large' })
})

test.each([
  ['nothing', []], ['a drawing', text('<svg xmlns="http://www.w3.org/2000/svg"/>')], ['a HEIC', [...high32(24), ...text('ftypheic'), 0, 0, 0, 0, ...text('mif1heic')]], ['a JPEG without a frame', [0xff, 0xd8, 0xff, 0xda, 0, 2, 0, 0, 0, 0, 0]],
  ['a JPEG that begins only', [0xff, 0xd8, 0xff]], ['a WebP that begins only', text('RIFF....WEBPVP8X')], ['no pixels', jpeg(0, 9)], ['an AVIF without a size', avif('avif')],
] as const)('%s is refused', (_about, bytes) => { expect(judged(...bytes)).toMatchObject({ ok: false, code: 'bad-image' }) })

test('a drawing is no picture, whatever its name', () => { expect(sniffImage(Uint8Array.from(text('<?xml version="1.0"?><svg/>')))).toBeNull() })
