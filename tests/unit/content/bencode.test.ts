import bencode from 'bencode'
import { expect, test } from 'vitest'
import { decodeBencode, encodeBencode } from '../../../src/content/index.ts'

const text = (words: string) => new TextEncoder().encode(words)

test.each([0, -1, 2 ** 53 - 1, 'text', '', 'ü', [], [1, ['a'], {}], { b: 1, a: { '': [] } }, { 'ü': 1, 'z': 2, 'piece length': 3, 'pieces': 4 }])('%j is written as the bencode package writes it, and read back', value => {
  const bytes = encodeBencode(value)
  expect(Buffer.from(bytes).toString()).toBe(Buffer.from(bencode.encode(value)).toString())
  expect(decodeBencode(bytes).ok).toBe(true)
})

test('what is read', () => {
  expect(decodeBencode(text('d1:ai-7e1:bl2:xye1:cdee'))).toEqual({ ok: true, value: new Map<string, unknown>([['a', -7], ['b', [text('xy')]], ['c', new Map()]]) })
})

test.each([
  '', 'i', 'ie', 'i1', 'i01e', 'i-0e', 'i+1e', 'i1.5e', 'i9007199254740992e', 'i99999999999999999999e', '1', '1:', '01:a', '-1:a', '9:short', '9007199254740991:a', 'l', 'li1e', 'd', 'd1:a', 'd1:ae', 'di1ei2ee',
  'd1:bi1e1:ai1ee', 'd1:ai1e1:ai2ee', 'i1ei2e', 'i1e ', 'x', `${'l'.repeat(5000)}${'e'.repeat(5000)}`,
])('refused: %j', bytes => {
  expect(decodeBencode(text(bytes))).toMatchObject({ ok: false, code: 'bad-frame' })
})

test('a key that is not UTF-8 is refused', () => {
  expect(decodeBencode(Uint8Array.of(0x64, 0x31, 0x3a, 0xff, 0x69, 0x31, 0x65, 0x65)).ok).toBe(false)
})

test('a thousand values are read, one more is not', () => {
  expect(decodeBencode(text(`l${'0:'.repeat(999)}e`)).ok).toBe(true)
  expect(decodeBencode(text(`l${'0:'.repeat(1000)}e`)).ok).toBe(false)
})
