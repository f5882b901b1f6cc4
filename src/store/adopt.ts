import { HoldfastError } from '../base/index.ts'
import { writeFrom } from './bucket-help.ts'
import type { Bucket } from './bucket.ts'
import type { Staging, StagingFile } from './staging.ts'

/** `Staging.adopt` for a bucket that staging cannot move into: streamed into a writer, and deleted once that has closed. */
export async function adoptByCopy(staging: Staging, path: string, bucket: Bucket, key: string): Promise<void> {
  if (await staging.exists(path)) {
    await copyToBucket(await staging.open(path), bucket, key)
    await staging.remove(path)
  } else if (!await bucket.exists(key)) {
    throw new HoldfastError('not-found', 'neither the staged file nor its key is there', { path, key })
  }
}

async function copyToBucket(file: StagingFile, bucket: Bucket, key: string): Promise<void> {
  try {
    const size = await file.size()
    if (await bucket.exists(key) && (await bucket.attributes(key)).size === size) return
    await writeFrom(bucket, key, size, async (at, length) => await file.read(at, length))
  } finally {
    await file.close()
  }
}
