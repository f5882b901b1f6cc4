import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, encode } from '../../../src/base/index.ts'
import { canonicalString, canonicalText, isCanonicalText } from '../../../src/content/index.ts'

describe('text of a record', () => {
  test.each(['', 'Grüße', '海の歌', '각', 'ﷺ', '😀👩‍🚀', '\u1100\u0301', 'a\u00a0b', '\u{1d15e}'.normalize('NFC'), '\ufffe', '\u2065'])('may be %j', text => { expect(isCanonicalText(text)).toBe(true) })

  test.each([
    'u\u0308', 'e\u0323\u0302x', '\u212b', 'e\u0302\u0323', '\u1100\u1161\u11a8', '\uf900', '\u{2f800}', '\u{1d15e}', '\u0344', '\u0958', 'x\u0340', 'a\u{1133e}\u{11347}'.normalize('NFD') + '\u{1109b}\u{110ba}',
  ])('may not be %j, which is not in normalization form C', text => {
    expect(isCanonicalText(text)).toBe(false)
    expect(isCanonicalText(canonicalText(text))).toBe(true)
  })

  test.each(['a\nb', '\t', '\0', '\u007f', '\u0085', '\u009f', '\u061c', '\u200e', '\u200f', '\u202a', '\u202e', '\u2066', '\u2069'])('may not hold %j', text => {
    expect(isCanonicalText(text)).toBe(false)
    expect(canonicalText(`x${text}y`)).toMatch(/^xa?b?y$/)
  })

  /** Assigned since Unicode 14: none of them is normalized by some browsers and not by others. */
  test.each(['\u{1e4ec}\u{1e4ef}', 'a\u{10efd}\u0301', '\u{11383}\u{113b8}', '\u{16121}\u{1611e}', '\u0897'])('may hold %j, whatever a browser knows of it', text => { expect(isCanonicalText(text)).toBe(true) })

  test('is judged as the host normalizes it, as long as it knows no more than Unicode 14', () => {
    // Of the blocks where all is assigned since then or before: what is not is told by no host alike.
    const unit = fc.oneof(fc.integer({ min: 0x20, max: 0x36f }), fc.integer({ min: 0x400, max: 0x52f }), fc.integer({ min: 0x1100, max: 0x11ff }), fc.integer({ min: 0x1e00, max: 0x1eff }), fc.integer({ min: 0xac00, max: 0xd7a3 }), fc.integer({ min: 0xf900, max: 0xfa6d }))
    fc.assert(fc.property(fc.array(unit, { maxLength: 12 }), points => {
      const text = String.fromCodePoint(...points)
      expect(isCanonicalText(text)).toBe(text === text.normalize('NFC') && !/[\u007f-\u009f]/.test(text))
      expect(isCanonicalText(canonicalText(text))).toBe(true)
    }), { numRuns: 300 })
  })

  test('is judged whatever it is, and what is made canonical stays so', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 20 }), text => {
      const clean = canonicalText(text)
      expect([isCanonicalText(clean), canonicalText(clean)]).toEqual([true, clean])
      if (isCanonicalText(text) && text.isWellFormed()) expect(clean).toBe(text)
    }), { numRuns: 300 })
  })

  test('has bounds in bytes', () => {
    const codec = canonicalString(1, 4)
    for (const text of ['a', 'ab', 'üü', '😀']) expect(decode(codec, encode(codec, text))).toEqual({ ok: true, value: text })
    for (const text of ['', 'abcde', 'üüa', 'u\u0308', '\n', '\ud800', '\ufeffa']) expect(() => encode(codec, text), text).toThrow(expect.objectContaining({ code: 'bad-input' }))
    for (const bytes of [[0x60], [0x65, 0x61, 0x61, 0x61, 0x61, 0x61], [0x63, 0x75, 0xcc, 0x88], [0x61, 0x0a], [0x61, 0x80], [0x41, 0x61]]) expect(decode(codec, Uint8Array.from(bytes)).ok).toBe(false)
  })
})
