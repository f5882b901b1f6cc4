import type { Address, Cid } from '../base/index.ts'
import type { ContentVerdict, PublishedFile, UploadKind } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { UploadName } from './upload-api.ts'

/** An upload this device is to hold, or may. `files`: the file, then its images. */
export interface Duty extends UploadName {
  readonly kind: UploadKind
  readonly protected: boolean
  readonly title: string
  readonly files: readonly PublishedFile[]
  readonly keyCommit: string | null
  /** Of `obliged`: other keepers who have not accepted yet are there, so that it may be let go only later. */
  readonly waits: boolean
}

/** What the ledger worker says of the state at the safety root. `fresh`: it follows, and that root is younger than the mutable range; else nothing is taken away for it. */
export interface Duties {
  readonly network: string
  readonly fresh: boolean
  readonly safe: number
  readonly epoch: number
  readonly range: number
  /** Accepted by this account. */
  readonly obliged: readonly Duty[]
  /** Open offers to this account, places free. */
  readonly offered: readonly Duty[]
}

/**
 * What an executed block did to an upload, told before that block is safe: a hint, on which something may be fetched and nothing taken away. `offered`: what it is, where at the head it is an
 * open offer to this account that its rules like.
 */
export interface UploadEvent extends UploadName { readonly event: 'upload.complete' | 'replication_set.updated', readonly offered: Duty | null }

/** Network worker to ledger worker: what became of files of uploads. */
export interface HeldReport {
  /** Fetched and checked (D1 to D4): the ledger worker may accept. */
  readonly verified: readonly UploadName[]
  readonly verdicts: readonly (UploadName & { readonly verdict: ContentVerdict })[]
  /** Obliged files that nobody has any more. */
  readonly lost: readonly UploadName[]
}

/** Ledger worker to network worker: a key came. */
export interface KeyCame { readonly cid: Cid, readonly owner: Address, readonly sealed: SealedKey }
