import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOfBytes, decode, encode, toHex, type Codec } from '../../../src/base/index.ts'
import { canonicalText, uploadKinds, type Policy, type Publication, type PublishedFile } from '../../../src/content/index.ts'
import { body, bodyId, header, judgeBodyBytes, judgeHeaderBytes, judgeTransactionBytes, parameters, parametersFromJson, parametersToJson, releaseReasons, transaction, type Body, type Header, type Parameters, type Receipt, type Transaction } from '../../../src/ledger/index.ts'
import { encodePlain, plainBody, plainHeader, plainParameters, plainTransaction } from '../../support/dag-cbor.ts'

/** Whatever the ledger says has one form in bytes: the one `@ipld/dag-cbor` writes. Of changed bytes, what is accepted is what they say. */
const bytes = (length: number): fc.Arbitrary<Uint8Array<ArrayBuffer>> => fc.uint8Array({ minLength: length, maxLength: length }).map(value => new Uint8Array(value))
const hex = (length: number): fc.Arbitrary<string> => bytes(length).map(toHex)
const address = bytes(20).map(addressOfBytes)
const u32 = fc.oneof(fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1), fc.nat())
const u40 = fc.oneof(u32, fc.constantFrom(2 ** 32, 2 ** 40 - 1))
const u64 = fc.oneof(u40.map(BigInt), fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, 2n ** 64n - 1n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
const json = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }).map(value => JSON.stringify(value)).filter(text => Buffer.byteLength(text) <= 1024)
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 1 })

/** Text as records have it, from `least` to `most` bytes. */
const text = (least: number, most: number): fc.Arbitrary<string> => fc.string({ unit: 'binary', maxLength: most }).map(canonicalText).filter(value => {
  const length = Buffer.byteLength(value)
  return length >= least && length <= most && !value.startsWith('\ufeff')
})
const files = (most: number): fc.Arbitrary<PublishedFile> => fc.record({ cid: hex(32), size: fc.constantFrom(1, 255, most), infohash: hex(20), audit: hex(32) })
const periods = fc.integer({ min: 1, max: 52 })
const rents = fc.record({ each: u40, periods, wanted: fc.integer({ min: 1, max: 8 }) })
const holders = fc.record({ address, box: hex(32), enc: bytes(32), ct: bytes(48) })
const names = fc.array(fc.tuple(hex(32), address), { maxLength: 64 })
const nothing = fc.constant(null)
const policies: fc.Arbitrary<Policy> = fc.oneof(
  fc.record({ open: nothing }), fc.record({ public: hex(32) }), fc.record({ owner: nothing }), fc.record({ list: fc.array(address, { maxLength: 32 }) }),
  fc.record({ pay: fc.record({ price: fc.constantFrom(1, 2 ** 40 - 1), share: fc.nat({ max: 500 }) }) }),
)
const publications: fc.Arbitrary<Publication> = fc.record({
  kind: fc.constantFrom(...uploadKinds), protected: fc.boolean(), file: files(2 ** 36), images: fc.array(files(2 ** 26), { maxLength: 8 }), title: text(1, 128), about: text(0, 512), tags: fc.array(text(1, 32), { maxLength: 8 }),
  plain: orNull(hex(32)), maker: text(0, 64), policy: policies, keyCommit: orNull(hex(32)), holders: fc.array(holders, { maxLength: 8 }), keepers: fc.array(address, { maxLength: 16 }), rent: orNull(rents), until: periods,
})

const shared = { version: fc.constant(1 as const), network: hex(8), sender: address, nonce: u64, time: u32, fee: u40, witness: orNull(hex(32)), profile: orNull(json), stamp: orNull(u64), signature: bytes(65) }
const transactions: fc.Arbitrary<Transaction> = fc.oneof(
  fc.record({ ...shared, op: fc.constant(1 as const), body: fc.record({ to: fc.oneof(address, hex(32)), amount: u40.filter(amount => amount > 0) }) }),
  fc.record({
    ...shared, op: fc.constant(2 as const),
    body: fc.record({ thread: orNull(fc.record({ address, nonce: u64 })), message: json, attachment: orNull(fc.record({ root: hex(32), size: fc.constantFrom(1, 2 ** 36), cid: hex(32), infohash: hex(20) })) }),
  }),
  fc.record({ ...shared, op: fc.constant(3 as const), body: publications }),
  fc.record({
    ...shared, op: fc.constant(4 as const),
    body: fc.record({
      cid: hex(32), policy: orNull(policies), allow: fc.array(address, { maxLength: 32 }), deny: fc.array(address, { maxLength: 2 }), holders: orNull(fc.array(holders, { maxLength: 3 })),
      keepers: orNull(fc.array(address, { maxLength: 16 })), rent: orNull(rents), until: orNull(periods), withdrawn: fc.boolean(), replacedBy: orNull(hex(32)),
    }),
  }),
  fc.record({
    ...shared, op: fc.constant(5 as const),
    body: fc.oneof(
      fc.record({ open: fc.record({ bond: u40, pledged: u40, price: u40, box: hex(32), public: fc.boolean() }) }),
      fc.record({ accept: fc.record({ uploads: names }) }),
      fc.record({ release: fc.record({ uploads: names, reason: fc.constantFrom(...releaseReasons) }) }),
    ),
  }),
  fc.record({ ...shared, op: fc.constant(8 as const), body: fc.record({ cid: hex(32), owner: address, price: u40, box: hex(32) }) }),
  fc.record({ ...shared, op: fc.constant(9 as const), body: fc.record({ cid: hex(32), owner: address, buyer: address, enc: bytes(32), ct: bytes(48) }) }),
  fc.record({ ...shared, op: fc.constant(10 as const), body: fc.record({ cid: hex(32), owner: address, buyer: address, secret: orNull(bytes(32)) }) }),
  fc.record({ ...shared, op: fc.constant(7 as const), body: fc.record({ profile: json, box: orNull(hex(32)) }) }),
)
const headers: fc.Arbitrary<Header> = fc.record({
  version: fc.constant(1 as const), network: hex(8), number: u32, time: u32, previousRoot: orNull(hex(32)), powerRoot: orNull(hex(32)), baseTarget: u64, difficulty: u64, generation: bytes(32),
  miner: address, nonce: u64, profile: orNull(json), body: hex(32), signature: bytes(65),
})
const receipts: fc.Arbitrary<Receipt> = fc.record({ server: address, serverNonce: u64, visitor: address, attachment: hex(32), percent: fc.integer({ min: 1, max: 10 }).map(tenths => 10 * tenths), charge: u64, time: u32, signature: bytes(65) })
const bodies: fc.Arbitrary<Body> = fc.record({ transactions: fc.array(transactions, { maxLength: 2 }), records: fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }).map(value => new Uint8Array(value)), { maxLength: 3 }), attachments: fc.array(receipts, { maxLength: 3 }) })
const networks: fc.Arbitrary<Parameters> = fc.record({
  name: fc.string({ unit: 'grapheme', maxLength: 8 }).filter(name => Buffer.byteLength(name) <= 32 && name.isWellFormed()), time: u32,
  allocations: fc.uniqueArray(fc.record({ address, balance: fc.nat(), power: fc.bigInt({ min: 0n, max: 1000n }) }), { maxLength: 5, selector: each => each.address }),
  blockTime: fc.constantFrom(5, 10, 86_400), epoch: fc.constantFrom(1, 5), activeWindow: fc.constantFrom(5, 100_000), range: fc.constantFrom(1, 100_000), short: fc.constantFrom(1, 1_000),
  rescue: fc.constantFrom(1, 864_000), drift: fc.constantFrom(1, 3_600), minimumFee: u40.filter(fee => fee > 0), minimumPower: fc.nat({ max: 1 }), reward: u40, stampBits: fc.nat({ max: 64 }),
  stampedPerBlock: fc.nat({ max: 255 }), powerSenders: fc.nat({ max: 255 }), creditRate: u40.filter(rate => rate > 0), keeperPeriod: fc.constantFrom(1, 100_000), keeperBond: u40, keeperBondPerGiB: u40,
  ops: fc.subarray([1, 2, 3, 4, 5, 7, 8, 9, 10]),
})

function itself<T>(name: string, codec: Codec<T>, values: fc.Arbitrary<T>, plain: (value: T) => unknown, judge: (input: Uint8Array) => { readonly ok: boolean }): void {
  test(`${name}: the bytes of @ipld/dag-cbor, and back`, () => {
    fc.assert(fc.property(values, value => {
      const written = encode(codec, value)
      expect(toHex(written)).toBe(toHex(encodePlain(plain(value))))
      expect(decode(codec, written)).toEqual({ ok: true, value })
      expect(judge(written).ok).toBe(true)
    }), { numRuns: 80 })
  })

  test(`${name}: what is accepted of changed bytes is written so`, () => {
    const change = fc.record({ at: fc.nat(), how: fc.constantFrom('flip', 'set', 'cut', 'insert', 'remove'), by: fc.integer({ min: 1, max: 255 }) })
    let refused = 0
    fc.assert(fc.property(values, fc.array(change, { minLength: 1, maxLength: 3 }), (value, changes) => {
      const written = encode(codec, value)
      const changed = changes.reduce(damage, written)
      const judged = decode(codec, changed)
      if (!judged.ok) refused++
      else expect(toHex(encode(codec, judged.value))).toBe(toHex(changed))
      expect(judge(changed).ok).toBe(judged.ok)
    }), { numRuns: 400 })
    expect(refused).toBeGreaterThan(100)
  })
}

function damage(input: Uint8Array<ArrayBuffer>, { at: place, how, by }: { readonly at: number, readonly how: string, readonly by: number }): Uint8Array<ArrayBuffer> {
  const at = place % Math.max(1, input.length)
  const changed = [...input]
  if (how === 'flip') changed[at] = (changed[at] ?? 0) ^ by
  else if (how === 'set') changed[at] = by
  else if (how === 'cut') changed.length = at
  else changed.splice(at, how === 'remove' ? 1 : 0, ...how === 'insert' ? [by] : [])
  return Uint8Array.from(changed)
}

itself('transaction', transaction, transactions, plainTransaction, judgeTransactionBytes)
itself('header', header, headers, plainHeader, judgeHeaderBytes)
itself('body', body, bodies, plainBody, input => judgeBodyBytes(input, bodyId(input)))
itself('parameters', parameters, networks, plainParameters, input => decode(parameters, input))

test('parameters as JSON, and back', () => {
  fc.assert(fc.property(networks, value => {
    expect(parametersFromJson(JSON.parse(JSON.stringify(parametersToJson(value))))).toEqual({ ok: true, value })
  }))
})
