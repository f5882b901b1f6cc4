import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limits } from '../../src/base/index.ts'
import { openBucket, readRange } from '../../src/store/index.ts'
import { startAzure, startS3, type Emulator } from '../support/emulators.ts'
import { bucketSuite } from './bucket.ts'
import { collect } from './support/collect.ts'

const starts = { s3: async () => await startS3('s3'), gs: async () => await startS3('gs'), azblob: async () => await startAzure() }

describe.each(['s3', 'gs', 'azblob'] as const)('%s', scheme => {
  let store: Emulator
  beforeAll(async () => { store = await starts[scheme]() }, 120_000)
  afterAll(async () => { await store.stop() })
  const fresh = async (): Promise<Awaited<ReturnType<typeof openBucket>>> => await openBucket(store.url(randomUUID()), store.credentials)

  bucketSuite(scheme, async () => ({ bucket: await fresh(), end: async () => undefined }))

  test('a file of several parts, and none of it where it is aborted', async () => {
    const bucket = await fresh()
    const bytes = new Uint8Array(limits.cloudPartBytes + 3_000_000).map((_, i) => i * 7 + (i >> 16))
    await bucket.writeAll('a/large', bytes)
    const at = limits.cloudPartBytes - 10
    expect((await bucket.attributes('a/large')).size).toBe(bytes.length)
    expect(await readRange(bucket, 'a/large', at, 20)).toEqual(bytes.subarray(at, at + 20))
    const writer = await bucket.newWriter('a/other')
    await writer.write(bytes)
    await writer.abort()
    expect((await collect(bucket.list())).map(({ key }) => key)).toEqual(['a/large'])
    if (scheme !== 'azblob') expect(store.front.log.filter(line => line.startsWith('DELETE') && line.includes('uploadId='))).toHaveLength(1)
  })

  test('a list of more than one page', async () => {
    const bucket = await fresh()
    const keys = Array.from({ length: limits.cloudPageKeys + 5 }, (_, i) => `many/${String(i).padStart(5, '0')}`)
    for (let at = 0; at < keys.length; at += 50) await Promise.all(keys.slice(at, at + 50).map(async key => { await bucket.writeAll(key, new Uint8Array(1)) }))
    expect((await collect(bucket.list({ prefix: 'many/' }))).map(({ key }) => key)).toEqual(keys)
    expect((await collect(bucket.list({ delimiter: '/' }))).map(({ key }) => key)).toEqual(['many/'])
  }, 60_000)

  test('a store that is busy is asked again, and one that does not answer is told of', async () => {
    const bucket = await fresh()
    await bucket.writeAll('key', Uint8Array.of(1, 2, 3))
    store.front.faults.push(503, 503)
    expect(await bucket.readAll('key')).toEqual(Uint8Array.of(1, 2, 3))
    store.front.faults.push(403)
    await expect(bucket.readAll('key')).rejects.toMatchObject({ code: 'store-refused' })
    store.front.faults.push('cut')
    await expect(bucket.readAll('key')).rejects.toMatchObject({ code: 'store-unreachable' })
    store.front.up = false
    await expect(bucket.exists('key')).rejects.toMatchObject({ code: 'store-unreachable' })
    store.front.up = true
    expect(await bucket.exists('key')).toBe(true)
  })

  test('other keys, and a bucket there is not, are told apart', async () => {
    const wrong = 'sas' in store.credentials ? { sas: store.credentials.sas.replace(/sig=../, 'sig=AA') } : { ...store.credentials, secret: 'another' }
    const stranger = await openBucket(store.url('x'), wrong)
    await expect(collect(stranger.list())).rejects.toMatchObject({ code: 'store-refused' })
    await expect(stranger.writeAll('key', Uint8Array.of(1))).rejects.toMatchObject({ code: 'store-refused' })
    const nowhere = await openBucket(store.url('x').replace('://tests', '://nowhere'), store.credentials)
    await expect(collect(nowhere.list())).rejects.toMatchObject({ code: 'store-missing' })
  })

  test('what others put there and no key of ours could name is not listed', async () => {
    const prefix = randomUUID()
    const [whole, ours] = [await openBucket(store.url(prefix), store.credentials), await openBucket(store.url(`${prefix}/in`), store.credentials)]
    await whole.writeAll('in/key', Uint8Array.of(1))
    await whole.writeAll('outside', Uint8Array.of(1))
    expect((await collect(ours.list())).map(({ key }) => key)).toEqual(['key'])
  })
})

test.each([
  's3://', 's3://Bucket', 's3://bucket/folder', 's3://bucket?region=EU', 's3://bucket?endpoint=http://example.org', 's3://bucket?endpoint=ftp://127.0.0.1', 's3://bucket?use_path_style=yes', 's3://bucket?prefix=../x',
  's3://bucket?region=a&region=b', 's3://key:secret@bucket', 's3://bucket?secret=x', 'gs://b', 'gs://bucket?region=auto', 'azblob://container', 'azblob://container?storage_account=A!', 'azblob://-x?storage_account=abc', 'azblob://container?storage_account=abc&protocol=http',
])('%j opens nothing', async url => {
  const credentials = url.startsWith('azblob') ? { sas: 'sv=1&sig=2' } : { keyId: 'a', secret: 'b' }
  await expect(openBucket(url, credentials)).rejects.toMatchObject({ code: 'bad-input' })
})

test.each([
  ['s3://bucket', undefined], ['s3://bucket', { sas: 'sv=1&sig=2' }], ['s3://bucket', { keyId: '', secret: 'x' }], ['gs://bucket', { keyId: 'a b', secret: 'x' }], ['s3://bucket', { keyId: 'a', secret: 'x\n' }],
  ['azblob://container?storage_account=abc', { keyId: 'a', secret: 'b' }], ['azblob://container?storage_account=abc', { sas: 'sv=2021' }],
] as const)('%s is not opened by %j', async (url, credentials) => {
  await expect(openBucket(url, credentials)).rejects.toMatchObject({ code: 'bad-input' })
})
