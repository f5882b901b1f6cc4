import { afterAll, expect, inject, test } from 'vitest'
import { openBucket, readRange } from '../../src/store/index.ts'
import type { EmulatorPlace } from '../support/contract-setup.ts'
import { bucketSuite } from './bucket.ts'
import { RemoteStore } from './support/remote-store.ts'

/*
 * Buckets in the cloud, as a worker of a page finds them: behind CORS, with emulators in place of the clouds.
 */

async function placeOf(kind: string): Promise<EmulatorPlace> {
  return await (await fetch(`${inject('emulators')}/${kind}`)).json() as EmulatorPlace
}

const store = new RemoteStore()
afterAll(() => { store.terminate() })

for (const kind of ['s3', 'gs', 'azblob']) {
  bucketSuite(`${kind}, in a worker`, async () => {
    const { url, credentials } = await placeOf(kind)
    return { bucket: await store.bucket(`${url}${crypto.randomUUID()}`, credentials), end: async () => {} }
  })
}

test('a store that lets no pages in is told apart from one that is not there', async () => {
  const { url, credentials } = await placeOf('s3?closed')
  const closed = await openBucket(`${url}x`, credentials)
  await expect(closed.exists('key')).rejects.toMatchObject({ code: 'store-cors' })
  const nobody = await openBucket('s3://tests?endpoint=http://127.0.0.1:1&use_path_style=true', credentials)
  await expect(readRange(nobody, 'key', 0, 1)).rejects.toMatchObject({ code: 'store-unreachable' })
})
