import type { Address } from '../base/index.ts'
import { uploadBytes } from '../content/index.ts'
import type { UploadRow } from '../state/index.ts'
import type { UploadName } from './upload-api.ts'
import type { IndexedUpload } from './upload-index.ts'

export { nameOfKey, namesAt, readRow, readRows, uploadsIn, type ReadValues } from '../ledger/index.ts'

/** What is remembered of a record without reading it again. */
export function indexedOf({ cid, owner }: UploadName, row: UploadRow): IndexedUpload {
  const { publication, publication: { kind, title, about, tags, protected: locked }, block, withdrawn, until, kept } = row
  return { cid, owner, kind, title, about, tags, block, bytes: uploadBytes(publication), protected: locked, copies: kept.length, withdrawn, until, asks: asksOf(row), taken: takenOf(row) }
}

/** Who may accept an upload while a place of it is free: these, anybody, or nobody (null). */
export function asksOf({ publication: { rent, keepers }, withdrawn }: UploadRow): IndexedUpload['asks'] {
  if (withdrawn || rent === null) return null
  return keepers.length === 0 ? 'anybody' : keepers
}

/** Who has all its places; nobody where one is free. */
export function takenOf({ publication: { rent }, kept }: UploadRow): readonly Address[] {
  return rent !== null && kept.length >= rent.wanted ? kept : []
}
