import { fromHex } from './record-bytes.ts'
import type { RecordDraft } from './types.ts'

/** Bytes of marks and content that an entry has room for: 10 KiB beside its head, as in Factom. Each mark takes two bytes more than it has. */
export const entryRoom = 10 * 1024
const bytesBesideMark = 2

/** A mark as it was typed: text, or hexadecimal digits. */
export interface MarkDraft { readonly text: string, readonly hex: boolean }

/** An entry as somebody has written it so far. With `file` the content is that, and `text` waits. */
export interface EntryDraft { readonly marks: readonly MarkDraft[], readonly text: string, readonly file: { readonly name: string, readonly hex: string } | null }

export const emptyEntry: EntryDraft = { marks: [], text: '', file: null }
/** A chain is named by the marks of its first entry, so that has one. */
export const emptyChain: EntryDraft = { marks: [{ text: '', hex: false }], text: '', file: null }

/** The bytes of a draft, to be quoted and recorded; null where a mark is no hexadecimal number. Marks nothing was typed into are none. */
export function draftOf(chain: string | null, { marks, text, file }: EntryDraft): RecordDraft | null {
  const encoder = new TextEncoder()
  const extIds = marks.filter(mark => mark.text !== '').map(mark => mark.hex ? fromHex(mark.text) : encoder.encode(mark.text))
  const content = file === null ? encoder.encode(text) : fromHex(file.hex)
  return content === null || !extIds.every(each => each !== null) ? null : { chain, extIds, content }
}

export function payloadOf({ extIds, content }: RecordDraft): number {
  return extIds.reduce((sum, each) => sum + bytesBesideMark + each.length, content.length)
}

export function isEmpty({ marks, text, file }: EntryDraft): boolean {
  return text === '' && file === null && marks.every(mark => mark.text === '')
}

/** Where drafts lie by their names: the tab's own storage, which a reload leaves alone. */
const prefix = 'holdfast-entry:'
/** The same in memory, for browsers that give no room. */
const shelf = new Map<string, EntryDraft>()

/** Written so far for this chain, or with null for a new one. */
export function keptDraft(chain: string | null): EntryDraft {
  const name = chain ?? 'new'
  return read(name) ?? shelf.get(name) ?? (chain === null ? emptyChain : emptyEntry)
}

export function keepDraft(chain: string | null, draft: EntryDraft): void {
  keep(chain ?? 'new', draft)
}

/** What was recorded stays at hand under its entry's hash while it is on its way: should it fail, it is written again from there. */
export function keepSent(entryHash: string, draft: EntryDraft): void {
  keep(`sent:${entryHash}`, draft)
}

export function sentDraft(entryHash: string): EntryDraft | null {
  return read(`sent:${entryHash}`) ?? shelf.get(`sent:${entryHash}`) ?? null
}

export function forgetSent(entryHash: string): void {
  drop(`sent:${entryHash}`)
}

export function dropDraft(chain: string | null): void {
  drop(chain ?? 'new')
}

function keep(name: string, draft: EntryDraft): void {
  shelf.set(name, draft)
  try { sessionStorage.setItem(prefix + name, JSON.stringify(draft)) } catch { /* no room, or storage forbidden: it holds for this visit */ }
}

function drop(name: string): void {
  shelf.delete(name)
  try { sessionStorage.removeItem(prefix + name) } catch { /* storage forbidden: nothing is there */ }
}

function read(name: string): EntryDraft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(prefix + name) ?? 'null')
    return isDraft(kept) ? kept : null
  } catch { return null }
}

function isDraft(value: unknown): value is EntryDraft {
  const { marks, text, file } = (value ?? {}) as Partial<EntryDraft>
  return Array.isArray(marks) && marks.every(mark => typeof (mark as MarkDraft).text === 'string' && typeof (mark as MarkDraft).hex === 'boolean') && typeof text === 'string'
    && (file === null || (typeof file?.name === 'string' && typeof file.hex === 'string'))
}
