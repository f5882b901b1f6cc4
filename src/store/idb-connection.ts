import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from 'idb'
import { HoldfastError, limits } from '../base/index.ts'

export interface IdbOptions<Schema extends DBSchema> {
  readonly name: string
  readonly version: number
  upgrade(database: IDBPDatabase<Schema>, from: number, transaction: IDBPTransaction<Schema, StoreNames<Schema>[], 'versionchange'>): void | Promise<void>
  /** Called once when it is closed from outside: `storage-newer` when another tab needs it for a newer version, `storage-lost` when the browser deleted or ended it. */
  readonly onClosed?: ((reason: HoldfastError) => void) | undefined
}

/** Owns one connection to an IndexedDB database. Once it is closed, by whomever, every use fails with the reason. */
export class IdbConnection<Schema extends DBSchema> {
  private closed: HoldfastError | null = null

  private constructor(private readonly database: IDBPDatabase<Schema>) {}

  /** `unsupported` where there is no IndexedDB, `storage-newer`, `storage-busy` when others keep an older version open for too long. */
  static async open<Schema extends DBSchema>({ name, version, upgrade, onClosed }: IdbOptions<Schema>): Promise<IdbConnection<Schema>> {
    if ((globalThis as { indexedDB?: IDBFactory }).indexedDB === undefined) throw new HoldfastError('unsupported', 'this context has no IndexedDB')
    let opened: IdbConnection<Schema> | null = null
    const end = (reason: HoldfastError): void => {
      if (opened?.end(reason) === true) onClosed?.(reason)
    }
    const patience = new Patience()
    const opening = openDB<Schema>(name, version, {
      upgrade(database, from, _to, transaction) {
        Promise.resolve(upgrade(database, from, transaction)).catch(() => { transaction.abort() }) // whoever opens hears of that
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
      opened = new IdbConnection(await Promise.race([opening, patience.end]))
      return opened
    } catch (error) {
      void closeLate(opening)
      throw failureOf(error)
    } finally {
      patience.stop()
    }
  }

  async use<T>(task: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    if (this.closed !== null) throw this.closed
    try { return await task(this.database) } catch (error) { throw failureOf(error) }
  }

  /**
   * Runs `change` in one transaction: all of it or nothing. It may wait for nothing but requests of that transaction. `strict` resolves when it is on
   * disk, `relaxed` when the system has it.
   */
  async change<T, Names extends StoreNames<Schema>[]>(stores: Names, durability: 'strict' | 'relaxed', change: (transaction: IDBPTransaction<Schema, Names, 'readwrite'>) => Promise<T>): Promise<T> {
    return await this.use(async database => {
      const transaction = database.transaction(stores, 'readwrite', { durability })
      // Not waiting for `done` before `change` is through would leave its failure unheard.
      transaction.done.catch(() => undefined)
      try {
        const result = await change(transaction)
        await transaction.done
        return result
      } catch (error) {
        if (transaction.error === null) await abort(transaction) // what was thrown by us, or a row that cannot be cloned, ends nothing by itself
        throw transaction.error ?? error
      }
    })
  }

  /** Closes once running transactions are done; false where it was closed before. */
  end(reason: HoldfastError): boolean {
    if (this.closed !== null) return false
    this.closed = reason
    this.database.close()
    return true
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

async function abort(transaction: { abort(): void, readonly done: Promise<void> }): Promise<void> {
  try {
    transaction.abort()
    await transaction.done
  } catch {
    // It is over, one way or the other; the caller has the reason.
  }
}

/** What was given up must not block the next one who opens it. */
async function closeLate(opening: Promise<{ close(): void }>): Promise<void> {
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
