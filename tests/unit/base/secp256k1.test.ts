import { secp256k1 as noble } from '@noble/curves/secp256k1.js'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { concat, fromHex, loadSecp256k1, sha256, toHex, utf8, type Secp256k1 } from '../../../src/base/index.ts'
import { isLowS, loadRecoverCompact, type RecoverCompact } from '../../../src/base/secp256k1.ts'

const n = noble.Point.Fn.ORDER
const p = noble.Point.Fp.ORDER
const refused = expect.objectContaining({ code: 'bad-input' })
const number = (value: bigint) => fromHex(value.toString(16).padStart(64, '0'))!
const value = (bytes: Uint8Array) => BigInt(`0x${toHex(bytes)}`)
const signature = (r: bigint, s: bigint, v: number) => concat(number(r), number(s), Uint8Array.of(v))

let ours: Secp256k1
let recoverCompact: RecoverCompact
beforeAll(async () => { [ours, recoverCompact] = [await loadSecp256k1(), await loadRecoverCompact()] })

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const secrets = bytes32.filter(bytes => noble.utils.isValidSecretKey(bytes))

/** What noble recovers, by our rule. */
function reference(digest: Uint8Array, whole: Uint8Array): string | null {
  const v = whole[64]
  if (whole.length !== 65 || v !== 0 && v !== 1 || value(whole.subarray(32, 64)) > n / 2n) return null
  try { return noble.Signature.fromBytes(whole.subarray(0, 64)).addRecoveryBit(v).recoverPublicKey(digest).toHex(true) } catch { return null }
}

const hexOrNull = (key: Uint8Array | null) => key === null ? null : toHex(key)

test('keys and signatures are those of noble, whose nonces RFC 6979 gives', () => {
  fc.assert(fc.property(secrets, bytes32, (secret, digest) => {
    expect(ours.publicKey(secret)).toEqual(noble.getPublicKey(secret))
    const whole = ours.sign(digest, secret)
    const [v, ...compact] = noble.sign(digest, secret, { prehash: false, format: 'recovered' })
    expect(whole).toEqual(Uint8Array.from([...compact, v!]))
    expect(isLowS(whole)).toBe(true)
    expect(ours.recover(digest, whole)).toEqual(ours.publicKey(secret))
  }), { numRuns: 60 })
})

test('a signature known from elsewhere', () => {
  // Secret 1 over "Satoshi Nakamoto", as widely published for RFC 6979.
  expect(toHex(ours.sign(sha256(utf8('Satoshi Nakamoto')), number(1n))).slice(0, 128)).toBe('934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d82442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5')
})

test('whatever is altered recovers what noble recovers, or nothing', () => {
  let [keys, nothing] = [0, 0]
  fc.assert(fc.property(secrets, bytes32, fc.nat(64), fc.nat(255), (secret, digest, at, byte) => {
    const altered = ours.sign(digest, secret)
    altered[at] = byte
    const recovered = hexOrNull(ours.recover(digest, altered))
    expect(recovered).toBe(reference(digest, altered))
    if (recovered === null) nothing++
    else keys++
  }), { numRuns: 300 })
  expect(Math.min(keys, nothing)).toBeGreaterThan(10)
})

test('random numbers recover what noble recovers', () => {
  const scalar = fc.oneof(bytes32.map(value), fc.constantFrom(0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, n / 2n - 1n, n / 2n, n / 2n + 1n, n - 1n, n, n + 1n, p - n - 1n, p - n, p - n + 1n, p - 1n, p, 2n ** 256n - 1n))
  fc.assert(fc.property(bytes32, scalar, scalar, fc.nat(4), (digest, r, s, v) => {
    const whole = signature(r, s, v)
    expect(hexOrNull(ours.recover(digest, whole))).toBe(reference(digest, whole))
  }), { numRuns: 400 })
})

describe('refused', () => {
  const digest = sha256(utf8('digest'))
  let whole: Uint8Array, r: bigint, s: bigint, v: number
  beforeAll(() => {
    whole = ours.sign(digest, number(7n))
    ;[r, s, v] = [value(whole.subarray(0, 32)), value(whole.subarray(32, 64)), whole[64]!]
  })

  test('the other half of s, which is as good in itself', () => {
    expect(ours.recover(digest, signature(r, n - s, 1 - v))).toBeNull()
    expect(recoverCompact(digest, signature(r, n - s, 0).subarray(0, 64), 1 - v as 0 | 1)).toEqual(ours.publicKey(number(7n)))
    expect([n / 2n, n / 2n + 1n].map(half => isLowS(signature(1n, half, 0)))).toEqual([true, false])
  })

  test('other recovery ids', () => {
    for (const id of [2, 3, 4, 27, 28, 255]) expect(ours.recover(digest, signature(r, s, id))).toBeNull()
  })

  test('numbers that are 0, or reach the order', () => {
    for (const [badR, badS] of [[0n, s], [r, 0n], [0n, 0n], [n, s], [r, n], [n + r > 2n ** 256n - 1n ? n : n + r, s], [2n ** 256n - 1n, s], [r, 2n ** 256n - 1n]]) {
      for (const id of [0, 1]) expect(ours.recover(digest, signature(badR!, badS!, id))).toBeNull()
    }
  })

  test('other lengths', () => {
    for (const length of [0, 1, 64]) expect(ours.recover(digest, whole.subarray(0, length))).toBeNull()
    expect(ours.recover(digest, concat(whole, Uint8Array.of(0)))).toBeNull()
    expect(recoverCompact(digest, whole, 0)).toBeNull()
  })

  test('a digest or a secret of another length, which the library would fill up, and secrets that are none', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => ours.recover(new Uint8Array(length), whole)).toThrow(refused)
      expect(() => ours.sign(new Uint8Array(length), number(7n))).toThrow(refused)
      expect(() => ours.sign(digest, new Uint8Array(length).fill(1))).toThrow(refused)
      expect(() => ours.publicKey(new Uint8Array(length).fill(1))).toThrow(refused)
    }
    for (const secret of [0n, n, 2n ** 256n - 1n]) {
      expect(() => ours.sign(digest, number(secret))).toThrow(refused)
      expect(() => ours.publicKey(number(secret))).toThrow(refused)
    }
  })
})

test('a point beyond the order has recovery ids of its own, which our form does not write', () => {
  // The smallest r for which r + n is the x of a point.
  let r = 1n
  const isX = (x: bigint) => { try { return noble.Point.fromHex(`02${toHex(number(x))}`).toAffine().x === x } catch { return false } }
  while (!isX(r + n)) r++
  const digest = sha256(utf8('far'))
  const compact = signature(r, 5n, 0).subarray(0, 64)
  for (const id of [2, 3] as const) {
    const key = recoverCompact(digest, compact, id)!
    expect(noble.verify(compact, digest, key, { prehash: false })).toBe(true)
    expect(ours.recover(digest, concat(compact, Uint8Array.of(id)))).toBeNull()
  }
  expect(recoverCompact(digest, signature(p - n, 5n, 0).subarray(0, 64), 2)).toBeNull()
})
