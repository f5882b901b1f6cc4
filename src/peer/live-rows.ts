import { HoldfastError, KeyedLock, type Cid, type Infohash } from '../base/index.ts'
import { isAway, type ContentRow } from '../store/index.ts'
import type { Swarm } from '../swarm/index.ts'
import { ContentBook } from './content-book.ts'
import { GivenFiles } from './given-files.ts'
import type { TransferParts } from './transfer-parts.ts'

/**
 * The rows, and the swarm that does what they ask for. Alone in telling the swarm anything; it is told by the rows and never the other way round.
 * Invariants: a row is written before what it announces is done, so that a kill at any moment leaves work that can be taken up again; the
 * swarm knows a content exactly while its row asks for it; what happens to one content happens one after the other (`run`).
 */
export class LiveRows {
  readonly book: ContentBook
  readonly given: GivenFiles
  private readonly lock = new KeyedLock()
  private swarm: Swarm | null = null

  constructor(private readonly parts: TransferParts) {
    this.book = new ContentBook(parts.database, parts.clock, parts.changed)
    this.given = new GivenFiles(this.book, cid => parts.sharing() && !parts.blocked(cid))
  }

  /** From now on what the rows ask for happens. */
  async attach(swarm: Swarm): Promise<void> {
    this.swarm = swarm
    await Promise.all(this.book.all().map(async cid => { await this.run(cid, async () => { await this.engage(cid) }) }))
  }

  async run<T>(cid: Cid, task: () => Promise<T>): Promise<T> {
    return await this.lock.run(cid, task)
  }

  /** Offers at the rendezvous what may be found there now. */
  offer(): void {
    this.swarm?.setOffers(this.given.offers())
  }

  /** Tells the swarm what the row asks for. */
  async engage(cid: Cid): Promise<void> {
    const [row, swarm] = [this.book.get(cid), this.swarm]
    if (row === undefined || swarm === null) return
    const { infohash, kind, size, info, path, staging, status, paused, giving, findable } = row
    if (findable) this.offer()
    if (this.parts.blocked(cid)) await swarm.drop(infohash)
    else if (status === 'SEEDING' && info !== null) {
      if (giving) swarm.seed({ cid, kind, size, infohash, info, key: path })
      else await swarm.drop(infohash)
    } else if (status !== 'PENDING' && status !== 'DOWNLOADING') return
    else if (paused || staging === null || this.parts.mayCome?.(row) === false) {
      this.parts.arriving.drop(cid)
      await swarm.drop(infohash)
    } else {
      swarm.fetch({ cid, kind, infohash, size, info, bitfield: await this.book.bitfield(cid), path: staging, give: giving, root: row.attachment?.root ?? null })
      if (info !== null) this.parts.arriving.follow(row)
    }
  }

  /**
   * Reads some of a file that is in no row, from whoever has it: in the swarm as long as `task` works, and then gone with all that came. Null where it is in a row. Nothing
   * else is done with that content meanwhile.
   */
  async glimpse<T>(file: Pick<ContentRow, 'cid' | 'kind' | 'infohash' | 'size'>, path: string, task: (swarm: Swarm) => Promise<T>): Promise<T | null> {
    return await this.run(file.cid, async () => {
      const [swarm, row] = [this.swarm, this.book.get(file.cid)]
      if (row !== undefined && row.status !== 'TRASHED') return null
      if (swarm === null || this.parts.blocked(file.cid)) throw new HoldfastError('not-found', 'not to be had now')
      swarm.fetch({ ...file, info: null, bitfield: null, path, give: false })
      try { return await task(swarm) } finally {
        await swarm.drop(file.infohash)
        await this.parts.staging.remove(path)
      }
    })
  }

  /** Takes the swarm off a content, until its row is engaged again. */
  async disengage({ infohash }: ContentRow): Promise<void> {
    await this.swarm?.drop(infohash)
  }

  /** Changes the row of what is in the library, else `not-found`. */
  async change(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void> {
    await this.run(cid, async () => {
      const row = this.book.get(cid)
      if (row === undefined) throw new HoldfastError('not-found', 'not in the library')
      const edited = edit(row)
      await this.book.put(edited)
      if (row.findable) this.offer()
      if (!row.paused && row.status !== 'SEEDING' && row.status !== 'FAILED') this.swarm?.setGive(row.infohash, edited.giving)
      await this.engage(cid)
    })
  }

  async fail(row: ContentRow, problem: HoldfastError): Promise<void> {
    if (problem.code === 'wrong-bytes' || problem.code === 'wrong-info') this.parts.distrust(row.cid, row.infohash)
    this.parts.arriving.drop(row.cid)
    await this.disengage(row)
    await this.book.put({ ...row, status: 'FAILED', problem: problem.toObject() })
  }

  /** Takes its bytes and its progress away, and the swarm off it; the row stays with whoever asks. */
  async forget(row: ContentRow): Promise<void> {
    const { bucket, staging } = this.parts
    this.parts.arriving.drop(row.cid)
    await this.disengage(row)
    if (row.staging !== null) await staging.remove(row.staging)
    try {
      if (await bucket.exists(row.path)) await bucket.delete(row.path)
    } catch (error) {
      if (!isAway(error)) throw error // a file that nobody can reach now stays where it is, and nothing of ours names it any more
    }
    await this.book.dropProgress(row.cid)
  }

  async erase(row: ContentRow): Promise<void> {
    await this.forget(row)
    await this.book.delete(row)
    if (row.findable) this.offer()
  }

  /** Does something with a row once all before is done, and tells its trouble by the row. */
  later(infohash: Infohash, task: (row: ContentRow) => Promise<void>): void {
    const cid = this.book.cidOf(infohash)
    if (cid === undefined) return
    this.run(cid, async () => {
      const row = this.book.get(cid)
      if (row !== undefined) await task(row)
    }).catch((error: unknown) => {
      const row = this.book.get(cid) // the database itself fails: say so, keep going
      if (row !== undefined) this.book.learn({ ...row, status: row.status === 'SEEDING' ? 'SEEDING' : 'FAILED', problem: HoldfastError.from(error).toObject() })
    })
  }
}
