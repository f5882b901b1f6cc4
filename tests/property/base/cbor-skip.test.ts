import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CborFault, decodeCbor, encodeCbor, fromHex, skipItem } from '../../../src/base/index.ts'
import { cborShape, plainOf, valueOf } from '../../support/cbor-shapes.ts'
import { Chance } from '../../fuzz/chance.ts'
import { mutate } from '../../fuzz/mutate.ts'

/** Whether it is one item, and nothing else. */
function isItem(bytes: Uint8Array): boolean {
  try { return skipItem(bytes, 0) === bytes.length } catch (error) {
    if (!(error instanceof CborFault)) throw error
    return false
  }
}

const anything = fc.letrec(tie => ({
  any: fc.oneof(
    { maxDepth: 3 }, fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt(-(2n ** 64n), 2n ** 64n - 1n), fc.string({ unit: 'binary' }).filter(text => text.isWellFormed()), fc.boolean(), fc.constant(null), fc.uint8Array({ maxLength: 20 }),
    fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any
const shaped = cborShape.chain(shape => valueOf(shape).map(value => plainOf(shape, value)))

test('an item is skipped exactly where it would be decoded', () => {
  let [taken, refused] = [0, 0]
  fc.assert(fc.property(fc.oneof(anything, shaped), fc.nat(), (value, seed) => {
    const bytes = encodeCbor(value)
    const chance = new Chance(seed)
    for (let i = 0; i < 12; i++) {
      const damaged = i === 0 ? bytes : mutate(bytes, chance, { corpus: [bytes], dictionary: [Uint8Array.of(0x63, 0xef, 0xbb, 0xbf), Uint8Array.of(0xd8, 0x2a), Uint8Array.of(0xfb), Uint8Array.of(0x3b)], maxBytes: 4096 })
      const decoded = decodeCbor(damaged).ok
      if (isItem(damaged) !== decoded) throw new Error(Buffer.from(damaged).toString('hex'))
      if (decoded) taken++
      else refused++
    }
  }), { numRuns: 300 })
  expect(Math.min(taken, refused)).toBeGreaterThan(300)
})

test.each(['63efbbbf', 'a163efbbbf01', 'fb8000000000000000', 'fb7ff8000000000000', 'fb4330000000000000', 'fb4340000000000000', '3bffffffffffffffff', 'd82a4100', 'd82a582500001000200000000000000000000000000000000000000000000000000000000000000000', 'd82a46000181005500', 'd82a450001550000', 'd82a47000155000000', 'd82a46000155800000', 'a1695f5f70726f746f5f5f01', 'a2616101616101', 'f90000', 'f7', ''])('%s', text => {
  const bytes = fromHex(text)!
  expect(isItem(bytes)).toBe(decodeCbor(bytes).ok)
})
