import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { limits } from '../../src/base/index.ts'
import { openOpfsBucket, openStoredFile, readRange, type Bucket } from '../../src/store/index.ts'
import { bucketSuite } from './bucket.ts'
import { collect } from './support/collect.ts'
import { RemoteStore, freshRoot, removeRoot } from './support/remote-store.ts'

bucketSuite('opfs', async () => {
  const [store, root] = [new RemoteStore(), freshRoot()]
  return {
    bucket: await store.bucket(`opfs://${root}/content`),
    async end() {
      store.terminate()
      await removeRoot(root)
    },
  }
})

describe('the OPFS bucket', () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, i) => i % 253)
  let store: RemoteStore
  let root: string
  let bucket: Bucket
  beforeEach(async () => {
    root = freshRoot()
    store = new RemoteStore()
    bucket = await store.bucket(`opfs://${root}/content`)
  })
  afterEach(async () => {
    store.terminate()
    await removeRoot(root)
  })

  test('reads, moves and deletes more files than it may hold open', async () => {
    const keys = Array.from({ length: limits.openHandles + 20 }, (_, i) => `a/${String(i)}`)
    for (const key of keys) await bucket.writeAll(key, content)
    const read = await Promise.all([...keys, ...keys].map(async key => await readRange(bucket, key, 500, 4)))
    expect(read.every(part => part.join() === content.subarray(500, 504).join())).toBe(true)
    await Promise.all(keys.map(async key => {
      const last = readRange(bucket, key, 0, 10).catch(() => null)
      await bucket.delete(key)
      await last
    }))
    expect((await collect(bucket.list())).length).toBe(0)
  })

  test('reads beside a handle of another worker, which it may not open', async () => {
    await bucket.writeAll('key', content)
    const other = new RemoteStore()
    const file = await (await other.staging(root)).open('content/key')
    expect(await readRange(bucket, 'key', 1000, 3)).toEqual(content.subarray(1000, 1003))
    await expect(bucket.delete('key')).rejects.toMatchObject({ code: 'storage-busy' })
    await file.close()
    await bucket.delete('key')
    other.terminate()
  })

  test('a page reads the bucket, beside the worker that seeds from it, but does not write', async () => {
    await bucket.writeAll('a/key', content)
    await readRange(bucket, 'a/key', 0, 1)
    const here = await openOpfsBucket(`${root}/content`)
    expect(await here.readAll('a/key')).toEqual(content)
    await expect(here.writeAll('b', content)).rejects.toMatchObject({ code: 'unsupported' })
    expect(await here.exists('b')).toBe(false)
    expect(await partsOf(root)).toEqual([])
  })

  test('openStoredFile gives finished files only', async () => {
    const writer = await bucket.newWriter('a/key')
    await writer.write(content)
    await expect(openStoredFile('a/key', `${root}/content`)).rejects.toMatchObject({ code: 'not-found' })
    await writer.close()
    const file = await openStoredFile('a/key', `${root}/content`)
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(content)
    await expect(openStoredFile('a', `${root}/content`)).rejects.toMatchObject({ code: 'not-found' })
    await expect(openStoredFile('../a', `${root}/content`)).rejects.toMatchObject({ code: 'bad-input' })
  })

  test('nothing is left of writers that ended', async () => {
    const aborted = await bucket.newWriter('a')
    await aborted.write(content)
    expect((await partsOf(root)).length).toBe(1)
    await aborted.abort()
    await bucket.writeAll('b', content)
    await bucket.copy('c', 'b')
    await bucket.writeAll('b/c', content).catch(() => undefined)
    expect(await partsOf(root)).toEqual([])
  })

  test('a writer that was killed leaves the bucket as it was', async () => {
    await bucket.writeAll('key', content)
    await (await bucket.newWriter('key')).write(content.subarray(7))
    store.terminate()
    const next = new RemoteStore()
    const again = await next.bucket(`opfs://${root}/content`)
    expect(await again.readAll('key')).toEqual(content)
    expect((await collect(again.list())).map(({ key }) => key)).toEqual(['key'])
    next.terminate()
  })
})

async function partsOf(root: string): Promise<string[]> {
  const folder = await (await (await navigator.storage.getDirectory()).getDirectoryHandle(root)).getDirectoryHandle('content.parts')
  return await collect(folder.keys())
}
