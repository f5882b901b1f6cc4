import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { findStamp, leadingZeros, stampWork, stampedBytes, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { somebody } from '../../support/ledger.ts'
import { encodePlain, plainTransaction } from '../../support/dag-cbor.ts'

const ann = somebody('Ann')

/** A message with so many letters. */
function message(letters: number): UnsignedTransaction {
  return { version: 1, network: '0123456789abcdef', op: 2, sender: ann.address, nonce: 1n, time: 1_800_000_000, fee: 0, witness: null, profile: null, body: { thread: null, message: `{"a":"${'x'.repeat(letters)}"}`, attachment: null }, stamp: null }
}

/** The work in a stamp, by another library and from the bytes of another encoder. */
function workOf(value: UnsignedTransaction, stamp: bigint): number {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(stamp)
  const once = createHash('sha256').update(encodePlain({ ...plainTransaction(value), stamp: null })).update(bytes).digest()
  const bits = [...createHash('sha256').update(once).digest()].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return bits.indexOf('1')
}

test('the first stamp that does, whatever the length of what it is added to', () => {
  for (let letters = 0; letters < 70; letters++) {
    const value = message(letters)
    let expected = 0n
    while (workOf(value, expected) < 6) expected++
    expect(findStamp(value, 6, 0n, 100_000)).toBe(expected)
    expect(stampWork({ ...value, stamp: expected })).toBe(workOf(value, expected))
  }
})

test('in slices as at once, and no further than it is told', () => {
  const value = message(5)
  const whole = findStamp(value, 11, 0n, 100_000)
  let sliced: bigint | null = null
  for (let from = 0n; sliced === null; from += 100n) sliced = findStamp(value, 11, from, 100)
  expect(sliced).toBe(whole)
  expect(whole).not.toBeNull()
  const at = whole ?? 0n
  expect(findStamp(value, 11, 0n, Number(at))).toBeNull()
  expect(findStamp(value, 11, 0n, Number(at) + 1)).toBe(at)
  expect(findStamp(value, 11, at, 1)).toBe(at)
  expect(findStamp(value, 11, at + 1n, 50_000)).not.toBe(at)
  expect(findStamp(value, 11, 0n, 0)).toBeNull()
})

test('the stamp beside it does not matter, the words do', () => {
  const value = message(5)
  expect(findStamp({ ...value, stamp: 77n }, 8, 0n, 100_000)).toBe(findStamp(value, 8, 0n, 100_000))
  expect(stampedBytes({ ...value, stamp: 77n })).toEqual(stampedBytes(value))
  const stamp = findStamp(value, 12, 0n, 1_000_000)
  expect(stampWork({ ...value, nonce: 2n, stamp })).toBeLessThan(12)
  expect(stampWork(value)).toBe(0)
})

test('over the edge of 32 bits and up to that of 64', () => {
  const value = message(5)
  let expected = 2n ** 32n - 3n
  while (workOf(value, expected) < 9) expected++
  expect(expected).toBeGreaterThan(2n ** 32n)
  expect(findStamp(value, 9, 2n ** 32n - 3n, 100_000)).toBe(expected)
  expect(findStamp(value, 64, 2n ** 64n - 5n, 100_000)).toBeNull()
  expect(findStamp(value, 0, 2n ** 64n - 1n, 5)).toBe(2n ** 64n - 1n)
  expect(findStamp(value, 0, 2n ** 64n, 5)).toBeNull()
})

test.each([['', 0], ['80', 0], ['40', 1], ['01', 7], ['0080', 8], ['0001ff', 15], ['0000', 16], ['00000000ff', 32]])('leading zero bits of %s', (hex, bits) => {
  expect(leadingZeros(Buffer.from(hex, 'hex'))).toBe(bits)
})
