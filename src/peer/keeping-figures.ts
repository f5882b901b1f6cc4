import type { Cid } from '../base/index.ts'
import { dutiesOf, isDuty, readReason, type Pledge, type Removal } from '../content/index.ts'
import type { ContentRow } from '../store/index.ts'
import type { Amount, ItemReason, KeepingSums } from './keeping-api.ts'

type Row = Pick<ContentRow, 'cid' | 'size' | 'status' | 'reasons'>
type Counted = 'own' | 'obliged' | 'fetched' | 'offered' | 'samaritan'

export interface Standing {
  readonly pledge: Pledge | null
  readonly here: boolean
  /** Obliged files that no other device of the account has, where this one is to stop. */
  readonly leaving: ((cid: Cid) => boolean) | null
  readonly paused: boolean
  readonly asks: Removal | null
}

/** Its reasons as pages see them; one of another network than those known looks like any other. */
export function itemReasons({ cid, reasons }: Pick<ContentRow, 'cid' | 'reasons'>): readonly ItemReason[] {
  return reasons.flatMap(text => {
    const reason = readReason(text, cid)
    if (reason === null) return []
    return [{ reason: reason.why, owner: 'upload' in reason ? reason.upload.owner : null, upload: 'upload' in reason ? reason.upload.cid : null }]
  })
}

/** What is kept, for what and for whom, and what it may grow to. */
export function figuresOf(rows: Iterable<Row>, { pledge, here, leaving, paused, asks }: Standing): KeepingSums {
  const sums: Record<Counted, { files: number, bytes: number }> = { own: zero(), obliged: zero(), fetched: zero(), offered: zero(), samaritan: zero() }
  const left = zero()
  let [reserved, promised] = [0, 0]
  for (const row of rows) {
    if (row.status === 'TRASHED') continue
    const counted = countedAs(row)
    const sum = sums[counted]
    if (counted === 'obliged' && leaving?.(row.cid) === true) {
      left.files++
      left.bytes += row.size
    }
    if (dutiesOf(row.reasons, row.cid).length > 0) promised += row.size
    if (row.status !== 'SEEDING' && row.status !== 'PLACING') { reserved += row.size; continue }
    sum.files++
    sum.bytes += row.size
  }
  const used = Object.values(sums).reduce((all, { bytes }) => all + bytes, 0) + reserved
  const pledged = pledge?.pledged ?? null
  return {
    ...sums, reserved, pledged, here, paused,
    leaving: leaving === null ? null : left,
    most: used + Math.max(0, (pledged ?? 0) - promised),
    removal: asks === null ? null : { files: asks.cids.length, bytes: asks.bytes },
  }
}

function countedAs({ cid, reasons }: Row): Counted {
  if (reasons.includes('own') || reasons.includes('shared')) return 'own'
  const duties = dutiesOf(reasons, cid)
  if (duties.some(({ why }) => why === 'obliged')) return 'obliged'
  const personal = reasons.filter(reason => !isDuty(reason))
  if (personal.length === 1 && personal[0] === 'samaritan') return 'samaritan'
  return duties.length > 0 && personal.length === 0 ? 'offered' : 'fetched'
}

function zero(): { -readonly [Name in keyof Amount]: Amount[Name] } { return { files: 0, bytes: 0 } }
