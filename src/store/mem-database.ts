import { HoldfastError } from '../base/index.ts'
import { BaseDatabase, type Change, type Database } from './database.ts'
import { storeNames, type Rows, type SettingName, type Settings, type StoreName } from './rows.ts'

/** A database that lives as long as this object. */
export function memDatabase(): Database {
  return new MemDatabase()
}

function cloned(changes: readonly Change[]): readonly Change[] {
  try { return structuredClone(changes) } catch (error) { throw HoldfastError.from(error) }
}

class MemDatabase extends BaseDatabase {
  private readonly stores = new Map(storeNames.map(name => [name, new Map<string, Rows[StoreName]>()]))
  private closed = false

  async get<Store extends StoreName>(store: Store, key: string): Promise<Rows[Store] | null> {
    return structuredClone(this.rows(store).get(key) ?? null)
  }

  async getAll<Store extends StoreName>(store: Store): Promise<Rows[Store][]> {
    return structuredClone([...this.rows(store)].sort(([a], [b]) => a < b ? -1 : 1).map(([, row]) => row))
  }

  async write(changes: readonly Change[]): Promise<void> {
    for (const { store, key, row } of cloned(changes)) {
      if (row === null) this.rows(store).delete(key)
      else this.rows(store).set(key, row)
    }
  }

  async settle<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<Settings[Name]> {
    const rows = this.rows('settings')
    if (!rows.has(name)) await this.set(name, value) // it writes before it lets anybody else
    return structuredClone(rows.get(name)?.value as Settings[Name])
  }

  async close(): Promise<void> {
    this.closed = true
  }

  private rows<Store extends StoreName>(store: Store): Map<string, Rows[Store]> {
    if (this.closed) throw new HoldfastError('storage-lost', 'the database is closed')
    return this.stores.get(store) as Map<string, Rows[Store]>
  }
}
