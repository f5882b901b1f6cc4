import { ed25519 } from '@noble/curves/ed25519.js'
import { expect, test } from 'vitest'
import { concat, fromHex, sha256, toHex } from '../../../src/base/index.ts'
import {
  decodeCoinbase, decodeFactoid, encodeFactoid, encodeVarint, factoidLedger, factoidTxid, feeOf, feePaid, judgeFactoid, rcdHashOf, type FactoidAmount, type UnsignedFactoid,
} from '../../../src/records/index.ts'
import { expectUnsayable, faultOf, read } from '../../support/faults.ts'
import { payment, signer, type Signer } from '../../support/records.ts'

const [alice, bob] = [signer('alice'), signer('bob')]
const time = 1_700_000_000_123
const top = (1n << 63n) - 1n
const to = (amount: bigint): FactoidAmount => ({ amount, address: bob.address })
const from = (amount: bigint): FactoidAmount => ({ amount, address: alice.address })
const plain = payment({ time, from: [[1000, alice]], to: [[900, bob.address]], buy: [[50, bob.publicKey]] })

/** Whatever ledger it is, with its seals. */
function sealed(ledger: Uint8Array, ...signers: readonly Signer[]): Uint8Array {
  return concat(ledger, ...signers.flatMap(({ publicKey, secret }) => [Uint8Array.of(1), fromHex(publicKey)!, ed25519.sign(ledger, secret)]))
}

/** A ledger that no encoder checked. */
function ledgerOf({ inputs = [], outputs = [], purchases = [] }: Partial<UnsignedFactoid>, version = encodeVarint(2n)): Uint8Array {
  const amounts = [...inputs, ...outputs, ...purchases].flatMap(({ amount, address }) => [encodeVarint(amount), fromHex(address)!])
  return concat(version, fromHex(time.toString(16).padStart(12, '0'))!, Uint8Array.of(inputs.length, outputs.length, purchases.length), ...amounts)
}

test('what is read is what was written', () => {
  const value = read(decodeFactoid(plain))
  expect(value).toMatchObject({ timestamp: time, inputs: [from(1000n)], outputs: [to(900n)], purchases: [{ amount: 50n, address: bob.publicKey }], seals: [{ publicKey: alice.publicKey }] })
  expect(encodeFactoid(value)).toEqual(plain)
  expect([feePaid(value), feeOf(value, plain.length)]).toEqual([50n, 22])
  expect(factoidTxid(plain, value)).toBe(toHex(sha256(factoidLedger(value))))
  expect(alice.address).toBe(toHex(sha256(sha256(concat(Uint8Array.of(1), fromHex(alice.publicKey)!)))))
  expect(toHex(rcdHashOf(fromHex(alice.publicKey)!))).toBe(alice.address)
})

test('any prefix of it and any byte more is refused', () => {
  const amounts = new Set([0, 10, 11, 44, 45, 78]) // where the version and the amounts begin and go on
  for (let length = 0; length < plain.length; length++) expect(faultOf(decodeFactoid(plain.subarray(0, length)))).toBe(amounts.has(length) ? 'varint-truncated' : 'tx-truncated')
  expect(faultOf(decodeFactoid(concat(plain, Uint8Array.of(0))))).toBe('tx-trailing-bytes')
})

test('no byte of it can be another', () => {
  for (let at = 0; at < plain.length; at += at < 12 ? 1 : 5) expect(decodeFactoid(plain.with(at, plain[at]! ^ 1)).ok).toBe(false)
})

test.each([
  ['version 1', sealed(ledgerOf({ inputs: [from(2n)] }, Uint8Array.of(1)), alice), 'tx-version'], ['version 3', sealed(ledgerOf({ inputs: [from(2n)] }, Uint8Array.of(3)), alice), 'tx-version'],
  ['version 2 in two bytes', sealed(ledgerOf({ inputs: [from(2n)] }, Uint8Array.of(0x80, 2)), alice), 'varint-noncanonical'],
  ['no inputs', ledgerOf({ outputs: [to(1n)] }), 'tx-no-inputs'], ['nothing at all', ledgerOf({}), 'tx-no-inputs'],
  ['the largest amount', sealed(ledgerOf({ inputs: [from(top)], outputs: [to(top)] }), alice), null], ['one more', sealed(ledgerOf({ inputs: [from(top + 1n)] }), alice), 'tx-amount-range'],
  ['one more comes out', sealed(ledgerOf({ inputs: [from(1n)], outputs: [to(top + 1n)] }), alice), 'tx-amount-range'], ['one more buys credits', sealed(ledgerOf({ inputs: [from(1n)], purchases: [to(top + 1n)] }), alice), 'tx-amount-range'],
  ['the largest sum', sealed(ledgerOf({ inputs: [from(top - 1n), from(1n)] }), alice, alice), null], ['one more together', sealed(ledgerOf({ inputs: [from(top), from(1n)] }), alice, alice), 'tx-sum-range'],
  ['one more comes out together', sealed(ledgerOf({ inputs: [from(top)], outputs: [to(top)], purchases: [to(1n)] }), alice), 'tx-sum-range'],
  ['as much out as in', sealed(ledgerOf({ inputs: [from(5n)], outputs: [to(3n)], purchases: [to(2n)] }), alice), null], ['more out than in', sealed(ledgerOf({ inputs: [from(5n)], outputs: [to(3n)], purchases: [to(3n)] }), alice), 'tx-outputs-exceed-inputs'],
  ['nothing out', sealed(ledgerOf({ inputs: [from(5n)] }), alice), null], ['nothing in or out', sealed(ledgerOf({ inputs: [from(0n)], outputs: [to(0n)] }), alice), null],
  ['an address twice', sealed(ledgerOf({ inputs: [from(1n), from(1n)] }), alice, alice), null], ['a signature too few', sealed(ledgerOf({ inputs: [from(1n), from(1n)] }), alice), 'tx-truncated'],
  ['a signature too many', sealed(ledgerOf({ inputs: [from(1n)] }), alice, alice), 'tx-trailing-bytes'], ['signed by another', sealed(ledgerOf({ inputs: [from(1n)] }), bob), 'rcd-hash-mismatch'],
  ['signed in another order', sealed(ledgerOf({ inputs: [from(1n), to(1n)] }), bob, alice), 'rcd-hash-mismatch'], ['the second by another', sealed(ledgerOf({ inputs: [from(1n), to(1n)] }), alice, alice), 'rcd-hash-mismatch'],
])('%s', (_, bytes, fault) => { expect(faultOf(decodeFactoid(bytes))).toBe(fault) })

test('an RCD of another type is refused', () => {
  const ledger = ledgerOf({ inputs: [from(1n)] })
  for (const type of [0, 2, 0x0e, 255]) expect(faultOf(decodeFactoid(sealed(ledger, alice).with(ledger.length, type)))).toBe('rcd-type')
})

test('each signature is of its own key, the second as well', () => {
  const bytes = sealed(ledgerOf({ inputs: [from(1n), to(1n)] }), alice, bob)
  expect(faultOf(decodeFactoid(bytes))).toBeNull()
  for (const at of [-1, -98]) expect(faultOf(decodeFactoid(bytes.with(bytes.length + at, bytes.at(at)! ^ (at === -1 ? 0x01 : 0x02))))).toMatch(/^sig-/)
})

test('10 KiB are the most', () => {
  const outputs = Array.from({ length: 255 }, () => to(1n)) // 33 bytes each
  const purchases = Array.from({ length: 51 }, () => to(1n))
  const size = (amount: bigint, more: number) => sealed(ledgerOf({ inputs: [from(amount)], outputs, purchases: purchases.slice(0, more) }), alice)
  const base = size(400n, 50).length // 10,207 and a bit: what is missing goes into longer amounts
  const missing = 10_240 - base
  expect(missing).toBeGreaterThan(0)
  const grown = outputs.map((each, i) => i < missing ? { ...each, amount: 128n } : each)
  const exact = sealed(ledgerOf({ inputs: [from(16_000n)], outputs: grown, purchases: purchases.slice(0, 50) }), alice)
  expect(exact).toHaveLength(10_240)
  expect(faultOf(decodeFactoid(exact))).toBeNull()
  expect(encodeFactoid(read(decodeFactoid(exact)))).toEqual(exact)
  const longer = outputs.map((each, i) => i <= missing ? { ...each, amount: 128n } : each)
  const over = { timestamp: time, inputs: [from(16_000n)], outputs: longer, purchases: purchases.slice(0, 50) }
  expect(faultOf(decodeFactoid(sealed(ledgerOf(over), alice)))).toBe('tx-too-big')
  expectUnsayable(() => encodeFactoid({ ...over, seals: [{ publicKey: alice.publicKey, signature: 'ab'.repeat(64) }] }), 'tx-too-big')
  expectUnsayable(() => factoidLedger({ timestamp: time, inputs: [], outputs, purchases: outputs }), 'tx-too-big')
})

test('a coinbase pays out of nothing, and buys nothing', () => {
  const coinbase = ledgerOf({ outputs: [to(5n)] })
  expect(read(decodeCoinbase(coinbase))).toMatchObject({ inputs: [], outputs: [to(5n)], seals: [] })
  expect(encodeFactoid(read(decodeCoinbase(coinbase)))).toEqual(coinbase)
  expect(feePaid(read(decodeCoinbase(coinbase)))).toBe(0n)
  expect(toHex(encodeFactoid(read(decodeCoinbase(fromHex('02014f8a7fcd1b000000')!))))).toBe('02014f8a7fcd1b000000')
  for (const bytes of [plain, ledgerOf({ purchases: [to(1n)] }), ledgerOf({ outputs: [to(1n)], purchases: [to(1n)] })]) expect(faultOf(decodeCoinbase(bytes))).toBe('tx-coinbase-shape')
  expect(faultOf(decodeCoinbase(concat(coinbase, Uint8Array.of(0))))).toBe('tx-trailing-bytes')
})

test('a fee is paid at the rate there is', () => {
  const paying = (fee: number) => payment({ time, from: [[1000 + fee, alice]], to: [[1000, bob.address]] })
  expect([11_999, 12_000, 12_001].map(fee => faultOf(judgeFactoid(paying(fee), 1000n)))).toEqual(['tx-fee-too-low', null, null])
  expect(faultOf(judgeFactoid(paying(0), 0n))).toBeNull()
  expect(faultOf(judgeFactoid(plain.subarray(1), 1n))).not.toBeNull()
})

test('what cannot be said', () => {
  const seals = [{ publicKey: alice.publicKey, signature: 'ab'.repeat(64) }]
  const value = { timestamp: time, inputs: [from(10n)], outputs: [to(10n)], purchases: [], seals }
  expect(encodeFactoid(value)).toHaveLength(10 + 66 + 97)
  expectUnsayable(() => encodeFactoid({ ...value, seals: [] }), 'tx-truncated')
  expectUnsayable(() => encodeFactoid({ ...value, outputs: [to(11n)] }), 'tx-outputs-exceed-inputs')
  expectUnsayable(() => encodeFactoid({ ...value, inputs: [from(top + 1n)] }), 'tx-amount-range')
  expectUnsayable(() => encodeFactoid({ ...value, inputs: [from(top), from(1n)], seals: [...seals, ...seals] }), 'tx-sum-range')
  expectUnsayable(() => encodeFactoid({ ...value, inputs: [], seals: [], purchases: [to(1n)] }), 'tx-no-inputs')
  expectUnsayable(() => encodeFactoid({ ...value, inputs: [from(-1n)] }), null)
  expectUnsayable(() => encodeFactoid({ ...value, timestamp: 2 ** 48 }), null)
  expectUnsayable(() => encodeFactoid({ ...value, outputs: [{ amount: 1n, address: 'ab' }] }), null)
  expectUnsayable(() => factoidLedger({ timestamp: time, inputs: [], outputs: Array.from({ length: 256 }, () => to(0n)), purchases: [] }), null)
})
