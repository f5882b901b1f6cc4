import { HoldfastError } from '../../base/index.ts'
import { IdbConnection } from '../idb-connection.ts'
import { holdLock } from '../web-lock.ts'
import { tableNames, type Edit, type KeyOf, type OrderedTable, type Records, type TableName, type Tables, type ValueOf } from './records.ts'

/** Of the ledger's database: a table for each of `Tables`; 2 has those of records. A new version comes with a golden store of the old one. */
export const ledgerVersion = 2

type Schema = { [Table in TableName]: Tables[Table] }

export interface IdbRecordsOptions {
  readonly name: string
  /** As `DatabaseOptions.onClosed`. */
  readonly onClosed?: ((reason: HoldfastError) => void) | undefined
}

/**
 * The tables in IndexedDB, written from here alone: `storage-busy` where another context has them. Fails otherwise as `Records` says, and as
 * `openDatabase` does where it cannot be opened.
 */
export async function idbRecords({ name, onClosed }: IdbRecordsOptions): Promise<Records> {
  let release = () => {}
  // First: an older version of the app that has the lock lets go of it when it is asked to let go of the database.
  const connection = await IdbConnection.open<Schema>({
    name,
    version: ledgerVersion,
    upgrade(database) {
      for (const table of tableNames) if (!database.objectStoreNames.contains(table)) database.createObjectStore(table)
    },
    onClosed(reason) {
      release()
      onClosed?.(reason)
    },
  })
  try {
    release = await holdLock(name)
  } catch (error) {
    connection.end(closed())
    throw error
  }
  return new IdbRecords(connection, release)
}

function closed(): HoldfastError {
  return new HoldfastError('storage-lost', 'the ledger is closed')
}

/** Owns the connection, and the lock that `release` gives back. */
class IdbRecords implements Records {
  constructor(private readonly connection: IdbConnection<Schema>, private readonly release: () => void) {}

  async get<Table extends TableName>(table: Table, keys: readonly KeyOf<Table>[]): Promise<readonly (ValueOf<Table> | null)[]> {
    if (keys.length === 0) return []
    return await this.connection.use(async database => {
      const store = database.transaction(table).store
      return await Promise.all(keys.map(async key => await store.get(key) ?? null))
    })
  }

  async all<Table extends TableName>(table: Table): Promise<readonly ValueOf<Table>[]> {
    return await this.connection.use(async database => await database.getAll(table) as ValueOf<Table>[])
  }

  async named(prefix: string): Promise<readonly (readonly [string, unknown])[]> {
    return await this.connection.use(async database => {
      const { store } = database.transaction('values')
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const [names, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)])
      return names.map((name, i) => [name, values[i]] as const)
    })
  }

  async between(table: OrderedTable, from: string, end: string, most: number): Promise<readonly (readonly [string, unknown])[]> {
    if (from >= end) return []
    return await this.connection.use(async database => {
      const { store } = database.transaction(table)
      const [keys, values] = await Promise.all([store.getAllKeys(upTo(from, end), atMost(most)), store.getAll(upTo(from, end), atMost(most))])
      return keys.map((key, i) => [key, values[i]] as const)
    })
  }

  async keysBetween(table: OrderedTable, from: string, end: string, most: number): Promise<readonly string[]> {
    return from >= end ? [] : await this.connection.use(async database => await database.getAllKeys(table, upTo(from, end), atMost(most)))
  }

  async countBetween(table: OrderedTable, from: string, end: string): Promise<number> {
    return from >= end ? 0 : await this.connection.use(async database => await database.count(table, upTo(from, end)))
  }

  async write(edits: readonly Edit[], durability: 'strict' | 'relaxed'): Promise<void> {
    const tables = [...new Set(edits.map(({ table }) => table))]
    if (tables.length === 0) return
    await this.connection.change(tables, durability, async transaction => {
      await Promise.all(edits.map(async edit => {
        const store = transaction.objectStore(edit.table)
        if (edit.do === 'put') await store.put(apart(edit.value), edit.key)
        else if (edit.do === 'drop') await store.delete(edit.key)
        else if (edit.below === null) await store.clear()
        else await store.delete(IDBKeyRange.upperBound(edit.below, true))
      }))
    })
  }

  async close(): Promise<void> {
    this.connection.end(closed())
    this.release()
  }
}

function upTo(from: string, end: string): IDBKeyRange { return IDBKeyRange.bound(from, end, false, true) }

/** IndexedDB's count: a whole number below 2^32, or none. */
function atMost(most: number): number | undefined { return most === Infinity ? undefined : most }

/** A view alone: cloning one would store all of the buffer behind it. */
function apart(value: unknown): unknown {
  return value instanceof Uint8Array && value.length < value.buffer.byteLength ? value.slice() : value
}
