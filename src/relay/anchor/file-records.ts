import { mkdir, readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { HoldfastError, KeyedLock, limits } from '../../base/index.ts'
import type { Edit, KeyOf, OrderedTable, Records, TableName, ValueOf } from '../../store/index.ts'
import { lockFolder } from './folder-lock.ts'
import { putting, type Act, type Batch, type Key } from './log-batch.ts'
import { LogFile, syncFolder, told } from './log-file.ts'
import { LogIndex } from './log-index.ts'

/** Tables of bytes as they are; rows of the others lie as V8's structured clones, which later versions of Node read as well. */
const byteTables: ReadonlySet<TableName> = new Set(['packs', 'local', 'bodies', 'replaced', 'objects', 'entries'])

/**
 * The tables in files of a folder: a log of batches, and in memory where in it each value lies. A batch is whole or was not written, wherever the process
 * or the machine ends. Once less than half of the log is of use, what is in its oldest file moves to its end. One process at a time has the folder (`storage-busy`);
 * `storage-damaged` where something else than an unfinished end is not as it was written. Fails otherwise as `Records` says, or with `storage-permission`.
 */
export async function fileRecords(folder: string, fileBytes: number = limits.logFileBytes): Promise<FileRecords> {
  return await told(async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const release = await lockFolder(folder)
    try { return await FileRecords.open(folder, fileBytes, release) } catch (error) {
      await release()
      throw error
    }
  })
}

export class FileRecords implements Records {
  private readonly lock = new KeyedLock()
  private tidying: Promise<void> | null = null
  private closing: Promise<void> | null = null
  private ended: HoldfastError | null = null

  private constructor(
    private readonly folder: string,
    private readonly fileBytes: number,
    private readonly release: () => Promise<void>,
    private readonly files: LogFile[],
    private readonly index: LogIndex,
  ) {}

  static async open(folder: string, fileBytes: number, release: () => Promise<void>): Promise<FileRecords> {
    const numbers = (await readdir(folder)).flatMap(name => /^log-(\d{1,9})$/.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b)
    const index = new LogIndex()
    const files: LogFile[] = []
    try {
      for (const number of numbers) {
        const opened = await LogFile.open(pathOf(folder, number), number, number === numbers.at(-1))
        if (opened === null) {
          await unlink(pathOf(folder, number))
          continue
        }
        files.push(opened.file)
        for (const { acts, values } of opened.batches) index.take(opened.file, acts, values)
      }
      for (const file of files.splice(0, files.filter(({ number }) => number < index.from).length)) {
        await file.close()
        await unlink(file.path)
      }
      for (const [i, { number }] of files.entries()) {
        if (number !== index.from + i) throw new HoldfastError('storage-damaged', `${pathOf(folder, index.from + i)} is missing`, { path: pathOf(folder, index.from + i) })
      }
      if (files.length === 0) files.push(await LogFile.create(pathOf(folder, index.from), index.from))
      return new FileRecords(folder, fileBytes, release, files, index)
    } catch (error) {
      for (const file of files) await file.close()
      throw error
    }
  }

  /** Of all files. */
  get bytes(): number { return this.files.reduce((sum, { size }) => sum + size, 0) }

  async get<Table extends TableName>(table: Table, keys: readonly KeyOf<Table>[]): Promise<readonly (ValueOf<Table> | null)[]> {
    this.check()
    return await Promise.all(keys.map(async key => await this.value(table, key)))
  }

  async all<Table extends TableName>(table: Table): Promise<readonly ValueOf<Table>[]> {
    this.check()
    const values = await this.get(table, this.index.keys(table))
    return values.filter(value => value !== null)
  }

  async named(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    this.check()
    const names = this.index.keys('values').map(String).filter(name => name.startsWith(prefix))
    const values = await this.get('values', names)
    return names.map((name, i) => [name, values[i]] as const)
  }

  async between(table: OrderedTable, from: string, end: string, most: number): Promise<readonly (readonly [string, unknown])[]> {
    const keys = await this.keysBetween(table, from, end, most)
    const values = await this.get(table, keys)
    return keys.map((key, i) => [key, values[i]] as const)
  }

  async keysBetween(table: OrderedTable, from: string, end: string, most: number): Promise<readonly string[]> {
    this.check()
    return this.index.keys(table).map(String).filter(key => key >= from && key < end).slice(0, most)
  }

  async countBetween(table: OrderedTable, from: string, end: string): Promise<number> { return (await this.keysBetween(table, from, end, Infinity)).length }

  async write(edits: readonly Edit[], durability: 'strict' | 'relaxed'): Promise<void> {
    this.check()
    const batch = batchOf(edits) // now: what was given may change while others are written
    if (batch.acts.length === 0) return
    await this.lock.run('', async () => {
      this.check()
      const file = await this.append(batch)
      if (durability === 'strict') await this.reliably(async () => { await file.sync() })
      else file.sync().catch((error: unknown) => { this.ended ??= HoldfastError.from(error) }) // it follows by itself
    })
    this.tidying ??= this.tidy().finally(() => { this.tidying = null })
  }

  async close(): Promise<void> {
    this.ended ??= new HoldfastError('storage-lost', 'the ledger is closed')
    this.closing ??= this.lock.run('', async () => {
      for (const file of this.files.splice(0)) {
        await file.sync().catch(() => {}) // whoever wrote what is not on the disk was told, or did not want to know
        await file.close()
      }
      await this.release()
    })
    await this.closing
  }

  private check(): void {
    if (this.ended !== null) throw this.ended
  }

  private async value<Table extends TableName>(table: Table, key: Key): Promise<ValueOf<Table> | null> {
    const place = this.index.find(table, key)
    if (place === null) return null
    const bytes = await place.file.read(place.at, place.length, place.crc)
    return (byteTables.has(table) ? bytes : deserialize(bytes)) as ValueOf<Table>
  }

  /** Where it was added; another file is begun first where the last one is full. */
  private async append(batch: Batch): Promise<LogFile> {
    const last = this.files.at(-1)!
    let file = last
    if (last.size >= this.fileBytes) {
      await this.reliably(async () => { await last.seal() })
      file = await LogFile.create(pathOf(this.folder, last.number + 1), last.number + 1)
      this.files.push(file)
    }
    this.index.take(file, batch.acts, await file.append(batch))
    return file
  }

  /** After a failure nobody knows what is on the disk. */
  private async reliably(task: () => Promise<void>): Promise<void> {
    try { await task() } catch (error) {
      this.ended ??= HoldfastError.from(error)
      throw error
    }
  }

  private async tidy(): Promise<void> {
    try {
      while (await this.lock.run('', async () => await this.retire()));
    } catch { /* a full disk: tried again after the next write */ }
  }

  /** Moves what is of use in the oldest file to the end, once less than half of all is of use; false where nothing is to be done. */
  private async retire(): Promise<boolean> {
    const [oldest] = this.files
    if (this.ended !== null || oldest === undefined || this.files.length < 2 || 2 * this.index.live >= this.bytes) return false
    const places = this.index.of(oldest)
    const values = await Promise.all(places.map(async ({ place: { at, length, crc } }) => await oldest.read(at, length, crc)))
    const moved = places.map(({ table, key }, i) => putting(table, key, values[i]!))
    const file = await this.append({ acts: [...moved, ['from', oldest.number + 1]], values })
    await this.reliably(async () => { await file.sync() })
    this.files.shift()
    await oldest.close()
    await told(async () => {
      await unlink(oldest.path)
      await syncFolder(this.folder)
    })
    return true
  }
}

function pathOf(folder: string, number: number): string {
  return join(folder, `log-${String(number)}`)
}

function batchOf(edits: readonly Edit[]): Batch {
  const acts: Act[] = []
  const values: Uint8Array[] = []
  for (const edit of edits) {
    if (edit.do === 'put') {
      const value = byteTables.has(edit.table) ? edit.value as Uint8Array : cloned(edit.value)
      acts.push(putting(edit.table, edit.key, value))
      values.push(value)
    } else if (edit.do === 'drop') acts.push(['drop', edit.table, edit.key])
    else acts.push(['clear', edit.table, edit.below])
  }
  return { acts, values }
}

function cloned(value: unknown): Uint8Array {
  try { return serialize(value) } catch (error) { throw HoldfastError.from(error) }
}
