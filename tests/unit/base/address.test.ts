import { ripemd160 } from '@noble/hashes/legacy.js'
import * as fc from 'fast-check'
import { base58btc } from 'multiformats/bases/base58'
import { expect, test } from 'vitest'
import { addressBytes, addressField, addressOfBytes, addressOfKey, concat, decode, encode, fromHex, isAddress, sha256, toHex } from '../../../src/base/index.ts'

const zeros = 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb'
const refused = expect.objectContaining({ code: 'bad-input' })
/** Base58Check of anything. */
const checked = (bytes: Uint8Array) => base58btc.baseEncode(concat(bytes, sha256(sha256(bytes)).subarray(0, 4)))

test('an address is Base58Check of 0x41 and 20 bytes', () => {
  expect(addressOfBytes(new Uint8Array(20))).toBe(zeros)
  expect(addressBytes(zeros)).toEqual(new Uint8Array(20))
  fc.assert(fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), bytes => {
    const address = addressOfBytes(bytes)
    expect(address).toBe(checked(concat(Uint8Array.of(0x41), bytes)))
    expect(address).toMatch(/^T.{33}$/)
    expect(addressBytes(address)).toEqual(bytes)
    expect(decode(addressField, encode(addressField, address))).toEqual({ ok: true, value: address })
  }))
})

test('that of a key hashes it twice', () => {
  // The key of the secret 1, whose hash is known from Bitcoin.
  const key = fromHex('0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798')!
  expect(toHex(addressBytes(addressOfKey(key))!)).toBe('751e76e8199196d454941c45d1b3a323f1433bd6')
  expect(addressOfKey(key)).toBe(addressOfBytes(ripemd160(sha256(key))))
})

test('one letter more, less or another makes it none', () => {
  const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
  fc.assert(fc.property(fc.nat(33), fc.constantFrom(...letters.split('')), (at, letter) => {
    const other = zeros.slice(0, at) + letter + zeros.slice(at + 1)
    expect(isAddress(other)).toBe(other === zeros)
    expect(isAddress(zeros.slice(0, at) + zeros.slice(at + 1))).toBe(false)
    expect(isAddress(zeros.slice(0, at) + letter + zeros.slice(at))).toBe(false)
  }))
  for (const text of ['', 'T', zeros.toLowerCase(), ` ${zeros.slice(1)}`, `${zeros.slice(0, 33)} `, `${zeros} `, `${zeros}\n`, `1${zeros}`, zeros.replace('9', '0'), zeros.replace('9', 'l'), null, undefined, 5, new Uint8Array(20), [zeros]]) expect(isAddress(text)).toBe(false)
})

test('another version, length or checksum makes it none', () => {
  const body = new Uint8Array(20).fill(9)
  for (let version = 0; version < 256; version++) expect(isAddress(checked(concat(Uint8Array.of(version), body)))).toBe(version === 0x41)
  for (const length of [18, 19, 21, 22]) expect(isAddress(checked(concat(Uint8Array.of(0x41), new Uint8Array(length).fill(9))))).toBe(false)
  const whole = base58btc.baseDecode(checked(concat(Uint8Array.of(0x41), body)))
  for (let bit = 0; bit < 32; bit++) {
    const wrong = whole.slice()
    wrong[21 + (bit >> 3)]! ^= 1 << (bit & 7)
    expect(isAddress(base58btc.baseEncode(wrong))).toBe(false)
  }
})

test('letters beyond Latin ones are none, although the decoder takes them for some', () => {
  // A letter above U+00FF drops what the lowest byte held; so another text of this address can be made, with the letter last and the address a multiple of 58 * 256.
  const unit = 58n * 256n
  let value = 0n
  for (let i = 0; value % unit !== 0n || value === 0n; i++) {
    const bytes = new Uint8Array(20)
    new DataView(bytes.buffer).setUint32(0, i)
    const versioned = concat(Uint8Array.of(0x41), bytes)
    value = BigInt(`0x${toHex(concat(versioned, sha256(sha256(versioned)).subarray(0, 4)))}`)
  }
  const address = base58btc.baseEncode(fromHex(value.toString(16))!)
  expect(isAddress(address)).toBe(true)
  const other = `${address.slice(0, -1)}Ā`
  expect(base58btc.baseDecode(other)).toEqual(base58btc.baseDecode(address))
  expect(isAddress(other)).toBe(false)
})

test('as bytes it has 20', () => {
  for (const length of [0, 19, 21, 25]) {
    expect(() => addressOfBytes(new Uint8Array(length))).toThrow(refused)
    expect(decode(addressField, concat(Uint8Array.of(0x40 | Math.min(length, 23)), new Uint8Array(length))).ok).toBe(false)
  }
  expect(() => encode(addressField, `${zeros.slice(0, 33)}c`)).toThrow(refused)
})
