import { pieceLength } from '../content/index.ts'
import { readRange, type Bucket, type Staging } from '../store/index.ts'
import { PieceMap, addPiece, hasPiece } from './bitfield.ts'
import { isPiece } from './piece-check.ts'
import type { SeededFile } from './types.ts'

/**
 * Copies the right pieces of a damaged file of the bucket to the staging file `path`, where a download goes on with them: which they are
 * (BEP 3 order), and their bytes. A piece that cannot be read counts as damaged. The damaged file stays; `storage-full` where both do not fit.
 */
export async function salvage(bucket: Bucket, { key, info, size }: Pick<SeededFile, 'key' | 'info' | 'size'>, staging: Staging, path: string): Promise<{ readonly bitfield: Uint8Array<ArrayBuffer>, readonly received: number }> {
  const pieces = new PieceMap(size, pieceLength(size))
  const bitfield = pieces.empty()
  const out = await staging.open(path, { create: true })
  try {
    await out.resize(size)
    for (let index = 0; index < pieces.count; index++) {
      const at = index * pieces.pieceLength
      const bytes = await readRange(bucket, key, at, pieces.length(index)).catch(() => null)
      if (bytes === null || !await isPiece({ info, size }, index, bytes)) continue
      await out.write(at, bytes)
      addPiece(bitfield, index)
    }
    await out.flush()
  } finally {
    await out.close()
  }
  return { bitfield, received: pieces.bytes(index => hasPiece(bitfield, index)) }
}
