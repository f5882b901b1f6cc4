import { HoldfastError, type Cid } from '../base/index.ts'
import { contentKey, isDuty, type FileFacts, type Member } from '../content/index.ts'
import { placeContent, readRange, type ContentRow, type SealedKey } from '../store/index.ts'
import type { Swarm } from '../swarm/index.ts'
import type { ContentBook } from './content-book.ts'
import { ContentChecks } from './content-checks.ts'
import { DutyFiles } from './duty-files.ts'
import type { GivenFiles } from './given-files.ts'
import { itemOf } from './items.ts'
import { LiveRows } from './live-rows.ts'
import type { GetOptions, ItemUpdate, PackedFile, SealedLink } from './network-api.ts'
import { asPictureOf } from './picture-of.ts'
import { isDamage, restarted, restored, wanted } from './row-edits.ts'
import { downloadPath } from './scratch-paths.ts'
import { SwarmReports } from './swarm-reports.ts'
import type { TransferParts } from './transfer-parts.ts'
import { Trash } from './trash.ts'

/**
 * The life of every file this device holds or wants: PENDING (nothing known but the link), DOWNLOADING (its torrent is known),
 * PLACING (verified, on its way into the bucket), SEEDING (stored), TRASHED (removed, still stored), FAILED. Here is what people ask for;
 * what the swarm reports is in `SwarmReports`, and what both hold to in `LiveRows`. Nobody else changes a row.
 */
export class Transfers {
  readonly trash: Trash
  readonly given: GivenFiles
  /** For the swarm. */
  readonly reports: SwarmReports
  /** For reconciliation. */
  readonly duties: DutyFiles
  private readonly rows: LiveRows
  private readonly book: ContentBook
  private readonly checks: ContentChecks
  private readonly jobs = new Map<Cid, string>()

  constructor(private readonly parts: TransferParts) {
    this.rows = new LiveRows(parts)
    this.book = this.rows.book
    this.given = this.rows.given
    this.checks = new ContentChecks(parts.check, parts.changed)
    this.trash = new Trash(this.book, parts.clock, async cid => { await this.eraseTrashed(cid) })
    this.reports = new SwarmReports(parts, this.rows, this.checks, this.trash)
    this.duties = new DutyFiles(parts, this.rows, this.checks, this.reports)
  }

  /** Reads what is held. Rows a kill left in PLACING are mended before (`mendPlacing`). */
  async open(): Promise<void> {
    await this.book.open()
  }

  /** From now on what the rows ask for happens. */
  async attach(swarm: Swarm): Promise<void> {
    await this.rows.attach(swarm)
  }

  /** Offers at the rendezvous what may be found there now. */
  offer(): void {
    this.rows.offer()
  }

  /** The row as it stands; what is in the trash, too. */
  row(cid: Cid): ContentRow | undefined {
    return this.book.get(cid)
  }

  item(cid: Cid): ItemUpdate | null {
    const row = this.book.get(cid)
    return row === undefined || row.status === 'TRASHED' ? null : itemOf(row, {
      status: this.reports.status(row.infohash),
      received: this.book.received(cid),
      checking: this.checks.has(cid),
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

  /** What is held, as it stands. */
  get held(): ReadonlyMap<Cid, ContentRow> {
    return this.book.held
  }

  readable(row: ContentRow): number {
    return row.status === 'SEEDING' ? Infinity : this.parts.arriving.readable(row.cid)
  }

  /** Makes a packed archive ours: into the bucket, then to whoever has the link. The same content twice is kept once. */
  async place(job: string, packed: PackedFile): Promise<void> {
    const { cid, kind, size, title, torrent, members, staging, sealed, options } = packed
    const why = packed.published === true ? ['own'] : ['own', 'shared']
    await this.rows.run(cid, async () => {
      this.jobs.set(cid, job)
      const known = this.book.get(cid)
      const shared = { origin: 'shared', giving: true, status: 'SEEDING', trashedAt: null } as const
      if (known?.status === 'SEEDING' || known?.status === 'TRASHED') {
        await this.parts.staging.remove(staging)
        await this.book.put({ ...known, ...shared, findable: known.findable || options.findable, sealed: sealed ?? known.sealed, reasons: [...new Set([...known.reasons, ...why])] })
      } else {
        if (known !== undefined) await this.rows.forget(known)
        const row: ContentRow = {
          cid, kind, size, title, staging, sealed, ...shared,
          infohash: torrent.infohash, status: 'PLACING', path: contentKey(kind, cid), info: torrent.info, members: [...members],
          paused: false, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons: why, findable: options.findable, relays: [],
        }
        this.book.learn(row)
        try {
          this.book.learn(await placeContent(this.parts, row))
        } catch (error) {
          await this.rows.erase(row) // the job tells of it, and keeps the files' names
          throw error
        }
      }
      await this.rows.engage(cid)
    })
  }

  /** `attachment`: it is wanted for what this message says of it. `pictureOf`: as a picture of this upload. */
  async get(link: SealedLink, { give, relays, attachment = null, pictureOf = null }: GetOptions): Promise<void> {
    const { cid, infohash, kind, size, name, sealed } = link
    if (this.parts.blocked(cid)) throw new HoldfastError('blocked', 'this content is blocked on this device')
    await this.rows.run(cid, async () => {
      const known = this.book.get(cid)
      const said = attachment === null ? {} : { attachment: { ...attachment, tries: 0, nextAt: 0, checked: false } }
      const reasons = wanted(known ?? { reasons: [] }, attachment === null ? 'wanted' : 'attachment')
      if (known === undefined) {
        await this.book.put({
          cid, infohash, kind, size, sealed, title: name,
          origin: 'got', status: 'PENDING', path: contentKey(kind, cid), staging: downloadPath(cid), info: null, members: null,
          paused: false, giving: give, given: 0, addedAt: this.parts.clock.now(), problem: null, reasons,
          findable: false, trashedAt: null, relays: [...relays], ...said, ...pictureOf === null ? {} : { pictureOf: [pictureOf] },
        })
      } else if (known.status === 'TRASHED') await this.book.put({ ...asPictureOf(restored(known), pictureOf), ...said, reasons, addedAt: this.parts.clock.now(), giving: give, sealed: sealed ?? known.sealed })
      else if (known.status === 'FAILED' || known.paused) {
        // A link can be wrong about all but the content id; the one just opened is as good as the one before.
        const same = known.infohash === infohash && known.kind === kind
        if (!same) await this.rows.forget(known)
        const again = same ? known : { ...known, infohash, kind, size, path: contentKey(kind, cid), info: null }
        const forDuty = known.reasons.some(isDuty)
        await this.book.put({ ...asPictureOf(restarted(again), pictureOf), ...said, reasons, giving: give || forDuty, givenForDuty: !give && forDuty, sealed: sealed ?? known.sealed, relays: [...new Set([...known.relays, ...relays])] })
      } else if (known.reasons.every(isDuty) || known.attachment === undefined || known.status === 'SEEDING') {
        await this.book.put({ ...asPictureOf(known, pictureOf), ...said, sealed: sealed ?? known.sealed, reasons, givenForDuty: !give && known.givenForDuty === true })
      }
      await this.rows.engage(cid)
    })
  }

  /** Another key for what is here: true where it is, and had none that opens it. What came is kept. */
  async rekey(cid: Cid, sealed: SealedKey): Promise<boolean> {
    return await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row === undefined || row.status === 'TRASHED') return false
      if (row.status === 'SEEDING' && row.sealed === null) {
        const { members } = await this.checks.placed({ ...row, sealed }, false)
        await this.book.put({ ...row, sealed, members: members === null ? null : [...members] })
      } else if (row.problem?.code === 'wrong-key' || row.sealed === null) await this.book.put({ ...row, sealed })
      return true
    })
  }

  /** Bytes of a file that is not in the library, without taking it there; null where it is. */
  async glimpse(file: Pick<ContentRow, 'cid' | 'kind' | 'infohash' | 'size'>, at: number, length: number, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer> | null> {
    return await this.rows.glimpse(file, `tmp/glimpses/${file.cid}`, async swarm => await swarm.read(file.infohash, at, length, signal))
  }

  async pause(cid: Cid): Promise<void> {
    await this.rows.change(cid, row => ({ ...row, paused: true }))
  }

  async resume(cid: Cid): Promise<void> {
    await this.rows.change(cid, restarted)
  }

  async give(cid: Cid, on: boolean): Promise<void> {
    await this.rows.change(cid, row => ({ ...row, giving: on, givenForDuty: false, reasons: row.reasons.filter(reason => reason !== 'samaritan').concat(on && row.origin === 'got' ? ['samaritan'] : []) }))
  }

  /** Changes what a message says of it, and makes the swarm do what the row asks for. */
  async edit(cid: Cid, edit: (row: ContentRow) => ContentRow): Promise<void> {
    await this.rows.change(cid, edit)
  }

  async engage(cid: Cid): Promise<void> {
    await this.rows.run(cid, async () => { await this.rows.engage(cid) })
  }

  /** Bytes here. */
  received(cid: Cid): number {
    const row = this.book.get(cid)
    return row === undefined ? 0 : Math.max(this.reports.status(row.infohash)?.received ?? 0, this.book.received(cid))
  }

  /** Others were given so many bytes beside the swarm. */
  gave({ cid, infohash }: ContentRow, bytes: number): void {
    if (this.book.countGiven(cid, bytes)) this.rows.later(infohash, async row => { await this.book.put(row) })
    this.parts.changed(cid)
  }

  async setFindable(cid: Cid, on: boolean): Promise<void> {
    await this.rows.change(cid, row => ({ ...row, findable: on }))
  }

  /** Kept until the person says otherwise, whatever else becomes of it. */
  async pin(cid: Cid, on: boolean): Promise<void> {
    await this.rows.change(cid, row => ({ ...row, reasons: [...row.reasons.filter(reason => reason !== 'pinned'), ...on ? ['pinned'] : []] }))
  }

  /** Reads a stored file anew; where it is not its content any more it is fetched again, and said to be so. `bytes`: nothing in it is looked at. */
  async verify(cid: Cid, bytes = false): Promise<void> {
    await this.withStored(cid, async row => {
      try {
        await (bytes ? this.checks.bytes(row) : this.checks.placed(row, false))
        await this.book.put({ ...row, problem: null, checkedAt: this.parts.clock.now() })
      } catch (error) {
        const problem = HoldfastError.from(error)
        if (!isDamage(problem)) throw problem
        await this.reports.mend(row)
      }
    })
  }

  /** Bytes of a file that is stored; null where it is not, or cannot be read. */
  async stored(cid: Cid, at: number, length: number): Promise<Uint8Array | null> {
    const row = this.book.get(cid)
    return row?.status === 'SEEDING' ? await readRange(this.parts.bucket, row.path, at, length).catch(() => null) : null
  }

  /** What its bytes turned out to be; reads it where that is not known as a whole, or `again`. Null where it is not here, or is damaged, which is mended. */
  async facts(cid: Cid, again: boolean): Promise<FileFacts | null> {
    return await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status !== 'SEEDING') return null
      if (!again && row.facts?.roots !== undefined) return row.facts
      try {
        const { facts = null } = await this.checks.facts(row)
        if (facts !== null) await this.book.put({ ...row, facts, checkedAt: this.parts.clock.now() })
        return facts
      } catch (error) {
        const problem = HoldfastError.from(error)
        if (!isDamage(problem)) throw problem
        await this.reports.mend(row)
        return null
      }
    })
  }

  async unpackAnyway(cid: Cid): Promise<void> {
    await this.withStored(cid, async row => {
      const { members } = await this.checks.placed(row, true)
      await this.book.put({ ...row, members: members === null ? null : [...members] })
    })
  }

  /** What is whole goes to the trash, the rest is deleted. `promised` where this account accepted to keep it: that is released first. */
  async remove(cid: Cid): Promise<void> {
    await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status !== 'TRASHED' && row?.reasons.some(reason => reason.startsWith('obliged(')) === true) throw new HoldfastError('promised', 'this account accepted to keep it')
      if (row?.status === 'SEEDING') {
        await this.rows.disengage(row)
        await this.book.put({ ...row, status: 'TRASHED', trashedAt: this.parts.clock.now(), reasons: row.reasons.filter(reason => !isDuty(reason)), absent: {} })
        if (row.findable) this.rows.offer()
      } else if (row !== undefined && row.status !== 'TRASHED') await this.rows.erase(row)
    })
  }

  async restore(cid: Cid): Promise<void> {
    await this.rows.change(cid, row => ({ ...restored(row), reasons: row.reasons.length > 0 ? row.reasons : ['pinned'] }))
  }

  /** Deletes this content whatever its state; the caller sees to it that it does not come back. */
  async eraseContent(cid: Cid): Promise<void> {
    await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row !== undefined) await this.rows.erase(row)
    })
  }

  /** A stored file that had no row. */
  async found(row: ContentRow): Promise<void> {
    await this.rows.run(row.cid, async () => {
      if (this.book.get(row.cid) !== undefined) return
      await this.book.put(row)
      await this.rows.engage(row.cid)
    })
  }

  /** Does something with a file that is stored, `not-found` where it is not. */
  private async withStored(cid: Cid, act: (row: ContentRow) => Promise<void>): Promise<void> {
    await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status !== 'SEEDING') throw new HoldfastError('not-found', 'not held here')
      await act(row)
    })
  }

  private async eraseTrashed(cid: Cid): Promise<void> {
    await this.rows.run(cid, async () => {
      const row = this.book.get(cid)
      if (row?.status === 'TRASHED') await this.rows.erase(row)
    })
  }
}
