import { HoldfastError } from '../../../src/base/index.ts'
import { exposeService, offer } from '../../../src/peer/rpc.ts'
import { openBucket, openIdbStaging, openOpfsStaging, storeDriver, type BlobWriter, type Bucket, type Credentials, type ListOptions, type Staging, type StagingFile } from '../../../src/store/index.ts'
import { collect } from './collect.ts'

/*
 * The drivers that need a dedicated worker, for suites that run on a page. What cannot cross by itself (buckets, signals, streams)
 * is kept here under a number.
 */

const buckets: Bucket[] = []
const readers: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>[] = []
const controllers = new Map<number, AbortController>()

function bucketOf(id: number): Bucket {
  const bucket = buckets[id]
  if (bucket === undefined) throw new HoldfastError('internal', 'no such bucket in the worker')
  return bucket
}

function controllerOf(id: number): AbortController {
  const controller = controllers.get(id) ?? new AbortController()
  controllers.set(id, controller)
  return controller
}

function signalOf(id: number | null): { signal?: AbortSignal } {
  return id === null ? {} : { signal: controllerOf(id).signal }
}

function offerFile(file: StagingFile): StagingFile {
  return offer({
    size: async () => await file.size(),
    read: async (at: number, length: number) => await file.read(at, length),
    write: async (at: number, bytes: Uint8Array) => { await file.write(at, bytes) },
    resize: async (size: number) => { await file.resize(size) },
    flush: async () => { await file.flush() },
    close: async () => { await file.close() },
  })
}

function offerWriter(writer: BlobWriter): BlobWriter {
  return offer({
    write: async (bytes: Uint8Array) => { await writer.write(bytes) },
    close: async () => { await writer.close() },
    abort: async () => { await writer.abort() },
  })
}

function offerStaging(staging: Staging) {
  return offer({
    open: async (path: string, options?: { create?: boolean }) => offerFile(await staging.open(path, options)),
    exists: async (path: string) => await staging.exists(path),
    remove: async (path: string) => { await staging.remove(path) },
    list: async (folder: string) => await staging.list(folder),
    adopt: async (path: string, bucket: number, key: string) => { await staging.adopt(path, bucketOf(bucket), key) },
  })
}

/** Times one MiB after the other through a staged file, in MB/s and ms. */
async function measure(root: string, mebibytes: number) {
  const staging = await openOpfsStaging(root)
  const chunk = crypto.getRandomValues(new Uint8Array(65536))
  const mebibyte = new Uint8Array(1 << 20).map((_, i) => chunk[i & 65535] ?? 0)
  const began = performance.now()
  const file = await staging.open('measured', { create: true })
  const opened = performance.now()
  for (let i = 0; i < mebibytes; i++) await file.write(i << 20, mebibyte)
  const written = performance.now()
  await file.flush()
  const flushed = performance.now()
  for (let i = 0; i < mebibytes; i++) await file.read(i << 20, 1 << 20)
  const read = performance.now()
  await file.close()
  return { open: opened - began, write: mebibytes * 1048.576 / (written - opened), flush: flushed - written, read: mebibytes * 1048.576 / (read - flushed) }
}

const service = {
  measure,
  driver: async (root: string) => await storeDriver(root),
  openStaging: async (root: string, driver: 'opfs' | 'idb') => offerStaging(await (driver === 'opfs' ? openOpfsStaging(root) : openIdbStaging(root))),
  openBucket: async (url: string, credentials?: Credentials) => buckets.push(await openBucket(url, credentials)) - 1,
  exists: async (id: number, key: string) => await bucketOf(id).exists(key),
  attributes: async (id: number, key: string) => await bucketOf(id).attributes(key),
  async read(id: number, key: string, offset: number, length: number, signal: number | null) {
    const { stream, size } = await bucketOf(id).newRangeReader(key, offset, length, signalOf(signal))
    return { reader: readers.push(stream.getReader()) - 1, size }
  },
  pull: async (reader: number) => await readers[reader]?.read(),
  readAll: async (id: number, key: string) => await bucketOf(id).readAll(key),
  newWriter: async (id: number, key: string, ifNotExist: boolean, signal: number | null) => offerWriter(await bucketOf(id).newWriter(key, { ifNotExist, ...signalOf(signal) })),
  writeAll: async (id: number, key: string, bytes: Uint8Array, ifNotExist: boolean) => { await bucketOf(id).writeAll(key, bytes, { ifNotExist }) },
  copy: async (id: number, destination: string, source: string) => { await bucketOf(id).copy(destination, source) },
  delete: async (id: number, key: string) => { await bucketOf(id).delete(key) },
  list: async (id: number, options?: ListOptions) => await collect(bucketOf(id).list(options)),
  close: async (id: number) => { await bucketOf(id).close() },
  abort: (signal: number) => { controllerOf(signal).abort() },
}

export type StoreService = typeof service

exposeService(service)
