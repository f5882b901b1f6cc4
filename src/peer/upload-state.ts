import { HoldfastError, decode, isAddress, isCid, type Address } from '../base/index.ts'
import { uploadBytes } from '../content/index.ts'
import { keys, type StateKey, type UploadRow } from '../state/index.ts'
import type { UploadName } from './upload-api.ts'
import type { IndexedUpload } from './upload-index.ts'

/** Values of one state under these names of keys. */
export type ReadValues = (names: readonly string[]) => Promise<readonly (Uint8Array | null)[]>

/** What a state has under these keys, in their order. */
export async function readRows<T>(read: ReadValues, wanted: readonly StateKey<T>[]): Promise<readonly (T | null)[]> {
  if (wanted.length === 0) return []
  const values = await read(wanted.map(({ name }) => name))
  return wanted.map(({ name, codec }, i) => {
    const bytes = values[i] ?? null
    if (bytes === null) return null
    const judged = decode(codec, bytes)
    if (!judged.ok) throw new HoldfastError('storage-damaged', `${name}: ${judged.reason}`)
    return judged.value
  })
}

export async function readRow<T>(read: ReadValues, key: StateKey<T>): Promise<T | null> { return (await readRows(read, [key]))[0] ?? null }

/** Names in the list of all uploads, from one place to before another. */
export async function namesAt(read: ReadValues, from: number, end: number): Promise<readonly UploadName[]> {
  const found = await readRows(read, Array.from({ length: end - from }, (_, i) => keys.uploads.at(from + i)))
  return found.flatMap(name => name === null ? [] : [{ cid: name[0], owner: name[1] }])
}

export async function uploadsIn(read: ReadValues, names: readonly UploadName[]): Promise<readonly (UploadRow | null)[]> {
  return await readRows(read, names.map(({ cid, owner }) => keys.upload(cid, owner)))
}

/** The upload that a key of the state says something of: its record. */
export function nameOfKey(key: string): UploadName | null {
  const [room, cid = '', owner = '', more] = key.split('/')
  return room === 'upload' && more === undefined && isCid(cid) && isAddress(owner) ? { cid, owner } : null
}

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
