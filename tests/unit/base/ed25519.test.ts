import { ED25519_TORSION_SUBGROUP, ed25519 as noble } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { concat, fromHex, toHex, utf8, verifyEd25519 } from '../../../src/base/index.ts'

const { BASE, Fn: { ORDER: L }, Fp: { ORDER: p } } = noble.Point
const message = utf8('a message')
const secret = new Uint8Array(32).fill(7)
const key = noble.getPublicKey(secret)
const { scalar: a } = noble.utils.getExtendedPublicKey(secret)
const torsion = ED25519_TORSION_SUBGROUP.map(hex => noble.Point.fromHex(hex))

const little = (value: bigint) => Uint8Array.from({ length: 32 }, (_, i) => Number(value >> BigInt(8 * i) & 0xffn))
const number = (bytes: Uint8Array) => bytes.reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n)
const modL = (value: bigint) => (value % L + L) % L
const challenge = (r: Uint8Array, publicKey: Uint8Array, text: Uint8Array) => number(sha512(concat(r, publicKey, text))) % L
/** The signature that has R written as `r` and solves the equation for the secret part of the key. */
const signature = (r: Uint8Array, nonce: bigint, publicKey: Uint8Array = key, text: Uint8Array = message) => concat(r, little(modL(nonce + challenge(r, publicKey, text) * a)))

test('what noble signs is accepted, and no other byte of it', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 80 }), fc.nat(63), fc.integer({ min: 1, max: 255 }), (mine, text, at, change) => {
    const [signed, publicKey] = [noble.sign(text, mine), noble.getPublicKey(mine)]
    expect(verifyEd25519(signed, text, publicKey)).toBe(true)
    const [altered, otherKey] = [signed.slice(), publicKey.slice()]
    altered[at]! ^= change
    otherKey[at % 32]! ^= change
    expect(verifyEd25519(altered, text, publicKey)).toBe(false)
    expect(verifyEd25519(signed, text, otherKey)).toBe(false)
    expect(verifyEd25519(signed, concat(text, Uint8Array.of(change)), publicKey)).toBe(false)
  }), { numRuns: 40 })
})

test('other lengths are refused', () => {
  const signed = noble.sign(message, secret)
  for (const length of [0, 32, 63]) expect(verifyEd25519(signed.subarray(0, length), message, key)).toBe(false)
  expect(verifyEd25519(concat(signed, Uint8Array.of(0)), message, key)).toBe(false)
  for (const length of [0, 31]) expect(verifyEd25519(signed, message, key.subarray(0, length))).toBe(false)
  expect(verifyEd25519(signed, message, concat(key, Uint8Array.of(0)))).toBe(false)
})

describe('S', () => {
  const signed = noble.sign(message, secret)
  test('is below the order', () => {
    const s = number(signed.subarray(32))
    for (const other of [s + L, s + 2n * L, s + 7n * L]) expect(verifyEd25519(concat(signed.subarray(0, 32), little(other)), message, key)).toBe(false)
    expect(verifyEd25519(concat(signed.subarray(0, 32), new Uint8Array(32).fill(255)), message, key)).toBe(false)
  })
})

describe('the key', () => {
  test('of small order is refused, whatever it would verify', () => {
    let verified = 0
    for (const point of torsion) {
      for (let i = 0; i < 16; i++) {
        const [publicKey, text] = [point.toBytes(), Uint8Array.of(i)]
        const signed = concat(BASE.multiply(3n).toBytes(), little(3n)) // [3]B = R + [k]A wherever [k]A is nothing
        if (BASE.multiply(3n).add(point.multiplyUnsafe(challenge(signed.subarray(0, 32), publicKey, text))).equals(BASE.multiply(3n))) verified++
        expect(verifyEd25519(signed, text, publicKey)).toBe(false)
      }
    }
    expect(verified).toBeGreaterThan(20) // the equation alone would have taken these
  })

  test('in another encoding is refused', () => {
    // The identity with a sign, y = 1 as p + 1, y = 0 as p: of small order, and not canonical besides. And points that are none.
    for (const written of [little(1n | 1n << 255n), little(p + 1n), little(p + 1n | 1n << 255n), little(p), little(p - 1n | 1n << 255n), little(2n), new Uint8Array(32).fill(255)]) {
      expect(verifyEd25519(concat(BASE.multiply(3n).toBytes(), little(3n)), message, written)).toBe(false)
    }
  })

  test('with a part of small order is taken where the equation holds without the cofactor', () => {
    const mixed = noble.Point.fromBytes(key).add(torsion.find(point => !point.double().double().is0())!)
    expect(mixed.isTorsionFree()).toBe(false)
    const publicKey = mixed.toBytes()
    const r = BASE.multiply(11n).toBytes()
    let [taken, refused] = [0, 0]
    for (let i = 0; i < 64; i++) {
      const text = Uint8Array.of(i)
      const signed = signature(r, 11n, publicKey, text)
      expect(noble.verify(signed, text, publicKey)).toBe(true) // with the cofactor all of them
      const expected = challenge(r, publicKey, text) % 8n === 0n
      expect(verifyEd25519(signed, text, publicKey)).toBe(expected)
      if (expected) taken++
      else refused++
    }
    expect([taken > 0, refused > 0]).toEqual([true, true])
  })
})

describe('R', () => {
  test('with a part of small order is refused', () => {
    for (const point of torsion.filter(each => !each.is0())) {
      const r = BASE.multiply(11n).add(point).toBytes()
      const signed = signature(r, 11n)
      expect(noble.verify(signed, message, key)).toBe(true)
      expect(verifyEd25519(signed, message, key)).toBe(false)
    }
    expect(verifyEd25519(signature(BASE.multiply(11n).toBytes(), 11n), message, key)).toBe(true)
  })

  test('may be the identity where the equation says so, in its one encoding', () => {
    expect(verifyEd25519(signature(little(1n), 0n), message, key)).toBe(true)
    for (const written of [little(1n | 1n << 255n), little(p + 1n), little(p + 1n | 1n << 255n)]) expect(verifyEd25519(signature(written, 0n), message, key)).toBe(false)
  })

  test('that is no point is refused', () => { expect(verifyEd25519(signature(little(2n), 5n), message, key)).toBe(false) })
})

test('RFC 8032, 7.1, test 3', () => {
  const [publicKey, signed] = ['fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025', '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a'].map(hex => fromHex(hex)!)
  expect(verifyEd25519(signed!, fromHex('af82')!, publicKey!)).toBe(true)
  expect(toHex(noble.sign(fromHex('af82')!, fromHex('c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7')!))).toBe(toHex(signed!))
})
