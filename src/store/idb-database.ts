import { HoldfastError } from '../base/index.ts'
import { BaseDatabase, type Change, type Database } from './database.ts'
import { IdbConnection } from './idb-connection.ts'
import { keyFields, storeNames, type Rows, type SettingName, type SettingRow, type Settings, type StoreName } from './rows.ts'
import { contentFrom1, jobFrom1 } from './upgrade.ts'

/** Of the schema: one store for each of `Rows`, keyed by a field of its rows. A new version comes with a golden store of the old one. */
export const databaseVersion = 2

type Schema = { [Store in StoreName]: { key: string, value: Rows[Store] } }

export interface DatabaseOptions {
  readonly name?: string
  /**
   * Called once when the database is closed from outside: `storage-newer` when another tab needs it for a newer version of the app,
   * `storage-lost` when the browser deleted or ended it. From then on every call fails with the same.
   */
  readonly onClosed?: (reason: HoldfastError) => void
}

/** The database in IndexedDB. Fails as `Database` says, and with `unsupported` where there is no IndexedDB. */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  return await openVersion(databaseVersion, options)
}

/** The same for another version of the schema, as a later app will open it. */
export async function openVersion(wanted: number, { name = 'holdfast', onClosed }: DatabaseOptions = {}): Promise<Database> {
  return new IdbDatabase(await IdbConnection.open<Schema>({
    name, onClosed,
    version: wanted,
    async upgrade(database, from, transaction) {
      for (const store of storeNames) {
        if (!database.objectStoreNames.contains(store)) database.createObjectStore(store, { keyPath: keyFields[store] })
      }
      if (from !== 1) return
      for (const row of await transaction.objectStore('content').getAll()) await transaction.objectStore('content').put(contentFrom1(row))
      for (const row of await transaction.objectStore('jobs').getAll()) await transaction.objectStore('jobs').put(jobFrom1(row))
    },
  }))
}

class IdbDatabase extends BaseDatabase {
  constructor(private readonly connection: IdbConnection<Schema>) { super() }

  async get<Store extends StoreName>(store: Store, key: string): Promise<Rows[Store] | null> {
    return await this.connection.use(async database => await database.get(store, key) ?? null)
  }

  async getAll<Store extends StoreName>(store: Store): Promise<Rows[Store][]> {
    return await this.connection.use(async database => await database.getAll(store) as Rows[Store][])
  }

  async write(changes: readonly Change[]): Promise<void> {
    const stores = [...new Set(changes.map(({ store }) => store))]
    if (stores.length === 0) return
    // Strict: a row says what happened to a file, and must not be behind it after a power cut.
    await this.connection.change(stores, 'strict', async transaction => {
      await Promise.all(changes.map(async ({ store, key, row }) => {
        if (row === null) await transaction.objectStore(store).delete(key)
        else await transaction.objectStore(store).put(row)
      }))
    })
  }

  async settle<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<Settings[Name]> {
    // One transaction: another connection reads before it or after it, never within.
    return await this.connection.change(['settings'], 'strict', async transaction => {
      const settings = transaction.objectStore('settings')
      const standing = await settings.get(name)
      if (standing === undefined) await settings.put({ name, value } as SettingRow)
      return (standing?.value ?? value) as Settings[Name]
    })
  }

  async close(): Promise<void> {
    this.connection.end(new HoldfastError('storage-lost', 'the database is closed'))
  }
}
