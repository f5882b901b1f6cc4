import { HoldfastError } from '../base/index.ts'
import { readRange, type Bucket } from '../store/index.ts'
import type { Backing } from './chunk-store.ts'

/** The placed file under `key`, which never changes; `lost` hears of a range that cannot be read any more. */
export function bucketBacking(bucket: Bucket, key: string, lost: (problem: HoldfastError) => void): Backing {
  return {
    async read(at, length) {
      try {
        const bytes = await readRange(bucket, key, at, length)
        if (bytes.length !== length) throw new HoldfastError('storage-lost', 'a placed file is shorter than it was', { key })
        return bytes
      } catch (error) {
        lost(HoldfastError.from(error))
        throw error
      }
    },
    write: () => Promise.reject(new HoldfastError('bad-input', 'a placed file is not written to')),
  }
}
