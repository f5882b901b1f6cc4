import type { Database } from '../store/index.ts'
import { deviceKey } from './device-key.ts'

/**
 * The database of this origin as the keys worker uses it: open for one task at a time and closed again, so that it never stands in the way of another
 * version of the app; and the key of the device, read once.
 */
export class OwnStore {
  private loading: Promise<CryptoKey> | null = null

  constructor(private readonly open: () => Promise<Database>) {}

  async use<T>(task: (database: Database) => Promise<T>): Promise<T> {
    const database = await this.open()
    try { return await task(database) } finally { await database.close() }
  }

  async deviceKey(): Promise<CryptoKey> {
    this.loading ??= this.use(deviceKey)
    try { return await this.loading } catch (error) {
      this.loading = null // a database that was busy may not be the next time
      throw error
    }
  }
}
