import * as factom from 'factom'
import * as fc from 'fast-check'
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, test } from 'vitest'
import { fromHex, toHex } from '../../../src/base/index.ts'
import {
  chainIdOf, decodeChainCommit, decodeEntry, decodeEntryCommit, decodeFactoid, decodeFirstEntry, encodeEntry, encodeEntryCommit, encodeFactoid, entryCredits, entryHash, factoidLedger, factoidTxid, feeOf, feePaid,
  formatAddress, judgeFactoid, parseAddress, rcdHashOf, type FactomEntry, type UnsignedFactoid,
} from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'

/*
 * Beside Factom's JavaScript library, which has encoders alone. Where it is wrong, its bugs are named; the specification counts.
 */

const bytes = (minLength: number, maxLength: number) => fc.uint8Array({ minLength, maxLength })
const hash = bytes(32, 32)
const extIds = fc.array(bytes(1, 60), { maxLength: 8 })
const entries = fc.record({ chainId: hash.map(toHex), extIds, content: bytes(0, 3000) })
/** From 1, since the library takes 0 for "now"; below 2^47, since it writes signed numbers. */
const times = fc.oneof(fc.constantFrom(1, 2 ** 32, 2 ** 47 - 1), fc.integer({ min: 1, max: 2 ** 47 - 1 }))
const hexOf = (parts: readonly Uint8Array[]): string[] => parts.map(toHex)

const theirEntry = ({ chainId, extIds: ids, content }: FactomEntry, time?: number) => {
  const builder = factom.Entry.builder().chainId(chainId).extIds(hexOf(ids)).content(toHex(content))
  return (time === undefined ? builder : builder.timestamp(time)).build()
}

test('entries have the same bytes, hash, size and price', () => {
  fc.assert(fc.property(entries, entry => {
    const theirs = theirEntry(entry)
    const ours = encodeEntry(entry)
    expect(toHex(ours)).toBe(theirs.marshalBinary().toString('hex'))
    expect(entryHash(ours)).toBe(theirs.hash().toString('hex'))
    expect(read(decodeEntry(ours))).toEqual(entry)
    if (ours.length > 35) expect(entryCredits(ours.length)).toBe(theirs.ecCost())
  }))
})

test('chains have the same id, and their first entries name them', () => {
  fc.assert(fc.property(extIds, bytes(0, 100), (ids, content) => {
    const chain = new factom.Chain(factom.Entry.builder().extIds(hexOf(ids)).content(toHex(content)).build())
    expect(chainIdOf(ids)).toBe(chain.idHex)
    expect(read(decodeFirstEntry(chain.firstEntry.marshalBinary())).chainId).toBe(chain.idHex)
  }))
})

test('commits have the same bytes', () => {
  fc.assert(fc.property(entries.filter(({ extIds: ids, content }) => ids.length + content.length > 0), times, hash, (entry, time, seed) => {
    const es = formatAddress('Es', seed)
    const commit = factom.composeEntryCommit(theirEntry(entry, time), es)
    const ours = read(decodeEntryCommit(commit))
    const bytesOfEntry = encodeEntry(entry)
    expect(ours).toMatchObject({ timestamp: time, entryHash: entryHash(bytesOfEntry), credits: entryCredits(bytesOfEntry.length), publicKey: toHex(ed25519.getPublicKey(seed)) })
    expect(toHex(encodeEntryCommit(ours))).toBe(commit.toString('hex'))
  }), { numRuns: 10 })
})

test('commits to chains as well', () => {
  fc.assert(fc.property(extIds.filter(ids => ids.length > 0), times, hash, (ids, time, seed) => {
    const chain = new factom.Chain(factom.Entry.builder().extIds(hexOf(ids)).content('').timestamp(time).build())
    const commit = read(decodeChainCommit(factom.composeChainCommit(chain, formatAddress('Es', seed))))
    expect(commit).toMatchObject({ timestamp: time, entryHash: chain.firstEntry.hash().toString('hex'), credits: chain.ecCost() })
  }), { numRuns: 8 })
})

test('addresses', () => {
  fc.assert(fc.property(hash, seed => {
    const key = ed25519.getPublicKey(seed)
    const texts = { Fs: formatAddress('Fs', seed), Es: formatAddress('Es', seed), FA: formatAddress('FA', rcdHashOf(key)), EC: formatAddress('EC', key) }
    expect(texts).toEqual({
      Fs: factom.seedToPrivateFctAddress(Buffer.from(seed)), Es: factom.seedToPrivateEcAddress(Buffer.from(seed)), FA: factom.keyToPublicFctAddress(Buffer.from(key)), EC: factom.keyToPublicEcAddress(Buffer.from(key)),
    })
    for (const text of Object.values(texts)) expect(parseAddress(text).ok).toBe(true)
  }), { numRuns: 20 })
  const letters = fc.string({ unit: fc.constantFrom(...'123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0OIl '.split('')), minLength: 50, maxLength: 54 })
  const near = fc.tuple(hash, fc.nat(51), fc.constantFrom('1', 'A', 'z', 'b', '0')).map(([payload, at, letter]) => {
    const text = formatAddress('FA', payload)
    return text.slice(0, at) + letter + text.slice(at + 1)
  })
  fc.assert(fc.property(fc.oneof(letters, near), text => { expect(parseAddress(text).ok).toBe(factom.isValidAddress(text)) }))
})

test('factoid transactions have the same bytes, ids and fees', () => {
  const amounts = fc.oneof(fc.constantFrom(0, 127, 128, 2 ** 14, 2 ** 35, 2 ** 49 - 1, 2 ** 49), fc.nat(2 ** 30))
  const outs = fc.array(fc.tuple(amounts, hash), { maxLength: 3 })
  fc.assert(fc.property(fc.array(hash, { minLength: 1, maxLength: 3 }), outs, outs, times, (seeds, to, buy, time) => {
    const total = [...to, ...buy].reduce((sum, [amount]) => sum + amount, 0)
    const builder = factom.Transaction.builder().timestamp(time)
    for (const [i, seed] of seeds.entries()) builder.input(formatAddress('Fs', seed), i === 0 ? total + 20_000 : i)
    for (const [amount, payload] of to) builder.output(formatAddress('FA', payload), amount)
    for (const [amount, payload] of buy) builder.output(formatAddress('EC', payload), amount)
    const theirs = builder.build()
    const wire = theirs.marshalBinary()
    const ours = read(decodeFactoid(wire))
    expect(toHex(encodeFactoid(ours))).toBe(wire.toString('hex'))
    expect(factoidTxid(wire, ours)).toBe(theirs.id)
    expect([feePaid(ours), feeOf(ours, wire.length)]).toEqual([BigInt(theirs.feesPaid), theirs.computeRequiredFees(1)])
    const due = theirs.computeRequiredFees(1000)
    expect(judgeFactoid(wire, 1000n).ok).toBe(theirs.feesPaid >= due)
  }), { numRuns: 8 })
})

describe('where the library is wrong', () => {
  const chainId = 'ab'.repeat(32)
  const es = formatAddress('Es', new Uint8Array(32))
  const empty = { chainId, extIds: [], content: new Uint8Array(0) }

  test('an empty entry costs it nothing, and so its commit is none', () => {
    expect(theirEntry(empty).ecCost()).toBe(0)
    expect(entryCredits(encodeEntry(empty).length)).toBe(1)
    expect(faultOf(decodeEntryCommit(factom.composeEntryCommit(theirEntry(empty, 1), es)))).toBe('commit-credits')
  })

  test('it writes entries that are too large, and ExtIDs of no bytes', () => {
    const large = { ...empty, content: new Uint8Array(10_241) }
    expect(faultOf(decodeEntry(theirEntry(large).marshalBinary()))).toBe('entry-too-big')
    expectUnsayable(() => encodeEntry(large), 'entry-too-big')
    const old = { ...empty, extIds: [new Uint8Array(0)] }
    const theirs = theirEntry(old).marshalBinary()
    expect(faultOf(decodeEntry(theirs))).toBe('extid-zero-length')
    expect(read(decodeEntry(Uint8Array.from(theirs), { emptyExtIds: true }))).toEqual(old)
  })

  test('it takes hex that is none and ChainIDs of another length for something else', () => {
    for (const [id, written] of [['aabb', `aabb${'00'.repeat(30)}`], ['aa'.repeat(33), 'aa'.repeat(32)]] as const) {
      const theirs = factom.Entry.builder().chainId(id).content('00').build().marshalBinary()
      expect(theirs.subarray(1, 33).toString('hex').slice(0, 4)).toBe(written.slice(0, 4))
      expectUnsayable(() => encodeEntry({ ...empty, chainId: id }), null)
    }
    expect(factom.isValidChainId(`x ${chainId} y`)).toBeTruthy()
    expectUnsayable(() => encodeEntry({ ...empty, chainId: `x ${chainId} y` }), null)
    expect(factom.Entry.builder().chainId(chainId).content('zz').build().content).toHaveLength(0)
    expect(fromHex('zz')).toBeNull()
  })

  test('it takes the time 0 for now, and none from 2^47 on', () => {
    expect(factom.composeEntryCommit(theirEntry({ ...empty, content: Uint8Array.of(1) }, 0), es).readUIntBE(1, 6)).toBeGreaterThan(0)
    expect(() => factom.composeEntryCommit(theirEntry({ ...empty, content: Uint8Array.of(1) }, 2 ** 47), es)).toThrow(RangeError)
    const unsigned: UnsignedFactoid = { timestamp: 0, inputs: [], outputs: [], purchases: [] }
    for (const timestamp of [0, 2 ** 47, 2 ** 48 - 1]) expect(Buffer.from(factoidLedger({ ...unsigned, timestamp })).readUIntBE(1, 6)).toBe(timestamp)
  })

  test('it counts to 127, and to 2^53', () => {
    const many = factom.Transaction.builder().timestamp(1).input(formatAddress('Fs', new Uint8Array(32)), 1000)
    for (let i = 0; i < 128; i++) many.output(formatAddress('FA', new Uint8Array(32)), 1)
    expect(() => many.build().marshalBinary()).toThrow(RangeError)
    const outputs = Array.from({ length: 255 }, () => ({ amount: 1n, address: chainId }))
    expect(factoidLedger({ timestamp: 1, inputs: [{ amount: 2n ** 62n, address: chainId }], outputs, purchases: [] })[8]).toBe(255)
  })
})
