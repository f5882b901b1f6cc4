import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { allowFolder, openBucket, openDatabase, openFolder, rememberFolder } from '../../src/store/index.ts'
import { bucketSuite } from './bucket.ts'
import { collect } from './support/collect.ts'
import { RemoteStore, freshRoot, removeRoot } from './support/remote-store.ts'

/*
 * The bucket in a folder the person picked. A picker needs a person; the folders of OPFS are of the same kind, and files in them are written by
 * the same `createWritable`.
 */

async function picked(): Promise<{ readonly name: string, readonly folder: FileSystemDirectoryHandle, readonly end: () => Promise<void> }> {
  const name = freshRoot()
  const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name, { create: true })
  await rememberFolder(name, folder)
  return {
    name, folder,
    async end() {
      vi.restoreAllMocks()
      await removeRoot(name)
      const database = await openDatabase()
      await database.delete('folders', name)
      await database.close()
    },
  }
}

bucketSuite('file', async () => {
  const { name, end } = await picked()
  return { bucket: await openBucket(`file://${name}/content`), end }
})

bucketSuite('file, where a browser moves files in OPFS only', async () => {
  const { name, end } = await picked()
  vi.spyOn(FileSystemFileHandle.prototype as unknown as { move(): Promise<void> }, 'move').mockRejectedValue(new DOMException('not here', 'AbortError'))
  return { bucket: await openBucket(`file://${name}/content`), end }
})

describe('a folder the person picked', () => {
  let name: string
  let folder: FileSystemDirectoryHandle
  let end: () => Promise<void>
  beforeEach(async () => { ({ name, folder, end } = await picked()) })
  afterEach(async () => { await end() })

  test('is below its path, beside unfinished files, and read by workers too', async () => {
    const bucket = await openBucket(`file://${name}/a%20b/c`)
    await bucket.writeAll('key', Uint8Array.of(1, 2))
    const writer = await bucket.newWriter('other')
    await writer.write(Uint8Array.of(3))
    expect((await collect(folder.keys())).toSorted()).toEqual(['a b'])
    expect((await collect((await folder.getDirectoryHandle('a b')).keys())).toSorted()).toEqual(['c', 'c.parts'])
    await writer.abort()
    expect(await collect((await (await folder.getDirectoryHandle('a b')).getDirectoryHandle('c.parts')).keys())).toEqual([])
    const worker = new RemoteStore()
    expect(await (await worker.bucket(`file://${name}/a%20b/c`)).readAll('key')).toEqual(Uint8Array.of(1, 2))
    worker.terminate()
  })

  test.each(['prompt', 'denied'] as const)('needs a click where the browser says %s', async state => {
    const query = vi.spyOn(FileSystemDirectoryHandle.prototype as unknown as { queryPermission(): Promise<string> }, 'queryPermission').mockResolvedValue(state)
    await expect(openBucket(`file://${name}/content`)).rejects.toMatchObject({ code: 'storage-permission', data: { name, state } })
    const request = vi.spyOn(FileSystemDirectoryHandle.prototype as unknown as { requestPermission(): Promise<string> }, 'requestPermission').mockResolvedValue('denied')
    expect(await allowFolder(name)).toBe(false)
    request.mockImplementation(async () => {
      query.mockResolvedValue('granted')
      return 'granted'
    })
    expect(await allowFolder(name)).toBe(true)
    expect((await openFolder(name)).name).toBe(name)
  })

  test('a permission that is taken back shows at the next use, and nothing is lost', async () => {
    const bucket = await openBucket(`file://${name}/content`)
    await bucket.writeAll('key', Uint8Array.of(1))
    vi.spyOn(FileSystemDirectoryHandle.prototype, 'getFileHandle').mockRejectedValue(new DOMException('no', 'NotAllowedError'))
    await expect(bucket.readAll('key')).rejects.toMatchObject({ code: 'storage-permission' })
    await expect(bucket.newWriter('key')).rejects.toMatchObject({ code: 'storage-permission' })
    vi.restoreAllMocks()
    expect(await bucket.readAll('key')).toEqual(Uint8Array.of(1))
  })

  test('a copy that does not fit leaves no empty file under its key', async () => {
    const bucket = await openBucket(`file://${name}/content`)
    vi.spyOn(FileSystemFileHandle.prototype as unknown as { move(): Promise<void> }, 'move').mockRejectedValue(new DOMException('not here', 'AbortError'))
    const writer = await bucket.newWriter('key')
    await writer.write(Uint8Array.of(1))
    vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockRejectedValue(new DOMException('full', 'QuotaExceededError'))
    await expect(writer.close()).rejects.toMatchObject({ code: 'storage-full' })
    expect(await bucket.exists('key')).toBe(false)
  })

  test.each(['file://', 'file:///content', `file://x`, 'file://nobody_here/content'])('%s opens nothing', async url => {
    await expect(openBucket(url)).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('what was never picked is not found, and what the URL says besides is refused', async () => {
    await expect(openBucket('file://never-picked/content')).rejects.toMatchObject({ code: 'not-found' })
    await expect(openBucket(`file://${name}/content?create_dir=1`)).rejects.toMatchObject({ code: 'bad-input' })
  })
})
