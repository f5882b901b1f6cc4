import { assert, integer, property } from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { concat, equalBytes } from '../../../src/base/index.ts'
import { decodeVolume, encodeVolume, volumeEntries } from '../../../src/records/index.ts'
import { chainNamed, entryOf, firstEntryOf } from '../../support/records.ts'

let entries: Uint8Array[]
let volume: Uint8Array<ArrayBuffer>
const framed = (entry: Uint8Array): Uint8Array => concat(Uint8Array.of(entry.length >> 8, entry.length & 255), entry)
const codeOf = (bytes: Uint8Array): string => { const read = decodeVolume(bytes); return read.ok ? 'ok' : read.code }

beforeAll(() => {
  entries = Array.from({ length: volumeEntries }, (_, i) => i === 0 ? firstEntryOf('log') : entryOf(chainNamed('log'), { content: `entry ${i}` }))
  entries[7] = entryOf(chainNamed('log'), { payload: 10_240 })
  volume = encodeVolume(entries)
})

test('a volume is its entries in their order, each with its length before it, and nothing else', () => {
  expect(volume).toEqual(concat(...entries.map(framed)))
  const read = decodeVolume(volume)
  expect(read.ok && read.value).toEqual(entries)
})

test('one of another number of entries, of two chains, or of what are none, cannot be said nor read', () => {
  const last = framed(entries.at(-1)!)
  const other = framed(entryOf(chainNamed('other'), { content: 'entry' }))
  for (const [bytes, code] of [
    [volume.subarray(0, volume.length - last.length), 'volume-count'], [concat(volume, last), 'volume-count'], [new Uint8Array(0), 'volume-count'],
    [concat(volume.subarray(0, volume.length - last.length), other), 'volume-chain'], [volume.subarray(0, volume.length - 1), 'volume-truncated'], [concat(volume, Uint8Array.of(0)), 'volume-count'],
    [volume.subarray(0, volume.length - last.length + 1), 'volume-truncated'], [concat(Uint8Array.of(0, 3, 0, 0, 0), volume), 'entry-short'], [concat(Uint8Array.of(255, 255), volume), 'entry-too-big'],
  ] as const) expect(codeOf(bytes)).toBe(code)
  for (const bad of [entries.slice(1), [...entries, entries[1]!], [...entries.slice(1), entryOf(chainNamed('other'))], [...entries.slice(1), new Uint8Array(34)]]) {
    expect(() => encodeVolume(bad)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
  }
})

test('any other byte is either refused or another volume, which is read as it is written', () => {
  assert(property(integer({ min: 0, max: 60_000 }), integer({ min: 1, max: 255 }), (at, by) => {
    const bytes = volume.slice()
    bytes[at % bytes.length]! ^= by
    const read = decodeVolume(bytes)
    if (read.ok) expect(equalBytes(encodeVolume(read.value), bytes)).toBe(true)
  }), { numRuns: 40 })
})
