import { limits, type Cid } from '../base/index.ts'
import { dutiesOf, fileKind, type Duties, type Duty, type UploadName } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { SamaritanRules } from './duty-api.ts'
import { wasLeft } from './duty-files.ts'
import type { Transfers } from './transfers.ts'

export interface UnaskedParts {
  readonly transfers: Pick<Transfers, 'held' | 'duties'>
  readonly rules: () => SamaritanRules | null
  readonly may: (upload: UploadName) => boolean
}

/** What is kept for others without a promise, in the space the person gives: comes, stays and goes by itself. */
export class Unasked {
  constructor(private readonly parts: UnaskedParts) {}

  /** Lets go of what is too much, then fetches what is to be kept, for which goes what is not. */
  async tend(duties: Duties | null): Promise<void> {
    const { transfers, rules: rulesOf, may } = this.parts
    const rules = rulesOf()
    if (rules === null) return
    const chosen = duties?.fresh === true ? duties.samaritan?.filter(may) ?? null : null
    const files = new Map((chosen ?? []).flatMap(duty => duty.files.map((file, at) => [file.cid, { duty, file, at }] as const)))
    const rows = this.#rows()
    // What nobody would choose goes first, then what is here longest.
    const going = rows.toSorted((a, b) => Number(files.has(a.cid)) - Number(files.has(b.cid)) || a.addedAt - b.addedAt)
    let used = bytesOf(rows)
    const letGo = async (room: number): Promise<void> => {
      while (used > room) {
        const row = going.shift()
        if (row === undefined) return
        await transfers.duties.leave(row.cid)
        used -= row.size
      }
    }
    await letGo(rules.space)
    let coming = going.filter(({ status }) => status === 'PENDING' || status === 'DOWNLOADING').length
    for (const [cid, { duty, file, at }] of files) {
      if (coming >= limits.dutyDownloads) break
      const known = transfers.held.get(cid)
      if (known !== undefined && !wasLeft(known)) continue
      const spare = bytesOf(going.filter(row => !files.has(row.cid)))
      if (used - spare + file.size > rules.space) continue
      await letGo(rules.space - file.size)
      used += file.size
      if (known !== undefined) { await transfers.duties.back(cid); continue }
      await transfers.duties.apply({ act: 'fetch', cid, file, kind: fileKind(duty, at), title: duty.title, reasons: ['samaritan'] })
      coming++
    }
  }

  /** What was promised, and is no longer: whether it stays without a promise, where the person's choice is so and there is space. */
  async stays(cid: Cid): Promise<boolean> {
    const { transfers, rules: rulesOf, may } = this.parts
    const [rules, row] = [rulesOf(), transfers.held.get(cid)]
    if (rules === null || row?.status !== 'SEEDING' || bytesOf(this.#rows()) + row.size > rules.space) return false
    const uploads = dutiesOf(row.reasons, cid).map(({ upload }) => upload)
    const wanted = uploads.some(({ owner }) => rules.whose !== 'fetched' && rules.follows.includes(owner)) || rules.whose === 'public' || rules.whose === 'protected' && (row.kind === 'a' || row.kind === 'p')
    if (!wanted || uploads.length === 0 || !uploads.every(may)) return false
    await transfers.duties.stay(cid)
    return true
  }

  /** Of which uploads a file is kept unasked. */
  of(cid: Cid, duties: Duties | null): readonly Duty[] {
    return this.parts.transfers.held.get(cid)?.unasked === true ? duties?.samaritan?.filter(({ files }) => files.some(file => file.cid === cid)) ?? [] : []
  }

  /** Content ids of what is kept so, or on its way. */
  held(): readonly Cid[] { return this.#rows().filter(({ status }) => status !== 'FAILED').map(({ cid }) => cid).toSorted() }

  #rows(): readonly ContentRow[] {
    return [...this.parts.transfers.held.values()].filter(({ unasked, status, reasons }) => unasked === true && status !== 'TRASHED' && reasons.every(reason => reason === 'samaritan'))
  }
}

function bytesOf(rows: readonly ContentRow[]): number { return rows.reduce((sum, { size }) => sum + size, 0) }
