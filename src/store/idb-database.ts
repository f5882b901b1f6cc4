import { openDB, type IDBPDatabase } from 'idb'
import { HoldfastError, limits } from '../base/index.ts'
import { BaseDatabase, type Change, type Database } from './database.ts'
import { keyFields, storeNames, type Rows, type SettingName, type SettingRow, type Settings, type StoreName } from './rows.ts'

/** Of the schema: one store for each of `Rows`, keyed by a field of its rows. A new version comes with a golden store of the old one. */
const version = 1

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
  return await openVersion(version, options)
}

/** The same for another version of the schema, as a later app will open it. */
export async function openVersion(wanted: number, { name = 'holdfast', onClosed }: DatabaseOptions = {}): Promise<Database> {
  if ((globalThis as { indexedDB?: IDBFactory }).indexedDB === undefined) throw new HoldfastError('unsupported', 'this context has no IndexedDB')
  let opened: IdbDatabase | null = null
  const end = (reason: HoldfastError): void => {
    if (opened?.end(reason) === true) onClosed?.(reason)
  }
  const patience = new Patience()
  const opening = openDB<Schema>(name, wanted, {
    upgrade(database) {
      for (const store of storeNames) {
        if (!database.objectStoreNames.contains(store)) database.createObjectStore(store, { keyPath: keyFields[store] })
      }
    },
    // The others are asked to close and do, unless they are frozen or too old to listen.
    blocked() { patience.shorten(limits.handOverMs) },
    blocking(_current, next) {
      end(next === null
        ? new HoldfastError('storage-lost', 'the database was deleted')
        : new HoldfastError('storage-newer', 'a newer version of the app took over the database'))
    },
    terminated() { end(new HoldfastError('storage-lost', 'the browser closed the database')) },
  })
  try {
    opened = new IdbDatabase(await Promise.race([opening, patience.end]))
    return opened
  } catch (error) {
    void closeLate(opening)
    throw failureOf(error)
  } finally {
    patience.stop()
  }
}

/** How long opening may take: `end` rejects with `storage-busy` when it took longer. */
class Patience {
  private readonly over = Promise.withResolvers<never>()
  readonly end = this.over.promise
  private timer = this.wait(limits.databaseOpenMs)

  shorten(ms: number): void {
    this.stop()
    this.timer = this.wait(ms)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private wait(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => { this.over.reject(new HoldfastError('storage-busy', 'another tab keeps the database, perhaps in an older version')) }, ms)
  }
}

/** Owns one connection; `closed` says why it is no longer there. */
class IdbDatabase extends BaseDatabase {
  private closed: HoldfastError | null = null

  constructor(private readonly database: IDBPDatabase<Schema>) { super() }

  async get<Store extends StoreName>(store: Store, key: string): Promise<Rows[Store] | null> {
    return await this.use(async () => await this.database.get(store, key) ?? null)
  }

  async getAll<Store extends StoreName>(store: Store): Promise<Rows[Store][]> {
    return await this.use(async () => await this.database.getAll(store) as Rows[Store][])
  }

  async write(changes: readonly Change[]): Promise<void> {
    const stores = [...new Set(changes.map(({ store }) => store))]
    if (stores.length === 0) return
    await this.use(async () => {
      // Strict: a row says what happened to a file, and must not be behind it after a power cut.
      const transaction = this.database.transaction(stores, 'readwrite', { durability: 'strict' })
      try {
        const requests = changes.map(async ({ store, key, row }) => {
          if (row === null) await transaction.objectStore(store).delete(key)
          else await transaction.objectStore(store).put(row)
        })
        await Promise.all([...requests, transaction.done])
      } catch (error) {
        if (transaction.error === null) await abort(transaction) // a row that cannot be cloned ends nothing by itself
        throw transaction.error ?? error
      }
    })
  }

  async settle<Name extends SettingName>(name: Name, value: Settings[Name]): Promise<Settings[Name]> {
    return await this.use(async () => {
      // One transaction: another connection reads before it or after it, never within.
      const transaction = this.database.transaction('settings', 'readwrite', { durability: 'strict' })
      try {
        const standing = await transaction.store.get(name)
        if (standing === undefined) await transaction.store.put({ name, value } as SettingRow)
        await transaction.done
        return (standing?.value ?? value) as Settings[Name]
      } catch (error) {
        if (transaction.error === null) await abort(transaction)
        throw transaction.error ?? error
      }
    })
  }

  async close(): Promise<void> {
    this.end(new HoldfastError('storage-lost', 'the database is closed'))
  }

  /** Closes once running transactions are done; false where it was closed before. */
  end(reason: HoldfastError): boolean {
    if (this.closed !== null) return false
    this.closed = reason
    this.database.close()
    return true
  }

  private async use<T>(task: () => Promise<T>): Promise<T> {
    if (this.closed !== null) throw this.closed
    try { return await task() } catch (error) { throw failureOf(error) }
  }
}

async function abort(transaction: { abort(): void, readonly done: Promise<void> }): Promise<void> {
  try {
    transaction.abort()
    await transaction.done
  } catch {
    // It is over, one way or the other; the caller has the reason.
  }
}

/** What was given up must not block the next one who opens it. */
async function closeLate(opening: Promise<IDBPDatabase<Schema>>): Promise<void> {
  try {
    (await opening).close()
  } catch {
    // It failed for good: that is what its caller was told.
  }
}

function failureOf(error: unknown): HoldfastError {
  const failure = HoldfastError.from(error)
  const { name } = error as Error
  if (name === 'VersionError') return new HoldfastError('storage-newer', 'the database belongs to a newer version of the app', {}, { cause: error })
  // Nobody but the browser aborts our transactions, and it does so for want of room.
  if (name === 'AbortError') return new HoldfastError('storage-full', 'the browser gave no room for it', {}, { cause: error })
  return failure
}
