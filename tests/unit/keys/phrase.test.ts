import { expect, test } from 'vitest'
import { judgePhrase, phraseWords } from '../../../src/keys/phrase.ts'

const abandon = `${'abandon '.repeat(11)}about`
const zeros = { ok: true, entropy: new Uint8Array(16) }

test('a phrase is the words of its entropy and back', () => {
  for (const length of [16, 20, 24, 28, 32]) {
    const entropy = crypto.getRandomValues(new Uint8Array(length))
    const words = phraseWords(entropy)
    expect(words).toHaveLength(length / 4 * 3)
    expect(judgePhrase(words.join(' '))).toEqual({ ok: true, entropy })
  }
})

test('it is read as people write it', () => {
  expect(judgePhrase(`\n  ${abandon.toUpperCase().replaceAll(' ', '\t\u00a0\u3000 ')}\r\n`)).toEqual(zeros)
  expect(judgePhrase(abandon.split(' ').map((word, i) => `${String(i + 1)}. ${word}`).join('\n'))).toEqual(zeros)
  expect(judgePhrase(abandon.replaceAll(' ', ', '))).toEqual(zeros)
  expect(judgePhrase(abandon.replaceAll('a', 'ａ'))).toEqual(zeros) // full width; NFKD makes it the letter
})

test('what is wrong with it is named', () => {
  expect(judgePhrase('')).toEqual({ ok: false, problem: 'count', count: 0 })
  expect(judgePhrase('abandon '.repeat(11))).toEqual({ ok: false, problem: 'count', count: 11 })
  expect(judgePhrase('abandon '.repeat(500))).toEqual({ ok: false, problem: 'count', count: 500 })
  expect(judgePhrase('x '.repeat(500))).toEqual({ ok: false, problem: 'count', count: 500 })
  expect(judgePhrase(abandon.replace('about', 'aboot').replace('abandon', 'abandom'))).toEqual({ ok: false, problem: 'unknown', words: [{ place: 1, word: 'abandom' }, { place: 12, word: 'aboot' }] })
  expect(judgePhrase('abandon '.repeat(12))).toEqual({ ok: false, problem: 'checksum' })
})
