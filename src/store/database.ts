import { keyOf, type Rows, type SettingName, type SettingRow, type Settings, type StoreName } from './rows.ts'

/**
 * The small records: what is held, what is under way, settings. Every driver passes `tests/contract/database.ts`. Rows go in and
 * out as copies. Failures are `HoldfastError`s: `storage-full` (nothing was written), `storage-newer` (a newer version of the app
 * has it), `storage-busy` (another tab keeps an older version open), `storage-lost` (closed or taken away).
 */
export interface Database {
  get<Store extends StoreName>(store: Store, key: string): Promise<Rows[Store] | null>
  /** In the order of their keys. */
  getAll<Store extends StoreName>(store: Store): Promise<Rows[Store][]>
  put<Store extends StoreName>(store: Store, row: Rows[Store]): Promise<void>
  delete(store: StoreName, key: string): Promise<void>
  /** All of it or nothing. */
  write(changes: readonly Change[]): Promise<void>
  setting<Name extends SettingName>(name: Name): Promise<Settings[Name] | null>
  set<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<void>
  /** Sets it where it is not set yet, and returns what stands. Of several who try at once, in any tab, one wins. */
  settle<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<Settings[Name]>
  close(): Promise<void>
}

/** A row to be put, or with null to be deleted. */
export interface Change { readonly store: StoreName, readonly key: string, readonly row: Rows[StoreName] | null }

export function putting<Store extends StoreName>(store: Store, row: Rows[Store]): Change {
  return { store, key: keyOf(store, row), row }
}

export function deleting(store: StoreName, key: string): Change {
  return { store, key, row: null }
}

/** What is the same for every driver: those that read and write rows decide the rest. */
export abstract class BaseDatabase implements Database {
  abstract get<Store extends StoreName>(store: Store, key: string): Promise<Rows[Store] | null>
  abstract getAll<Store extends StoreName>(store: Store): Promise<Rows[Store][]>
  abstract write(changes: readonly Change[]): Promise<void>
  abstract settle<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<Settings[Name]>
  abstract close(): Promise<void>

  async put<Store extends StoreName>(store: Store, row: Rows[Store]): Promise<void> {
    await this.write([putting(store, row)])
  }

  async delete(store: StoreName, key: string): Promise<void> {
    await this.write([deleting(store, key)])
  }

  async setting<Name extends SettingName>(name: Name): Promise<Settings[Name] | null> {
    const row = await this.get('settings', name)
    return row === null ? null : row.value as Settings[Name]
  }

  async set<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<void> {
    await this.put('settings', { name, value } as SettingRow)
  }
}
