import { whenHandedOver } from '../../../src/store/opfs.ts'
import { wrapService, type Remote } from '../../../src/peer/rpc.ts'
import type { Bucket, BucketOptions, Credentials, Staging } from '../../../src/store/index.ts'
import type { StoreService } from './store.worker.ts'

/** A dedicated worker with the drivers, and its stores as if they were here. */
export class RemoteStore {
  private readonly worker = new Worker(new URL('./store.worker.ts', import.meta.url), { type: 'module' })
  readonly service: Remote<StoreService> = wrapService<StoreService>(this.worker)
  private readonly ids = new Map<Bucket, number>()
  private signals = 0

  async staging(root: string, driver: 'opfs' | 'idb' = 'opfs'): Promise<Staging> {
    const remote = await this.service.openStaging(root, driver)
    return {
      open: async (path, options) => await remote.open(path, options),
      exists: async path => await remote.exists(path),
      remove: async path => { await remote.remove(path) },
      list: async folder => await remote.list(folder),
      adopt: async (path, bucket, key) => { await remote.adopt(path, this.ids.get(bucket) ?? -1, key) },
    }
  }

  async bucket(url: string, credentials?: Credentials): Promise<Bucket> {
    const { service } = this
    const id = await service.openBucket(url, credentials)
    const bucket: Bucket = {
      exists: async key => await service.exists(id, key),
      attributes: async key => await service.attributes(id, key),
      newRangeReader: async (key, offset, length, options) => {
        const { reader, size } = await service.read(id, key, offset, length, this.signal(options))
        const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
          async pull(controller) {
            const { done = true, value } = await service.pull(reader) ?? {}
            if (value !== undefined) controller.enqueue(value)
            if (done) controller.close()
          },
        }, { highWaterMark: 0 })
        return { stream, size }
      },
      readAll: async key => await service.readAll(id, key),
      newWriter: async (key, options) => await service.newWriter(id, key, options?.ifNotExist ?? false, this.signal(options)),
      writeAll: async (key, bytes, options) => { await service.writeAll(id, key, bytes, options?.ifNotExist ?? false) },
      copy: async (destination, source) => { await service.copy(id, destination, source) },
      delete: async key => { await service.delete(id, key) },
      list: async function* list(options) { yield* await service.list(id, options) },
      close: async () => { await service.close(id) },
    }
    this.ids.set(bucket, id)
    return bucket
  }

  /** Ends the worker with whatever it has open, as a closed tab or a crash does. */
  terminate(): void {
    this.worker.terminate()
  }

  private signal({ signal }: BucketOptions = {}): number | null {
    if (signal === undefined) return null
    const id = this.signals++
    if (signal.aborted) void this.service.abort(id)
    else signal.addEventListener('abort', () => { void this.service.abort(id) })
    return id
  }
}

/** An OPFS folder of its own, so that suites do not see each other. */
export function freshRoot(): string {
  return `test-${crypto.randomUUID()}`
}

export async function removeRoot(root: string): Promise<void> {
  const top = await navigator.storage.getDirectory()
  await whenHandedOver(async () => { await top.removeEntry(root, { recursive: true }) }) // the worker that just ended may hold files yet
}
