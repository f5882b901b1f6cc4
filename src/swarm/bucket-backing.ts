import { HoldfastError } from '../base/index.ts'
import { readRange, type Bucket } from '../store/index.ts'
import type { PieceMap } from './bitfield.ts'
import type { Backing } from './chunk-store.ts'
import { isPiece } from './piece-hash.ts'
import type { SeededFile } from './types.ts'

/**
 * The placed file, read in whole pieces; each is compared with its hash, so that nothing a disk spoilt is given to anybody. `lost` hears of
 * one that cannot be read any more, or is another.
 */
export function bucketBacking(bucket: Bucket, { key, info }: Pick<SeededFile, 'key' | 'info'>, pieces: PieceMap, lost: (problem: HoldfastError) => void): Backing {
  return {
    async read(at, length) {
      try {
        const bytes = await readRange(bucket, key, at, length)
        const index = at / pieces.pieceLength
        if (bytes.length !== length || !await isPiece({ info, pieces: pieces.count }, index, bytes)) throw new HoldfastError('storage-lost', 'a placed file is not what it was', { key, piece: index })
        return bytes
      } catch (error) {
        lost(HoldfastError.from(error))
        throw error
      }
    },
    write: () => Promise.reject(new HoldfastError('bad-input', 'a placed file is not written to')),
  }
}
