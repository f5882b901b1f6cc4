import type { UploadRow } from '../state/index.ts'
import type { UploadName } from './upload-api.ts'
import type { IndexedUpload } from './upload-index.ts'

export { nameOfKey, namesAt, readRow, readRows, uploadsIn, type ReadValues } from '../ledger/index.ts'

/** What is remembered of a record without reading it again. */
export function indexedOf({ cid, owner }: UploadName, row: UploadRow): IndexedUpload {
  const { publication: { kind, title, about, tags }, block, withdrawn, until } = row
  return { cid, owner, kind, title, about, tags, block, withdrawn, until, asks: asksOf(row) }
}

/** Who may still accept an upload: these, anybody, or nobody (null). */
export function asksOf({ publication: { rent, keepers }, kept, withdrawn }: UploadRow): IndexedUpload['asks'] {
  if (withdrawn || rent === null || kept.length >= rent.wanted) return null
  return keepers.length === 0 ? 'anybody' : keepers
}
