import { expect, test } from 'vitest'
import { tailReader } from '../../../src/peer/tail-reader.ts'

const file = new Uint8Array(100_000).map((_, i) => i % 251)

test('the end is read once, and what lies before it as it is asked for', async () => {
  const reads: [number, number][] = []
  const read = tailReader(async (at, length) => {
    reads.push([at, length])
    return await Promise.resolve(file.slice(at, at + length))
  }, file.length)
  expect(await read(99_978, 22)).toEqual(file.slice(99_978))
  expect(await read(90_000, 100)).toEqual(file.slice(90_000, 90_100))
  expect(await read(10, 5)).toEqual(file.slice(10, 15))
  expect(reads).toEqual([[100_000 - 65_536, 65_536], [10, 5]])
})

test('a short file is its own end', async () => {
  const read = tailReader(async (at, length) => await Promise.resolve(file.slice(at, at + length)), 30)
  expect(await read(8, 22)).toEqual(file.slice(8, 30))
})
