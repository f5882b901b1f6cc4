import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { concat, limits } from '../../../src/base/index.ts'
import { judgePngHeader, pngHeadBytes } from '../../../src/content/index.ts'
import { chunk, ihdr, png, pngSignature } from './png-help.ts'

const pixels = chunk('IDAT', new Uint8Array(20))
const code = (bytes: Uint8Array) => {
  const judged = judgePngHeader(bytes)
  return judged.ok ? 'accepted' : judged.code
}

test('a picture made by another program', () => {
  expect(judgePngHeader(new Uint8Array(readFileSync('docs/share.png')))).toEqual({ ok: true, value: expect.objectContaining({ depth: 8, interlaced: false }) as unknown })
})

test('what the header says', () => {
  expect(judgePngHeader(png({ width: 640, height: 480, depth: 16, colour: 6, interlace: 1 }, chunk('tEXt', new Uint8Array(9)), pixels))).toEqual({
    ok: true, value: { width: 640, height: 480, depth: 16, colour: 6, interlaced: true },
  })
})

test('the header alone is enough, a byte less is not', () => {
  expect(png({}).length).toBe(pngHeadBytes)
  expect(code(png({}))).toBe('accepted')
  expect(code(png({}).subarray(0, -1))).toBe('bad-image')
})

test('both sides of the most pixels, in any shape', () => {
  expect(limits.imagePixels).toBe(40_000_000)
  expect(code(png({ width: 8000, height: 5000 }))).toBe('accepted')
  expect(code(png({ width: 8000, height: 5001 }))).toBe('too-large')
  expect(code(png({ width: 40_000_000, height: 1 }))).toBe('accepted')
  expect(code(png({ width: 1, height: 40_000_001 }))).toBe('too-large')
  expect(code(png({ width: 2 ** 32 - 1, height: 2 ** 32 - 1 }))).toBe('too-large')
})

test('depths and colour types that go together, and no others', () => {
  const allowed = Array.from({ length: 8 * 20 }, (_, i) => [i % 8, Math.floor(i / 8)] as const).filter(([colour, depth]) => code(png({ colour, depth })) === 'accepted')
  expect(allowed.toSorted(([a, x], [b, y]) => a - b || x - y)).toEqual([[0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16]])
})

const palette = chunk('PLTE', new Uint8Array(9))
test.each<[string, Uint8Array]>([
  ['nothing', new Uint8Array(0)], ['a JPEG', new Uint8Array(100).fill(0xff)], ['a signature with line ends made new', png({}).with(4, 0x0a)],
  ['no width', png({ width: 0 })], ['no height', png({ height: 0 })], ['another compression', png({ compression: 1 })], ['another filter', png({ filter: 1 })], ['another interlace', png({ interlace: 2 })],
  ['a header whose sum is wrong', png({}).with(20, 7)], ['another chunk first', concat(pngSignature, chunk('gAMA', new Uint8Array(13)), ihdr())], ['a longer header', concat(pngSignature, chunk('IHDR', new Uint8Array(14)))],
  ['a moving picture', png({}, chunk('acTL', new Uint8Array(8)), pixels)], ['a frame of one', png({}, chunk('tEXt'), chunk('fcTL', new Uint8Array(26)), pixels)],
  ['a second header', png({}, ihdr(), pixels)], ['an unknown chunk that must be known', png({}, chunk('ABCD'), pixels)], ['a name with a digit', png({}, chunk('a1CD'), pixels)], ['a reserved name', png({}, chunk('abcd'), pixels)],
  ['the end before the pixels', png({}, chunk('IEND'))], ['a length above what PNG has', concat(png({}), Uint8Array.of(0x80, 0, 0, 0), chunk('tEXt').subarray(4))],
  ['a palette in grey', png({ colour: 0 }, palette, pixels)], ['two palettes', png({ colour: 3 }, palette, palette, pixels)], ['no palette', png({ colour: 3 }, pixels)],
  ['half a colour', png({ colour: 3 }, chunk('PLTE', new Uint8Array(10)), pixels)], ['an empty palette', png({ colour: 3 }, chunk('PLTE'), pixels)], ['257 colours', png({ colour: 3 }, chunk('PLTE', new Uint8Array(3 * 257)), pixels)],
])('refused: %s', (_, bytes) => { expect(code(bytes)).toBe('bad-image') })

test.each<[string, Uint8Array]>([
  ['256 colours', png({ colour: 3 }, chunk('PLTE', new Uint8Array(3 * 256)), pixels)], ['a palette for RGB', png({ colour: 2 }, palette, pixels)], ['a chunk that is cut', png({}, chunk('tEXt', new Uint8Array(100)).subarray(0, 50))],
  ['anything after the first pixels', png({}, pixels, chunk('acTL', new Uint8Array(8)))], ['the longest chunk', concat(png({}), Uint8Array.of(0x7f, 0xff, 0xff, 0xff), chunk('tEXt').subarray(4))],
])('accepted: %s', (_, bytes) => { expect(code(bytes)).toBe('accepted') })

test('a part of a larger buffer', () => {
  expect(code(concat(new Uint8Array(7), png({}, pixels)).subarray(7))).toBe('accepted')
})
