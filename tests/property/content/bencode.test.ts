import bencode from 'bencode'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBencode, encodeBencode, type Bencodable, type Bencoded } from '../../../src/content/index.ts'

const { value: values } = fc.letrec<{ value: Bencodable }>(tie => ({
  value: fc.oneof({ maxDepth: 4 }, fc.maxSafeInteger(), fc.uint8Array(), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true })),
}))

/** What was decoded, as it is written. */
function again(value: Bencoded): Bencodable {
  if (Array.isArray(value)) return value.map(again)
  return value instanceof Map ? Object.fromEntries([...value].map(([key, item]) => [key, again(item)])) : value
}

test('written as the bencode package writes it, and read back to the same bytes', () => {
  fc.assert(fc.property(values, value => {
    const bytes = encodeBencode(value)
    expect(Buffer.from(bytes).equals(bencode.encode(value))).toBe(true)
    const decoded = decodeBencode(bytes)
    expect(decoded.ok && Buffer.from(encodeBencode(again(decoded.value))).equals(bytes)).toBe(true)
  }))
})

test('total, and whatever is accepted is the only way to write it', () => {
  const bytes = fc.oneof(fc.uint8Array(), fc.string({ unit: fc.constantFrom(...'deli:0123456789-ab'.split('')) }).map(text => new TextEncoder().encode(text)))
  fc.assert(fc.property(bytes, input => {
    const decoded = decodeBencode(input)
    if (decoded.ok) expect(Buffer.from(encodeBencode(again(decoded.value))).equals(input)).toBe(true)
  }), { numRuns: 2000 })
})
