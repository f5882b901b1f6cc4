import { limits } from '../base/index.ts'
import { readRange, type Bucket, type Staging, type Stores } from '../store/index.ts'
import type { CheckRequest, CheckResult, NetworkHost } from './network-api.ts'

interface StoredCopy { readonly path: string, readonly cid: string, readonly size: number }
type Held = Pick<Stores, 'bucket' | 'staging'>
interface Whose { readonly isOwn: boolean }

/**
 * Does something with a stored file that lies where only the network worker finds it: copied into Staging, where every thread of this browser reads it, and removed
 * again. `storage-full` where there is no room for it.
 */
async function withStagedCopy<T>(bucket: Bucket, { path: key, cid, size }: StoredCopy, staging: Staging, use: (path: string) => Promise<T>): Promise<T> {
  const path = `tmp/copy/${crypto.randomUUID()}-${cid}`
  try {
    const file = await staging.open(path, { create: true })
    try {
      await file.resize(size) // the room is there, or it is said now
      for (let at = 0; at < size; at += limits.cloudPartBytes) await file.write(at, await readRange(bucket, key, at, Math.min(limits.cloudPartBytes, size - at)))
    } finally { await file.close() }
    return await use(path)
  } finally { await staging.remove(path) }
}

/** Media workers find what lies in this browser by themselves; of any other store they are given a copy. */
export async function checkStored({ bucket, staging }: Held, { isOwn }: Whose, host: Pick<NetworkHost, 'check'>, request: CheckRequest): Promise<CheckResult> {
  if (request.placed !== true || isOwn) return await host.check(request)
  return await withStagedCopy(bucket, request, staging, async path => await host.check({ ...request, path, placed: false }))
}

/** The SHA-256 of each section of a stored file, in the same way. */
export async function sectionsOfStored({ bucket, staging }: Held, { isOwn }: Whose, host: Pick<NetworkHost, 'sections'>, file: StoredCopy): Promise<Uint8Array> {
  if (isOwn) return await host.sections({ path: file.path, placed: true })
  return await withStagedCopy(bucket, file, staging, async path => await host.sections({ path, placed: false }))
}
