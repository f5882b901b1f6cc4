import { addressField, bool, hexString, list, nullable, struct, tuple, u32, u40, u64, u8, uint, type Address, type Cid, type Codec, type Encoded } from '../base/index.ts'
import { envelopeFields, publication, publicationLimits, type Publication } from '../content/index.ts'
import { boxKey } from './types.ts'

const hash = hexString(32)

/** An upload by content and owner. */
export const uploadName: Codec<readonly [cid: Cid, owner: Address]> = tuple(hash, addressField)
export type NamedUpload = Encoded<typeof uploadName>

/** Of a content id: how many publish it now, and who was the first when nobody did. Being first proves nothing. */
export const uploadsOfCid = struct({ count: u32, first: addressField })

/** What execution remembers of an upload. */
export const uploadRow: Codec<UploadRow> = struct({
  publication, block: u32, time: u32, index: u32, byOwner: u32, holds: list(u32, publicationLimits.holders), until: u32, era: u64, withdrawn: bool, replacedBy: nullable(hash),
  kept: list(addressField, publicationLimits.wanted),
})

export interface UploadRow {
  /**
   * The record with all later changes of its owner. Its `until` is the one last asked for. Of a list: as many as fit of those who are on it; who is on it is said by the
   * `access` keys alone.
   */
  readonly publication: Publication
  /** Number and time of the block that published it. */
  readonly block: number
  readonly time: number
  /** Where it stands in the list of all uploads, in its owner's, and in that of each holder, in their order. */
  readonly index: number
  readonly byOwner: number
  readonly holds: readonly number[]
  /** Number of the last block in which it counts. */
  readonly until: number
  /** Nonce of its owner's transaction that set the policy: of a list those are members whose `access` row says the same. */
  readonly era: bigint
  readonly withdrawn: boolean
  readonly replacedBy: Cid | null
  /** Keepers who accepted it. */
  readonly kept: readonly Address[]
}

/** A purchase: coins in escrow until it is `settled`, which leaves the envelope to the buyer. What was agreed stands here, whatever becomes of the record. */
export const purchase: Codec<Purchase> = struct({
  price: u40, share: uint(publicationLimits.sharePermille), box: boxKey, keyCommit: hash, block: u32, grant: nullable(struct({ by: addressField, block: u32, ...envelopeFields })), settled: bool,
})

export interface Purchase {
  readonly price: number
  /** Permille of it for the holder who grants. */
  readonly share: number
  /** One-time X25519 key of the buyer. */
  readonly box: string
  readonly keyCommit: string
  /** Number of the block it was bought in. */
  readonly block: number
  readonly grant: { readonly by: Address, readonly block: number, readonly enc: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> } | null
  readonly settled: boolean
}

/** How somebody stands to an upload. `member`: of its list, where it is the upload's `era`; an older one counts no more. */
export const access: Codec<AccessRow> = struct({ member: nullable(u64), purchase: nullable(purchase) })
export interface AccessRow { readonly member: bigint | null, readonly purchase: Purchase | null }
export const noAccess: AccessRow = { member: null, purchase: null }

export const keeperStatuses = ['active', 'away', 'gone', 'closing'] as const
export type KeeperStatus = typeof keeperStatuses[number]

const statusCode = uint(keeperStatuses.length - 1)
const status: Codec<KeeperStatus> = {
  write(out, value) { statusCode.write(out, keeperStatuses.indexOf(value)) },
  read: input => keeperStatuses[statusCode.read(input)]!,
}

/** Bytes a keeper may pledge. */
export const pledge: Codec<number> = uint(2 ** 50)

export const keeper: Codec<Keeper> = struct({
  index: u32, bond: u40, pledged: pledge, load: uint(2 ** 53 - 1), count: u32, price: u40, box: boxKey, public: bool, status, missed: u8, periods: u32, results: u64, lost: u32, since: u32,
})

export interface Keeper {
  /** Where it stands in the list of keepers. */
  readonly index: number
  readonly bond: number
  /** Bytes it offers, and those it has taken on. */
  readonly pledged: number
  readonly load: number
  /** Uploads it has accepted. */
  readonly count: number
  /** Coins it wants for a GiB and period. */
  readonly price: number
  readonly box: string
  /** Whether it keeps what is not protected. */
  readonly public: boolean
  /** `away`: two periods missed in a row, `gone`: three; `closing`: by itself. Duties of `gone` and `closing` are void; their rows go by and by. */
  readonly status: KeeperStatus
  /** Periods in a row that were not proved; while closing, settlings since. */
  readonly missed: number
  /** Periods that were closed. */
  readonly periods: number
  /** A bit for each of the last 64 of them, the newest lowest: whether all picks were answered. */
  readonly results: bigint
  /** Uploads it let go because nobody had them any more. */
  readonly lost: number
  /** Number of the block it opened in. */
  readonly since: number
}

/** A duty: its place in the keeper's list, the block it began in, the first period that was not looked at for pay, and how many were paid. */
export const duty = struct({ i: u32, since: u32, next: u32, claimed: u32 })
export type Duty = Encoded<typeof duty>

/** A leaf of a file that a keeper is to show, of one of its duties. */
export const pick = struct({ cid: hash, owner: addressField, leaf: u32 })
export type Pick = Encoded<typeof pick>

/** At most; for a week, with one transaction to answer them. */
export const mostPicks = 4

/** The period that runs for a keeper: the block it began in, what is to be shown in it, and a bit for each pick that was, or need not be any more. */
export const keeperNow = struct({ settled: u32, picks: list(pick, mostPicks), answered: u8 })
export type KeeperNow = Encoded<typeof keeperNow>
