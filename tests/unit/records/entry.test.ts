import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { concat, fromHex, toHex, utf8 } from '../../../src/base/index.ts'
import { chainIdOf, decodeEntry, decodeFirstEntry, encodeEntry, entryCredits, entryHash, entrySize, chainCredits, factoidFee } from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'

const chainId = chainIdOf([utf8('test')])
const sha = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
/** Any bytes behind a head that says how long its ExtIDs are. */
const raw = (extIdsSize: number, payload: Uint8Array, version = 0): Uint8Array => concat(Uint8Array.of(version), fromHex(chainId)!, Uint8Array.of(extIdsSize >> 8, extIdsSize & 255), payload)
const hex = (text: string): Uint8Array => fromHex(text)!

test('an entry and its hash', () => {
  const bytes = encodeEntry({ chainId, extIds: [utf8('a'), utf8('bc')], content: utf8('text') })
  expect(toHex(bytes)).toBe(`00${chainId}00070001610002626374657874`)
  expect(entryHash(bytes)).toBe(sha(concat(createHash('sha512').update(bytes).digest(), bytes)).toString('hex'))
  expect(read(decodeEntry(bytes))).toEqual({ chainId, extIds: [utf8('a'), utf8('bc')], content: utf8('text') })
})

test('a chain is named by hashes of its segments, so that their borders count', () => {
  const named = (...segments: readonly string[]): string => chainIdOf(segments.map(utf8))
  expect(named('ab', 'c')).toBe(sha(concat(sha(utf8('ab')), sha(utf8('c')))).toString('hex'))
  expect(new Set([named('abc'), named('ab', 'c'), named('a', 'bc'), named('a', 'b', 'c'), named('c', 'ab'), named()]).size).toBe(6)
  expect(named()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('the smallest is its head alone, the largest has 10 KiB behind it', () => {
  expect(encodeEntry({ chainId, extIds: [], content: new Uint8Array(0) })).toHaveLength(35)
  expect(faultOf(decodeEntry(raw(0, new Uint8Array(0))))).toBeNull()
  expect(faultOf(decodeEntry(raw(0, new Uint8Array(0)).subarray(0, 34)))).toBe('entry-short')
  expect(faultOf(decodeEntry(raw(0, new Uint8Array(10_240))))).toBeNull()
  expect(faultOf(decodeEntry(raw(0, new Uint8Array(10_241))))).toBe('entry-too-big')
  expect(encodeEntry({ chainId, extIds: [new Uint8Array(238)], content: new Uint8Array(10_000) })).toHaveLength(10_275)
  expectUnsayable(() => encodeEntry({ chainId, extIds: [new Uint8Array(239)], content: new Uint8Array(10_000) }), 'entry-too-big')
  expect(entrySize({ extIds: [new Uint8Array(3), new Uint8Array(4)], content: new Uint8Array(5) })).toBe(35 + 5 + 6 + 5)
})

test('an ExtID of the most bytes there is room for', () => {
  const bytes = encodeEntry({ chainId, extIds: [new Uint8Array(10_238)], content: new Uint8Array(0) })
  expect(read(decodeEntry(bytes)).extIds[0]).toHaveLength(10_238)
})

test.each([
  ['a version above 0', raw(0, hex('00'), 1), 'entry-version'], ['a version of two bytes', raw(0, hex('00'), 0x80), 'entry-version'],
  ['ExtIDs that end behind the entry', raw(4, hex('000161')), 'extids-size-beyond-payload'], ['ExtIDs that end with it', raw(3, hex('000161')), null],
  ['one byte where a length belongs', raw(4, hex('0001610000')), 'extid-length-truncated'], ['one byte in all', raw(1, hex('00')), 'extid-length-truncated'],
  ['an ExtID that goes on into the content', raw(3, hex('00026162')), 'extid-overruns-extids-size'], ['the second goes on', raw(6, hex('0001610002626364')), 'extid-overruns-extids-size'],
  ['an ExtID of no bytes', raw(2, hex('0000')), 'extid-zero-length'], ['the second has none', raw(5, hex('0001610000')), 'extid-zero-length'],
  ['content that looks like one', raw(0, hex('0000')), null],
])('%s', (_, bytes, fault) => { expect(faultOf(decodeEntry(bytes))).toBe(fault) })

test('ExtIDs of no bytes are read and written where they are asked for', () => {
  const value = { chainId, extIds: [utf8('a'), new Uint8Array(0)], content: utf8('b') }
  expectUnsayable(() => encodeEntry(value), 'extid-zero-length')
  const bytes = encodeEntry(value, { emptyExtIds: true })
  expect(read(decodeEntry(bytes, { emptyExtIds: true }))).toEqual(value)
  expect(faultOf(decodeEntry(bytes))).toBe('extid-zero-length')
  expect(faultOf(decodeFirstEntry(bytes))).toBe('extid-zero-length')
})

test('the first entry of a chain names it', () => {
  expect(read(decodeFirstEntry(encodeEntry({ chainId, extIds: [utf8('test')], content: utf8('x') }))).chainId).toBe(chainId)
  expect(faultOf(decodeFirstEntry(encodeEntry({ chainId, extIds: [utf8('tes')], content: utf8('tx') })))).toBe('chainid-mismatch')
  expect(faultOf(decodeFirstEntry(encodeEntry({ chainId, extIds: [], content: utf8('x') })))).toBe('chainid-mismatch')
  expect(faultOf(decodeFirstEntry(encodeEntry({ chainId: chainIdOf([]), extIds: [], content: utf8('x') })))).toBeNull()
})

test.each(['', 'ab', `${chainId}00`, chainId.slice(1), chainId.toUpperCase(), `x${chainId.slice(1)}`])('a ChainID that is none cannot be said: %s', other => {
  expectUnsayable(() => encodeEntry({ chainId: other, extIds: [], content: new Uint8Array(0) }), null)
})

test('an entry credit for each KiB of payload that is begun, and one at least', () => {
  expect([0, 1, 1024, 1025, 2048, 2049, 9216, 9217, 10_240].map(payload => entryCredits(35 + payload))).toEqual([1, 1, 1, 2, 2, 3, 9, 10, 10])
  expect(chainCredits).toBe(10)
})

test('what a transaction costs', () => {
  expect([1, 1023, 1024, 1025, 10_240].map(size => factoidFee({ size, outputs: 1, signatures: 1 }))).toEqual([12, 12, 12, 13, 21])
  expect(factoidFee({ size: 500, outputs: 2, signatures: 2 })).toBe(23) // of the specification
})
