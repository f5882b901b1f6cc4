import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, sha256, toHex } from '../../../src/base/index.ts'
import {
  decodeAdminBlock, decodeCreditBlock, decodeDirectoryBlock, decodeEntryBlock, decodeFactoidBlock, encodeAdminBlock, encodeCreditBlock, encodeDirectoryBlock, encodeEntryBlock, encodeEntryBlockHeader,
  encodeFactoidBlock, encodeFactoidBlockHeader, factomNetworks, keyMR, makeDirectoryBlock, makeEntryBlock, minuteMarker, minuteOf, systemChains, type Reading,
} from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'
import { chainNamed } from '../../support/records.ts'

const { upstream } = JSON.parse(await readFile('tests/fixtures/factom.json', 'utf8')) as { readonly upstream: Readonly<Record<string, readonly { readonly raw: string }[]>> }
/** The first of Factom's own blocks of a kind. */
const real = (kind: string): Uint8Array<ArrayBuffer> => fromHex(upstream[kind]![0]!.raw)!

const hash = (text: string): string => toHex(sha256(new TextEncoder().encode(text)))
const none = '0'.repeat(64)
const entryBlock = (...items: readonly string[]) => makeEntryBlock({ chainId: chainNamed('test'), prevKeyMR: none, prevFullHash: none, sequence: 3, height: 7 }, items)
const two = entryBlock(hash('a'), hash('b'), minuteMarker(1), hash('c'), minuteMarker(10))

describe.each([
  { kind: 'entryBlocks', decode: decodeEntryBlock, encode: encodeEntryBlock }, { kind: 'directoryBlocks', decode: decodeDirectoryBlock, encode: encodeDirectoryBlock },
  { kind: 'factoidBlocks', decode: decodeFactoidBlock, encode: encodeFactoidBlock }, { kind: 'entryCreditBlocks', decode: decodeCreditBlock, encode: encodeCreditBlock },
  { kind: 'adminBlocks', decode: decodeAdminBlock, encode: encodeAdminBlock },
] as { readonly kind: string, readonly decode: (bytes: Uint8Array) => Reading<unknown>, readonly encode: (block: unknown) => Uint8Array }[])('a block of Factom: $kind', ({ kind, decode, encode }) => {
  const bytes = real(kind)

  test('is read and written', () => { expect(toHex(encode(read(decode(bytes))))).toBe(toHex(bytes)) })

  test('no prefix of it is one, nor it with a byte more', () => {
    for (let length = 0; length < bytes.length; length++) expect(faultOf(decode(bytes.subarray(0, length)))).toMatch(/^(block|varint)-truncated$/)
    expect(faultOf(decode(concat(bytes, Uint8Array.of(0))))).toBe('block-trailing-bytes')
  })

  test('no byte of its body can be another', () => {
    if (kind === 'adminBlocks') return // its header has no hash of the body
    for (let at = bytes.length - 1; at > bytes.length - 40; at -= 3) expect(decode(bytes.with(at, bytes[at]! ^ 1)).ok).toBe(false)
  })
})

test('a system block of another chain', () => {
  for (const decode of [decodeAdminBlock, decodeCreditBlock, decodeFactoidBlock]) expect(faultOf(decode(concat(fromHex(systemChains.admin.replace('0a', '0b'))!, new Uint8Array(120))))).toBe('block-chain')
})

test('counts and sizes of a header are those of the body', () => {
  // objects, bodySize of an Entry Credit Block; transactions, bodySize of a Factoid Block; messages, bodySize of an Admin Block
  expect([140, 148].map(at => faultOf(decodeCreditBlock(real('entryCreditBlocks').with(at, 0))))).toEqual(['block-count', 'block-trailing-bytes'])
  expect([144, 148].map(at => faultOf(decodeFactoidBlock(real('factoidBlocks').with(at, 0))))).toEqual(['block-count', 'block-trailing-bytes'])
  expect([72, 76].map(at => faultOf(decodeAdminBlock(real('adminBlocks').with(at, 0))))).toEqual(['block-count', 'block-trailing-bytes'])
})

test('an Entry Block', () => {
  const bytes = encodeEntryBlock(two)
  expect(bytes).toHaveLength(140 + 5 * 32)
  expect(read(decodeEntryBlock(bytes))).toEqual(two)
  expect(keyMR(encodeEntryBlockHeader(two.header), two.header.bodyMR)).toBe(toHex(sha256(concat(sha256(bytes.subarray(0, 140)), fromHex(two.header.bodyMR)!))))
  expect(two.header).toMatchObject({ sequence: 3, height: 7, count: 5 })
})

test('minutes are marked by numbers from 1 to 10, and by nothing else', () => {
  expect([0, 1, 9, 10, 11, 255].map(minute => minuteOf(minuteMarker(minute)))).toEqual([null, 1, 9, 10, null, null])
  expect(minuteOf(`1${'0'.repeat(62)}1`)).toBeNull()
  expect(minuteMarker(10)).toBe(`${'0'.repeat(62)}0a`)
})

test.each([
  ['nothing', [], 'block-count'], ['no marker', [hash('a')], 'block-marker'], ['entries behind the last marker', [hash('a'), minuteMarker(1), hash('b')], 'block-marker'],
  ['a minute without entries', [minuteMarker(1)], 'block-marker'], ['two markers', [hash('a'), minuteMarker(1), minuteMarker(2)], 'block-marker'],
  ['minutes that fall', [hash('a'), minuteMarker(2), hash('b'), minuteMarker(1)], 'block-marker'], ['a minute twice', [hash('a'), minuteMarker(2), hash('b'), minuteMarker(2)], 'block-marker'],
  ['what looks like minute 11', [hash('a'), minuteMarker(11), minuteMarker(10)], null], ['an entry twice', [hash('a'), hash('a'), minuteMarker(1)], null],
])('a body of %s', (_, items, fault) => { expect(faultOf(decodeEntryBlock(encodeEntryBlock(entryBlock(...items))))).toBe(fault) })

test('the count of the header tells bodies of one root apart', () => {
  const marker = minuteMarker(1)
  const [odd, doubled] = [entryBlock(hash('a'), hash('b'), marker), entryBlock(hash('a'), hash('b'), marker, marker)]
  expect(doubled.header.bodyMR).toBe(odd.header.bodyMR)
  expect(faultOf(decodeEntryBlock(concat(encodeEntryBlock(odd), fromHex(marker)!)))).toBe('block-trailing-bytes')
  expect(keyMR(encodeEntryBlockHeader(doubled.header), doubled.header.bodyMR)).not.toBe(keyMR(encodeEntryBlockHeader(odd.header), odd.header.bodyMR))
})

test('a body of another root', () => {
  const bytes = encodeEntryBlock(two)
  expect(faultOf(decodeEntryBlock(bytes.with(32, bytes[32]! ^ 1)))).toBe('block-body')
  const directory = encodeDirectoryBlock(makeDirectoryBlock({ networkId: factomNetworks.local, prevKeyMR: none, prevFullHash: none, minutes: 5, height: 0 }, [{ chainId: chainNamed('a'), keyMR: hash('a') }]))
  expect(read(decodeDirectoryBlock(directory)).header).toMatchObject({ networkId: factomNetworks.local, minutes: 5, height: 0, count: 1 })
  expect(faultOf(decodeDirectoryBlock(directory.with(5, directory[5]! ^ 1)))).toBe('block-body')
  expect(faultOf(decodeDirectoryBlock(directory.with(0, 1)))).toBe('block-version')
})

test('objects of an Entry Credit Block that are none', () => {
  const bytes = real('entryCreditBlocks') // its body: server 0, minute 1, ..
  const at = 149
  expect([...bytes.subarray(at, at + 4)]).toEqual([0, 0, 1, 2])
  expect(faultOf(decodeCreditBlock(bytes.with(at, 5)))).toBe('block-object')
  expect([0, 11].map(minute => faultOf(decodeCreditBlock(bytes.with(at + 3, minute))))).toEqual(['block-marker', 'block-marker'])
  expect([1, 10].map(minute => faultOf(decodeCreditBlock(bytes.with(at + 3, minute))))).toEqual(['block-body', 'block-body'])
})

test('a Factoid Block has ten minutes, and nothing behind the last', () => {
  const block = read(decodeFactoidBlock(real('factoidBlocks')))
  expect(block.minutes.map(({ length }) => length)).toHaveLength(10)
  expectUnsayable(() => encodeFactoidBlock({ ...block, minutes: block.minutes.slice(1) }), 'block-marker')
  const bytes = real('factoidBlocks')
  const shorter = concat(bytes.subarray(0, 148), Uint8Array.of(bytes[148]! - 1), bytes.subarray(149, -1)) // without the last marker
  expect(faultOf(decodeFactoidBlock(shorter))).toBe('block-marker')
  const coinbase = block.minutes[0]![0]! // once more, behind the last minute
  const longer = concat(bytes.subarray(0, 144), Uint8Array.of(3), bytes.subarray(145, 147), Uint8Array.of(bytes[147]!, bytes[148]! + coinbase.length), bytes.subarray(149), coinbase)
  expect(faultOf(decodeFactoidBlock(longer))).toBe('block-marker')
})

test('messages of an Admin Block of every kind', () => {
  const lengths = [1, 128, 64, 64, 1, 36, 36, 36, 69, 54]
  const fixed = lengths.map((length, id) => ({ id, bytes: toHex(concat(Uint8Array.of(id), new Uint8Array(length))) }))
  const more = [{ id: 10, bytes: `0a${'00'.repeat(79)}00000001${'11'.repeat(96)}` }, { id: 11, bytes: '0b00' }, { id: 200, bytes: 'c803010203' }]
  const messages = [...fixed, ...more]
  const header = { prevBackReferenceHash: none, height: 9, expansion: 'abcd', messages: messages.length, bodySize: messages.reduce((sum, { bytes }) => sum + bytes.length / 2, 0) }
  const bytes = encodeAdminBlock({ header, messages })
  expect(read(decodeAdminBlock(bytes))).toEqual({ header, messages })
  expectUnsayable(() => encodeAdminBlock({ header: { ...header, messages: 1 }, messages }), 'block-count')
  expectUnsayable(() => encodeAdminBlock({ header: { ...header, bodySize: 1 }, messages }), 'block-body')
  const alone = (id: number, message: string) => encodeAdminBlock({ header: { ...header, messages: 1, bodySize: message.length / 2 }, messages: [{ id, bytes: message }] })
  for (const message of ['0000', `01${'00'.repeat(128)}`, '0b0100']) {
    expect(faultOf(decodeAdminBlock(alone(0, message)))).toBeNull()
    expect(faultOf(decodeAdminBlock(alone(0, message.slice(0, -2))))).toBe('block-truncated')
  }
  expect(faultOf(decodeAdminBlock(alone(11, `0b81ffffffffffffffff7f`)))).toBe('block-truncated') // a length of 2^64 - 1
})

test('a block that says something else than it has cannot be said', () => {
  expectUnsayable(() => encodeEntryBlock({ ...two, items: two.items.slice(1) }), 'block-count')
  const directory = makeDirectoryBlock({ networkId: factomNetworks.main, prevKeyMR: none, prevFullHash: none, minutes: 5, height: 0 }, [])
  expectUnsayable(() => encodeDirectoryBlock({ ...directory, entries: [{ chainId: none, keyMR: none }] }), 'block-count')
  expectUnsayable(() => encodeDirectoryBlock({ ...directory, header: { ...directory.header, networkId: 'fa92e5' } }), null)
  const credits = read(decodeCreditBlock(real('entryCreditBlocks')))
  expectUnsayable(() => encodeCreditBlock({ ...credits, objects: credits.objects.slice(1) }), 'block-count')
  expectUnsayable(() => encodeCreditBlock({ ...credits, header: { ...credits.header, bodySize: 0n } }), 'block-body')
  for (const rate of [0n, (1n << 64n) - 1n]) expect(toHex(encodeFactoidBlockHeader({ ...read(decodeFactoidBlock(real('factoidBlocks'))).header, rate }).subarray(128, 136))).toBe(rate.toString(16).padStart(16, '0'))
  for (const objects of [-1n, 1n << 64n]) expectUnsayable(() => encodeCreditBlock({ ...credits, header: { ...credits.header, objects } }), null)
})
