import { limits, type Cid, type Clock } from '../base/index.ts'
import type { Link } from '../content/index.ts'
import { deleting, putting, type Database, type OpenedRow } from '../store/index.ts'
import type { SealedLink } from './network-api.ts'

/** Links with a key between being opened and being fetched, so that the address bar can forget the key at once. */
export class OpenedLinks {
  private readonly rows = new Map<Cid, OpenedRow>()

  constructor(private readonly database: Database, private readonly clock: Clock) {}

  /** Reads them, and forgets those nobody came back to. Those that a backup brought are not links somebody opened: they wait as long as it takes. */
  async open(): Promise<void> {
    const rows = (await this.database.getAll('opened')).toSorted((a, b) => a.openedAt - b.openedAt)
    for (const row of rows) {
      if (row.restored !== true && this.clock.now() - row.openedAt > limits.openedMs) await this.database.delete('opened', row.cid)
      else this.rows.set(row.cid, row)
    }
  }

  /** What a backup brought. */
  restored(): readonly OpenedRow[] {
    return [...this.rows.values()].filter(({ restored }) => restored === true)
  }

  get(cid: Cid): OpenedRow | undefined {
    return this.rows.get(cid)
  }

  /** As pages see them, without their keys. */
  list(): readonly Link[] {
    return [...this.rows.values()].map(({ cid, infohash, size, kind, name, relays }) => ({ cid, infohash, size, kind, name, relays, key: null }))
  }

  async put({ cid, infohash, size, kind, name, relays, sealed }: SealedLink): Promise<void> {
    if (sealed === null) return
    const kept = this.rows.get(cid)?.restored === true ? { restored: true } as const : {}
    const row: OpenedRow = { cid, infohash, size, kind, name, relays: [...relays], sealed, openedAt: this.clock.now(), ...kept }
    const passing = [...this.rows.values()].filter(({ restored }) => restored !== true)
    const oldest = !this.rows.has(cid) && passing.length >= limits.openedLinks ? passing[0]?.cid : undefined
    await this.database.write([putting('opened', row), ...oldest === undefined ? [] : [deleting('opened', oldest)]])
    if (oldest !== undefined) this.rows.delete(oldest)
    this.rows.delete(cid)
    this.rows.set(cid, row)
  }

  async drop(cid: Cid): Promise<void> {
    if (!this.rows.has(cid)) return
    await this.database.delete('opened', cid)
    this.rows.delete(cid)
  }
}
