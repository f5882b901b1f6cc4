import { HoldfastError, concat, isCid, type Cid, type Clock } from '../base/index.ts'
import { contentKey, makeTorrent, pieceLength } from '../content/index.ts'
import { readRange, type Bucket, type ContentRow } from '../store/index.ts'
import type { CheckRequest, CheckResult } from './network-api.ts'
import { titleOf } from './row-edits.ts'

interface Parts {
  readonly bucket: Bucket
  readonly clock: Clock
  readonly check: (request: CheckRequest) => Promise<CheckResult>
  readonly known: (cid: Cid) => boolean
}

/**
 * Rows for the archives of the bucket that have none, as after a browser cleared IndexedDB alone: each is hashed, and one that is not
 * what its key says is deleted. What was said about them is gone, too, so they are given to nobody before the person says so again.
 */
export async function* foundFiles({ bucket, clock, check, known }: Parts): AsyncGenerator<ContentRow> {
  for await (const { key, size } of bucket.list({ prefix: 'archives/' })) {
    const cid = /\/([0-9a-f]{64})\.tgz$/.exec(key)?.[1]
    if (!isCid(cid) || key !== contentKey('z', cid) || known(cid) || size === 0) continue
    const checked = await check({ path: key, cid, size, kind: 'z', sealed: null, placed: true }).catch((error: unknown) => HoldfastError.from(error))
    if (checked instanceof HoldfastError) {
      if (checked.code === 'wrong-bytes') await bucket.delete(key)
      continue // of any other failure we know nothing about the bytes
    }
    const { members } = checked
    const torrent = makeTorrent({ cid, kind: 'z', size, pieces: await hashPieces(bucket, key, size) })
    yield {
      cid, size, kind: 'z', title: titleOf(members ?? []) || cid.slice(0, 8), infohash: torrent.infohash, info: torrent.info, members: members === null ? null : [...members], path: key, staging: null,
      origin: 'got', status: 'SEEDING', paused: false, giving: false, given: 0, addedAt: clock.now(), problem: null, reasons: ['wanted'],
      sealed: null, findable: false, trashedAt: null, relays: [],
    }
  }
}

async function hashPieces(bucket: Bucket, key: string, size: number): Promise<Uint8Array> {
  const hashes: Uint8Array[] = []
  for (let at = 0; at < size; at += pieceLength(size)) {
    hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-1', await readRange(bucket, key, at, pieceLength(size)))))
  }
  return concat(...hashes)
}
