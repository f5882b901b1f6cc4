import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openOpfsStaging, openStoredFile } from '../../src/store/index.ts'
import { stagingSuite } from './staging.ts'
import { RemoteStore, freshRoot, removeRoot } from './support/remote-store.ts'

stagingSuite('opfs', async () => {
  const [store, root] = [new RemoteStore(), freshRoot()]
  return {
    staging: await store.staging(root),
    bucket: await store.bucket(`opfs://${root}/content`),
    other: await store.bucket('mem://'),
    async end() {
      store.terminate()
      await removeRoot(root)
    },
  }
})

describe('OPFS between contexts', () => {
  const content = Uint8Array.from({ length: 200_000 }, (_, i) => i % 253)
  let root: string
  let [one, two]: RemoteStore[] = []
  beforeEach(() => {
    root = freshRoot()
    one = new RemoteStore()
    two = new RemoteStore()
  })
  afterEach(async () => {
    one?.terminate()
    two?.terminate()
    await removeRoot(root)
  })

  async function stagings() {
    if (one === undefined || two === undefined) throw new Error('no workers')
    return await Promise.all([one.staging(root), two.staging(root)])
  }

  test('a page has no staging', async () => {
    await expect(openOpfsStaging(root)).rejects.toMatchObject({ code: 'unsupported' })
    await stagings()
  })

  test('a file another worker keeps open is busy', async () => {
    const [first, second] = await stagings()
    const file = await first.open('tmp/a', { create: true })
    const began = performance.now()
    await expect(second.open('tmp/a')).rejects.toMatchObject({ code: 'storage-busy' })
    await expect(second.remove('tmp')).rejects.toMatchObject({ code: 'storage-busy' })
    expect(performance.now() - began).toBeGreaterThan(3500) // both waited for a hand-over that did not come
    await file.write(0, content)
    await file.close()
    const taken = await second.open('tmp/a')
    expect(await taken.size()).toBe(content.length)
    await taken.close()
  })

  test('what a killed worker had open is opened by the next with all that was written', async () => {
    const [first, second] = await stagings()
    const file = await first.open('tmp/a', { create: true })
    await file.write(0, content)
    one?.terminate()
    const taken = await second.open('tmp/a')
    expect(await taken.read(0, content.length)).toEqual(content)
    await taken.close()
  })

  test('what a killed worker had open can be removed and adopted', async () => {
    const [first, second] = await stagings()
    for (const path of ['tmp/a', 'tmp/b']) await (await first.open(path, { create: true })).write(0, content)
    one?.terminate()
    const bucket = await two?.bucket(`opfs://${root}/content`)
    if (bucket === undefined) throw new Error('no bucket')
    await Promise.all([second.remove('tmp/a'), second.adopt('tmp/b', bucket, 'b')])
    expect(await second.list('tmp')).toEqual([])
    expect((await bucket.attributes('b')).size).toBe(content.length)
  })

  test('a page reads a file that a worker has open', async () => {
    const [first] = await stagings()
    const file = await first.open('tmp/a', { create: true })
    await file.write(0, content)
    const read = await openStoredFile('tmp/a', root)
    expect(new Uint8Array(await read.slice(10, 20).arrayBuffer())).toEqual(content.subarray(10, 20))
    await file.close()
  })
})
