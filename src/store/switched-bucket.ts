import { HoldfastError, KeyedLock } from '../base/index.ts'
import type { Attributes, BlobReader, BlobWriter, Bucket, BucketOptions, ListObject, ListOptions, WriterOptions } from './bucket.ts'

/**
 * Stands for a bucket that may become another one while it is in use. Reads go to the one of now. A file is deleted from the one `beside` as well, where its
 * files are being copied to or cleared from. What writes holds up the change, and waits while it is made; nothing is ever written to the one that was left.
 */
export class SwitchedBucket implements Bucket {
  private beside: Bucket | null = null
  private writing = 0
  private idle = Promise.withResolvers<void>()
  private changing: Promise<void> | null = null
  private readonly keys = new KeyedLock()

  constructor(private current: Bucket) {}

  async exists(key: string): Promise<boolean> { return await this.current.exists(key) }
  async attributes(key: string): Promise<Attributes> { return await this.current.attributes(key) }
  async newRangeReader(key: string, offset: number, length: number, options?: BucketOptions): Promise<BlobReader> { return await this.current.newRangeReader(key, offset, length, options) }
  async readAll(key: string): Promise<Uint8Array<ArrayBuffer>> { return await this.current.readAll(key) }
  async writeAll(key: string, bytes: Uint8Array, options?: WriterOptions): Promise<void> { await this.write(async bucket => { await bucket.writeAll(key, bytes, options) }) }
  async copy(destination: string, source: string): Promise<void> { await this.write(async bucket => { await bucket.copy(destination, source) }) }
  list(options?: ListOptions): AsyncIterable<ListObject> { return this.current.list(options) }
  async close(): Promise<void> { await this.current.close() }

  async newWriter(key: string, options?: WriterOptions): Promise<BlobWriter> {
    await this.begin()
    let open = true
    const ending = async (task: () => Promise<void>): Promise<void> => {
      try { await task() } finally {
        if (open) this.end()
        open = false
      }
    }
    try {
      const writer = await this.current.newWriter(key, options)
      return {
        write: async bytes => { await writer.write(bytes) },
        close: async () => { await ending(async () => { await writer.close() }) },
        abort: async () => { await ending(async () => { await writer.abort() }) },
      }
    } catch (error) {
      this.end()
      throw error
    }
  }

  async delete(key: string): Promise<void> {
    await this.write(async bucket => {
      await this.alone(key, async () => {
        await bucket.delete(key)
        await this.beside?.delete(key).catch(unlessAbsent)
      })
    })
  }

  /** Does something that writes to the bucket of now, which is that until it is done. */
  async write<T>(task: (bucket: Bucket) => Promise<T>): Promise<T> {
    await this.begin()
    try { return await task(this.current) } finally { this.end() }
  }

  /** Runs `task` while nobody deletes this key. */
  async alone<T>(key: string, task: () => Promise<T>): Promise<T> {
    return await this.keys.run(key, task)
  }

  /** What is deleted is deleted here, too; null for nowhere. */
  setBeside(bucket: Bucket | null): void {
    this.beside = bucket
  }

  /** Waits for what is being written, then lets nothing be written until `change` gave the bucket to be from now on; where it fails, all stays as it was. */
  async switch(change: (from: Bucket) => Promise<Bucket>): Promise<void> {
    while (this.changing !== null) await this.changing
    const { promise, resolve } = Promise.withResolvers<void>()
    this.changing = promise
    try {
      while (this.writing > 0) await this.idle.promise
      this.current = await change(this.current)
    } finally {
      this.changing = null
      resolve()
    }
  }

  private async begin(): Promise<void> {
    while (this.changing !== null) await this.changing
    this.writing++
  }

  private end(): void {
    if (--this.writing > 0) return
    this.idle.resolve()
    this.idle = Promise.withResolvers<void>()
  }
}

/** A bucket that cannot be used now: everything asked of it fails with why. */
export function absentBucket(problem: HoldfastError): Bucket {
  const fail = async (): Promise<never> => await Promise.reject(problem)
  return {
    exists: fail, attributes: fail, newRangeReader: fail, readAll: fail, newWriter: fail, writeAll: fail, copy: fail, delete: fail,
    // oxlint-disable-next-line require-yield -- it has nothing to give
    async * list() { throw problem },
    close: async () => {},
  }
}

/** Whether a store cannot be reached or used for the moment, which says nothing about the files in it. */
export function isAway(error: unknown): boolean {
  return away.has(HoldfastError.from(error).code)
}

const away: ReadonlySet<string> = new Set(['storage-permission', 'storage-busy', 'store-unreachable', 'store-refused', 'store-missing', 'store-cors', 'timeout'])

function unlessAbsent(error: unknown): void {
  if (HoldfastError.from(error).code !== 'not-found') throw error
}
