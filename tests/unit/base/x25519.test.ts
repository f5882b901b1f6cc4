import { x25519 } from '@noble/curves/ed25519.js'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex, sharedX25519, toHex } from '../../../src/base/index.ts'

const secret = fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4')!
const key = fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')!
const little = (value: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number(value >> BigInt(8 * i) & 0xffn))
const p = 2n ** 255n - 19n

test('RFC 7748, 5.2', () => {
  expect(toHex(sharedX25519(secret, key)!)).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552')
})

test('two come to the same secret', () => {
  const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(fc.property(bytes, bytes, (a, b) => {
    expect(sharedX25519(a, x25519.getPublicKey(b))).toEqual(sharedX25519(b, x25519.getPublicKey(a)))
  }), { numRuns: 20 })
})

test('a key is read modulo p, its highest bit ignored', () => {
  const high = key.slice()
  high[31]! |= 0x80
  expect(sharedX25519(secret, high)).toEqual(sharedX25519(secret, key))
  expect(sharedX25519(secret, little(p + 9n))).toEqual(sharedX25519(secret, little(9n)))
})

test('keys of small order are nobody\'s', () => {
  const eight = [325606250916557431795983626356110631294008115727848805560023387167927233504n, 39382357235489614581723060781553021112529911719440698176882885853963445705823n]
  for (const u of [0n, 1n, p - 1n, p, p + 1n, ...eight]) {
    expect(sharedX25519(secret, little(u))).toBeNull()
    expect(sharedX25519(secret, little(u | 1n << 255n))).toBeNull()
  }
})

test('other lengths', () => {
  for (const length of [0, 31, 33]) {
    expect(sharedX25519(secret, new Uint8Array(length).fill(9))).toBeNull()
    expect(() => sharedX25519(new Uint8Array(length), key)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  }
})
