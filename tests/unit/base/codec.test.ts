import * as dagCbor from '@ipld/dag-cbor'
import { describe, expect, test } from 'vitest'
import { CborWriter, bool, byteString, cidLink, concat, decode, encode, fromHex, hexString, list, nullable, struct, textString, tuple, u40, u64, u8, uint, utf8, type Codec } from '../../../src/base/index.ts'

const refused = expect.objectContaining({ code: 'bad-input' })
const hex = (text: string) => fromHex(text)!
const reads = <T>(codec: Codec<T>, text: string) => decode(codec, hex(text)).ok
const link = 'd82a58250001711220' + 'ab'.repeat(32)

describe('numbers', () => {
  test.each([['00', 0], ['17', 23], ['1818', 24], ['18ff', 255], ['190100', 256], ['19ffff', 65_535], ['1a00010000', 65_536], ['1affffffff', 2 ** 32 - 1], ['1b0000000100000000', 2 ** 32], ['1b001fffffffffffff', 2 ** 53 - 1]])('%s is %d', (text, value) => {
    expect(decode(uint(2 ** 53 - 1), hex(text))).toEqual({ ok: true, value })
    expect(encode(uint(2 ** 53 - 1), value)).toEqual(hex(text))
    expect(decode(u64, hex(text))).toEqual({ ok: true, value: BigInt(value) })
    expect(encode(u64, BigInt(value))).toEqual(hex(text))
  })

  test.each(['1817', '1900ff', '1a0000ffff', '1b00000000ffffffff', '1c', '1f', '20', '3bffffffffffffffff', 'f97bff', 'fb3ff0000000000000', 'f6', 'f4', '40', '18', '1b00000000', 'c200', 'c24101'])('%s is none', text => {
    expect(reads(uint(2 ** 53 - 1), text)).toBe(false)
    expect(reads(u64, text)).toBe(false)
  })

  test('of 64 bits are none of 53', () => {
    for (const [text, value] of [['1b0020000000000000', 2n ** 53n], ['1bffffffffffffffff', 2n ** 64n - 1n]] as const) {
      expect(decode(u64, hex(text))).toEqual({ ok: true, value })
      expect(encode(u64, value)).toEqual(hex(text))
      expect(reads(uint(2 ** 53 - 1), text)).toBe(false)
    }
  })

  test('outside their range are refused both ways', () => {
    const percent = uint(100, 1)
    expect(['00', '01', '1864', '1865'].map(text => reads(percent, text))).toEqual([false, true, true, false])
    for (const value of [0, 101, -1, 1.5, NaN, Infinity]) expect(() => encode(percent, value)).toThrow(refused)
    expect(() => encode(u40, 2 ** 40)).toThrow(refused)
    for (const value of [-1n, 2n ** 64n]) expect(() => encode(u64, value)).toThrow(refused)
  })
})

test('byte strings and texts have the length they may have, and a text is UTF-8', () => {
  expect(['4100', '420000', '43000000', '44' + '00'.repeat(4), '6100', '5f4100ff', '580100'].map(text => reads(byteString(2, 3), text))).toEqual([false, true, true, false, false, false, false])
  for (const length of [1, 4]) expect(() => encode(byteString(2, 3), new Uint8Array(length))).toThrow(refused)
  expect(['60', '6161', '62c3a9', '63e282ac', '6380aabb', '62c080', '63eda080', '61ff', '7f6161ff', '4161', '780161'].map(text => reads(textString(3), text))).toEqual([true, true, true, true, false, false, false, false, false, false, false])
  for (const text of ['abcd', 'éé', '\ud800']) expect(() => encode(textString(3), text)).toThrow(refused)
  // What `@ipld/dag-cbor` would lose is not taken; anywhere else it is a letter like others.
  expect(dagCbor.decode(hex('63efbbbf'))).toBe('')
  expect(reads(textString(9), '63efbbbf')).toBe(false)
  expect(() => encode(textString(9), '\uFEFFa')).toThrow(refused)
  expect(decode(textString(9), encode(textString(9), 'a\uFEFF'))).toEqual({ ok: true, value: 'a\uFEFF' })
})

test('a length that lies takes no memory', () => {
  for (const text of ['5affffffff', '5b001fffffffffffff', '7affffffff', '9affffffff', 'bb001fffffffffffff']) {
    expect(reads(byteString(0, 2 ** 40), text)).toBe(false)
    expect(reads(textString(2 ** 40), text)).toBe(false)
    expect(reads(list(u8, 2 ** 40), text)).toBe(false)
  }
})

test('bytes that are hex in code', () => {
  const two = hexString(2)
  expect(decode(two, hex('42ab01'))).toEqual({ ok: true, value: 'ab01' })
  expect(encode(two, 'ab01')).toEqual(hex('42ab01'))
  expect(['41ab', '43ab0102', '62ab01', '42ab'].map(text => reads(two, text))).toEqual([false, false, false, false])
  for (const text of ['AB01', 'aB01', 'ab', 'ab0', 'ab0102', 'zz01', '']) expect(() => encode(two, text)).toThrow(refused)
})

describe('links', () => {
  test('name a node of DAG-CBOR by its SHA-256', () => {
    expect(decode(cidLink, hex(link))).toEqual({ ok: true, value: 'ab'.repeat(32) })
    expect(encode(cidLink, 'ab'.repeat(32))).toEqual(hex(link))
  })

  test.each([['raw', link.replace('0171', '0155')], ['version 0', 'd82a5823001220' + 'ab'.repeat(32)], ['another hash', link.replace('7112', '711b')], ['another length', link.replace('1220', '1221')], ['no identity prefix', link.replace('25000171', '25010171')],
    ['another tag', link.replace('d82a', 'd82b')], ['a long tag', link.replace('d82a', 'd9002a')], ['cut off', link.slice(0, -2)], ['bare bytes', '5820' + 'ab'.repeat(32)]])('%s is none', (_, text) => { expect(reads(cidLink, text)).toBe(false) })

  test('of another text than 64 small digits are refused', () => {
    for (const text of ['AB'.repeat(32), 'ab'.repeat(31), 'ab'.repeat(33), 'zz'.repeat(32), '']) expect(() => encode(cidLink, text)).toThrow(refused)
  })
})

test('null, true and false are themselves', () => {
  expect(['f4', 'f5', 'f6', 'f7', 'f0', 'f800', 'f814', '00', ''].map(text => reads(bool, text))).toEqual([true, true, false, false, false, false, false, false, false])
  expect(['f6', '05', 'f7', 'f4', ''].map(text => reads(nullable(u8), text))).toEqual([true, true, false, false, false])
})

test('lists and tuples', () => {
  expect(['80', '8101', '820102', '83010203', '81190100', '9f01ff', 'a0', '980101'].map(text => reads(list(u8, 2), text))).toEqual([true, true, true, false, false, false, false, false])
  expect(() => encode(list(u8, 2), [1, 2, 3])).toThrow(refused)
  const pair = tuple(u8, textString(1))
  expect(['82016161', '8101', '8301616100', '82616101'].map(text => reads(pair, text))).toEqual([true, false, false, false])
  expect(encode(pair, [1, 'a'])).toEqual(hex('82016161'))
})

describe('maps', () => {
  const shape = struct({ version: u8, b: u8, to: u8, a: u8 })

  test('have their keys in the order of DAG-CBOR, wherever they stand in code', () => {
    const value = { a: 1, b: 2, to: 3, version: 4 }
    expect(encode(shape, value)).toEqual(new Uint8Array(dagCbor.encode(value)))
    expect(decode(shape, dagCbor.encode(value))).toEqual({ ok: true, value })
  })

  test.each([['a key less', { a: 1, b: 2, to: 3 }], ['a key more', { a: 1, b: 2, c: 5, to: 3, version: 4 }], ['another key', { a: 1, c: 2, to: 3, version: 4 }], ['no map', [1, 2, 3, 4]]])('%s is refused', (_, value) => {
    expect(decode(shape, dagCbor.encode(value)).ok).toBe(false)
  })

  test('a key twice, keys in another order and keys of another type are refused', () => {
    const two = struct({ a: u8, b: u8 })
    expect(['a2616101616202', 'a2616202616101', 'a2616101616102', 'a2416101616202', 'a278016101616202', 'bf616101616202ff', 'b802616101616202'].map(text => reads(two, text))).toEqual([true, false, false, false, false, false, false])
  })
})

test('what is refused says where', () => {
  expect(decode(struct({ a: u8 }), hex('a161620a'))).toEqual({ ok: false, code: 'bad-frame', reason: 'no "a" where it belongs at byte 1' })
  expect(decode(u8, hex('0000'))).toEqual({ ok: false, code: 'bad-frame', reason: '1 bytes too many' })
})

test('an encode within an encode, and one that failed, leave no trace', () => {
  const nested: Codec<readonly Uint8Array[]> = {
    write(out, values) { for (const value of values) out.bytes(encode(byteString(0, 5000), value)) },
    read: () => [],
  }
  const broken: Codec<number> = { write(out) { out.text('half'); encode(u8, 300) }, read: () => 0 }
  const values = [new Uint8Array(3000).fill(1), new Uint8Array(2).fill(2)]
  expect(() => encode(broken, 1)).toThrow(refused)
  expect(encode(nested, values)).toEqual(concat(...values.map(value => new Uint8Array(dagCbor.encode(new Uint8Array(dagCbor.encode(value)))))))
  expect(encode(u8, 5)).toEqual(Uint8Array.of(5))
})

test('what was decoded is a copy', () => {
  const bytes = encode(byteString(0, 9), utf8('hello'))
  const decoded = decode(byteString(0, 9), bytes)
  bytes.fill(0)
  expect(decoded).toEqual({ ok: true, value: utf8('hello') })
})

test('a writer refuses what CBOR cannot hold', () => {
  expect(() => { new CborWriter().head(0, 2 ** 53) }).toThrow(refused)
})
