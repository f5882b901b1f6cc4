import { HoldfastError } from '../base/index.ts'
import { pieceLength } from '../content/index.ts'
import { readRange, type Bucket } from '../store/index.ts'
import type { Backing } from './chunk-store.ts'
import { isPiece } from './piece-check.ts'
import type { SeededFile } from './types.ts'

/**
 * The placed `file`, which never changes, read piece by piece. Each piece is hashed before it leaves: whoever gets a wrong one takes us for a liar.
 * `lost` hears of one that cannot be read any more (`storage-lost`) or is not what was placed (`storage-damaged`).
 */
export function bucketBacking(bucket: Bucket, file: Pick<SeededFile, 'key' | 'info' | 'size'>, lost: (problem: HoldfastError) => void): Backing {
  const { key, size } = file
  return {
    async read(at, length) {
      try {
        const bytes = await readRange(bucket, key, at, length).catch(async (error: unknown) => {
          if (HoldfastError.from(error).code !== 'not-found') throw error
          return await readRange(bucket, key, at, length) // it may have moved to another bucket while it was read
        })
        if (bytes.length !== length) throw new HoldfastError('storage-lost', 'a placed file is shorter than it was', { key })
        if (!await isPiece(file, at / pieceLength(size), bytes)) throw new HoldfastError('storage-damaged', 'a placed file is not what it was', { key, at })
        return bytes
      } catch (error) {
        lost(HoldfastError.from(error))
        throw error
      }
    },
    write: () => Promise.reject(new HoldfastError('bad-input', 'a placed file is not written to')),
  }
}
