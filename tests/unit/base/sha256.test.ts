import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { sha256, sha256Flat, sha256Many, toHex } from '../../../src/base/index.ts'
import { noise } from '../../support/bytes.ts'

const expected = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

afterEach(() => { vi.unstubAllGlobals() })

test('messages of every length around the edges of blocks and lanes', () => {
  const lengths = [...Array.from({ length: 260 }, (_, length) => length), 4095, 4096, 16_366, 16_374, 16_375, 16_376, 16_384, 70_000]
  const messages = lengths.map(length => new Uint8Array(noise(length, String(length))))
  expect(sha256Many(messages).map(toHex)).toEqual(messages.map(expected))
  for (const one of [sha256, (message: Uint8Array) => sha256Flat([message])]) expect(messages.map(one).map(toHex)).toEqual(messages.map(expected))
})

test('any number of messages of any lengths, in their order, with what is behind them left out', () => {
  const message = fc.tuple(fc.uint8Array({ maxLength: 700, size: 'max' }), fc.nat({ max: 700 })).map(([bytes, length]) => ({ bytes, length: Math.min(length, bytes.length) }))
  fc.assert(fc.property(fc.array(message, { maxLength: 13 }), messages => {
    const digests = sha256Flat(messages.map(({ bytes }) => bytes), messages.map(({ length }) => length))
    expect(toHex(digests)).toBe(messages.map(({ bytes, length }) => expected(bytes.subarray(0, length))).join(''))
  }), { numRuns: 300 })
})

test('one after the other, before WebAssembly is made for them and after', async () => {
  vi.resetModules()
  const fresh = await import('../../../src/base/sha256.ts')
  for (let i = 0; i < 6000; i++) {
    const message = new Uint8Array(i % 200).fill(i)
    expect(toHex(fresh.sha256(message))).toBe(expected(message))
  }
})

test('without WebAssembly the same, slower', async () => {
  vi.resetModules()
  vi.stubGlobal('WebAssembly', { Module: class { constructor() { throw new Error('not allowed here') } } })
  const slow = await import('../../../src/base/sha256.ts')
  const messages = [0, 55, 56, 300, 20_000].map(length => new Uint8Array(noise(length, 'slow')))
  for (const hashed of [slow.sha256Many(messages), messages.map(slow.sha256)]) expect(hashed.map(toHex)).toEqual(messages.map(expected))
})
