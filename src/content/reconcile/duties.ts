import type { Address, Cid } from '../../base/index.ts'
import type { PublishedFile, UploadKind } from '../publication.ts'
import type { Kind } from '../types.ts'

/** An upload is named by its content and its owner. */
export interface UploadName { readonly cid: Cid, readonly owner: Address }

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

/** What this account offers as a keeper: bytes, and whether for open files, too. */
export interface Pledge { readonly pledged: number, readonly public: boolean }

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
  /** For figures: the offers are compared with it by whoever lists them. Null: it is no keeper. Absent: not said. */
  readonly pledge?: Pledge | null
  /**
   * Uploads this account kept and does not keep any more, whose listed keepers have not all accepted yet (of those in `HeldReport.leaving`): they may be the
   * last copies. Absent: not said, and each is taken for one.
   */
  readonly waiting?: readonly UploadName[]
  /** What this device is to keep unasked, the rarest first, as far as the space the person gives reaches; what else it keeps so may go for it. Null, or absent: nothing is fetched or let go now. */
  readonly samaritan?: readonly Duty[] | null
}

/** What bytes turned out to be, told by who read all of them: compared with what records say, whoever published them. */
export interface FileFacts {
  /** Root over its 1 KiB leaves, 64 hex digits. */
  readonly audit: string
  /** Whom its policy names, of a TDF; null for what is none. */
  readonly dissem: readonly Address[] | null
  /** Whether it is a file of its kind at all. */
  readonly sound: boolean
  /** Roots of its batches of leaves, 32 bytes for 256 KiB, one after the other: a leaf is shown with them and its batch alone. Absent where an older version read it. */
  readonly roots?: Uint8Array<ArrayBuffer>
}

/** What the files of an upload are. `at`: place in `files`. */
export function fileKind(duty: Pick<Duty, 'kind' | 'protected'>, at: number): Kind {
  if (at > 0 || duty.kind === 'image') return 'i'
  return duty.kind === 'audio' ? 'a' : duty.protected ? 'p' : 'z'
}

/** One text for each upload. */
export function uploadKey({ cid, owner }: UploadName): string {
  return `${cid}/${owner}`
}
