import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../src/base/index.ts'
import { decodeVarint, encodeVarint } from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'

/** Where a byte more is needed, and the ends of what numbers in JavaScript hold whole. */
const edges = [0n, 1n, ...[7n, 14n, 21n, 28n, 35n, 42n, 49n, 53n, 56n, 63n, 64n].flatMap(bits => [(1n << bits) - 1n, 1n << bits, (1n << bits) + 1n])].filter(value => value < 1n << 64n)

test.each(edges)('%d is written in as few bytes as can be, and read back', value => {
  const bytes = encodeVarint(value)
  expect(bytes).toHaveLength(Math.max(1, Math.ceil(value.toString(2).length / 7)))
  expect(read(decodeVarint(bytes))).toBe(value)
  expect([...bytes].map(byte => byte >> 7)).toEqual([...Array.from({ length: bytes.length - 1 }, () => 1), 0])
})

test.each([
  ['', 'varint-truncated'], ['80', 'varint-noncanonical'], ['8000', 'varint-noncanonical'], ['8001', 'varint-noncanonical'], ['81', 'varint-truncated'], ['ffffffffffffff', 'varint-truncated'],
  ['ffffffffffffffffff', 'varint-truncated'], ['81ffffffffffffffffff', 'varint-truncated'], ['82808080808080808000', 'varint-overflow'], ['ffffffffffffffffff7f', 'varint-overflow'], ['81ffffffffffffffffff7f', 'varint-overflow'],
  ['8180808080808080808080', 'varint-overflow'], ['0000', 'varint-trailing-bytes'], ['810000', 'varint-trailing-bytes'], ['81ffffffffffffffff7f00', 'varint-trailing-bytes'],
])('%s is refused: %s', (hex, code) => { expect(faultOf(decodeVarint(fromHex(hex)!))).toBe(code) })

test('an empty group within a number is no fault', () => { expect(toHex(encodeVarint(read(decodeVarint(fromHex('818000')!))))).toBe('818000') })

test.each([-1n, 1n << 64n, 1n << 70n])('%d cannot be said', value => { expectUnsayable(() => encodeVarint(value), null) })
