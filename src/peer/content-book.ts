import type { Cid, Clock, Infohash } from '../base/index.ts'
import type { ContentRow, Database, SeenKeepers } from '../store/index.ts'

/** What was given is counted all the time and written down this often. */
const givenWriteMs = 10_000
/** The same of who was seen: ten minutes are little beside the hours and days that are told of. */
const seenWriteMs = 600_000

/**
 * The rows of all content this device holds or wants, as they stand in the database: read once, then kept here and written through.
 * Owns which infohash belongs to which content, how much has come, and what was given. A row is written before it counts here.
 */
export class ContentBook {
  private readonly rows = new Map<Cid, ContentRow>()
  private readonly cids = new Map<Infohash, Cid>()
  private readonly came = new Map<Cid, number>()
  private readonly givenWritten = new Map<Cid, number>()
  private readonly seenWritten = new Map<Cid, number>()

  constructor(private readonly database: Database, private readonly clock: Clock, private readonly changed: (cid: Cid) => void) {}

  async open(): Promise<void> {
    for (const row of await this.database.getAll('content')) this.learn(row)
    for (const { cid, received } of await this.database.getAll('progress')) this.came.set(cid, received)
  }

  get(cid: Cid): ContentRow | undefined {
    return this.rows.get(cid)
  }

  cidOf(infohash: Infohash): Cid | undefined {
    return this.cids.get(infohash)
  }

  get held(): ReadonlyMap<Cid, ContentRow> {
    return this.rows
  }

  all(): readonly Cid[] {
    return [...this.rows.keys()]
  }

  async put(row: ContentRow): Promise<void> {
    await this.database.put('content', row)
    this.learn(row)
  }

  /** A row that was written by others, or is about to be. */
  learn(row: ContentRow): void {
    const before = this.rows.get(row.cid)
    if (before !== undefined && before.infohash !== row.infohash) this.cids.delete(before.infohash)
    const seen = [row.seen, before?.seen].flatMap(each => each ?? []).reduce<SeenKeepers | undefined>((a, b) => a === undefined || b.at > a.at ? b : a, undefined)
    this.rows.set(row.cid, { ...row, given: Math.max(row.given, before?.given ?? 0), ...seen === undefined ? {} : { seen } }) // both are counted while others are at work on the row
    this.cids.set(row.infohash, row.cid)
    this.changed(row.cid)
  }

  async delete({ cid, infohash }: ContentRow): Promise<void> {
    await this.database.delete('content', cid)
    this.rows.delete(cid)
    this.cids.delete(infohash)
    this.changed(cid)
  }

  /** Bytes that came of a download, as last written down. */
  received(cid: Cid): number {
    return this.came.get(cid) ?? 0
  }

  /** The pieces that came, null where nothing did. */
  async bitfield(cid: Cid): Promise<Uint8Array<ArrayBuffer> | null> {
    return (await this.database.get('progress', cid))?.bitfield ?? null
  }

  async putProgress(cid: Cid, bitfield: Uint8Array<ArrayBuffer>, received: number): Promise<void> {
    this.came.set(cid, received)
    await this.database.put('progress', { cid, bitfield, received })
  }

  async dropProgress(cid: Cid): Promise<void> {
    this.came.delete(cid)
    await this.database.delete('progress', cid)
  }

  /** Counts bytes given to others; true when it is time to write the row. */
  countGiven(cid: Cid, bytes: number): boolean {
    const row = this.rows.get(cid)
    if (row === undefined || bytes === 0) return false
    this.rows.set(cid, { ...row, given: row.given + bytes })
    const now = this.clock.now()
    if (now - (this.givenWritten.get(cid) ?? 0) < givenWriteMs) return false
    this.givenWritten.set(cid, now)
    return true
  }

  /** So many others with all of it are connected, or were until now; true when it is time to write the row. */
  countSeen(cid: Cid, keepers: number): boolean {
    const row = this.rows.get(cid)
    if (row === undefined || keepers === 0) return false
    const now = this.clock.now()
    this.rows.set(cid, { ...row, seen: { keepers, at: now } })
    if (now - (this.seenWritten.get(cid) ?? -Infinity) < seenWriteMs) return false
    this.seenWritten.set(cid, now)
    return true
  }

  /** Rows of what was removed and is still stored. */
  trashed(): readonly (ContentRow & { readonly trashedAt: number })[] {
    return [...this.rows.values()].flatMap(row => row.status === 'TRASHED' ? [{ ...row, trashedAt: row.trashedAt ?? 0 }] : [])
  }

  /** Bytes held, of room set aside for what is still coming, and of what was removed. */
  room(): { used: number, reserved: number, trash: number } {
    let [used, reserved, trash] = [0, 0, 0]
    for (const { status, size } of this.rows.values()) {
      if (status === 'SEEDING' || status === 'PLACING') used += size
      else if (status === 'TRASHED') trash += size
      else reserved += size
    }
    return { used, reserved, trash }
  }
}
