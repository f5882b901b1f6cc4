import * as dagCbor from '@ipld/dag-cbor'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { concat, decode, decodeCbor, encode, equalBytes } from '../../../src/base/index.ts'
import { cborShape, codecOf, fits, plainOf, valueOf } from '../../support/cbor-shapes.ts'
import { Chance } from '../../fuzz/chance.ts'
import { mutate } from '../../fuzz/mutate.ts'

const shaped = cborShape.chain(shape => valueOf(shape).map(value => ({ shape, value })))

test('the bytes are those of dag-cbor, and give the value back', () => {
  fc.assert(fc.property(shaped, ({ shape, value }) => {
    const codec = codecOf(shape)
    const bytes = encode(codec, value)
    expect(bytes).toEqual(new Uint8Array(dagCbor.encode(plainOf(shape, value))))
    const decoded = decode(codec, bytes)
    expect(decoded).toEqual({ ok: true, value })
  }), { numRuns: 300 })
})

test('the bytes of one shape mean the same or nothing in another', () => {
  fc.assert(fc.property(shaped, cborShape, ({ shape, value }, other) => {
    const bytes = encode(codecOf(shape), value)
    const plain = decodeCbor(bytes)
    expect(decode(codecOf(other), bytes).ok).toBe(plain.ok && fits(other, plain.value))
  }), { numRuns: 300 })
})

test('damaged bytes are taken exactly where strict DAG-CBOR and the shape take them, and then say the same again', () => {
  let [taken, refused] = [0, 0]
  fc.assert(fc.property(shaped, fc.nat(), ({ shape, value }, seed) => {
    const codec = codecOf(shape)
    const bytes = encode(codec, value)
    const chance = new Chance(seed)
    for (let i = 0; i < 12; i++) {
      const damaged = mutate(bytes, chance, { corpus: [bytes], dictionary: [Uint8Array.of(0xf6), Uint8Array.of(0x18, 0x17), Uint8Array.of(0xd8, 0x2a), Uint8Array.of(0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0)], maxBytes: 4096 })
      const judged = decode(codec, damaged)
      const plain = decodeCbor(damaged)
      expect(judged.ok).toBe(plain.ok && fits(shape, plain.value))
      if (judged.ok) {
        taken++
        expect(equalBytes(encode(codec, judged.value), damaged)).toBe(true)
      } else refused++
    }
  }), { numRuns: 300 })
  expect(taken).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(1000)
})

test('every prefix, and whatever is behind, is refused', () => {
  fc.assert(fc.property(shaped, fc.uint8Array({ minLength: 1, maxLength: 3 }), ({ shape, value }, more) => {
    const codec = codecOf(shape)
    const bytes = encode(codec, value)
    for (let end = 0; end < bytes.length; end++) expect(decode(codec, bytes.subarray(0, end)).ok).toBe(false)
    expect(decode(codec, concat(bytes, more)).ok).toBe(false)
  }))
})
