import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { archiveRecipe } from '../../../src/content/index.ts'
import { golden } from '../../fixtures/archive/golden.ts'
import { archiveOf } from './archive-help.ts'

test('this is recipe 1', () => { expect(archiveRecipe).toBe(1) })

test.each(golden)('$about', ({ files, cid }) => {
  expect(createHash('sha256').update(archiveOf(files)).digest('hex')).toBe(cid)
})

test('the ends of the smallest archive, spelled out', () => {
  const bytes = Buffer.from(archiveOf([{ path: 'a', bytes: new Uint8Array(0) }]))
  expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff')
  expect(bytes.subarray(-10, -8).toString('hex')).toBe('0300')
  expect(bytes.readUInt32LE(bytes.length - 4)).toBe(3 * 512)
})
