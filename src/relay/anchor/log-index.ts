import { tableNames, type TableName } from '../../store/index.ts'
import { actBytes, type Act, type Key } from './log-batch.ts'
import type { LogFile } from './log-file.ts'

/** Where a value lies; `cost`: bytes of the log that it takes, what is said of it among them. */
export interface ValuePlace { readonly file: LogFile, readonly at: number, readonly length: number, readonly crc: number, readonly cost: number }

/** What the log says all in all: where the present value of each key lies. */
export class LogIndex {
  private readonly tables = new Map(tableNames.map(name => [name, new Map<Key, ValuePlace>()]))
  /** Bytes of the log that are of use. */
  live = 0
  /** The number of the oldest file that is. */
  from = 1

  /** Takes what a batch does, its values lying in `file` from `values` on. */
  take(file: LogFile, acts: readonly Act[], values: number): void {
    let at = values
    for (const act of acts) {
      if (act[0] === 'put') {
        const [, table, key, length, crc] = act
        this.drop(table, key)
        const place = { file, at, length, crc, cost: length + actBytes(act) }
        this.table(table).set(key, place)
        this.live += place.cost
        at += length
      } else if (act[0] === 'drop') this.drop(act[1], act[2])
      else if (act[0] === 'clear') this.clear(act[1], act[2])
      else this.from = act[1]
    }
  }

  find(table: TableName, key: Key): ValuePlace | null {
    return this.table(table).get(key) ?? null
  }

  /** In ascending order. */
  keys(table: TableName): readonly Key[] {
    return [...this.table(table).keys()].sort((a, b) => a < b ? -1 : 1)
  }

  /** All that lies in a file, in the order it lies there. */
  of(file: LogFile): readonly { readonly table: TableName, readonly key: Key, readonly place: ValuePlace }[] {
    return [...this.tables].flatMap(([table, places]) => [...places].flatMap(([key, place]) => place.file === file ? [{ table, key, place }] : [])).sort((a, b) => a.place.at - b.place.at)
  }

  private drop(table: TableName, key: Key): void {
    this.live -= this.find(table, key)?.cost ?? 0
    this.table(table).delete(key)
  }

  private clear(table: TableName, below: number | null): void {
    for (const key of this.table(table).keys()) if (below === null || Number(key) < below) this.drop(table, key)
  }

  private table(name: TableName): Map<Key, ValuePlace> {
    return this.tables.get(name)!
  }
}
