import { limits } from '../base/index.ts'
import { readRange, type Bucket, type Staging, type Stores } from '../store/index.ts'
import type { CheckRequest, CheckResult, NetworkHost } from './network-api.ts'

/**
 * Does something with a stored file that lies where only the network worker finds it: copied into Staging, where every thread of this browser reads it, and removed
 * again. `storage-full` where there is no room for it.
 */
export async function withStagedCopy<T>(bucket: Bucket, { path: key, cid, size }: { readonly path: string, readonly cid: string, readonly size: number }, staging: Staging, use: (path: string) => Promise<T>): Promise<T> {
  const path = `tmp/check/${cid}`
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
export async function checkStored({ bucket, staging }: Pick<Stores, 'bucket' | 'staging'>, { isOwn }: { readonly isOwn: boolean }, host: Pick<NetworkHost, 'check'>, request: CheckRequest): Promise<CheckResult> {
  if (request.placed !== true || isOwn) return await host.check(request)
  return await withStagedCopy(bucket, request, staging, async path => await host.check({ ...request, path, placed: false }))
}
