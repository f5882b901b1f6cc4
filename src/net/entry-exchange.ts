import { accept, fromHex, isMap, limits, reject, type Judged } from '../base/index.ts'
import { entryHash } from '../records/index.ts'
import { bitmap, chosen } from './bitmap.ts'
import { hexOf } from './section-exchange.ts'

/**
 * Entries of a ledger's records, by their hashes. `{ entries: { hashes } }` is answered with `{ entries }`, in the order of the question, bytes or null; `{ holds: { hashes } }` with `{ entries }`, a bitmap
 * of those that are there.
 */
export type EntryQuestion = { readonly entries: readonly string[] } | { readonly holds: readonly string[] }

/** Entries that lie here, in the order of their hashes; null for those that do not. */
export interface EntryShelf { read(hashes: readonly string[]): Promise<readonly (Uint8Array | null)[]> }

export function entriesQuestion(hashes: readonly string[]): unknown { return { entries: { hashes: hashes.map(fromHex) } } }
export function holdsQuestion(hashes: readonly string[]): unknown { return { holds: { hashes: hashes.map(fromHex) } } }

export function judgeEntryQuestion(kind: 'entries' | 'holds', value: unknown): Judged<EntryQuestion> {
  const bad = reject('bad-input', 'not a question for entries')
  if (!isMap(value) || Object.keys(value).length !== 1) return bad
  const { hashes } = value
  if (!Array.isArray(hashes) || hashes.length === 0 || hashes.length > limits.entriesAsked) return bad
  const all = hashes.map(hash => hexOf(hash, 32))
  if (!all.every(hash => hash !== null)) return bad
  return accept(kind === 'entries' ? { entries: all } : { holds: all })
}

/** What lies on the shelf of what was asked for. */
export async function answerEntries(question: EntryQuestion, shelf: EntryShelf): Promise<Judged<unknown>> {
  const hashes = 'entries' in question ? question.entries : question.holds
  const read = await shelf.read(hashes)
  const found = hashes.map((_, i) => isShort(read[i]) ? read[i] : null)
  return accept({ entries: 'entries' in question ? found : bitmap(found, each => each !== null) })
}

/** The entries a peer gives: exactly as many as were asked for, each what its hash says, or null. */
export function judgeEntries(reply: unknown, hashes: readonly string[]): Judged<readonly (Uint8Array | null)[]> {
  const said = replied(reply)
  const isGood = (each: unknown, i: number): each is Uint8Array | null => each === null || isShort(each) && entryHash(each) === hashes[i]
  return Array.isArray(said) && said.length === hashes.length && said.every(isGood) ? accept(said) : reject('bad-reply', 'not the entries that were asked for')
}

/** Those of them a peer says it has. */
export function judgeHolds(reply: unknown, hashes: readonly string[]): Judged<readonly string[]> {
  const held = chosen(replied(reply), hashes)
  return held === null ? reject('bad-reply', 'not which of the entries are there') : accept(held)
}

function replied(reply: unknown): unknown { return isMap(reply) && Object.keys(reply).length === 1 ? reply['entries'] : null }

function isShort(value: unknown): value is Uint8Array { return value instanceof Uint8Array && value.length > 0 && value.length <= limits.recordBytes }
