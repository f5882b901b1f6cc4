import { createHash } from 'node:crypto'
import { HoldfastError, concat, limits, type Cid } from '../../base/index.ts'
import { contentKey, makeTorrent, pieceLength, type Kind, type Torrent } from '../../content/index.ts'
import { readRange, type Bucket } from '../../store/index.ts'

/** A file of a bucket. */
export interface ShelvedContent { readonly cid: Cid, readonly kind: Kind, readonly size: number, readonly bucket: Bucket }

/** The canonical torrents of files an operator put there: made of their bytes when the first one asks, one file at a time, and remembered. */
export class TorrentShelf {
  private readonly made = new Map<Cid, Promise<Torrent>>()
  private last: Promise<unknown> = Promise.resolve()
  private waiting = 0

  /** `rate-limited` where too many others wait for theirs. */
  async torrent(file: ShelvedContent): Promise<Torrent> {
    const known = this.made.get(file.cid)
    if (known !== undefined) return await known
    if (this.waiting >= limits.contentTorrentsWaiting) throw new HoldfastError('rate-limited', 'others wait for theirs')
    this.waiting++
    const making = this.last.then(async () => await make(file)).finally(() => { this.waiting-- })
    this.last = making.catch(() => {})
    this.made.set(file.cid, making)
    for (const oldest of this.made.keys()) {
      if (this.made.size <= limits.contentTorrents) break
      this.made.delete(oldest)
    }
    making.catch(() => { this.made.delete(file.cid) })
    return await making
  }

  /** The file is another one now, or gone. */
  forget(cid: Cid): void { this.made.delete(cid) }
}

async function make({ cid, kind, size, bucket }: ShelvedContent): Promise<Torrent> {
  const length = pieceLength(size)
  const pieces: Uint8Array[] = []
  for (let at = 0; at < size; at += length) {
    const piece = await readRange(bucket, contentKey(kind, cid), at, Math.min(length, size - at))
    pieces.push(createHash('sha1').update(piece).digest())
  }
  return makeTorrent({ cid, kind, size, pieces: concat(...pieces) })
}
