import { mkdir, open, readFile, readdir, rename, rm, stat, unlink, writeFile, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { HoldfastError, fromHex, isCid, isMap, toHex, type Cid, type Infohash } from '../../base/index.ts'
import { contentKey, judgeFoundInfo, type FileFacts, type Kind, type PublishedFile, type UploadName } from '../../content/index.ts'
import type { Bucket } from '../../store/index.ts'
import { lockFolder } from '../anchor/folder-lock.ts'
import { openFolderBucket } from '../content/folder-bucket.ts'

/** A file that is here whole and was compared with its content id. */
export interface KeptFile {
  readonly cid: Cid
  readonly kind: Kind
  readonly size: number
  readonly infohash: Infohash
  readonly info: Uint8Array<ArrayBuffer>
  readonly facts: FileFacts
  /** For which it was fetched. */
  readonly uploads: readonly UploadName[]
}

/** A file on its way here; its room is taken from the first moment on. */
export interface ComingFile {
  readonly path: string
  write(at: number, bytes: Uint8Array): Promise<void>
  /** `size` bytes from the front, one after the other. */
  read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
  /** Puts it among the files that are kept. */
  place(file: KeptFile): Promise<void>
  /** Gives it up, whatever came of it. After `place` it does nothing. */
  end(): Promise<void>
}

/**
 * What a relay keeps for others, in a folder of its own: `files/` under the keys of any store, `rows/<cid>.json` with what is known of each, `coming/`. A file counts from the moment
 * its row is there, which is written after it; a kill leaves both, or nothing that counts. One process at a time.
 */
export class KeptFiles {
  private readonly rows = new Map<Cid, KeptFile>()
  private readonly byInfohash = new Map<Infohash, Cid>()
  private readonly coming = new Map<Cid, number>()

  private constructor(private readonly folder: string, readonly bucket: Bucket, private readonly unlock: () => Promise<void>) {}

  /** `storage-busy` where another process has the folder. */
  static async open(folder: string): Promise<KeptFiles> {
    for (const name of ['files', 'rows']) await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
    const unlock = await lockFolder(folder)
    try {
      await rm(join(folder, 'coming'), { recursive: true, force: true })
      await mkdir(join(folder, 'coming'))
      const kept = new KeptFiles(folder, await openFolderBucket(join(folder, 'files')), unlock)
      await kept.mend()
      return kept
    } catch (error) {
      await unlock()
      throw error
    }
  }

  /** Of whole files, and of those that come as if they were whole. */
  get bytes(): number { return [...this.rows.values()].reduce((sum, { size }) => sum + size, 0) + [...this.coming.values()].reduce((sum, size) => sum + size, 0) }

  all(): readonly KeptFile[] { return [...this.rows.values()] }
  get(cid: Cid): KeptFile | null { return this.rows.get(cid) ?? null }
  find(infohash: Infohash): KeptFile | null { return this.get(this.byInfohash.get(infohash) ?? '') }

  async begin({ cid, infohash, size }: PublishedFile): Promise<ComingFile> {
    if (this.coming.has(cid) || this.rows.has(cid)) throw new HoldfastError('already-exists', 'it is here, or on its way')
    this.coming.set(cid, size)
    const path = join(this.folder, 'coming', infohash)
    let file: FileHandle | null = null
    const end = async (): Promise<void> => {
      await file?.close()
      file = null
      await rm(path, { force: true })
      this.coming.delete(cid)
    }
    try {
      const opened = file = await open(path, 'w+', 0o600)
      return {
        path, end,
        async write(at, bytes) { await filed(async () => { await opened.write(bytes, 0, bytes.length, at) }) },
        async read(at, length) {
          const bytes = new Uint8Array(length)
          const { bytesRead } = await opened.read(bytes, 0, length, at)
          if (bytesRead !== length) throw new HoldfastError('storage-lost', 'the file is shorter than it was')
          return bytes
        },
        place: async row => {
          await filed(async () => {
            await opened.sync()
            const target = join(this.folder, 'files', contentKey(row.kind, cid))
            await mkdir(dirname(target), { recursive: true })
            await rename(path, target)
          })
          await this.set(row)
          await end()
        },
      }
    } catch (error) {
      await end()
      throw error
    }
  }

  /** Writes down what is known of a file. */
  async set(row: KeptFile): Promise<void> {
    const path = this.rowPath(row.cid)
    await filed(async () => {
      await writeFile(`${path}.new`, JSON.stringify({ ...row, info: toHex(row.info) }), { mode: 0o600 })
      await rename(`${path}.new`, path)
    })
    this.rows.set(row.cid, row)
    this.byInfohash.set(row.infohash, row.cid)
  }

  async drop(cid: Cid): Promise<void> {
    const row = this.rows.get(cid)
    if (row === undefined) return
    this.rows.delete(cid)
    this.byInfohash.delete(row.infohash)
    await unlink(this.rowPath(cid)).catch(absent)
    await this.bucket.delete(contentKey(row.kind, cid)).catch((error: unknown) => { if (HoldfastError.from(error).code !== 'not-found') throw error })
  }

  async close(): Promise<void> {
    await this.bucket.close()
    await this.unlock()
  }

  private rowPath(cid: Cid): string { return join(this.folder, 'rows', `${cid}.json`) }

  /** Rows without their file go, and files without their row. */
  private async mend(): Promise<void> {
    for (const name of await readdir(join(this.folder, 'rows'))) {
      const path = join(this.folder, 'rows', name)
      const row = readRow(await readFile(path, 'utf8'))
      const size = row === null ? null : await stat(join(this.folder, 'files', contentKey(row.kind, row.cid))).then(found => found.size, absent)
      if (row === null || name !== `${row.cid}.json` || size !== row.size) await unlink(path)
      else {
        this.rows.set(row.cid, row)
        this.byInfohash.set(row.infohash, row.cid)
      }
    }
    const known = new Set(this.all().map(({ kind, cid }) => contentKey(kind, cid)))
    for await (const { key } of this.bucket.list()) if (!known.has(key)) await this.bucket.delete(key)
  }
}

/** A row as it was written; null for anything else. */
export function readRow(text: string): KeptFile | null {
  let value: unknown
  try { value = JSON.parse(text) } catch { return null }
  if (!isMap(value)) return null
  const { cid, infohash, size, facts, uploads } = value
  const info = typeof value['info'] === 'string' ? fromHex(value['info']) : null
  if (typeof cid !== 'string' || !isCid(cid) || typeof infohash !== 'string' || info === null || !isFacts(facts) || !Array.isArray(uploads)) return null
  const judged = judgeFoundInfo(info, cid, infohash)
  if (!judged.ok || judged.value.length !== size) return null
  return { cid, kind: judged.value.kind, size, infohash, info, facts, uploads: uploads.filter(isName).map(name => ({ cid: name.cid, owner: name.owner })) }
}

function isFacts(value: unknown): value is FileFacts {
  return isMap(value) && typeof value['audit'] === 'string' && typeof value['sound'] === 'boolean' && (value['dissem'] === null || Array.isArray(value['dissem']) && value['dissem'].every(each => typeof each === 'string'))
}

function isName(value: unknown): value is UploadName {
  return isMap(value) && typeof value['cid'] === 'string' && typeof value['owner'] === 'string'
}

async function filed<T>(task: () => Promise<T>): Promise<T> {
  try { return await task() } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw ['ENOSPC', 'EDQUOT'].includes(code) ? new HoldfastError('storage-full', message, {}, { cause: error }) : error
  }
}

function absent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
  throw error
}
