import { base58btc } from 'multiformats/bases/base58'
import { expect, test } from 'vitest'
import { concat, fromHex, sha256 } from '../../../src/base/index.ts'
import { formatAddress, parseAddress } from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'

const kinds = ['FA', 'EC', 'Fs', 'Es'] as const
const payload = sha256(Uint8Array.of(7))
/** A text for any bytes before the checksum. */
const textOf = (bytes: Uint8Array, sum = sha256(sha256(bytes)).subarray(0, 4)): string => base58btc.baseEncode(concat(bytes, sum))

test.each(kinds)('%s: all payloads have 52 characters, begin so and are read back', kind => {
  for (const each of [new Uint8Array(32), new Uint8Array(32).fill(255), payload]) {
    const text = formatAddress(kind, each)
    expect(text).toHaveLength(52)
    expect(text.slice(0, 2)).toBe(kind)
    expect(read(parseAddress(text))).toEqual({ kind, payload: each })
  }
})

test('one character more, less or another is refused', () => {
  const text = formatAddress('FA', payload)
  expect([text.slice(1), text.slice(0, -1), `${text}1`, `1${text}`, ''].map(each => faultOf(parseAddress(each)))).toEqual(Array.from({ length: 5 }, () => 'address-length'))
  for (const letter of ['0', 'O', 'I', 'l', ' ', '-', 'ä', 'Ł', '\n']) expect(faultOf(parseAddress(text.slice(0, 20) + letter + text.slice(21)))).toBe('base58-char')
  for (let at = 0; at < 52; at++) expect(parseAddress(text.slice(0, at) + (text[at] === 'z' ? 'y' : 'z') + text.slice(at + 1)).ok).toBe(false)
})

test('a prefix of no kind, a checksum of one hash, and more bytes than there are', () => {
  expect(faultOf(parseAddress(textOf(concat(fromHex('5fb2')!, payload))))).toBe('address-prefix')
  const prefixed = concat(fromHex('5fb1')!, payload)
  expect(faultOf(parseAddress(textOf(prefixed)))).toBeNull()
  expect(faultOf(parseAddress(textOf(prefixed, sha256(prefixed).subarray(0, 4))))).toBe('address-checksum')
  expect(faultOf(parseAddress('z'.repeat(52)))).toBe('address-length') // 39 bytes
  expect(faultOf(parseAddress('1'.repeat(52)))).toBe('address-length') // 52 zero bytes
})

test('a payload of another length cannot be said', () => {
  for (const length of [0, 31, 33]) expectUnsayable(() => formatAddress('FA', new Uint8Array(length)), null)
})
