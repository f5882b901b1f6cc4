import { expect, test } from 'vitest'
import '../../../src/relay/node20.ts'
import { concat } from '../../../src/base/index.ts'
import { sectionCount, sectionRange, sectionsRoot } from '../../../src/content/index.ts'
import type { SectionsRequest } from '../../../src/peer/network-api.ts'
import { SectionShelf } from '../../../src/net/section-shelf.ts'
import { sectionsOfStored } from '../../../src/peer/staged-copy.ts'
import { memBucket, memStaging, readRange, type Bucket, type Staging } from '../../../src/store/index.ts'

const bytes = Uint8Array.from({ length: 3 * 256 * 1024 + 7 }, (_, i) => i >> 9)
const file = { cid: 'c'.repeat(64), path: 'archives/cc/cc/c.tgz', size: bytes.length }
const sha = async (part: Uint8Array<ArrayBuffer>): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.digest('SHA-256', part))

async function digestsOf(whole: Uint8Array<ArrayBuffer>): Promise<readonly Uint8Array[]> {
  return await Promise.all(Array.from({ length: sectionCount(whole.length) }, async (_, i) => {
    const { at, length } = sectionRange(whole.length, i + 1)
    return await sha(whole.slice(at, at + length))
  }))
}

async function store(): Promise<Bucket> {
  const bucket = memBucket()
  await bucket.writeAll(file.path, bytes)
  return bucket
}

/** A media worker, which finds only what lies in this browser. */
function browserHost(staging: Staging, own: Bucket | null) {
  const asked: SectionsRequest[] = []
  return {
    asked,
    async sections({ path, placed }: SectionsRequest): Promise<Uint8Array> {
      asked.push({ path, placed })
      if (placed) return concat(...await digestsOf(new Uint8Array(await own!.readAll(path))))
      const copy = await staging.open(path)
      try { return concat(...await digestsOf(new Uint8Array(await copy.read(0, await copy.size())))) } finally { await copy.close() }
    },
  }
}

test('sections of a file in another store are those of a copy here, which is gone afterwards', async () => {
  const [bucket, staging] = [await store(), memStaging()]
  const host = browserHost(staging, null)
  const shelf = new SectionShelf({
    clock: { now: () => 0 },
    digests: async each => await sectionsOfStored({ bucket, staging }, { isOwn: false }, host, each),
    read: async ({ path }, at, length) => await readRange(bucket, path, at, length),
    damaged: () => { throw new Error('nothing is damaged') },
  })
  expect(await shelf.root(file)).toBe(await sectionsRoot(await digestsOf(bytes)))
  expect((await shelf.part(file, { index: 2, at: 0 }))?.bytes).toEqual(bytes.subarray(256 * 1024, 512 * 1024))
  expect(host.asked.map(({ placed }) => placed)).toEqual([false])
  expect(await staging.list('tmp/copy')).toEqual([])
})

test('two who want it at once do not meet in one copy', async () => {
  const [bucket, staging] = [await store(), memStaging()]
  const host = browserHost(staging, null)
  const both = await Promise.all([1, 2].map(async () => await sectionsOfStored({ bucket, staging }, { isOwn: false }, host, file)))
  expect(both[0]).toEqual(both[1])
})

test('a file of this browser is read where it lies', async () => {
  const [bucket, staging] = [await store(), memStaging({ capacity: 0 })]
  const host = browserHost(staging, bucket)
  expect(await sectionsOfStored({ bucket, staging }, { isOwn: true }, host, file)).toEqual(concat(...await digestsOf(bytes)))
  expect(host.asked).toEqual([{ path: file.path, placed: true }])
})

test('where there is no room for a copy it says so and leaves nothing', async () => {
  const [bucket, staging] = [await store(), memStaging({ capacity: 1000 })]
  await expect(sectionsOfStored({ bucket, staging }, { isOwn: false }, browserHost(staging, null), file)).rejects.toMatchObject({ code: 'storage-full' })
  expect(await staging.list('tmp/copy')).toEqual([])
})
