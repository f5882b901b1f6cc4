import type { Cid, Clock, Infohash } from '../base/index.ts'
import type { Member } from '../content/index.ts'
import type { Bucket, ContentRow, Database, SealedKey, Staging } from '../store/index.ts'
import type { CheckRequest, CheckResult } from './network-api.ts'

/** What the transfers are built from. */
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
  /** Whether a row that wants to may be fetched now: attachments take turns. Absent: all may. */
  readonly mayCome?: (row: ContentRow) => boolean
  /** The key of an upload's file, as far as it is on this device. */
  readonly keyOf?: (cid: Cid) => SealedKey | null
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
