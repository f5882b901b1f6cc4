import { readFile, writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { GoldenLedger } from './golden-ledger.ts'

/**
 * All that an origin of Holdfast stores, as one JSON file: the rows of its database, bytes as `{ "$bytes": base64 }`, and the files of its OPFS,
 * each gzipped. Keys that a browser does not give out (non-extractable ones) cannot be part of it.
 */
export interface StoredOrigin {
  /** Of the app that wrote it. */
  readonly app: string
  readonly schema: number
  readonly stores: Readonly<Record<string, { readonly key: string, readonly rows: readonly unknown[] }>>
  /** By path; gzip of the content. */
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
}

/** A page of the origin on which the app does not run. */
export const quietPath = 'network.json'

/** Bytes as `{ "$bytes": base64 }`. */
export async function writeStored(path: string, stored: StoredOrigin | GoldenLedger): Promise<void> {
  await writeFile(path, `${JSON.stringify(stored, (_key, value: unknown) => value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('base64') } : value, 1)}\n`)
}

export async function readStored(path: string): Promise<StoredOrigin> {
  return JSON.parse(await readFile(path, 'utf8'), (_key, value: unknown) => {
    const { $bytes } = (value ?? {}) as { $bytes?: string }
    return $bytes === undefined ? value : new Uint8Array(Buffer.from($bytes, 'base64'))
  }) as StoredOrigin
}

/** What the origin of `page` holds; nobody may be writing. */
export async function dumpOrigin(page: Page): Promise<Omit<StoredOrigin, 'app'>> {
  return await page.evaluate(async () => {
    const done = async <T>(request: IDBRequest<T>): Promise<T> => await new Promise((resolve, reject) => {
      request.onsuccess = () => { resolve(request.result) }
      request.onerror = () => { reject(request.error) }
    })
    const database = await done(indexedDB.open('holdfast'))
    const stores: Record<string, { key: string, rows: unknown[] }> = {}
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name)
      stores[name] = { key: String(store.keyPath), rows: await done(store.getAll()) }
    }
    database.close()
    const files: Record<string, Uint8Array<ArrayBuffer>> = {}
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const entry of folder.values()) {
        if (entry.kind === 'directory') await walk(entry, `${path}${entry.name}/`)
        else files[path + entry.name] = new Uint8Array(await new Response((await entry.getFile()).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer())
      }
    }
    await walk(await navigator.storage.getDirectory(), '')
    return { schema: database.version, stores, files }
  })
}

/** Puts `stored` into the empty origin of `page`. */
export async function loadOrigin(page: Page, stored: StoredOrigin): Promise<void> {
  await page.evaluate(async ({ schema, stores, files }) => {
    await new Promise<void>((resolve, reject) => {
      const opening = indexedDB.open('holdfast', schema)
      opening.onupgradeneeded = () => {
        for (const [name, { key, rows }] of Object.entries(stores)) {
          const store = opening.result.createObjectStore(name, { keyPath: key })
          for (const row of rows) store.put(row)
        }
      }
      opening.onsuccess = () => { opening.result.close(); resolve() }
      opening.onerror = () => { reject(opening.error) }
    })
    for (const [path, gzip] of Object.entries(files)) {
      const names = path.split('/')
      let folder = await navigator.storage.getDirectory()
      for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true })
      const file = await folder.getFileHandle(names.at(-1) ?? '', { create: true })
      await new Blob([gzip]).stream().pipeThrough(new DecompressionStream('gzip')).pipeTo(await file.createWritable())
    }
  }, stored)
}
