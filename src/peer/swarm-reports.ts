import { HoldfastError, limits, type Cid, type Infohash } from '../base/index.ts'
import { isDuty, verdictOf } from '../content/index.ts'
import { isAway, placeContent, type ContentRow } from '../store/index.ts'
import { salvage, type SwarmOptions, type TorrentStatus } from '../swarm/index.ts'
import type { ContentChecks } from './content-checks.ts'
import type { LiveRows } from './live-rows.ts'
import { isDamage, titleOf } from './row-edits.ts'
import { downloadPath } from './scratch-paths.ts'
import type { TransferParts } from './transfer-parts.ts'
import type { Trash } from './trash.ts'

/** What becomes of the rows when the swarm reports: learned, came, whole, damaged. Owns what the swarm said last of each torrent. */
export class SwarmReports implements Pick<SwarmOptions, 'onChange' | 'onInfo' | 'onPieces' | 'onComplete' | 'onProblem'> {
  private readonly distrusted = new Set<Cid>()
  private readonly statuses = new Map<Infohash, TorrentStatus>()

  constructor(private readonly parts: TransferParts, private readonly rows: LiveRows, private readonly checks: ContentChecks, private readonly trash: Trash) {}

  status(infohash: Infohash): TorrentStatus | null {
    return this.statuses.get(infohash) ?? null
  }

  onChange(statuses: readonly TorrentStatus[]): void {
    const present = new Set(statuses.map(status => status.infohash))
    for (const [infohash, before] of this.statuses) {
      if (present.has(infohash)) continue
      this.statuses.delete(infohash)
      this.heard(before, 0, before.keepers)
    }
    for (const status of statuses) {
      const before = this.statuses.get(status.infohash)
      if (before === status) continue
      this.statuses.set(status.infohash, status)
      this.heard(status, Math.max(0, status.given - (before?.given ?? 0)), status.keepers > 0 ? status.keepers : before?.keepers ?? 0)
    }
  }

  onInfo(infohash: Infohash, info: Uint8Array<ArrayBuffer>): void {
    this.rows.later(infohash, async row => {
      if (row.status !== 'PENDING') return
      await this.rows.book.put({ ...row, info, status: 'DOWNLOADING' })
      this.parts.arriving.follow(row)
    })
  }

  onPieces(infohash: Infohash, bitfield: Uint8Array<ArrayBuffer>, received: number): void {
    const cid = this.rows.book.cidOf(infohash)
    if (cid !== undefined) this.rows.book.putProgress(cid, bitfield, received).catch((error: unknown) => { this.onProblem(infohash, HoldfastError.from(error)) })
  }

  onComplete(infohash: Infohash): void {
    this.rows.later(infohash, async row => { await this.finish(row) })
  }

  onProblem(infohash: Infohash, problem: HoldfastError): void {
    this.rows.later(infohash, async row => {
      if (row.status === 'SEEDING' && isAway(problem)) await this.wait(row, problem)
      else if (row.status === 'SEEDING' && isDamage(problem)) await this.mend(row)
      else if (problem.code === 'storage-full' && await this.trash.makeRoom(row.size)) await this.rows.engage(row.cid)
      else await this.rows.fail(row, problem)
    })
  }

  /** The store does not answer, which says nothing of the file: it is given again once it does. */
  private async wait(row: ContentRow, problem: HoldfastError): Promise<void> {
    await this.rows.book.put({ ...row, problem: problem.toObject() })
    setTimeout(() => {
      this.rows.later(row.infohash, async now => {
        if (now.status !== 'SEEDING') return
        if (now.problem?.code === problem.code) await this.rows.book.put({ ...now, problem: null })
        await this.rows.disengage(now)
        await this.rows.engage(now.cid)
      })
    }, limits.storeAgainMs)
  }

  /**
   * The disk changed what was placed: its right pieces become a download again, which goes on at once for what was fetched. What was made here
   * is told first, since perhaps nobody else has it.
   */
  async mend(row: ContentRow): Promise<void> {
    const { rows, parts: { bucket, staging } } = this
    const { cid, info, size, path: key } = row
    const problem = new HoldfastError('storage-damaged', 'the stored file is not what was placed')
    if (info === null) { await rows.fail(row, problem); return }
    await rows.disengage(row)
    const path = downloadPath(cid)
    const { bitfield, received } = await salvage(bucket, { key, info, size }, staging, path)
    await rows.book.putProgress(cid, bitfield, received)
    await rows.book.put(row.origin === 'got' ? { ...row, staging: path, status: 'DOWNLOADING' } : { ...row, staging: path, status: 'FAILED', problem: problem.toObject() })
    if (await bucket.exists(key)) await bucket.delete(key) // after the row: killed between, `mendPlacing` does it
    if (row.findable) rows.offer()
    await rows.engage(cid)
  }

  /** Whole: is it what the link named? Then it is placed, and given on where the person agreed. */
  private async finish(row: ContentRow): Promise<void> {
    const { cid, staging } = row
    if (staging === null || row.status === 'SEEDING') return
    this.parts.arriving.drop(cid)
    try {
      const { members, facts } = await this.checks.staged(row, staging, row.reasons.some(isDuty))
      const listed = members === null ? null : [...members]
      this.rows.book.learn(await placeContent(this.parts, { ...row, ...facts === undefined ? {} : { facts }, status: 'PLACING', checkedAt: this.parts.clock.now(), members: listed, title: row.title || titleOf(listed ?? []) || cid.slice(0, 8) }))
      await this.rows.book.dropProgress(cid)
      await this.rows.engage(cid)
    } catch (error) {
      await this.refuse(row, HoldfastError.from(error))
    }
  }

  /**
   * Every piece was right and the whole is not: a disk that lied, so it is fetched once more; or an author whose pieces collide,
   * and then it is never fetched again by itself. Archives nobody should unpack are not kept.
   */
  private async refuse(row: ContentRow, problem: HoldfastError): Promise<void> {
    if (verdictOf(problem.code) === null) { await this.rows.fail(row, problem); return }
    await this.rows.forget(row)
    if (problem.code === 'wrong-bytes' && !this.distrusted.has(row.cid)) {
      this.distrusted.add(row.cid)
      await this.rows.book.put({ ...row, status: 'DOWNLOADING' })
      await this.rows.engage(row.cid)
    } else await this.rows.fail(row, problem)
  }

  /** `keepers`: here with all of it, until now at least. */
  private heard({ infohash }: TorrentStatus, given: number, keepers: number): void {
    const cid = this.rows.book.cidOf(infohash)
    if (cid === undefined) return
    const due = [this.rows.book.countGiven(cid, given), this.rows.book.countSeen(cid, keepers)]
    if (due.includes(true)) this.rows.later(infohash, async row => { await this.rows.book.put(row) })
    this.parts.changed(cid)
  }
}
