import { HoldfastError, KeyedLock, type Cid, type Clock, type Infohash } from '../base/index.ts'
import { contentKey, type Member } from '../content/index.ts'
import { placeContent, type Bucket, type ContentRow, type Database, type SealedKey, type Staging } from '../store/index.ts'
import { salvage, type Swarm, type SwarmOptions, type TorrentStatus } from '../swarm/index.ts'
import { ContentBook } from './content-book.ts'
import { GivenFiles } from './given-files.ts'
import { itemOf } from './items.ts'
import type { CheckRequest, CheckResult, ItemUpdate, PackedFile, SealedLink } from './network-api.ts'
import { isDamage, restarted, restored, titleOf } from './row-edits.ts'
import { downloadPath } from './scratch-paths.ts'
import { Trash } from './trash.ts'

export interface TransferParts {
  readonly database: Database
  readonly bucket: Bucket
  readonly staging: Staging
  readonly clock: Clock
  readonly trackers: () => readonly string[]
  /** Whether anything is given at all now. */
  readonly sharing: () => boolean
  /** Whether this content is never to be taken. */
  readonly blocked: (cid: Cid) => boolean
  /** Compares a file with its content id and lists its members. */
  readonly check: (request: CheckRequest) => Promise<CheckResult>
  /** The file of this torrent was not the content it was said to be. */
  readonly distrust: (cid: Cid, infohash: Infohash) => void
  /** Members of a file that is still coming, as far as they are known, and how much of it can be read. */
  readonly arriving: Arriving
  /** Something people see of this content changed; or it is gone. */
  readonly changed: (cid: Cid) => void
}

/** Looks into files while they come. */
export interface Arriving {
  follow(row: ContentRow): void
  drop(cid: Cid): void
  members(cid: Cid): readonly Member[] | null
  readable(cid: Cid): number
}

/**
 * The life of every file this device holds or wants: PENDING (nothing known but the link), DOWNLOADING (its torrent is known),
 * PLACING (verified, on its way into the bucket), SEEDING (stored), TRASHED (removed, still stored), FAILED. Alone in changing the
 * rows; the swarm is told what to do by them and never the other way round. Invariants: a row is written before what it announces is done, so
 * that a kill at any moment leaves work that can be taken up again; the swarm knows a content exactly while its row asks for it; what
 * happens to one content happens one after the other.
 */
export class Transfers implements Pick<SwarmOptions, 'onChange' | 'onInfo' | 'onPieces' | 'onComplete' | 'onProblem'> {
  readonly trash: Trash
  readonly given: GivenFiles
  private readonly book: ContentBook
  private readonly checking = new Set<Cid>()
  private readonly distrusted = new Set<Cid>()
  private readonly jobs = new Map<Cid, string>()
  private readonly statuses = new Map<Infohash, TorrentStatus>()
  private readonly lock = new KeyedLock()
  private swarm: Swarm | null = null

  constructor(private readonly parts: TransferParts) {
    this.book = new ContentBook(parts.database, parts.clock, parts.changed)
    this.trash = new Trash(this.book, parts.clock, async cid => { await this.eraseTrashed(cid) })
    this.given = new GivenFiles(this.book, cid => parts.sharing() && !parts.blocked(cid))
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

  /** The row as it stands; what is in the trash, too. */
  row(cid: Cid): ContentRow | undefined {
    return this.book.get(cid)
  }

  /** Offers at the rendezvous what may be found there now. */
  offer(): void {
    this.swarm?.setOffers(this.given.offers())
  }

  item(cid: Cid): ItemUpdate | null {
    const row = this.book.get(cid)
    return row === undefined || row.status === 'TRASHED' ? null : itemOf(row, {
      status: this.statuses.get(row.infohash) ?? null,
      received: this.book.received(cid),
      checking: this.checking.has(cid),
      job: this.jobs.get(cid) ?? null,
      trackers: this.parts.trackers(),
      readable: this.readable(row),
    })
  }

  members(cid: Cid): readonly Member[] | null {
    return this.book.get(cid)?.members ?? this.parts.arriving.members(cid)
  }

  all(): readonly Cid[] {
    return this.book.all()
  }

  room(): ReturnType<ContentBook['room']> {
    return this.book.room()
  }

  readable(row: ContentRow): number {
    return row.status === 'SEEDING' ? Infinity : this.parts.arriving.readable(row.cid)
  }

  /** Makes a packed archive ours: into the bucket, then to whoever has the link. The same content twice is kept once. */
  async place(job: string, packed: PackedFile): Promise<void> {
    const { cid, kind, size, title, torrent, members, staging, sealed, options } = packed
    await this.lock.run(cid, async () => {
      this.jobs.set(cid, job)
      const known = this.book.get(cid)
      const shared = { origin: 'shared', giving: true, status: 'SEEDING', trashedAt: null } as const
      if (known?.status === 'SEEDING' || known?.status === 'TRASHED') {
        await this.parts.staging.remove(staging)
        await this.book.put({ ...known, ...shared, findable: known.findable || options.findable, sealed: sealed ?? known.sealed, reasons: [...new Set([...known.reasons, 'own', 'shared'])] })
      } else {
        if (known !== undefined) await this.forget(known)
        const row: ContentRow = {
          cid, kind, size, title, staging, sealed, ...shared,
          infohash: torrent.infohash, status: 'PLACING', path: contentKey(kind, cid), info: torrent.info, members: [...members],
          paused: false, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons: ['own', 'shared'], findable: options.findable, relays: [],
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

  async get(link: SealedLink, { give, relays }: { readonly give: boolean, readonly relays: readonly string[] }): Promise<void> {
    const { cid, infohash, kind, size, name, sealed } = link
    if (this.parts.blocked(cid)) throw new HoldfastError('blocked', 'this content is blocked on this device')
    await this.lock.run(cid, async () => {
      const known = this.book.get(cid)
      if (known === undefined) {
        await this.book.put({
          cid, infohash, kind, size, sealed, title: name,
          origin: 'got', status: 'PENDING', path: contentKey(kind, cid), staging: downloadPath(cid), info: null, members: null,
          paused: false, giving: give, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons: ['wanted'],
          findable: false, trashedAt: null, relays: [...relays],
        })
      } else if (known.status === 'TRASHED') await this.book.put({ ...restored(known), addedAt: this.parts.clock.now(), giving: give, sealed: sealed ?? known.sealed })
      else if (known.status === 'FAILED' || known.paused) {
        // A link can be wrong about all but the content id; the one just opened is as good as the one before.
        const same = known.infohash === infohash && known.kind === kind
        if (!same) await this.forget(known)
        const again = same ? known : { ...known, infohash, kind, size, path: contentKey(kind, cid), info: null }
        await this.book.put({ ...restarted(again), giving: give, sealed: sealed ?? known.sealed, relays: [...new Set([...known.relays, ...relays])] })
      }
      await this.engage(cid)
    })
  }

  /** Another key for what is here: true where it is, and had none that opens it. What came is kept. */
  async rekey(cid: Cid, sealed: SealedKey): Promise<boolean> {
    return await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row === undefined || row.status === 'TRASHED') return false
      if (row.status === 'SEEDING' && row.sealed === null) {
        const { members } = await this.checkPlaced({ ...row, sealed }, false)
        await this.book.put({ ...row, sealed, members: members === null ? null : [...members] })
      } else if (row.problem?.code === 'wrong-key') await this.book.put({ ...row, sealed })
      return true
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

  async setFindable(cid: Cid, on: boolean): Promise<void> {
    await this.change(cid, row => ({ ...row, findable: on }))
  }

  /** Reads a stored file anew; where it is not its content any more it is fetched again, and said to be so. */
  async verify(cid: Cid): Promise<void> {
    await this.stored(cid, async row => {
      try {
        await this.checkPlaced(row, false)
        if (row.problem !== null) await this.book.put({ ...row, problem: null })
      } catch (error) {
        const problem = HoldfastError.from(error)
        if (!isDamage(problem)) throw problem
        await this.mend(row)
      }
    })
  }

  async unpackAnyway(cid: Cid): Promise<void> {
    await this.stored(cid, async row => {
      const { members } = await this.checkPlaced(row, true)
      await this.book.put({ ...row, members: members === null ? null : [...members] })
    })
  }

  /** What is whole goes to the trash, the rest is deleted. */
  async remove(cid: Cid): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status === 'SEEDING') {
        await this.swarm?.drop(row.infohash)
        await this.book.put({ ...row, status: 'TRASHED', trashedAt: this.parts.clock.now() })
        if (row.findable) this.offer()
      } else if (row !== undefined && row.status !== 'TRASHED') await this.erase(row)
    })
  }

  async restore(cid: Cid): Promise<void> {
    await this.change(cid, restored)
  }

  /** Deletes this content whatever its state; the caller sees to it that it does not come back. */
  async eraseContent(cid: Cid): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row !== undefined) await this.erase(row)
    })
  }

  /** A stored file that had no row. */
  async found(row: ContentRow): Promise<void> {
    await this.lock.run(row.cid, async () => {
      if (this.book.get(row.cid) !== undefined) return
      await this.book.put(row)
      await this.engage(row.cid)
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
    this.later(infohash, async row => {
      if (row.status !== 'PENDING') return
      await this.book.put({ ...row, info, status: 'DOWNLOADING' })
      this.parts.arriving.follow(row)
    })
  }

  onPieces(infohash: Infohash, bitfield: Uint8Array<ArrayBuffer>, received: number): void {
    const cid = this.book.cidOf(infohash)
    if (cid !== undefined) this.book.putProgress(cid, bitfield, received).catch((error: unknown) => { this.onProblem(infohash, HoldfastError.from(error)) })
  }

  onComplete(infohash: Infohash): void {
    this.later(infohash, async row => { await this.finish(row) })
  }

  onProblem(infohash: Infohash, problem: HoldfastError): void {
    this.later(infohash, async row => {
      if (row.status === 'SEEDING' && isDamage(problem)) await this.mend(row)
      else if (problem.code === 'storage-full' && await this.trash.makeRoom(row.size)) await this.engage(row.cid)
      else await this.fail(row, problem)
    })
  }

  /** Whole: is it what the link named? Then it is placed, and given on where the person agreed. */
  private async finish(row: ContentRow): Promise<void> {
    const { cid, kind, size, staging, sealed } = row
    if (staging === null || row.status === 'SEEDING') return
    this.parts.arriving.drop(cid)
    try {
      const { members } = await this.whileChecking(cid, async () => await this.parts.check({ path: staging, cid, kind, size, sealed }))
      const listed = members === null ? null : [...members]
      this.book.learn(await placeContent(this.parts, { ...row, status: 'PLACING', members: listed, title: row.title || titleOf(listed ?? []) || cid.slice(0, 8) }))
      await this.book.dropProgress(cid)
      await this.engage(cid)
    } catch (error) {
      await this.refuse(row, HoldfastError.from(error))
    }
  }

  /**
   * Every piece was right and the whole is not: a disk that lied, so it is fetched once more; or an author whose pieces collide,
   * and then it is never fetched again by itself. Archives nobody should unpack are not kept.
   */
  private async refuse(row: ContentRow, problem: HoldfastError): Promise<void> {
    if (problem.code !== 'wrong-bytes' && problem.code !== 'tdf-damaged' && !problem.code.startsWith('archive-')) { await this.fail(row, problem); return }
    await this.forget(row)
    if (problem.code === 'wrong-bytes' && !this.distrusted.has(row.cid)) {
      this.distrusted.add(row.cid)
      await this.book.put({ ...row, status: 'DOWNLOADING' })
      await this.engage(row.cid)
    } else await this.fail(row, problem)
  }

  /**
   * The disk changed what was placed: its right pieces become a download again, which goes on at once for what was fetched. What was made here
   * is told first, since perhaps nobody else has it.
   */
  private async mend(row: ContentRow): Promise<void> {
    const { cid, infohash, info, size, path: key } = row
    const problem = new HoldfastError('storage-damaged', 'the stored file is not what was placed')
    if (info === null) { await this.fail(row, problem); return }
    await this.swarm?.drop(infohash)
    const staging = downloadPath(cid)
    const { bitfield, received } = await salvage(this.parts.bucket, { key, info, size }, this.parts.staging, staging)
    await this.book.putProgress(cid, bitfield, received)
    await this.book.put(row.origin === 'got' ? { ...row, staging, status: 'DOWNLOADING' } : { ...row, staging, status: 'FAILED', problem: problem.toObject() })
    if (await this.parts.bucket.exists(key)) await this.parts.bucket.delete(key) // after the row: killed between, `mendPlacing` does it
    if (row.findable) this.offer()
    await this.engage(cid)
  }

  private async fail(row: ContentRow, problem: HoldfastError): Promise<void> {
    if (problem.code === 'wrong-bytes' || problem.code === 'wrong-info') this.parts.distrust(row.cid, row.infohash)
    this.parts.arriving.drop(row.cid)
    await this.swarm?.drop(row.infohash)
    await this.book.put({ ...row, status: 'FAILED', problem: problem.toObject() })
  }

  /** Tells the swarm what the row asks for. */
  private async engage(cid: Cid): Promise<void> {
    const [row, swarm] = [this.book.get(cid), this.swarm]
    if (row === undefined || swarm === null) return
    const { infohash, kind, size, info, path, staging, status, paused, giving, findable } = row
    if (findable) this.offer()
    if (this.parts.blocked(cid)) await swarm.drop(infohash)
    else if (status === 'SEEDING' && info !== null) {
      if (giving) swarm.seed({ cid, kind, size, infohash, info, key: path })
      else await swarm.drop(infohash)
    } else if (status !== 'PENDING' && status !== 'DOWNLOADING') return
    else if (paused || staging === null) {
      this.parts.arriving.drop(cid)
      await swarm.drop(infohash)
    } else {
      swarm.fetch({ cid, kind, infohash, size, info, bitfield: await this.book.bitfield(cid), path: staging, give: giving })
      if (info !== null) this.parts.arriving.follow(row)
    }
  }

  private async change(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row === undefined) throw new HoldfastError('not-found', 'not in the library')
      await this.book.put(edit(row))
      if (row.findable) this.offer()
      if (!row.paused && row.status !== 'SEEDING' && row.status !== 'FAILED') this.swarm?.setGive(row.infohash, edit(row).giving)
      await this.engage(cid)
    })
  }

  /** Does something with a file that is stored, `not-found` where it is not. */
  private async stored(cid: Cid, act: (row: ContentRow) => Promise<void>): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status !== 'SEEDING') throw new HoldfastError('not-found', 'not held here')
      await act(row)
    })
  }

  private async checkPlaced({ cid, kind, path, size, sealed }: ContentRow, anyRatio: boolean): Promise<CheckResult> {
    return await this.whileChecking(cid, async () => await this.parts.check({ path, cid, kind, size, sealed, placed: true, anyRatio }))
  }

  private async whileChecking<T>(cid: Cid, work: () => Promise<T>): Promise<T> {
    this.checking.add(cid)
    this.parts.changed(cid)
    try { return await work() } finally {
      this.checking.delete(cid)
      this.parts.changed(cid)
    }
  }

  /** Takes its bytes and its progress away, and the swarm off it; the row stays with whoever asks. */
  private async forget(row: ContentRow): Promise<void> {
    this.parts.arriving.drop(row.cid)
    await this.swarm?.drop(row.infohash)
    if (row.staging !== null) await this.parts.staging.remove(row.staging)
    if (await this.parts.bucket.exists(row.path)) await this.parts.bucket.delete(row.path)
    await this.book.dropProgress(row.cid)
  }

  private async erase(row: ContentRow): Promise<void> {
    await this.forget(row)
    await this.book.delete(row)
    if (row.findable) this.offer()
  }

  private async eraseTrashed(cid: Cid): Promise<void> {
    await this.lock.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status === 'TRASHED') await this.erase(row)
    })
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
