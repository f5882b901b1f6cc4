import { HoldfastError, KeyedLock, type Cid, type Clock, type Infohash } from '../base/index.ts'
import { cleanName, contentKey, type Link, type Member } from '../content/index.ts'
import { placeContent, type Bucket, type ContentRow, type Database, type Staging } from '../store/index.ts'
import type { Swarm, SwarmOptions, TorrentStatus } from '../swarm/index.ts'
import { ContentBook } from './content-book.ts'
import { itemOf } from './items.ts'
import type { CheckRequest, ItemUpdate, PackedFile } from './network-api.ts'
import { downloadPath } from './scratch-paths.ts'

export interface TransferParts {
  readonly database: Database
  readonly bucket: Bucket
  readonly staging: Staging
  readonly clock: Clock
  readonly base: string
  readonly trackers: () => readonly string[]
  /** Compares a file with its content id and lists its members. */
  readonly check: (request: CheckRequest) => Promise<readonly Member[]>
  /** Something people see of this content changed; or it is gone. */
  readonly changed: (cid: Cid) => void
}

/**
 * The life of every file this device holds or wants: PENDING (nothing known but the link), DOWNLOADING (its torrent is known),
 * PLACING (verified, on its way into the bucket), SEEDING (stored), FAILED. Alone in changing the rows; the swarm is told what to do
 * by them and never the other way round. Invariants: a row is written before what it announces is done, so that a kill at any
 * moment leaves work that can be taken up again; the swarm knows a content exactly while its row asks for it; what happens to
 * one content happens one after the other.
 */
export class Transfers implements Pick<SwarmOptions, 'onChange' | 'onInfo' | 'onPieces' | 'onComplete' | 'onProblem'> {
  private readonly book: ContentBook
  private readonly checking = new Set<Cid>()
  private readonly distrusted = new Set<Cid>()
  private readonly jobs = new Map<Cid, string>()
  private readonly statuses = new Map<Infohash, TorrentStatus>()
  private readonly lock = new KeyedLock()
  private swarm: Swarm | null = null

  constructor(private readonly parts: TransferParts) {
    this.book = new ContentBook(parts.database, parts.clock, parts.changed)
  }

  /** Reads what is held. Rows a kill left in PLACING are mended before (`mendPlacing`). */
  async open(): Promise<void> {
    await this.book.open()
  }

  /** From now on what the rows ask for happens. */
  async attach(swarm: Swarm): Promise<void> {
    this.swarm = swarm
    await Promise.all(this.book.all().map(async cid => { await this.lock.run(cid, async () => { await this.engage(cid) }) }))
  }

  item(cid: Cid): ItemUpdate | null {
    const row = this.book.get(cid)
    return row === undefined ? null : itemOf(row, {
      status: this.statuses.get(row.infohash) ?? null,
      received: this.book.received(cid),
      checking: this.checking.has(cid),
      job: this.jobs.get(cid) ?? null,
      base: this.parts.base,
      trackers: this.parts.trackers(),
    })
  }

  members(cid: Cid): readonly Member[] | null {
    return this.book.get(cid)?.members ?? null
  }

  all(): readonly Cid[] {
    return this.book.all()
  }

  room(): ReturnType<ContentBook['room']> {
    return this.book.room()
  }

  /** Makes a packed archive ours: into the bucket, then to whoever has the link. The same content twice is kept once. */
  async place(job: string, packed: PackedFile): Promise<void> {
    const { cid, size, title, torrent, members, staging } = packed
    await this.lock.run(cid, async () => {
      this.jobs.set(cid, job)
      const known = this.book.get(cid)
      if (known?.status === 'SEEDING') {
        await this.parts.staging.remove(staging)
        await this.book.put({ ...known, origin: 'shared', giving: true, reasons: [...new Set([...known.reasons, 'own', 'shared'])] })
      } else {
        if (known !== undefined) await this.forget(known)
        const row: ContentRow = {
          cid, size, title, staging,
          kind: 'z', infohash: torrent.infohash, origin: 'shared', status: 'PLACING', path: contentKey('z', cid), info: torrent.info, members: [...members],
          paused: false, giving: true, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons: ['own', 'shared'],
        }
        this.book.learn(row)
        try {
          this.book.learn(await placeContent(this.parts, row))
        } catch (error) {
          await this.erase(row) // the job tells of it, and keeps the files' names
          throw error
        }
      }
      await this.engage(cid)
    })
  }

  async get(link: Link, give: boolean): Promise<void> {
    const { cid, infohash, kind, size, name } = link
    await this.lock.run(cid, async () => {
      const known = this.book.get(cid)
      if (known === undefined) {
        await this.book.put({
          cid, infohash, kind, size, title: name,
          origin: 'got', status: 'PENDING', path: contentKey(kind, cid), staging: downloadPath(cid), info: null, members: null,
          paused: false, giving: give, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons: ['wanted'],
        })
      } else if (known.status === 'FAILED' || known.paused) {
        // A link can be wrong about the infohash; the one just opened is as good as the one before.
        const same = known.infohash === infohash
        if (!same) await this.forget(known)
        await this.book.put({ ...restarted(same ? known : { ...known, infohash, info: null }), giving: give })
      }
      await this.engage(cid)
    })
  }

  async pause(cid: Cid): Promise<void> {
    await this.change(cid, row => ({ ...row, paused: true }))
  }

  async resume(cid: Cid): Promise<void> {
    await this.change(cid, restarted)
  }

  async give(cid: Cid, on: boolean): Promise<void> {
    await this.change(cid, row => ({ ...row, giving: on, reasons: row.reasons.filter(reason => reason !== 'samaritan').concat(on && row.origin === 'got' ? ['samaritan'] : []) }))
  }

  async remove(cid: Cid): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row !== undefined) await this.erase(row)
    })
  }

  // What the swarm says.

  onChange(statuses: readonly TorrentStatus[]): void {
    const present = new Set(statuses.map(status => status.infohash))
    for (const [infohash] of this.statuses) {
      if (present.has(infohash)) continue
      this.statuses.delete(infohash)
      const cid = this.book.cidOf(infohash)
      if (cid !== undefined) this.parts.changed(cid)
    }
    for (const status of statuses) {
      const before = this.statuses.get(status.infohash)
      if (before === status) continue
      this.statuses.set(status.infohash, status)
      this.heard(status, Math.max(0, status.given - (before?.given ?? 0)))
    }
  }

  onInfo(infohash: Infohash, info: Uint8Array<ArrayBuffer>): void {
    this.later(infohash, async row => { if (row.status === 'PENDING') await this.book.put({ ...row, info, status: 'DOWNLOADING' }) })
  }

  onPieces(infohash: Infohash, bitfield: Uint8Array<ArrayBuffer>, received: number): void {
    const cid = this.book.cidOf(infohash)
    if (cid !== undefined) this.book.putProgress(cid, bitfield, received).catch((error: unknown) => { this.onProblem(infohash, HoldfastError.from(error)) })
  }

  onComplete(infohash: Infohash): void {
    this.later(infohash, async row => { await this.finish(row) })
  }

  onProblem(infohash: Infohash, problem: HoldfastError): void {
    this.later(infohash, async row => { await this.fail(row, problem) })
  }

  /** Whole: is it what the link named? Then it is placed, and given on where the person agreed. */
  private async finish(row: ContentRow): Promise<void> {
    const { cid, size, staging } = row
    if (staging === null || row.status === 'SEEDING') return
    this.checking.add(cid)
    this.parts.changed(cid)
    try {
      const members = [...await this.parts.check({ path: staging, cid, size })]
      this.book.learn(await placeContent(this.parts, { ...row, status: 'PLACING', members, title: row.title || nameOf(members) }))
      await this.book.dropProgress(cid)
      this.checking.delete(cid)
      this.parts.changed(cid)
      await this.engage(cid)
    } catch (error) {
      this.checking.delete(cid)
      await this.refuse(row, HoldfastError.from(error))
    }
  }

  /**
   * Every piece was right and the whole is not: a disk that lied, so it is fetched once more; or an author whose pieces collide,
   * and then it is never fetched again by itself.
   */
  private async refuse(row: ContentRow, problem: HoldfastError): Promise<void> {
    const asks = problem.code === 'archive-bomb' // the bytes are right and kept, whether to look into them is for somebody to say
    if (asks || (problem.code !== 'wrong-bytes' && !problem.code.startsWith('archive-'))) { await this.fail(row, problem); return }
    await this.forget(row)
    if (problem.code === 'wrong-bytes' && !this.distrusted.has(row.cid)) {
      this.distrusted.add(row.cid)
      await this.book.put({ ...row, status: 'DOWNLOADING' })
      await this.engage(row.cid)
    } else await this.fail(row, problem)
  }

  private async fail(row: ContentRow, problem: HoldfastError): Promise<void> {
    await this.swarm?.drop(row.infohash)
    await this.book.put({ ...row, status: 'FAILED', problem: problem.toObject() })
  }

  /** Tells the swarm what the row asks for. */
  private async engage(cid: Cid): Promise<void> {
    const [row, swarm] = [this.book.get(cid), this.swarm]
    if (row === undefined || swarm === null) return
    const { infohash, kind, size, info, path, staging, status, paused, giving } = row
    if (status === 'SEEDING' && info !== null) {
      if (giving) swarm.seed({ cid, kind, size, infohash, info, key: path })
      else await swarm.drop(infohash)
    } else if (status !== 'PENDING' && status !== 'DOWNLOADING') return
    else if (paused || staging === null) await swarm.drop(infohash)
    else {
      swarm.fetch({ cid, kind, infohash, size, info, bitfield: await this.book.bitfield(cid), path: staging, give: giving })
    }
  }

  private async change(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row === undefined) throw new HoldfastError('not-found', 'not in the library')
      await this.book.put(edit(row))
      if (!row.paused && row.status !== 'SEEDING' && row.status !== 'FAILED') this.swarm?.setGive(row.infohash, edit(row).giving)
      await this.engage(cid)
    })
  }

  /** Takes its bytes and its progress away, and the swarm off it; the row stays with whoever asks. */
  private async forget(row: ContentRow): Promise<void> {
    await this.swarm?.drop(row.infohash)
    if (row.staging !== null) await this.parts.staging.remove(row.staging)
    if (await this.parts.bucket.exists(row.path)) await this.parts.bucket.delete(row.path)
    await this.book.dropProgress(row.cid)
  }

  private async erase(row: ContentRow): Promise<void> {
    await this.forget(row)
    await this.book.delete(row)
  }

  private later(infohash: Infohash, task: (row: ContentRow) => Promise<void>): void {
    const cid = this.book.cidOf(infohash)
    if (cid === undefined) return
    this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row !== undefined) await task(row)
    }).catch((error: unknown) => {
      const row = this.book.get(cid) // the database itself fails: say so, keep going
      if (row !== undefined) this.book.learn({ ...row, status: row.status === 'SEEDING' ? 'SEEDING' : 'FAILED', problem: HoldfastError.from(error).toObject() })
    })
  }

  private heard({ infohash }: TorrentStatus, given: number): void {
    const cid = this.book.cidOf(infohash)
    if (cid === undefined) return
    if (this.book.countGiven(cid, given)) this.later(infohash, async row => { await this.book.put(row) })
    this.parts.changed(cid)
  }
}

/** A row that is tried again: from its torrent where that is known. What the browser lost of our own is fetched like anything else. */
function restarted(row: ContentRow): ContentRow {
  const again: ContentRow = { ...row, paused: false, problem: null }
  return row.status === 'FAILED' ? { ...again, status: row.info === null ? 'PENDING' : 'DOWNLOADING', staging: row.staging ?? downloadPath(row.cid) } : again
}

function nameOf(members: readonly Member[]): string {
  const [first] = members
  return members.length === 1 && first !== undefined ? cleanName(first.path.slice(first.path.lastIndexOf('/') + 1)) : ''
}
