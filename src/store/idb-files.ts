import type { DBSchema, IDBPTransaction } from 'idb'
import { HoldfastError, limits, toHex } from '../base/index.ts'
import { IdbConnection } from './idb-connection.ts'
import { foldersOf } from './paths.ts'

/**
 * Files in IndexedDB, where there is no OPFS: a row for each path, and its bytes in records of `limits.storedRecordBytes` under an id of
 * their own. So a file is moved by writing one row, and a reader that holds an id never reads another file's bytes. Records are byte
 * arrays, not Blobs: Safari's private windows refuse Blobs in IndexedDB, and these windows are where OPFS is missing. A record may be missing
 * or short; what is not there is zeros.
 */
export interface FilesSchema extends DBSchema {
  files: { key: string, value: FileRow }
  parts: { key: [string, number], value: Uint8Array<ArrayBuffer> }
  /** Ids whose bytes belong to no file yet, each while its writer holds the Web Lock `writerLock(id)`. */
  writers: { key: string, value: { readonly id: string } }
}

export interface FileRow { readonly path: string, readonly id: string, readonly size: number, readonly modified: number }

export type Files = IdbConnection<FilesSchema>
type Change = IDBPTransaction<FilesSchema, ('files' | 'parts' | 'writers')[], 'readwrite'>

/** Name of the database with all files below the first folder of `root`; buckets and staging beside each other share one. */
export function filesDatabase(root: string): string {
  return `${root.split('/')[0] ?? ''}-files`
}

const open = new Map<string, Promise<Files>>()

/** The connection of this context to that database, opened where it is not. */
export async function openFiles(root: string): Promise<Files> {
  const name = filesDatabase(root)
  const forget = (): void => { open.delete(name) }
  const opening = open.get(name) ?? IdbConnection.open<FilesSchema>({
    name,
    version: 1,
    upgrade(database) {
      database.createObjectStore('files', { keyPath: 'path' })
      database.createObjectStore('parts')
      database.createObjectStore('writers', { keyPath: 'id' })
    },
    onClosed: forget,
  })
  open.set(name, opening)
  opening.catch(forget)
  return await opening
}

export function newId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(16)))
}

export async function fileAt(files: Files, path: string): Promise<FileRow | null> {
  return await files.use(async database => await database.get('files', path) ?? null)
}

/** All files below `folder` whose path is not before `from`, by UTF-16 order of their paths. */
export async function filesBelow(files: Files, folder: string, from = `${folder}/`): Promise<readonly FileRow[]> {
  return await files.use(async database => await database.getAll('files', below(folder, from)))
}

function below(folder: string, from = `${folder}/`): IDBKeyRange {
  return IDBKeyRange.bound(from, `${folder}0`, false, true) // '0' comes after '/'
}

/** `bad-input` where the path cannot be a file's because of what else is there. */
export async function mustBeFree(change: Change, path: string): Promise<void> {
  const store = change.objectStore('files')
  const found = await Promise.all([...foldersOf(path).map(async folder => await store.getKey(folder)), store.getKey(below(path))])
  if (found.some(key => key !== undefined)) throw new HoldfastError('bad-input', 'a file is where a folder should be, or a folder where a file', { path })
}

/** Makes `id`'s bytes the file at `path` in place of what is there. */
export async function putFile(change: Change, row: FileRow): Promise<void> {
  await mustBeFree(change, row.path)
  const before = await change.objectStore('files').get(row.path)
  if (before !== undefined && before.id !== row.id) await dropParts(change, before.id)
  await change.objectStore('files').put(row)
}

export async function dropFile(change: Change, { path, id }: FileRow): Promise<void> {
  await change.objectStore('files').delete(path)
  await dropParts(change, id)
}

/** Removes the records of `id` from number `first` on. */
export async function dropParts(change: Pick<Change, 'objectStore'>, id: string, first = 0): Promise<void> {
  await change.objectStore('parts').delete(recordsOf(id, first))
}

function recordsOf(id: string, first = 0, last = Infinity): IDBKeyRange {
  return IDBKeyRange.bound([id, first], [id, last])
}

/** `length` bytes from `at` of the records of `id`; with `whole`, a record that is missing means that the file is gone (`not-found`). */
export async function readParts(files: Files, id: string, at: number, length: number, whole: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const size = limits.storedRecordBytes
  const bytes = new Uint8Array(length)
  if (length === 0) return bytes
  const [first, last] = [Math.floor(at / size), Math.floor((at + length - 1) / size)]
  const range = recordsOf(id, first, last)
  const [keys, parts] = await files.use(async database => {
    const store = database.transaction('parts').objectStore('parts')
    return await Promise.all([store.getAllKeys(range), store.getAll(range)])
  })
  if (whole && keys.length !== last - first + 1) throw new HoldfastError('not-found', 'the file was replaced or removed while it was read')
  for (const [i, [, number]] of keys.entries()) {
    const from = number * size - at
    const part = parts[i]?.subarray(Math.max(0, -from), Math.max(0, length - from))
    if (part !== undefined) bytes.set(part, Math.max(0, from))
  }
  return bytes
}

/** Writes `bytes` at `at` over the records of `id`. */
export async function writeParts(change: Pick<Change, 'objectStore'>, id: string, at: number, bytes: Uint8Array): Promise<void> {
  const size = limits.storedRecordBytes
  const store = change.objectStore('parts')
  for (let done = 0; done < bytes.length;) {
    const number = Math.floor((at + done) / size)
    const from = at + done - number * size
    const part = bytes.slice(done, done + size - from) // of its own: a view would be stored with all of its buffer
    await store.put(from === 0 && part.length === size ? part : over(await store.get([id, number]), from, part), [id, number])
    done += part.length
  }
}

function over(before: Uint8Array | undefined, from: number, part: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(Math.max(before?.length ?? 0, from + part.length))
  if (before !== undefined) whole.set(before)
  whole.set(part, from)
  return whole
}

/** Cuts the bytes of `id` to `size`. */
export async function cutParts(change: Pick<Change, 'objectStore'>, id: string, size: number): Promise<void> {
  const number = Math.floor(size / limits.storedRecordBytes)
  const rest = size - number * limits.storedRecordBytes
  const store = change.objectStore('parts')
  const last = rest === 0 ? undefined : await store.get([id, number])
  await dropParts(change, id, last === undefined ? number : number + 1)
  if (last !== undefined) await store.put(last.slice(0, rest), [id, number])
}

/** Makes the zeros that were never written real records, which a finished file has all of. */
export async function fillParts(change: Pick<Change, 'objectStore'>, id: string, size: number): Promise<void> {
  const store = change.objectStore('parts')
  const count = Math.ceil(size / limits.storedRecordBytes)
  if (await store.count(recordsOf(id)) === count) return
  const there = new Set((await store.getAllKeys(recordsOf(id))).map(([, number]) => number))
  for (let number = 0; number < count; number++) if (!there.has(number)) await store.put(new Uint8Array(1), [id, number])
}
