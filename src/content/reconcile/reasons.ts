import type { Cid } from '../../base/index.ts'
import type { UploadName } from './duties.ts'

/*
 * Why a file is kept, as its row has it: `own`, `pinned`, `wanted`, `shared`, `samaritan`, `attachment` are the person's; `offered(NETWORK,OWNER)` and
 * `obliged(NETWORK,OWNER)` are a ledger's, with a third word, the content id of the upload, on its images.
 */

const personalReasons = ['own', 'pinned', 'wanted', 'shared', 'samaritan', 'attachment'] as const
export type PersonalReason = typeof personalReasons[number]
export type DutyWhy = 'offered' | 'obliged'

export interface DutyReason { readonly why: DutyWhy, readonly network: string, readonly upload: UploadName }
export type Reason = { readonly why: PersonalReason } | DutyReason

const dutyForm = /^(offered|obliged)\(([^,()]+),([^,()]+)(?:,([0-9a-f]{64}))?\)$/

/** `cid`: the file that is kept for it. */
export function dutyReason(why: DutyWhy, network: string, upload: UploadName, cid: Cid): string {
  return upload.cid === cid ? `${why}(${network},${upload.owner})` : `${why}(${network},${upload.owner},${upload.cid})`
}

/** Null for what is no reason that is known here. */
export function readReason(text: string, cid: Cid): Reason | null {
  const personal = personalReasons.find(each => each === text)
  if (personal !== undefined) return { why: personal }
  const [, why, network, owner, upload = cid] = dutyForm.exec(text) ?? []
  if (why === undefined || network === undefined || owner === undefined) return null
  return { why: why as DutyWhy, network, upload: { cid: upload, owner } }
}

/** The reasons that ledgers gave, of these. */
export function dutiesOf(reasons: readonly string[], cid: Cid): readonly DutyReason[] {
  return reasons.flatMap(text => {
    if (!isDuty(text)) return []
    const reason = readReason(text, cid)
    return reason !== null && 'upload' in reason ? [reason] : []
  })
}

/** Whether a ledger gave this reason; which one, its text says. */
export function isDuty(reason: string): boolean {
  return reason.startsWith('offered(') || reason.startsWith('obliged(')
}
