import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  HoldfastError, RateLimiter, compareBytes, concat, decodeCbor, encodeCbor, equalBytes, errorCodes, fromBase64, fromBase64Url, fromHex, fromUtf8, isCid, isInfohash, limitTable, limits, sha256, signedDigest, toBase64, toBase64Url, toHex, utf8,
} from '../../../src/base/index.ts'
import { deviceLimits } from '../../../src/base/limits/device.ts'
import { fileLimits } from '../../../src/base/limits/files.ts'
import { ledgerLimits } from '../../../src/base/limits/ledger.ts'
import { peerLimits } from '../../../src/base/limits/peers.ts'
import { relayLimits } from '../../../src/base/limits/relay.ts'

const bytes = fc.uint8Array({ maxLength: 64 })

describe('bytes', () => {
  test('hexadecimal round trip', () => {
    fc.assert(fc.property(bytes, value => { expect(fromHex(toHex(value))).toEqual(value) }))
    expect(fromHex('abc')).toBeNull()
    expect(fromHex('zz')).toBeNull()
    expect(fromHex('AB')).toEqual(Uint8Array.of(0xab))
  })

  test('base64 is that of Buffer, and has one text for the same bytes', () => {
    fc.assert(fc.property(bytes, value => {
      expect(toBase64(value)).toBe(Buffer.from(value).toString('base64'))
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'))
      expect(fromBase64(toBase64(value))).toEqual(value)
      expect(fromBase64Url(toBase64Url(value))).toEqual(value)
    }))
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'AB/+-_=z \n'.split('')), maxLength: 9 }), text => {
      const [plain, url] = [fromBase64(text), fromBase64Url(text)]
      expect(plain === null || toBase64(plain) === text).toBe(true)
      expect(url === null || toBase64Url(url) === text).toBe(true)
    }), { numRuns: 1000 })
    for (const text of ['A', 'AA', 'AA=', 'AAA', 'A===', '====', 'AB==', 'AAB=', 'AA==AAAA', 'AAAA\n', '-_==']) expect(fromBase64(text)).toBeNull()
    for (const text of ['A', 'AB', 'AAB', 'AA==', '+/', 'AAAAA']) expect(fromBase64Url(text)).toBeNull()
    expect(fromBase64('')).toEqual(new Uint8Array(0))
  })

  test('order is that of Buffer.compare', () => {
    fc.assert(fc.property(bytes, bytes, (a, b) => {
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b))
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0)
    }))
  })

  test('joined and taken apart', () => {
    fc.assert(fc.property(bytes, bytes, (a, b) => { expect(concat(a, b)).toEqual(new Uint8Array([...a, ...b])) }))
  })

  test('text that is not UTF-8 is no text, and a byte order mark is kept', () => {
    expect(fromUtf8(Uint8Array.of(0xff))).toBeNull()
    expect(fromUtf8(utf8('\uFEFFa'))).toBe('\uFEFFa')
  })
})

describe('strict DAG-CBOR', () => {
  const value: fc.Arbitrary<unknown> = fc.letrec(tie => ({
    any: fc.oneof({ maxDepth: 3 }, fc.integer(), fc.string(), fc.boolean(), fc.constant(null), bytes, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true })),
  })).any

  test('round trip', () => {
    fc.assert(fc.property(value, given => {
      const decoded = decodeCbor(encodeCbor(given))
      expect(decoded).toEqual({ ok: true, value: given })
    }))
  })

  test('any bytes give a value of the same encoding or a rejection, never a throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), given => {
      const decoded = decodeCbor(given)
      if (decoded.ok) expect(encodeCbor(decoded.value)).toEqual(new Uint8Array(given))
      else expect(decoded.code).toBe('bad-frame')
    }), { numRuns: 2000 })
  })

  test.each([
    ['a longer integer than needed', '1801'],
    ['keys out of order', 'a2616201616101'],
    ['the same key twice', 'a2616101616101'],
    ['an endless array', '9f01ff'],
    ['a half float', 'f93c00'],
    ['undefined', 'f7'],
    ['bytes after the end', '0101'],
    ['a length beyond the end', '5bffffffffffffffff'],
    ['nothing', ''],
  ])('%s is refused', (_what, hex) => {
    expect(decodeCbor(fromHex(hex) ?? new Uint8Array()).ok).toBe(false)
  })

  test('nesting is refused before it can exhaust the stack', () => {
    const nest = (depth: number) => concat(new Uint8Array(depth).fill(0x81), Uint8Array.of(0))
    expect(decodeCbor(nest(limits.cborDepth)).ok).toBe(true)
    expect(decodeCbor(nest(limits.cborDepth + 1)).ok).toBe(false)
    expect(decodeCbor(nest(1_000_000))).toMatchObject({ ok: false, reason: 'nested too deeply' })
    expect(decodeCbor(encodeCbor(Array.from({ length: 100 }, () => [1]))).ok).toBe(true)
  })

  test('no more values than may be', () => {
    expect(decodeCbor(encodeCbor(Array.from({ length: limits.cborItems - 1 }, () => 0))).ok).toBe(true)
    expect(decodeCbor(encodeCbor(Array.from({ length: limits.cborItems }, () => 0)))).toMatchObject({ ok: false, reason: 'too many values' })
  })

  test('a key that is the name of the prototype is a key', () => {
    const decoded = decodeCbor(encodeCbor(JSON.parse('{"__proto__":{"polluted":1}}')))
    expect(decoded.ok && Object.keys(decoded.value as object)).toEqual(['__proto__'])
    expect({}).not.toHaveProperty('polluted')
  })
})

describe('digests', () => {
  test('SHA-256 of "abc" (FIPS 180-4)', () => {
    expect(toHex(sha256(utf8('abc')))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  test('a signed digest leaves the signature out and knows its domain and network', () => {
    const map = { a: 1, signature: Uint8Array.of(9) }
    const own = signedDigest('holdfast/peer/1', map)
    expect(own).toEqual(sha256(concat(utf8('holdfast/peer/1'), new Uint8Array(9), encodeCbor({ a: 1 }))))
    expect(signedDigest('holdfast/peer/1', { a: 1 })).toEqual(own)
    expect(signedDigest('holdfast/block/1', map)).not.toEqual(own)
    expect(signedDigest('holdfast/peer/1', map, new Uint8Array(8).fill(1))).not.toEqual(own)
  })
})

describe('errors', () => {
  test('code and data survive a structured clone', () => {
    const error = new HoldfastError('archive-depth', 'too deep', { path: 'a/b' })
    expect(HoldfastError.fromObject(structuredClone(error.toObject()))).toMatchObject({ code: 'archive-depth', message: 'too deep', data: { path: 'a/b' } })
  })

  test.each([
    ['QuotaExceededError', 'storage-full'], ['AbortError', 'aborted'], ['TimeoutError', 'timeout'], ['NotFoundError', 'not-found'],
    ['NoModificationAllowedError', 'storage-busy'], ['SyntaxError', 'internal'],
  ])('%s is %s', (name, code) => {
    expect(HoldfastError.from(new DOMException('x', name)).code).toBe(code)
  })

  test('anything thrown becomes one of ours', () => {
    for (const thrown of [undefined, null, 'text', 7, {}]) expect(HoldfastError.from(thrown).code).toBe('internal')
    expect(new Set(errorCodes).size).toBe(errorCodes.length)
  })
})

describe('rates', () => {
  const at = (clock: { time: number }) => ({ now: () => clock.time })

  test('a burst goes through, then as much as refills', () => {
    const clock = { time: 0 }
    const limiter = new RateLimiter({ burst: 3, perSecond: 1 }, at(clock))
    expect([1, 2, 3, 4].map(() => limiter.take('a'))).toEqual([true, true, true, false])
    expect(limiter.take('b')).toBe(true)
    clock.time = 999
    expect(limiter.take('a')).toBe(false)
    clock.time = 1000
    expect([limiter.take('a'), limiter.take('a')]).toEqual([true, false])
    clock.time = 100_000
    expect([limiter.take('a', 3), limiter.take('a')]).toEqual([true, false])
    expect(limiter.take('c', 4)).toBe(false)
  })

  test('never more than the burst and the refill, whatever the times', () => {
    fc.assert(fc.property(fc.array(fc.nat(500), { maxLength: 200 }), steps => {
      const clock = { time: 0 }
      const limiter = new RateLimiter({ burst: 5, perSecond: 10 }, at(clock))
      let taken = 0
      for (const step of steps) {
        clock.time += step
        if (limiter.take('a')) taken++
      }
      expect(taken).toBeLessThanOrEqual(5 + clock.time / 100)
    }))
  })

  test('remembers a bounded number of keys', () => {
    const limiter = new RateLimiter({ burst: 1, perSecond: 1 }, { now: () => 0 }, 2)
    expect(['a', 'b', 'c'].map(key => limiter.take(key))).toEqual([true, true, true])
    expect(limiter.take('c')).toBe(false)
    expect(limiter.take('a')).toBe(true)
  })
})

test('identifiers', () => {
  expect(isCid('a'.repeat(64))).toBe(true)
  for (const wrong of ['A'.repeat(64), 'a'.repeat(63), 7, null, `${'a'.repeat(64)}\n`]) expect(isCid(wrong)).toBe(false)
  expect(isInfohash('0'.repeat(40))).toBe(true)
  expect(isInfohash('0'.repeat(64))).toBe(false)
})

test('every limit is a positive number with a unit and a reason', () => {
  for (const { value, unit, reason } of Object.values(limitTable)) {
    expect(value).toBeGreaterThan(0)
    expect(unit).not.toBe('')
    expect(reason.length).toBeGreaterThan(10)
  }
})

test('no limit is in two parts of the table, where one would hide the other', () => {
  const names = [fileLimits, ledgerLimits, peerLimits, deviceLimits, relayLimits].flatMap(part => Object.keys(part))
  expect(Object.keys(limitTable)).toEqual(names)
})
