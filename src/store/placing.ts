import { HoldfastError } from '../base/index.ts'
import type { Bucket } from './bucket.ts'
import { deleting, putting, type Database } from './database.ts'
import type { ContentRow } from './rows.ts'
import type { Staging } from './staging.ts'
import { isAway } from './switched-bucket.ts'

/**
 * The way of a whole and verified file from Staging into the bucket. The row says PLACING before anything moves and SEEDING after
 * everything has, so that wherever a kill falls, `mendPlacing` finds what is needed to finish or to start over.
 */
export interface Stores { readonly database: Database, readonly staging: Staging, readonly bucket: Bucket }

/**
 * Moves the staged file of `row`, closed and flushed, to its key and returns the row as it then stands. With the same stroke its
 * progress goes, and the share job that made the file. After a failure the row stays PLACING and can be placed again.
 */
export async function placeContent(stores: Stores, row: ContentRow): Promise<ContentRow> {
  const { database, staging, bucket } = stores
  if (row.staging === null) throw new HoldfastError('bad-input', 'nothing is staged for this row', { cid: row.cid })
  const placing: ContentRow = { ...row, status: 'PLACING', problem: null }
  await database.put('content', placing)
  await staging.adopt(row.staging, bucket, row.path)
  return await placed(stores, placing)
}

async function placed({ database }: Stores, row: ContentRow): Promise<ContentRow> {
  const seeding: ContentRow = { ...row, status: 'SEEDING', staging: null, problem: null }
  const jobs = (await database.getAll('jobs')).filter(({ staging }) => staging === row.staging)
  await database.write([putting('content', seeding), deleting('progress', row.cid), ...jobs.map(({ id }) => deleting('jobs', id))])
  return seeding
}

/**
 * What to do with a row found PLACING. `verify`: the key is there in full length, and the caller compares it with the cid
 * (`settleVerified`). `adopt`: placed again. `fetch`: nothing is left, it is fetched again. `lost`: nothing is left of what was made here.
 */
export type Mend = 'verify' | 'adopt' | 'fetch' | 'lost'

/** `stored`, `staged`: bytes under the key and in staging, null where there is no file. One of another length is worth nothing. */
export function decideMend({ size, origin }: Pick<ContentRow, 'size' | 'origin'>, stored: number | null, staged: number | null): Mend {
  if (stored === size) return 'verify'
  if (staged === size) return 'adopt'
  return origin === 'got' ? 'fetch' : 'lost'
}

/** What was done for one row, and the row as it then stands. `problem`: adopting failed again (a full disk); the row stays PLACING. */
export interface Mended { readonly mend: Mend, readonly row: ContentRow, readonly problem: HoldfastError | null }

/** Mends every PLACING row, and takes away what lies under the key of one that has a file in staging; at start, before anything else touches content. */
export async function mendPlacing(stores: Stores): Promise<readonly Mended[]> {
  const mended: Mended[] = []
  for (const row of await stores.database.getAll('content')) {
    try {
      if (row.status === 'PLACING') mended.push(await mend(stores, row))
      // It was damaged, and would be taken for whole once the rest has come.
      else if (row.staging !== null && await stores.bucket.exists(row.path)) await stores.bucket.delete(row.path)
    } catch (error) {
      if (!isAway(error)) throw error
      if (row.status === 'PLACING') mended.push({ mend: 'adopt', row, problem: HoldfastError.from(error) })
    }
  }
  return mended
}

/** The caller's verdict on a row that had to be verified: bytes that are not the content are deleted, and what is left decides. */
export async function settleVerified(stores: Stores, row: ContentRow, good: boolean): Promise<Mended> {
  if (good) {
    const seeding = await placed(stores, row)
    if (row.staging !== null) await stores.staging.remove(row.staging)
    return { mend: 'verify', row: seeding, problem: null }
  }
  await stores.bucket.delete(row.path)
  return await mend(stores, row)
}

async function mend(stores: Stores, row: ContentRow): Promise<Mended> {
  const { bucket, staging } = stores
  const stored = await bucket.exists(row.path) ? (await bucket.attributes(row.path)).size : null
  const decision = decideMend(row, stored, row.staging === null ? null : await stagedSize(staging, row.staging))
  switch (decision) {
    case 'verify': return { mend: decision, row, problem: null }
    case 'adopt':
      try {
        return { mend: decision, row: await placeContent(stores, row), problem: null }
      } catch (error) {
        return { mend: decision, row, problem: HoldfastError.from(error) }
      }
    case 'fetch':
    case 'lost': {
      if (stored !== null) await bucket.delete(row.path)
      if (row.staging !== null) await staging.remove(row.staging)
      const left = startOver(row, decision)
      await stores.database.write([putting('content', left), deleting('progress', row.cid)])
      return { mend: decision, row: left, problem: null }
    }
  }
}

async function stagedSize(staging: Staging, path: string): Promise<number | null> {
  if (!await staging.exists(path)) return null
  const file = await staging.open(path)
  try {
    return await file.size()
  } finally {
    await file.close()
  }
}

function startOver(row: ContentRow, decision: 'fetch' | 'lost'): ContentRow {
  return decision === 'fetch'
    ? { ...row, status: row.info === null ? 'PENDING' : 'DOWNLOADING', problem: null }
    : { ...row, status: 'FAILED', staging: null, problem: new HoldfastError('storage-lost', 'the browser no longer has this file').toObject() }
}
