import { CborFault, HoldfastError, textString, utf8, type Codec } from '../base/index.ts'

/*
 * Text of the ledger that is shown to others: in Normalization Form C, so that two titles that look the same are the same, and without controls or bidirectional marks.
 *
 * Each browser knows the Unicode of its own year, and peers must agree. What a normalized text of assigned characters is never changes (UAX #15, stability), so what is compared
 * are the longest runs of characters that Unicode 14 says something about; what it does not know, and what no normalization touches, parts them and is taken as it is.
 */

/** Ranges that hold each character of Unicode 14 that normalization touches and none it had not assigned: base 36, how far each begins after the last ended, and how long it is less one. */
const touched =
  '1n mx a 0 7 5 2 0 2 j 4 9g 48 1i 9 q 8 0 u 65 10 1l 4h 8 a 1c 18 2 1p 5j 1u 1 d 0 d 2 9 0 4 2 a 0 5 1 2 0 v 0 o 6 f 0 7 1 3 0 2 0 4 0 h 0 c 2 3 0 2m 0 h 0 2c 1 q 2 9 ' +
  '1 3 2 9 1 5 1 1h 2 16 0 8 1 3 3 a 0 2t 0 a 2 5 0 8 1 2u 6 4 2 2 3 8 1 2t 3 8 1 3 3 a 0 37 0 5 0 a 6 2h 2 e 3 31 2 e 3 25 17 9 t 8 y 9 t d 0 2n 2w 37 73 9q 2 qd 1 v 0 ' +
  '4e b 5o 0 40 2 64 1 20 s 3 0 1d u 1j 1r 13 8 1j 21 1w 0 49 15 5j 9h 3 5 3 11 3 5 3 7 2 0 2 0 2 0 2 u 3 1g 2 e 2 d 3 5 2 i 3 2 2 8 2 3 5p w 1i 5 2t be 1iq 1 eq 2 3y 0 ' +
  '2p v eh 13 n 26 5 2t ps l4u 1cj 3m 7p 12 48 0 s 37 2o d 6o h 1h 0 6v 0 j 8mb 6l9 a5 3 2x 1w p 2 4 2 0 2 1 2 1 2 8 k2 f r2 0 6b 0 46 4 1ar 2 15 2 5 0 4m 1 fy 3 as 1 ' +
  '4a a 1e 3 5d 0 16 0 f 1n 1y 1g 1r 0 25 a 2z 1 4z 1 29 3 9 0 4 2 a 0 f 6 4 4 5q 4 o 0 2a j 6k 0 9 8 3j 0 3b 1 38 0 7i 1 6u 5 3 0 5 6 4d 0 2c j 2a 0 bq 0 77 3 2a 0 fa1 ' +
  '4 1o 6 xm 1 f59 0 43d 2x 3m 2 2po 6 2 g 3 6 2 1 2 4 7a 6 ag 0 1q 3 15t 6 32 6 4pk wke g74 f1'

const runs = new RegExp(`[${rangesOf(touched)}]+`, 'gu')
// oxlint-disable-next-line no-control-regex -- they are what is refused
const refused = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

function rangesOf(deltas: string): string {
  const numbers = deltas.split(' ').map(text => parseInt(text, 36))
  let [at, ranges] = [0, '']
  for (let i = 0; i < numbers.length; i += 2) {
    const first = at + numbers[i]!
    at = first + numbers[i + 1]!
    ranges += `\\u{${first.toString(16)}}-\\u{${at.toString(16)}}`
  }
  return ranges
}

/** Whether a record of the ledger may hold this text, whatever its length. */
export function isCanonicalText(text: string): boolean {
  return !refused.test(text) && (text.match(runs) ?? []).every(run => run.normalize('NFC') === run)
}

/** `text` as a record may hold it: normalized, controls and bidirectional marks left out. */
export function canonicalText(text: string): string {
  return text.toWellFormed().replace(new RegExp(refused, 'g'), '').replace(runs, run => run.normalize('NFC'))
}

/** Canonical text of `least` to `most` bytes of UTF-8. */
export function canonicalString(least: number, most: number): Codec<string> {
  const text = textString(most)
  const fault = (value: string): string | null => utf8(value).length < least ? 'too short' : isCanonicalText(value) ? null : 'not canonical text'
  return {
    write(out, value) {
      const reason = fault(value)
      if (reason !== null) throw new HoldfastError('bad-input', reason)
      text.write(out, value)
    },
    read(input) {
      const value = text.read(input)
      const reason = fault(value)
      if (reason !== null) throw new CborFault(reason)
      return value
    },
  }
}
