import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteCache } from '../../../src/store/ledger/byte-cache.ts'
import { decodePlaces, encodePlaces } from '../../../src/store/ledger/places.ts'

test('places come back in ascending order, neighbours in a byte each', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.oneof(fc.maxSafeNat(), fc.nat({ max: 300 })), { maxLength: 200 }), places => {
    expect(decodePlaces(encodePlaces(places))).toEqual(places.toSorted((a, b) => a - b))
  }))
  expect(encodePlaces([])).toHaveLength(0)
  expect(encodePlaces(Array.from({ length: 100 }, (_, i) => 5 * 2 ** 20 + i))).toHaveLength(4 + 99)
  expect(decodePlaces(encodePlaces([Number.MAX_SAFE_INTEGER]))).toEqual([Number.MAX_SAFE_INTEGER])
})

test('a cache has room for so many bytes, and gives up what was used longest ago', () => {
  const cache = new ByteCache(100)
  const has = () => [1, 2, 3, 4].filter(key => cache.get(key) !== undefined)
  cache.set(1, new Uint8Array(40))
  cache.set(2, new Uint8Array(40))
  cache.get(1)
  cache.set(3, new Uint8Array(40))
  expect(has()).toEqual([1, 3])
  cache.set(3, new Uint8Array(60))
  expect(has()).toEqual([1, 3])
  cache.set(4, new Uint8Array(101))
  expect(has()).toEqual([1, 3])
  cache.delete(1)
  cache.set(2, new Uint8Array(40))
  expect(has()).toEqual([2, 3])
  cache.clear()
  cache.set(1, new Uint8Array(100))
  expect(has()).toEqual([1])
})
