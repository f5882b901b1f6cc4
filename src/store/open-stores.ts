import { HoldfastError, toHex } from '../base/index.ts'
import type { Bucket } from './bucket.ts'
import { openIdbBucket } from './idb-bucket.ts'
import { filesDatabase } from './idb-files.ts'
import { openIdbStaging } from './idb-staging.ts'
import { openOpfsBucket } from './opfs-bucket.ts'
import { openOpfsStaging } from './opfs-staging.ts'
import { canOpenHandles, findFolder, makeFile, openHandle, opfsRoot, removeEntry } from './opfs.ts'
import type { Staging } from './staging.ts'

/** Where this browser keeps the bytes. */
export type Driver = 'opfs' | 'idb'

/** The URL of the bucket that `openStores` opens. */
export function ownBucketUrl(driver: Driver, root = 'holdfast'): string {
  return `${driver}://${root}/content`
}

/**
 * The own bucket of this origin, where files lie unless another one was chosen (`SwitchedBucket`), and staging beside it, below the folder `root`. To write in OPFS a
 * dedicated worker is needed.
 */
export async function openStores(root = 'holdfast'): Promise<{ readonly bucket: Bucket, readonly staging: Staging, readonly driver: Driver }> {
  const driver = await storeDriver(root)
  const content = `${root}/content`
  return driver === 'opfs'
    ? { driver, staging: await openOpfsStaging(root), bucket: await openOpfsBucket(content) }
    : { driver, staging: await openIdbStaging(root), bucket: await openIdbBucket(content) }
}

/**
 * The driver every context of this origin has to take: the one that holds something already, so that a browser that learns OPFS in an update keeps
 * its files; else OPFS where it works. It is tried, not asked for: some private windows have it and reject what is done with it.
 */
export async function storeDriver(root = 'holdfast'): Promise<Driver> {
  const opfs = await opfsRoot().catch(nullIfUnsupported)
  if (opfs !== null && await findFolder(opfs, [root]) !== null) return 'opfs'
  if (opfs === null || await hasDatabase(filesDatabase(root))) return 'idb'
  return await handlesWork(opfs) ? 'opfs' : 'idb'
}

async function hasDatabase(name: string): Promise<boolean> {
  const factory = (globalThis as { indexedDB?: Partial<IDBFactory> }).indexedDB
  return (await factory?.databases?.() ?? []).some(database => database.name === name)
}

/** Outside dedicated workers, where nobody has handles, what the network worker will find is not known; nothing is stored by then. */
async function handlesWork(opfs: FileSystemDirectoryHandle): Promise<boolean> {
  if (!canOpenHandles()) return !isDedicatedWorker()
  const name = `holdfast-probe-${toHex(crypto.getRandomValues(new Uint8Array(8)))}`
  try {
    (await openHandle(await makeFile(opfs, [name]), 'readwrite')).close()
    await removeEntry(opfs, [name])
    return true
  } catch (error) {
    const failure = HoldfastError.from(error)
    if (failure.code === 'storage-full') throw failure
    return false
  }
}

function isDedicatedWorker(): boolean {
  return 'DedicatedWorkerGlobalScope' in globalThis
}

function nullIfUnsupported(error: unknown): null {
  const failure = HoldfastError.from(error)
  if (failure.code === 'unsupported') return null
  throw failure
}
