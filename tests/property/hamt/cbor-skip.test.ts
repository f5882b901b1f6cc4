import * as fc from 'fast-check'
import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { CborFault, decodeCbor, encodeCbor, sha256, skipItem } from '../../../src/base/index.ts'
import * as Digest from 'multiformats/hashes/digest'

const links = fc.tuple(fc.constantFrom(0x71, 0x55), fc.uint8Array()).map(([codec, bytes]) => CID.createV1(codec, Digest.create(0x12, sha256(bytes))))
const numbers = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -70_000, max: 70_000 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt({ min: -(1n << 64n), max: (1n << 64n) - 1n }))
const { value: values } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof({ maxDepth: 4 }, numbers, fc.boolean(), fc.constant(null), fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 300 }), links,
    fc.array(tie('value'), { maxLength: 5 }), fc.dictionary(fc.string({ maxLength: 3 }).filter(key => key !== '__proto__'), tie('value'), { maxKeys: 5, noNullPrototype: true })),
}))

/** Whether the bytes are one item. */
function isItem(bytes: Uint8Array): boolean {
  try { return skipItem(bytes, 0) === bytes.length } catch (error) {
    if (error instanceof CborFault) return false
    throw error
  }
}

test('steps over exactly one item, wherever it begins', () => {
  fc.assert(fc.property(values, fc.uint8Array({ maxLength: 5 }), fc.uint8Array({ maxLength: 5 }), (value, before, after) => {
    const item = encodeCbor(value)
    expect(skipItem(new Uint8Array([...before, ...item, ...after]), before.length)).toBe(before.length + item.length)
  }), { numRuns: 1000 })
})

test('accepts of damaged items what the decoder accepts', () => {
  let [accepted, refused] = [0, 0]
  fc.assert(fc.property(values, fc.nat(), fc.nat({ max: 255 }), fc.constantFrom('set', 'cut', 'put'), (value, where, byte, how) => {
    const item = encodeCbor(value)
    const at = where % item.length
    const damaged = how === 'set' ? item.with(at, byte) : how === 'cut' ? item.slice(0, at) : new Uint8Array([...item.slice(0, at), byte, ...item.slice(at)])
    const judged = decodeCbor(damaged)
    if (judged.ok) accepted++
    else refused++
    expect({ damaged, ok: isItem(damaged) }).toEqual({ damaged, ok: judged.ok })
  }), { numRuns: 5000 })
  expect(accepted).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(1000)
})

test('as deep and as many as the decoder takes', () => {
  const nested = (levels: number) => new Uint8Array([...new Uint8Array(levels).fill(0x81), 0])
  expect([32, 33, 10_000].map(levels => isItem(nested(levels)))).toEqual([true, false, false])
  expect(isItem(Uint8Array.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0))).toBe(false)
  expect(isItem(new Uint8Array([0x9a, 0, 1, 0, 0, ...new Uint8Array(65_536)]))).toBe(false)
})
