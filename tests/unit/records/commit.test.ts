import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, sha256, toHex } from '../../../src/base/index.ts'
import {
  chainCommitLedger, decodeChainCommit, decodeEntryCommit, encodeChainCommit, encodeEntryCommit, entryCommitLedger, entryHash, judgeChainReveal, judgeEntryReveal, chainIdHash, commitWeld,
} from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'
import { bytesOf, chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, signer } from '../../support/records.ts'

const alice = signer('alice')
const time = 1_700_000_000_123
const entry = entryOf(chainNamed('test'), { extIds: ['tag'], content: 'hello' })
const first = firstEntryOf('test', { content: 'hello' })
const commit = commitTo(entry, alice, { time })
const chainCommit = commitToChain(first, alice, { time })

/** The same commit with these bytes in it, signed anew. */
function resigned(bytes: Uint8Array, ledger: number, at: number, ...put: readonly number[]): Uint8Array {
  const signed = Uint8Array.from(bytes.subarray(0, ledger))
  signed.set(put, at)
  return concat(signed, fromHex(alice.publicKey)!, ed25519.sign(signed, alice.secret))
}

function flipped(bytes: Uint8Array, at: number): Uint8Array { return bytes.with(at, bytes[at]! ^ 1) }

describe.each([
  { name: 'entry commit', bytes: commit, ledger: 40, decode: decodeEntryCommit, least: 1, most: 10, code: 'commit-credits' },
  { name: 'chain commit', bytes: chainCommit, ledger: 104, decode: decodeChainCommit, least: 11, most: 20, code: 'chain-commit-credits' },
])('$name', ({ bytes, ledger, decode, least, most, code }) => {
  test('has its length exactly', () => {
    expect(bytes).toHaveLength(ledger + 96)
    expect(faultOf(decode(bytes))).toBeNull()
    for (const other of [bytes.subarray(1), bytes.subarray(0, -1), concat(bytes, Uint8Array.of(0)), new Uint8Array(0)]) expect(faultOf(decode(other))).toBe('commit-length')
  })

  test('has version 0', () => {
    for (const version of [1, 0x80, 0xff]) expect(faultOf(decode(resigned(bytes, ledger, 0, version)))).toBe('commit-version')
  })

  test('pays what an entry may cost', () => {
    expect([0, least - 1, least, most, most + 1, 255].map(credits => faultOf(decode(resigned(bytes, ledger, ledger - 1, credits))))).toEqual([code, code, null, null, code, code])
  })

  test('is signed, all of it and no more', () => {
    for (let at = 0; at < ledger - 1; at++) expect(faultOf(decode(flipped(bytes, at)))).toBe(at === 0 ? 'commit-version' : 'sig-invalid')
    for (const at of [ledger + 32, ledger + 63, ledger + 64]) expect(faultOf(decode(flipped(bytes, at)))).toBe('sig-invalid')
    const withKey = bytes.subarray(0, ledger + 32)
    expect(faultOf(decode(concat(withKey, ed25519.sign(withKey, alice.secret))))).toBe('sig-invalid')
    expect(faultOf(decode(concat(bytes.subarray(0, ledger), fromHex(signer('bob').publicKey)!, bytes.subarray(ledger + 32))))).toBe('sig-invalid')
  })

  test('has one signature: S plus the order is none', () => {
    const s = BigInt(`0x${toHex(bytes.subarray(-32).toReversed())}`) + ed25519.Point.Fn.ORDER
    const malleated = concat(bytes.subarray(0, -32), fromHex(s.toString(16).padStart(64, '0'))!.toReversed())
    expect(faultOf(decode(malleated))).toBe('sig-noncanonical-s')
    const withS = (value: bigint) => concat(bytes.subarray(0, -32), fromHex(value.toString(16).padStart(64, '0'))!.toReversed())
    expect([ed25519.Point.Fn.ORDER - 1n, ed25519.Point.Fn.ORDER].map(value => faultOf(decode(withS(value))))).toEqual(['sig-invalid', 'sig-noncanonical-s'])
  })

  test('cannot be forged for a key of small order, in whatever way it is written', () => {
    for (const key of smallOrder()) {
      // S of 0 and R the neutral element: what the equation without a look at the key takes for some messages
      const forged = concat(bytes.subarray(0, ledger), key, Uint8Array.of(1), new Uint8Array(63))
      expect(faultOf(decode(forged))).toBe('pubkey-small-order')
    }
  })

  test('has a key that is written in one way', () => {
    const loose = looseKey()
    expect(faultOf(decode(concat(bytes.subarray(0, ledger), loose, bytes.subarray(ledger + 32))))).toBe('pubkey-noncanonical')
  })

  test('has a key on the curve', () => {
    const off = Uint8Array.of(2, ...new Uint8Array(31))
    expect(faultOf(decode(concat(bytes.subarray(0, ledger), off, bytes.subarray(ledger + 32))))).toBe('sig-invalid')
  })
})

/** The eight points whose order divides 8, each as it is written and as p more, with either sign: 14 keys, of which libraries take some. */
function smallOrder(): readonly Uint8Array[] {
  const p = ed25519.Point.Fp.ORDER
  const eighth = BigInt('0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826')
  const ys = [0n, 1n, p - 1n, eighth, p - eighth, p, p + 1n]
  return ys.flatMap(y => [0n, 1n << 255n].map(sign => fromHex((y | sign).toString(16).padStart(64, '0'))!.toReversed()))
}

/** A point of large order written as p more than its y: those have y from 2 to 18. */
function looseKey(): Uint8Array {
  for (let y = 3n; y < 19n; y++) {
    const bytes = fromHex((ed25519.Point.Fp.ORDER + y).toString(16).padStart(64, '0'))!.toReversed()
    try { if (!ed25519.Point.fromBytes(bytes, true).isSmallOrder()) return bytes } catch { /* not on the curve */ }
  }
  throw new Error('no such point')
}

test('what is read is what was written', () => {
  expect(read(decodeEntryCommit(commit))).toMatchObject({ timestamp: time, entryHash: entryHash(entry), credits: 1, publicKey: alice.publicKey })
  expect(read(decodeChainCommit(chainCommit))).toMatchObject({ timestamp: time, entryHash: entryHash(first), credits: 11, chainIdHash: toHex(sha256(sha256(first.subarray(1, 33)))) })
  expect(encodeEntryCommit(read(decodeEntryCommit(commit)))).toEqual(commit)
  expect(encodeChainCommit(read(decodeChainCommit(chainCommit)))).toEqual(chainCommit)
})

test('what cannot be said', () => {
  const unsigned = { timestamp: time, entryHash: entryHash(entry), credits: 1 }
  for (const credits of [0, 11, 1.5, -1]) expectUnsayable(() => entryCommitLedger({ ...unsigned, credits }), credits === 1.5 ? null : 'commit-credits')
  for (const credits of [10, 21]) expectUnsayable(() => chainCommitLedger({ ...unsigned, chainIdHash: unsigned.entryHash, weld: unsigned.entryHash, credits }), 'chain-commit-credits')
  for (const timestamp of [-1, 2 ** 48, 0.5, Number.NaN]) expectUnsayable(() => entryCommitLedger({ ...unsigned, timestamp }), null)
  for (const timestamp of [0, 2 ** 47, 2 ** 48 - 1]) expect(toHex(entryCommitLedger({ ...unsigned, timestamp }).subarray(1, 7))).toBe(timestamp.toString(16).padStart(12, '0'))
  const seal = { publicKey: alice.publicKey, signature: 'ab'.repeat(63) }
  expectUnsayable(() => encodeEntryCommit({ ...unsigned, ...seal }), null)
})

describe('reveals', () => {
  const paid = read(decodeEntryCommit(commit))
  const paidChain = read(decodeChainCommit(chainCommit))
  const large = entryOf(chainNamed('test'), { payload: 1025 })
  const largeFirst = firstEntryOf('test', { payload: 1025 })

  test('of an entry', () => {
    expect(faultOf(judgeEntryReveal(paid, entry))).toBeNull()
    expect(faultOf(judgeEntryReveal(paid, first))).toBe('reveal-entryhash')
    expect(faultOf(judgeEntryReveal(paid, entry.subarray(0, 34)))).toBe('entry-short')
    expect([1, 2, 3].map(credits => faultOf(judgeEntryReveal({ entryHash: entryHash(large), credits }, large)))).toEqual(['reveal-underpaid', null, null])
  })

  test('of a chain', () => {
    expect(faultOf(judgeChainReveal(paidChain, first))).toBeNull()
    expect(faultOf(judgeChainReveal(paidChain, entry))).toBe('chainid-mismatch')
    expect(faultOf(judgeChainReveal(paidChain, firstEntryOf('test', { content: 'hullo' })))).toBe('reveal-entryhash')
    expect(faultOf(judgeChainReveal({ ...paidChain, chainIdHash: chainNamed('test') }, first))).toBe('reveal-chainidhash')
    expect(faultOf(judgeChainReveal({ ...paidChain, weld: commitWeld(first.subarray(1, 33), bytesOf(entryHash(first))) }, first))).toBe('reveal-weld')
    const of = (credits: number) => ({ entryHash: entryHash(largeFirst), credits, chainIdHash: chainIdHash(first.subarray(1, 33)), weld: commitWeld(bytesOf(entryHash(largeFirst)), first.subarray(1, 33)) })
    expect([11, 12, 13].map(credits => faultOf(judgeChainReveal(of(credits), largeFirst)))).toEqual(['reveal-underpaid', null, null])
  })
})
