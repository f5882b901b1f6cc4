import { expect, test } from 'vitest'
import { openBucket } from '../../src/store/index.ts'
import { bucketSuite } from './bucket.ts'

bucketSuite('mem', async () => ({ bucket: await openBucket('mem://'), end: async () => undefined }))

test('mem:// is a bucket of its own each time', async () => {
  const [one, two] = [await openBucket('mem://'), await openBucket('mem://')]
  await one.writeAll('key', Uint8Array.of(1))
  expect(await two.exists('key')).toBe(false)
})

test.each(['', 'content', 'ftp://host/content', 'constructor://x', 'mem://name', 'mem://?prefix=a', 'opfs://user:secret@holdfast/content', 'opfs://holdfast/content?create_dir=1', 'opfs://holdfast/content#part', 'opfs://holdfast/%FF', 'opfs://', 'opfs://holdfast/content/', 'idb://', 'idb://holdfast/content?name=x', 'file://name', 'file://name/a/?b=c'])('%j opens nothing', async url => {
  await expect(openBucket(url)).rejects.toMatchObject({ code: 'bad-input' })
})

test.each(['opfs://holdfast/content', 'idb://holdfast/content', 'file://name/content'])('%s says so where there is none', async url => {
  await expect(openBucket(url)).rejects.toMatchObject({ code: 'unsupported' })
})
