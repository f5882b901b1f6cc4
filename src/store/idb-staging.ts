import { HoldfastError } from '../base/index.ts'
import { adoptByCopy } from './adopt.ts'
import type { Bucket } from './bucket.ts'
import { IdbBucket } from './idb-bucket.ts'
import { cutParts, dropFile, fileAt, filesBelow, mustBeFree, newId, openFiles, readParts, writeParts, type FileRow, type Files } from './idb-files.ts'
import { checkCount, comparePaths, splitPath } from './paths.ts'
import { OpenPaths } from './staging-file.ts'
import type { Staging, StagingFile } from './staging.ts'
import { SwitchedBucket } from './switched-bucket.ts'
import { holdLock } from './web-lock.ts'

/** Staging in the folder `root` of the files in IndexedDB; works in every context. */
export async function openIdbStaging(root = 'holdfast'): Promise<Staging> {
  splitPath(root)
  return new IdbStaging(await openFiles(root), root)
}

/**
 * Owns the open files of this context. A file is open once at a time in the whole browser: whoever has it holds a Web Lock of its path,
 * which outlives no context, so no lease has to run out. `busy` makes our own second open fail at once instead of waiting.
 */
class IdbStaging implements Staging {
  private readonly busy = new OpenPaths()

  constructor(private readonly files: Files, private readonly root: string) {}

  async open(path: string, { create = false } = {}): Promise<StagingFile> {
    const full = this.path(path)
    return await this.take(path, async release => {
      const row = await fileAt(this.files, full) ?? (create ? await this.make(full) : null)
      if (row === null) throw new HoldfastError('not-found', 'no such file in staging', { path })
      return new IdbFile(this.files, row, release)
    })
  }

  async exists(path: string): Promise<boolean> {
    return await fileAt(this.files, this.path(path)) !== null
  }

  async remove(path: string): Promise<void> {
    const full = this.path(path)
    this.busy.refuse(path)
    const file = await fileAt(this.files, full)
    for (const row of [...file === null ? [] : [file], ...await filesBelow(this.files, full)]) {
      await this.take(row.path.slice(this.root.length + 1), async release => {
        await this.files.change(['files', 'parts', 'writers'], 'relaxed', async change => { await dropFile(change, row) })
        release()
      })
    }
  }

  async list(folder: string): Promise<readonly string[]> {
    const full = this.path(folder)
    const names = (await filesBelow(this.files, full)).map(({ path }) => path.slice(full.length + 1).split('/')[0] ?? '')
    return [...new Set(names)].sort(comparePaths)
  }

  async adopt(path: string, bucket: Bucket, key: string): Promise<void> {
    if (bucket instanceof SwitchedBucket) { await bucket.write(async current => { await this.adopt(path, current, key) }); return }
    if (!(bucket instanceof IdbBucket) || bucket.files !== this.files) return await adoptByCopy(this, path, bucket, key)
    const full = this.path(path)
    await this.take(path, async release => {
      if (!await bucket.adopt(full, key) && !await bucket.exists(key)) throw new HoldfastError('not-found', 'neither the staged file nor its key is there', { path, key })
      release()
    })
  }

  private path(path: string): string {
    splitPath(path)
    return `${this.root}/${path}`
  }

  private async make(path: string): Promise<FileRow> {
    return await this.files.change(['files', 'parts', 'writers'], 'relaxed', async change => {
      await mustBeFree(change, path)
      const row: FileRow = { path, id: newId(), size: 0, modified: Date.now() }
      await change.objectStore('files').put(row)
      return row
    })
  }

  /** Runs `use` with the path ours alone; `use` hands on or calls `release`, and where it fails that is done here. */
  private async take<T>(path: string, use: (release: () => void) => Promise<T>): Promise<T> {
    this.busy.claim(path)
    let release = (): void => { this.busy.release(path) }
    try {
      const unlock = await holdLock(`holdfast-file/${this.path(path)}`)
      release = () => {
        unlock()
        this.busy.release(path)
      }
      return await use(release)
    } catch (error) {
      release()
      throw HoldfastError.from(error)
    }
  }
}

/**
 * A staged file whose size, like all else of it, only we change. `resize` charges no room: IndexedDB has no file whose length could be set, and zeros
 * written to reserve it are compressed away, so a full disk shows at the write that finds no room. Nothing of such a write counts.
 */
class IdbFile implements StagingFile {
  private closed = false

  constructor(private readonly files: Files, private row: FileRow, private readonly release: () => void) {}

  async size(): Promise<number> {
    this.mustBeOpen()
    return this.row.size
  }

  async read(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    this.mustBeOpen()
    checkCount('at', at)
    checkCount('length', length)
    const { id, size } = this.row
    if (at + length > size) throw new HoldfastError('bad-input', 'read beyond the end of the file', { at, length, size })
    return await readParts(this.files, id, at, length, false)
  }

  async write(at: number, bytes: Uint8Array): Promise<void> {
    this.mustBeOpen()
    checkCount('at', at)
    if (bytes.length > 0) await this.change('relaxed', size => Math.max(size, at + bytes.length), async (change, id) => { await writeParts(change, id, at, bytes) })
  }

  async resize(size: number): Promise<void> {
    this.mustBeOpen()
    checkCount('size', size)
    await this.change('relaxed', () => size, async (change, id, before) => { if (size < before) await cutParts(change, id, size) })
  }

  /** A strict transaction after relaxed ones puts all of them on disk: they are one log. */
  async flush(): Promise<void> {
    this.mustBeOpen()
    await this.change('strict', size => size, async () => undefined)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.release()
  }

  private async change(durability: 'strict' | 'relaxed', sizeOf: (before: number) => number, edit: (change: Parameters<typeof writeParts>[0], id: string, before: number) => Promise<void>): Promise<void> {
    const { path, id } = this.row
    this.row = await this.files.change(['files', 'parts', 'writers'], durability, async change => {
      const there = await change.objectStore('files').get(path)
      if (there?.id !== id) throw new HoldfastError('storage-lost', 'the browser took the file away', { path })
      await edit(change, id, there.size)
      const row: FileRow = { path, id, size: sizeOf(there.size), modified: Date.now() }
      await change.objectStore('files').put(row)
      return row
    })
  }

  private mustBeOpen(): void {
    if (this.closed) throw new HoldfastError('bad-input', 'the staged file is closed')
  }
}
