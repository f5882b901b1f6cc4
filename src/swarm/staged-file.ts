import type { Torrent } from '../content/index.ts'
import type { Staging, StagingFile } from '../store/index.ts'
import { addPiece, piecesIn, type PieceMap } from './bitfield.ts'
import type { Backing } from './chunk-store.ts'
import { isPiece } from './piece-check.ts'

/** So many claimed pieces are hashed when a download goes on; a file that changed under us is rarely right in all of them. */
const spotChecks = 4

/**
 * The file a download comes into. Opening it charges the whole room at once, so that a full disk shows before the first byte,
 * and finds out which of the claimed pieces it holds: a few are hashed, and all of them when one is wrong.
 */
export class StagedFile implements Backing {
  private constructor(readonly file: StagingFile, readonly bitfield: Uint8Array<ArrayBuffer>) {}

  static async open(staging: Staging, path: string, torrent: Torrent, pieces: PieceMap, claimed: Uint8Array | null): Promise<StagedFile> {
    const file = await staging.open(path, { create: true })
    try {
      const before = await file.size()
      if (before !== torrent.length) await file.resize(torrent.length)
      const claims = claimed?.length === pieces.empty().length && before === torrent.length ? piecesIn(claimed, pieces.count) : []
      return new StagedFile(file, await held(file, torrent, pieces, claims))
    } catch (error) {
      await file.close()
      throw error
    }
  }

  read(at: number, length: number): Promise<Uint8Array> { return this.file.read(at, length) }

  write(at: number, bytes: Uint8Array): Promise<void> { return this.file.write(at, bytes) }

  flush(): Promise<void> { return this.file.flush() }

  close(): Promise<void> { return this.file.close() }
}

/** The pieces among `claims` that are there. */
async function held(file: StagingFile, torrent: Torrent, pieces: PieceMap, claims: readonly number[]): Promise<Uint8Array<ArrayBuffer>> {
  const right = async (index: number): Promise<boolean> => {
    return await isPiece({ info: torrent.info, size: torrent.length }, index, await file.read(index * pieces.pieceLength, pieces.length(index)))
  }
  const all = async (some: readonly number[]): Promise<boolean> => {
    for (const index of some) if (!await right(index)) return false
    return true
  }
  const trusted = await all(sample(claims, spotChecks))
  const bitfield = pieces.empty()
  for (const index of claims) if (trusted || await right(index)) addPiece(bitfield, index)
  return bitfield
}

function sample(values: readonly number[], count: number): number[] {
  const rest = [...values]
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(Math.floor(Math.random() * rest.length), 1)[0]!)
}
