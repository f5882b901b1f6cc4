import { afterEach, expect, onTestFinished, test } from 'vitest'
import type { KeyService } from '../../src/keys/index.ts'
import { blobSource, memberStream, openArchive, type MediaService, type Packed, type Source } from '../../src/media/index.ts'
import { keysChannel } from '../../src/peer/network-api.ts'
import { offer, wrapService, type Remote } from '../../src/peer/rpc.ts'
import { TabService } from '../../src/peer/tab-rpc.ts'
import { openStoredFile } from '../../src/store/index.ts'
import { golden } from '../fixtures/archive/golden.ts'
import { bytesOf, oracle, sameBytes, source, text } from './support/archives.ts'
import { freshBytes } from './support/canonical.ts'

/* The real worker, on real files and the real OPFS. */

const folder = `tmp/media-${crypto.randomUUID()}`
const workers: Worker[] = []

function start(): Remote<MediaService> {
  const worker = new Worker(new URL('../../workers/media.ts', import.meta.url), { type: 'module' })
  workers.push(worker)
  return wrapService<MediaService>(worker)
}

const path = (id: string) => `${folder}/${id}/archive.tgz`
const staged = async (id: string) => await openStoredFile(path(id), 'holdfast') as File // in OPFS it is one

async function pack(files: readonly Source[], onProgress?: (done: number) => void): Promise<{ readonly id: string, readonly packed: Packed }> {
  const id = crypto.randomUUID()
  const request = { id, files, path: path(id) }
  const packed = await (onProgress === undefined ? start().pack(request) : start().pack(request, offer(onProgress)))
  return { id, packed }
}

afterEach(async () => {
  for (const worker of workers.splice(0)) worker.terminate()
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast')
  const tmp = await root.getDirectoryHandle('tmp')
  // A worker that was just ended keeps its files for some ms.
  await expect.poll(async () => {
    try { await tmp.removeEntry(folder.slice(4), { recursive: true }) } catch (error) { return (error as Error).name }
    return 'NotFoundError'
  }).toBe('NotFoundError')
})

test('files become an archive with the right content id, torrent and members, and come back', async () => {
  const files = [
    source('trip/notes.txt', text('notes '.repeat(50_000))), source('trip/empty', text('')), source('trip/odd 😀 "name"', freshBytes(300_000)), source('trip/more/photo', freshBytes(1_500_000)),
  ]
  const progress: number[] = []
  const { id, packed } = await pack(files, done => { progress.push(done) })
  const archive = await staged(id)
  const { infohash, cid, size } = await oracle(archive)
  expect(packed).toMatchObject({ cid, size, title: 'trip', torrent: { infohash, length: size } })
  expect(progress.at(-1)).toBe(2_100_000)
  expect(await start().check({ path: path(id), cid, size, kind: 'z' })).toEqual({ members: packed.members })
  for (const { path: name, file } of files) {
    const member = packed.members.find(each => each.path === name)
    expect(await sameBytes(await bytesOf(memberStream(archive, member!)), await bytesOf(file))).toBe(true)
  }
})

test('an empty file', async () => {
  const { id, packed } = await pack([source('empty', text(''))])
  expect(packed).toMatchObject({ ...await oracle(await staged(id)).then(({ cid, size }) => ({ cid, size })), members: [{ path: 'empty', size: 0 }] })
  expect((await bytesOf(memberStream(await staged(id), packed.members[0]!))).length).toBe(0)
})

test('40 MB that do not compress', async () => {
  const file = source('random.bin', freshBytes(40_000_000))
  const { id, packed } = await pack([file])
  const archive = await staged(id)
  const { infohash, cid, size } = await oracle(archive)
  expect(packed).toMatchObject({ cid, size, torrent: { infohash } })
  expect(size - 40_000_000).toBeLessThan(6000)
  expect(await sameBytes(await bytesOf(memberStream(archive, packed.members[0]!)), await bytesOf(file.file))).toBe(true)
}, 60_000)

test.each(golden)('the recipe gives the same content id here: $about', async ({ files, cid }) => {
  const { packed } = await pack(files.map(({ path: name, bytes }) => source(name, new Uint8Array(bytes))))
  expect(packed.cid).toBe(cid)
})

test('other bytes than the content id says are told as that, by code', async () => {
  const { id, packed } = await pack([source('a', text('a'))])
  await expect(start().check({ path: path(id), cid: '0'.repeat(64), size: packed.size, kind: 'z' })).rejects.toMatchObject({ code: 'wrong-bytes' })
})

test('a protected archive: keys from one worker, bytes from another, and only those with the key see what is in it', async () => {
  const keysWorker = new Worker(new URL('../../workers/keys.ts', import.meta.url), { type: 'module' })
  workers.push(keysWorker)
  const keysTab = new TabService<KeyService>(keysChannel)
  onTestFinished(() => { keysTab.close() })
  const keys = keysTab.call
  const { sealed, ...protect } = await keys.newFileKey()
  const id = crypto.randomUUID()
  const media = start()
  const files = [source('trip/notes.txt', text('notes '.repeat(5000))), source('trip/photo', freshBytes(2_500_000))]
  const packed = await media.pack({ id, files, path: path(id), protect })
  const stored = await staged(id)
  const { infohash, cid, size } = await oracle(stored, '.tdf')
  expect(packed).toMatchObject({ kind: 'p', cid, size, torrent: { infohash, name: `${cid}.tgz.tdf` } })
  const key = await keys.open(sealed)
  const check = { path: path(id), cid, size, kind: 'p' } as const
  expect(await media.check({ ...check, key })).toEqual({ members: packed.members })
  expect(await media.check(check)).toEqual({ members: null })
  await expect(media.check({ ...check, key: await keys.open(await keys.seal(freshBytes(32))) })).rejects.toMatchObject({ code: 'wrong-key' })
  for (const { path: name, file } of files) {
    expect(await sameBytes(await bytesOf(memberStream(await openArchive(blobSource(stored), key), packed.members.find(each => each.path === name)!)), await bytesOf(file))).toBe(true)
  }
  const plain = await pack(files)
  expect(await sameBytes(await bytesOf((await openArchive(blobSource(stored), key)).stream()), await bytesOf(await staged(plain.id)))).toBe(true)
})

test('a refused name crosses with its code and path', async () => {
  await expect(pack([source('../a', text('a'))])).rejects.toMatchObject({ code: 'archive-name', data: { path: '../a' } })
})

test('a job holds its lock while it runs, and a worker that is ended lets go of it and of its file', async () => {
  const id = crypto.randomUUID()
  const begun = Promise.withResolvers<void>()
  void start().pack({ id, files: [source('large', freshBytes(30_000_000))], path: path(id) }, offer(() => { begun.resolve() }))
  await begun.promise
  const held = async () => (await navigator.locks.query()).held?.some(({ name }) => name === `job/${id}`)
  expect(await held()).toBe(true)
  for (const worker of workers.splice(0)) worker.terminate()
  await expect.poll(held).toBe(false)
  const again = await start().pack({ id, files: [source('small', text('small'))], path: path(id) })
  expect((await staged(id)).size).toBe(again.size)
})
