import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedWebcrypto } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'

/** Bytes behind the twelve words that are made here; longer phrases of other making are read, too. */
export const entropyBytes = 16
const lengths = [12, 15, 18, 21, 24]

/**
 * What typed words are: the entropy of a phrase, or why they are none. `count`: how many there are instead; `unknown`: those that are not in the list, with
 * their places from 1; `checksum`: all are words, but not these together.
 */
export type JudgedPhrase =
  | { readonly ok: true, readonly entropy: Uint8Array<ArrayBuffer> }
  | { readonly ok: false, readonly problem: 'count', readonly count: number }
  | { readonly ok: false, readonly problem: 'unknown', readonly words: readonly { readonly place: number, readonly word: string }[] }
  | { readonly ok: false, readonly problem: 'checksum' }

/** The words of a phrase; `entropy` of 16 to 32 bytes. */
export function phraseWords(entropy: Uint8Array): readonly string[] {
  return entropyToMnemonic(entropy, wordlist).split(' ')
}

/** Reads words as people type and paste them: any case and white space, numbers before them (`3. word`), any Unicode form. */
export function judgePhrase(text: string): JudgedPhrase {
  const words = text.normalize('NFKD').toLowerCase().split(/[\s,;]+/).map(word => word.replace(/^\d+[.):]?/, '')).filter(word => word !== '')
  const unknown = words.flatMap((word, i) => known.has(word) ? [] : [{ place: i + 1, word }])
  if (unknown.length > 0 && words.length <= longest) return { ok: false, problem: 'unknown', words: unknown }
  if (!lengths.includes(words.length)) return { ok: false, problem: 'count', count: words.length }
  try { return { ok: true, entropy: new Uint8Array(mnemonicToEntropy(words.join(' '), wordlist)) } } catch { return { ok: false, problem: 'checksum' } }
}

/** The 64-byte seed of a phrase (PBKDF2, as BIP-39 has it, without a passphrase). */
export async function seedOf(entropy: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await mnemonicToSeedWebcrypto(entropyToMnemonic(entropy, wordlist)))
}

const known = new Set(wordlist)
const longest = Math.max(...lengths)
