import { readSearched } from './record-bytes.ts'
import type { RecordQuery } from './types.ts'

/** What somebody looks for, as it was typed; `from` and `to` are days (`2026-06-20`), both inclusive. */
export interface RecordSearch {
  readonly text: string
  readonly how: 'exact' | 'prefix'
  /** Place of the mark, from 0; null for any. */
  readonly position: number | null
  readonly payer: string
  readonly from: string
  readonly to: string
}

export const everyRecord: RecordSearch = { text: '', how: 'prefix', position: null, payer: '', from: '', to: '' }

const daySeconds = 24 * 60 * 60

export function isLooking({ text, payer, from, to }: RecordSearch): boolean {
  return text !== '' || payer.trim() !== '' || from !== '' || to !== ''
}

/** The question to the index; null where the text is no bytes. Days are those of this device's clock. */
export function queryOf({ text, how, position, payer, from, to }: RecordSearch, chain: string | null, offset: number, limit: number): RecordQuery | null {
  const value = readSearched(text)
  if (value === null) return null
  const start = from === '' ? null : Date.parse(`${from}T00:00`) / 1000
  const end = to === '' ? null : Date.parse(`${to}T00:00`) / 1000 + daySeconds - 1
  return {
    ...chain === null ? {} : { chain },
    ...text === '' ? {} : { extId: { value, how, position } },
    ...payer.trim() === '' ? {} : { payer: payer.trim() },
    ...start === null || Number.isNaN(start) ? {} : { from: start },
    ...end === null || Number.isNaN(end) ? {} : { to: end },
    offset, limit,
  }
}
