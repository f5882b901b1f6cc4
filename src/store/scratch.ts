import type { Database } from './database.ts'
import type { Staging } from './staging.ts'

/** Where scratch lies: `tmp/{kind}/{id}`, a file or a folder. */
const scratch = 'tmp'

/** Web Locks, seen from outside. */
export interface Locks { isFree(name: string): Promise<boolean> }

/**
 * Removes the scratch of work that nobody does any more: no row names it or anything in it, and the Web Lock `job/{id}` is free. Safe beside
 * jobs that begin meanwhile, since a job takes its lock, and a download writes its row, before the first file: what is listed here
 * first has its lock or row by the time these are looked at. Returns the paths removed.
 */
export async function cleanScratch({ staging, database }: { readonly staging: Staging, readonly database: Database }, locks: Locks): Promise<readonly string[]> {
  const found = await scratchPaths(staging)
  const rows = [...await database.getAll('content'), ...await database.getAll('jobs')]
  const wanted = rows.map(row => row.staging).filter(path => path !== null)
  const removed: string[] = []
  for (const { id, path } of found) {
    if (wanted.some(each => each === path || each.startsWith(`${path}/`)) || !await locks.isFree(`job/${id}`)) continue
    await staging.remove(path)
    removed.push(path)
  }
  return removed
}

async function scratchPaths(staging: Staging): Promise<readonly { readonly id: string, readonly path: string }[]> {
  const kinds = await staging.list(scratch)
  return (await Promise.all(kinds.map(async kind => (await staging.list(`${scratch}/${kind}`)).map(id => ({ id, path: `${scratch}/${kind}/${id}` }))))).flat()
}
