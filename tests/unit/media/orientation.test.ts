import { expect, test } from 'vitest'
import { readOrientation, turn } from '../../../src/media/orientation.ts'

const pixels = (...values: number[]) => new Uint8ClampedArray(new Uint32Array(values).buffer)
const turned = (orientation: number) => {
  const { width, height, bytes } = turn({ width: 3, height: 2, bytes: pixels(1, 2, 3, 4, 5, 6) }, orientation)
  return [width, height, ...new Uint32Array(bytes.buffer)]
}

test('every orientation of Exif', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(turned)).toEqual([
    [3, 2, 1, 2, 3, 4, 5, 6], [3, 2, 3, 2, 1, 6, 5, 4], [3, 2, 6, 5, 4, 3, 2, 1], [3, 2, 4, 5, 6, 1, 2, 3],
    [2, 3, 1, 4, 2, 5, 3, 6], [2, 3, 4, 1, 5, 2, 6, 3], [2, 3, 6, 3, 5, 2, 4, 1], [2, 3, 3, 6, 2, 5, 1, 4], [3, 2, 1, 2, 3, 4, 5, 6],
  ])
})

test('the orientation is read in either order of bytes, and of what is damaged there is none', () => {
  const big = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
  const little = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0]
  expect([big, little, big.slice(0, 12), [], [0x4d, 0x4d, 0, 42, 0xff, 0xff, 0xff, 0xff]].map(bytes => readOrientation(Uint8Array.from(bytes)))).toEqual([6, 8, 1, 1, 1])
})
