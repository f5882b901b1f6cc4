import { deleteDB } from 'idb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { equalBytes, limits } from '../../src/base/index.ts'
import { filesDatabase, openFiles } from '../../src/store/idb-files.ts'
import { memBucket, openBucket, openIdbBucket, openIdbStaging, openStoredFile, storeDriver, type Bucket, type StoredFile } from '../../src/store/index.ts'
import { bucketSuite } from './bucket.ts'
import { stagingSuite } from './staging.ts'
import { RemoteStore, freshRoot, removeRoot } from './support/remote-store.ts'

/*
 * The drivers over IndexedDB, for browsers without OPFS. They work in every context: the suites run on a page, what is between contexts with workers.
 */

const forget = async (root: string): Promise<void> => { await deleteDB(filesDatabase(root)) }

bucketSuite('idb', async () => {
  const root = freshRoot()
  return { bucket: await openBucket(`idb://${root}/content`), end: async () => { await forget(root) } }
})

bucketSuite('idb in a worker', async () => {
  const [store, root] = [new RemoteStore(), freshRoot()]
  return {
    bucket: await store.bucket(`idb://${root}/content`),
    async end() {
      store.terminate()
      await forget(root)
    },
  }
})

stagingSuite('idb', async () => {
  const root = freshRoot()
  return { staging: await openIdbStaging(root), bucket: await openIdbBucket(`${root}/content`), other: memBucket(), end: async () => { await forget(root) } }
})

describe('files in IndexedDB between contexts', () => {
  const content = Uint8Array.from({ length: 700_000 }, (_, i) => i % 253)
  let root: string
  let worker: RemoteStore
  beforeEach(() => {
    root = freshRoot()
    worker = new RemoteStore()
  })
  afterEach(async () => {
    worker.terminate()
    await forget(root)
  })
  const counted = async () => await (await openFiles(root)).use(async database => [await database.count('files'), await database.count('parts'), await database.count('writers')])

  test('a file another context keeps open is busy, and free with all that was written once that context is killed', async () => {
    const file = await (await worker.staging(root, 'idb')).open('tmp/a', { create: true })
    await file.write(0, content)
    const staging = await openIdbStaging(root)
    const began = performance.now()
    await expect(staging.open('tmp/a')).rejects.toMatchObject({ code: 'storage-busy' })
    expect(performance.now() - began).toBeGreaterThan(limits.handOverMs - 50)
    await expect(staging.remove('tmp')).rejects.toMatchObject({ code: 'storage-busy' })
    worker.terminate()
    const taken = await staging.open('tmp/a')
    expect(equalBytes(await taken.read(0, content.length), content)).toBe(true)
    await taken.close()
  })

  test('a writer that was killed leaves the old file, and its records go with the next opening', async () => {
    const bucket = await worker.bucket(`idb://${root}/content`)
    await bucket.writeAll('key', content)
    await (await bucket.newWriter('key')).write(content.subarray(7))
    expect(await counted()).toEqual([1, 5, 1])
    const beside = await openIdbBucket(`${root}/content`) // whoever opens while it lives leaves it alone
    expect(await counted()).toEqual([1, 5, 1])
    worker.terminate()
    await expect.poll(async () => {
      await openIdbBucket(`${root}/content`)
      return await counted()
    }).toEqual([1, 3, 0])
    expect(equalBytes(await beside.readAll('key'), content)).toBe(true)
  })

  test('nothing is left of files that were replaced, deleted, aborted or adopted', async () => {
    const [bucket, staging] = [await openIdbBucket(`${root}/content`), await openIdbStaging(root)]
    await bucket.writeAll('key', content)
    await bucket.writeAll('key', content.subarray(1))
    const writer = await bucket.newWriter('other')
    await writer.write(content)
    await writer.abort()
    const file = await staging.open('tmp/a', { create: true })
    await file.write(0, content)
    await file.close()
    await staging.adopt('tmp/a', bucket, 'adopted')
    expect(await counted()).toEqual([2, 6, 0])
    for (const key of ['key', 'adopted']) await bucket.delete(key)
    expect(await counted()).toEqual([0, 0, 0])
  })

  test('a file with holes is adopted with its zeros', async () => {
    const [bucket, staging] = [await openIdbBucket(`${root}/content`), await openIdbStaging(root)]
    const file = await staging.open('tmp/a', { create: true })
    await file.resize(1_000_000)
    await file.write(300_000, Uint8Array.of(7))
    await file.close()
    await staging.adopt('tmp/a', bucket, 'key')
    const read = await bucket.readAll('key')
    expect([read.length, read[300_000], read.filter(byte => byte !== 0).length]).toEqual([1_000_000, 7, 1])
  })

  test('writes and reads at once do not hinder each other, and records are no larger than they must be', async () => {
    const file = await (await openIdbStaging(root)).open('tmp/a', { create: true })
    const piece = (i: number): Uint8Array => content.subarray(i, i + 100_000)
    await Promise.all(Array.from({ length: 20 }, async (_, i) => { await file.write((19 - i) * 100_000, piece(i)) }))
    expect(await file.size()).toBe(2_000_000)
    for (const i of [0, 7, 19]) expect(equalBytes(await file.read((19 - i) * 100_000, 100_000), piece(i))).toBe(true)
    await file.close()
    const sizes = await (await openFiles(root)).use(async database => (await database.getAll('parts')).map(part => part.buffer.byteLength))
    expect(Math.max(...sizes)).toBe(limits.storedRecordBytes)
  })

  test('a database the browser took away is said to be lost, and opened anew by the next', async () => {
    const bucket: Bucket = await openIdbBucket(`${root}/content`)
    await bucket.writeAll('key', content)
    await forget(root)
    await expect(bucket.readAll('key')).rejects.toMatchObject({ code: 'storage-lost' })
    expect(await (await openIdbBucket(`${root}/content`)).exists('key')).toBe(false)
  })
})

describe('a file of the store, wherever it lies', () => {
  const content = Uint8Array.from({ length: 700_000 }, (_, i) => i % 253)
  const bytesOf = async (file: StoredFile): Promise<Uint8Array> => new Uint8Array(await file.arrayBuffer())

  test.each(['idb', 'opfs'] as const)('%s: size, ranges and stream are those of a Blob', async driver => {
    const [root, worker, blob] = [freshRoot(), new RemoteStore(), new Blob([content])]
    await (await worker.bucket(`${driver}://${root}/content`)).writeAll('a/key', content)
    const file = await openStoredFile('a/key', `${root}/content`)
    expect(file.size).toBe(content.length)
    for (const [start, end] of [[0, undefined], [5, 10], [262_140, 262_150], [-10, undefined], [-10, -3], [9, 3], [800_000, 900_000], [600_000, 9_000_000]] as const) {
      expect(equalBytes(await bytesOf(file.slice(start, end)), await bytesOf(blob.slice(start, end)))).toBe(true)
      expect(equalBytes(await bytesOf(file.slice(100, 600_000).slice(start, end)), await bytesOf(blob.slice(100, 600_000).slice(start, end)))).toBe(true)
    }
    expect(equalBytes(new Uint8Array(await new Response(file.slice(1).stream()).arrayBuffer()), content.subarray(1))).toBe(true)
    await expect(openStoredFile('a', `${root}/content`)).rejects.toMatchObject({ code: 'not-found' })
    await expect(openStoredFile('../a', `${root}/content`)).rejects.toMatchObject({ code: 'bad-input' })
    worker.terminate()
    await (driver === 'idb' ? forget(root) : removeRoot(root))
  })

  test('the driver is the one that has something; else OPFS, where it works', async () => {
    const root = freshRoot()
    expect(await storeDriver(root)).toBe('opfs')
    await openIdbBucket(`${root}/content`)
    expect(await storeDriver(root)).toBe('idb')
    const worker = new RemoteStore()
    expect(await worker.service.driver(root)).toBe('idb')
    await forget(root)
    expect(await worker.service.driver(root)).toBe('opfs')
    await worker.bucket(`opfs://${root}/content`)
    await openIdbBucket(`${root}/content`)
    expect(await storeDriver(root)).toBe('opfs')
    worker.terminate()
    await forget(root)
    await removeRoot(root)
  })
})
