import { HoldfastError, type Cid } from '../base/index.ts'
import { contentKey, isDuty, verdictOf, type Action } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { ContentChecks } from './content-checks.ts'
import type { LiveRows } from './live-rows.ts'
import { isDamage, restarted, restored } from './row-edits.ts'
import { downloadPath } from './scratch-paths.ts'
import type { SwarmReports } from './swarm-reports.ts'
import type { TransferParts } from './transfer-parts.ts'

type Of<Act extends Action['act']> = Extract<Action, { act: Act }>

/**
 * What reconciliation does to rows. Each acts on the row as it stands by then: reasons the person gave or took in the meantime stay as the person has them, and
 * nothing that has one is taken away.
 */
export class DutyFiles {
  constructor(private readonly parts: TransferParts, private readonly rows: LiveRows, private readonly checks: ContentChecks, private readonly reports: SwarmReports) {}

  async apply(action: Action): Promise<void> {
    switch (action.act) {
      case 'fetch': await this.fetch(action); break
      case 'keep': await this.keep(action); break
      case 'refetch': await this.refetch(action); break
      case 'other': await this.other(action); break
      case 'drop': await this.drop(action.cid); break
      case 'check': await this.read(action.cid); break
    }
  }

  private async fetch({ cid, file: { infohash, size }, kind, title, reasons }: Of<'fetch'>): Promise<void> {
    if (this.parts.blocked(cid)) return
    await this.rows.run(cid, async () => {
      if (this.rows.book.get(cid) !== undefined) return // the person was quicker; the next pass adds the reason
      await this.rows.book.put({
        cid, infohash, kind, size, title, reasons: [...reasons], sealed: this.parts.keyOf?.(cid) ?? null, relays: [],
        origin: 'got', status: 'PENDING', path: contentKey(kind, cid), staging: downloadPath(cid), info: null, members: null,
        paused: false, giving: true, givenForDuty: true, given: 0, ...reasons.every(reason => reason === 'samaritan') ? { unasked: true } as const : {}, addedAt: this.parts.clock.now(), problem: null, findable: false, trashedAt: null,
      })
      await this.rows.engage(cid)
    })
  }

  /** What was promised stays, for others, though it is promised no longer. */
  async stay(cid: Cid): Promise<void> {
    await this.rows.change(cid, row => row.status !== 'SEEDING' || !row.reasons.every(isDuty) ? row : { ...row, reasons: ['samaritan'], absent: {}, unasked: true })
  }

  /** What was kept unasked goes to the trash, where nothing else is wanted of it by now. */
  async leave(cid: Cid): Promise<void> {
    await this.with(cid, async row => {
      if (row.status === 'TRASHED' || row.unasked !== true || !row.reasons.every(reason => reason === 'samaritan')) return
      if (row.status !== 'SEEDING') { await this.rows.erase(row); return }
      await this.rows.disengage(row)
      await this.rows.book.put({ ...row, status: 'TRASHED', trashedAt: this.parts.clock.now(), reasons: [] })
    })
  }

  /** What was left is kept unasked again, as long as it lies in the trash. */
  async back(cid: Cid): Promise<void> {
    await this.rows.change(cid, row => wasLeft(row) ? { ...restored(row), reasons: ['samaritan'], giving: true, givenForDuty: true } : row)
  }

  private async keep({ cid, reasons, absent }: Of<'keep'>): Promise<void> {
    await this.rows.change(cid, row => {
      const duties = reasons.filter(isDuty)
      const personal = row.status === 'TRASHED' ? [] : row.reasons.filter(reason => !isDuty(reason))
      const forDuty = !row.giving || row.givenForDuty === true
      return { ...restored(row), reasons: [...personal, ...duties], absent, giving: duties.length > 0 || !forDuty, givenForDuty: duties.length > 0 && forDuty }
    })
  }

  private async refetch({ cid, file: { infohash, size }, kind }: Of<'refetch'>): Promise<void> {
    await this.with(cid, async row => {
      if (row.status !== 'FAILED') return
      const same = row.infohash === infohash && row.kind === kind && row.size === size
      if (!same) await this.rows.forget(row)
      await this.rows.book.put(restarted(same ? row : { ...row, infohash, kind, size, path: contentKey(kind, cid), info: null }))
      await this.rows.engage(cid)
    })
  }

  /** What came by the former one goes: pieces of different torrents are not each other's. */
  private async other({ cid, from, file: { infohash, size }, kind }: Of<'other'>): Promise<void> {
    await this.with(cid, async row => {
      if (row.infohash !== from || row.paused || (row.status !== 'PENDING' && row.status !== 'DOWNLOADING')) return
      await this.rows.forget(row)
      await this.rows.book.put({ ...row, infohash, kind, size, path: contentKey(kind, cid), info: null, status: 'PENDING', staging: downloadPath(cid), problem: null })
      await this.rows.engage(cid)
    })
  }

  private async drop(cid: Cid): Promise<void> {
    await this.with(cid, async row => {
      if (row.status === 'TRASHED' || !row.reasons.every(isDuty)) return
      if (row.status !== 'SEEDING') { await this.rows.erase(row); return }
      await this.rows.disengage(row)
      await this.rows.book.put({ ...row, status: 'TRASHED', trashedAt: this.parts.clock.now(), reasons: [], absent: {}, giving: row.giving && row.givenForDuty !== true, givenForDuty: false })
      if (row.findable) this.rows.offer()
    })
  }

  private async read(cid: Cid): Promise<void> {
    await this.with(cid, async row => {
      if (row.status !== 'SEEDING' || row.facts !== undefined) return
      try {
        const { facts } = await this.checks.facts(row)
        if (facts !== undefined) await this.rows.book.put({ ...row, facts, checkedAt: this.parts.clock.now() })
      } catch (error) {
        const problem = HoldfastError.from(error)
        if (isDamage(problem)) await this.reports.mend(row)
        else if (verdictOf(problem.code) !== null) await this.rows.book.put({ ...row, facts: { audit: '', dissem: null, sound: false } })
        else throw problem
      }
    })
  }

  private async with(cid: Cid, act: (row: ContentRow) => Promise<void>): Promise<void> {
    await this.rows.run(cid, async () => {
      const row = this.rows.book.get(cid)
      if (row !== undefined) await act(row)
    })
  }
}

/** Whether it lies in the trash because something else was to be kept unasked. */
export function wasLeft({ status, unasked, reasons }: ContentRow): boolean { return status === 'TRASHED' && unasked === true && reasons.length === 0 }
