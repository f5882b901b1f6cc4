import type { Address, Cid } from '../base/index.ts'
import type { ContentVerdict, Duty, UploadName } from '../content/index.ts'
import type { Samaritan } from './keeping-api.ts'
import type { SealedKey } from '../store/index.ts'

export type { Duties, Duty } from '../content/index.ts'

/**
 * What an executed block did to an upload, told before that block is safe: a hint, on which something may be fetched and nothing taken away. `offered`: what it is, where at the head it is an
 * open offer to this account that its rules like.
 */
export interface UploadEvent extends UploadName { readonly event: 'upload.complete' | 'replication_set.updated', readonly offered: Duty | null }

/** For whom this device keeps unasked, and how many bytes. */
export interface SamaritanRules extends Pick<Samaritan, 'space' | 'whose' | 'charging'> { readonly follows: readonly Address[] }

/** Network worker to ledger worker: what became of files of uploads. */
export interface HeldReport {
  /** Fetched and checked (D1 to D4): the ledger worker may accept. */
  readonly verified: readonly UploadName[]
  readonly verdicts: readonly (UploadName & { readonly verdict: ContentVerdict })[]
  /** Obliged files that nobody has any more. */
  readonly lost: readonly UploadName[]
  /** Obliged files that are blocked here: to be released as `legal`. */
  readonly refused?: readonly UploadName[]
  /** Offered ones that the person took off this device. */
  readonly declined?: readonly UploadName[]
  /** Fetched once more because a person wants to: what was said of them is forgotten. */
  readonly forgiven?: readonly UploadName[]
  /** What the person lets this device do unasked, whenever it is another, and at first; null: nothing may be fetched now. */
  readonly samaritan?: SamaritanRules | null
  /** Content ids of what this device keeps unasked, or fetches so, whenever they are others, and at first: that goes only for what is rarer. */
  readonly unasked?: readonly Cid[]
  /** Kept by an accept that the state does not have any more: of these is to be said which wait for others (`Duties.waiting`). */
  readonly leaving?: readonly UploadName[]
}

/** Ledger worker to network worker: a key came. */
export interface KeyCame { readonly cid: Cid, readonly owner: Address, readonly sealed: SealedKey }
