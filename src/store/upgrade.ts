import type { ContentRow, JobRow } from './rows.ts'

/*
 * Rows of schema 1 as schema 2 has them. All of them were public, found by whoever has the link, and on no relay but the network's.
 */

type Content1 = Omit<ContentRow, 'sealed' | 'findable' | 'trashedAt' | 'relays'>
type Job1 = Omit<JobRow, 'options'>

export function contentFrom1(row: Content1): ContentRow {
  return { ...row, sealed: null, findable: false, trashedAt: null, relays: [] }
}

export function jobFrom1(row: Job1): JobRow {
  return { ...row, options: { protect: false, findable: false } }
}
