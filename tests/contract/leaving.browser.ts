import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { HoldfastError, type Cid } from '../../src/base/index.ts'
import { planArchive, contentKey } from '../../src/content/index.ts'
import { unpackFolder } from '../../src/media/index.ts'
import { unpackInto } from '../../src/peer/saving.ts'
import { keysChannel, networkChannel, type StoredItem } from '../../src/peer/stored-item.ts'
import { serveTabs } from '../../src/peer/tab-rpc.ts'
import { openDatabase } from '../../src/store/index.ts'
import { bytesOf, sameBytes, text } from './support/archives.ts'
import { freshBytes } from './support/canonical.ts'
import { archiveOf, keyService, protect } from './support/leaving.ts'

/* Unpacking into real folders (OPFS in place of one that a person picks) by the real worker. */

const inputs = [
  { path: 'trip/notes.txt', bytes: text('notes '.repeat(1000)) }, { path: 'trip/empty', bytes: text('') }, { path: 'trip/more/photo: one', bytes: freshBytes(1_500_000) },
  { path: 'trip/more/Photo? one', bytes: text('other') }, { path: 'trip/CON', bytes: text('device') }, { path: 'trip/site.url', bytes: text('short cut') },
]
const archive = archiveOf(inputs)
const { members } = planArchive(inputs.map(({ path, bytes }) => ({ path, size: bytes.length })))
let parent: FileSystemDirectoryHandle
let cid: Cid = ''
const stops: (() => void)[] = []

beforeAll(async () => {
  const root = await navigator.storage.getDirectory()
  parent = await root.getDirectoryHandle(`picked-${crypto.randomUUID()}`, { create: true })
  cid = [...new Uint8Array(await crypto.subtle.digest('SHA-256', archive))].map(byte => byte.toString(16).padStart(2, '0')).join('')
  let folder = root
  for (const name of ['holdfast', 'content', ...contentKey('z', cid).split('/').slice(0, -1)]) folder = await folder.getDirectoryHandle(name, { create: true })
  await write(folder, `${cid}.tgz`, archive)
  const database = await openDatabase()
  await database.put('content', {
    cid, kind: 'z', infohash: '0'.repeat(40), size: archive.length, title: 'trip', origin: 'got', status: 'SEEDING', path: contentKey('z', cid), staging: null, info: null,
    members, paused: false, giving: false, given: 0, addedAt: 0, problem: null, reasons: [],
    sealed: null, findable: false, trashedAt: null, relays: [],
  })
  await database.close()
  return async () => { await root.removeEntry(parent.name, { recursive: true }) }
})

afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  for await (const name of parent.keys()) await parent.removeEntry(name, { recursive: true })
})

async function write(folder: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const out = await (await folder.getFileHandle(name, { create: true })).createWritable()
  await out.write(bytes)
  await out.close()
}

/** Every file below, by its path. */
async function treeOf(folder: FileSystemDirectoryHandle, above = ''): Promise<Map<string, File>> {
  const found = new Map<string, File>()
  for await (const entry of folder.values()) {
    if (entry.kind === 'file') found.set(above + entry.name, await entry.getFile())
    else for (const [path, file] of await treeOf(entry, `${above}${entry.name}/`)) found.set(path, file)
  }
  return found
}

const blob = new Blob([archive])

test('all files of an archive, by the worker, in one pass, with names fit for every system', async () => {
  const progress: number[] = []
  const done = await unpackInto(parent, cid, { onProgress: bytes => { progress.push(bytes) } })
  const total = inputs.reduce((sum, { bytes }) => sum + bytes.length, 0)
  expect(done).toEqual({ folder: 'trip', files: 6, bytes: total })
  expect(progress.at(-1)).toBe(total)
  const tree = await treeOf(parent)
  expect([...tree.keys()].sort()).toEqual(['trip/_CON', 'trip/empty', 'trip/more/Photo_ one', 'trip/more/photo_ one (2)', 'trip/notes.txt', 'trip/site.url'].sort())
  expect(await sameBytes(await bytesOf(tree.get('trip/more/photo_ one (2)')!), inputs[2]!.bytes)).toBe(true)
  expect(await tree.get('trip/notes.txt')!.text()).toBe('notes '.repeat(1000))
  expect(tree.get('trip/empty')!.size).toBe(0)
})

test('nothing that is there is touched', async () => {
  const there = await parent.getDirectoryHandle('Trip', { create: true })
  await write(there, 'notes.txt', text('mine'))
  await write(parent, 'trip (2)', text('a file'))
  expect(await unpackFolder(blob, members, parent, 'trip')).toMatchObject({ folder: 'trip (3)' })
  expect(await (await treeOf(parent)).get('Trip/notes.txt')?.text()).toBe('mine')
})

test('a title other than the folder that was shared keeps that folder inside', async () => {
  await unpackFolder(blob, members, parent, 'Our *trip*')
  expect([...(await treeOf(parent)).keys()]).toContain('Our _trip_/trip/notes.txt')
})

test('cancelled in a file: that one is removed, whole ones stay', async () => {
  const stop = new AbortController()
  const big = [{ path: 'a', bytes: text('whole') }, { path: 'b', bytes: freshBytes(6_000_000) }]
  const plan = planArchive(big.map(({ path, bytes }) => ({ path, size: bytes.length })))
  const unpacking = unpackFolder(new Blob([archiveOf(big)]), plan.members, parent, 'both', { signal: stop.signal, onProgress: () => { stop.abort(new HoldfastError('aborted')) } })
  await expect(unpacking).rejects.toMatchObject({ code: 'aborted', data: { folder: 'both', files: 1 } })
  expect([...(await treeOf(parent)).keys()]).toEqual(['both/a'])
})

test('a damaged archive: nothing half-made is left', async () => {
  await expect(unpackFolder(new Blob([archive.slice(0, 700_000)]), members.filter(({ size }) => size > 1e6), parent, 'cut')).rejects.toMatchObject({ code: 'archive-damaged' })
  expect((await parent.keys().next()).done).toBe(true)
})

test('no room left: told with what was written, and the file it failed at is removed', async () => {
  const { write: plain } = FileSystemWritableFileStream.prototype
  const writes = vi.spyOn(FileSystemWritableFileStream.prototype, 'write').mockImplementation(async function (this: FileSystemWritableFileStream, data) {
    if ((data as Uint8Array).length > 10_000) throw new DOMException('full', 'QuotaExceededError')
    await plain.call(this, data)
  })
  stops.push(() => { writes.mockRestore() })
  await expect(unpackFolder(blob, members, parent, 'full')).rejects.toMatchObject({ code: 'storage-full', data: { folder: 'full', files: 3 } })
  expect([...(await treeOf(parent)).keys()].sort()).toEqual(['full/trip/CON', 'full/trip/empty', 'full/trip/more/Photo_ one'].map(name => name.replace('CON', '_CON')).sort())
})

test('a browser that holds a cut file for a moment changes nothing of what is told and left', async () => {
  const { write: plain } = FileSystemWritableFileStream.prototype
  const writes = vi.spyOn(FileSystemWritableFileStream.prototype, 'write').mockImplementation(async function (this: FileSystemWritableFileStream, data) {
    if ((data as Uint8Array).length > 10_000) throw new DOMException('full', 'QuotaExceededError')
    await plain.call(this, data)
  })
  const { removeEntry } = FileSystemDirectoryHandle.prototype
  let held = 3
  const removals = vi.spyOn(FileSystemDirectoryHandle.prototype, 'removeEntry').mockImplementation(async function (this: FileSystemDirectoryHandle, ...given) {
    if (held-- > 0) throw new DOMException('held', 'NoModificationAllowedError')
    await removeEntry.apply(this, given)
  })
  stops.push(() => { writes.mockRestore() }, () => { removals.mockRestore() })
  await expect(unpackFolder(blob, members, parent, 'held')).rejects.toMatchObject({ code: 'storage-full', data: { folder: 'held', files: 3 } })
  expect([...(await treeOf(parent)).keys()]).not.toContain('held/trip/more/photo_ one (2)')
})

test('the worker can be stopped from the page, whatever it waits for', async () => {
  const id = 'e'.repeat(64)
  await hold(id, 'z')
  const waits = new Promise<never>(() => {})
  stops.push(serve({ cid: id, kind: 'z', size: archive.length, title: 'slow', path: elsewhere, sealed: null, members, readable: Infinity }, async (at, length) => at < 1_200_000 ? archive.slice(at, at + length) : await waits))
  const stop = new AbortController()
  await expect(unpackInto(parent, id, { signal: stop.signal, onProgress: () => { stop.abort() } })).rejects.toMatchObject({ code: 'aborted', data: { folder: 'slow' } })
  expect([...(await treeOf(parent)).keys()]).not.toContain('slow/trip/more/photo_ one (2)')
})

const elsewhere = 'archives/00/00/elsewhere'

/** A row for a finished file whose bytes only the worker of a tab has. */
async function hold(id: Cid, kind: 'z' | 'p'): Promise<void> {
  const database = await openDatabase()
  const row = await database.get('content', cid)
  await database.put('content', { ...row!, cid: id, kind, path: elsewhere })
  await database.close()
}

/** A tab that leads, with one file that is not in our own file system. */
function serve(item: StoredItem, read: (at: number, length: number) => Promise<Uint8Array<ArrayBuffer>>): () => void {
  const network = serveTabs(networkChannel, { describe: async () => item, read: async (_cid: Cid, at: number, length: number) => await read(at, length) })
  const keys = serveTabs(keysChannel, keyService)
  return () => { network.stop(); keys.stop() }
}

test('a protected archive, its key opened by the worker of another tab', async () => {
  const { bytes, sealed } = await protect(archive)
  const id = 'f'.repeat(64)
  await hold(id, 'p')
  stops.push(serve({ cid: id, kind: 'p', size: bytes.length, title: 'kept close', path: elsewhere, sealed, members, readable: Infinity }, async (at, length) => bytes.slice(at, at + length)))
  expect(await unpackInto(parent, id)).toMatchObject({ folder: 'kept close', files: 6 })
  const tree = await treeOf(parent)
  expect(await sameBytes(await bytesOf(tree.get('kept close/trip/more/photo_ one (2)')!), inputs[2]!.bytes)).toBe(true)
})

test('a thousand small files', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => ({ path: `d${i % 10}/${i}`, bytes: text(`file ${i}`) }))
  const plan = planArchive(many.map(({ path, bytes }) => ({ path, size: bytes.length })))
  expect(await unpackFolder(new Blob([archiveOf(many)]), plan.members, parent, 'many')).toMatchObject({ files: 1000 })
  expect((await treeOf(parent)).size).toBe(1000)
})
