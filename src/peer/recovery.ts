import { HoldfastError } from '../base/index.ts'
import { checkCanary, cleanScratch, isAway, mendPlacing, plantCanary, settleVerified, type ContentRow, type Stores } from '../store/index.ts'
import type { NetworkHost } from './network-api.ts'
import { downloadPath } from './scratch-paths.ts'

const locks = { isFree: async (name: string) => (await navigator.locks.query()).held?.every(lock => lock.name !== name) ?? true }

/**
 * Mends what a kill left, before anything else touches it: rows that were being placed, scratch nobody owns; and notices what the browser
 * took away.
 */
export async function recover(stores: Stores, check: NetworkHost['check']): Promise<void> {
  const { database, staging } = stores
  if (await checkCanary(database, staging) === 'lost') await mournLost(stores)
  for (const { mend, row, problem } of await mendPlacing(stores)) {
    if (problem !== null) await database.put('content', { ...row, problem: problem.toObject() })
    if (mend === 'verify') await verifyPlaced(stores, check, row)
  }
  await cleanScratch(stores, locks)
}

/** Only a verdict on the bytes lets them be deleted; a check that could not be made leaves the row for the next start. */
async function verifyPlaced(stores: Stores, check: NetworkHost['check'], row: ContentRow): Promise<void> {
  const { path, cid, kind, size, sealed } = row
  try {
    await check({ path, cid, kind, size, sealed, placed: true })
    await settleVerified(stores, row, true)
  } catch (error) {
    const problem = HoldfastError.from(error)
    if (problem.code === 'wrong-bytes') await settleVerified(stores, row, false)
    else if (/^(archive-|tdf-|wrong-key)/.test(problem.code)) await settleVerified(stores, row, true) // it is what it should be, whatever is in it
    else await stores.database.put('content', { ...row, problem: problem.toObject() })
  }
}

/** The browser took rows or files away: what is gone is said to be gone, what was got is fetched again when asked for. */
async function mournLost({ database, bucket, staging }: Stores): Promise<void> {
  for (const row of await database.getAll('content')) {
    if ((row.status !== 'SEEDING' && row.status !== 'TRASHED') || await bucket.exists(row.path).catch(trueIfAway)) continue
    if (row.status === 'TRASHED') { await database.delete('content', row.cid); continue }
    await database.put('content', { ...row, status: 'FAILED', staging: row.origin === 'got' ? downloadPath(row.cid) : null, problem: new HoldfastError('storage-lost', 'the browser cleared this file').toObject() })
    await database.delete('progress', row.cid)
  }
  await plantCanary(database, staging)
}

/** Of a store that cannot be asked nobody knows that a file is gone. */
function trueIfAway(error: unknown): true {
  if (isAway(error)) return true
  throw error
}
