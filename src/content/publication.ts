import type { Address, Cid, Infohash } from '../base/index.ts'

/** What an upload is. The number is what the record says. */
export const uploadKinds = ['audio', 'image', 'archive'] as const
export type UploadKind = typeof uploadKinds[number]

/** A stored file as a publish record names it. */
export interface PublishedFile {
  readonly cid: Cid
  /** Bytes, 1 to 2^36. */
  readonly size: number
  readonly infohash: Infohash
  /** Root over its 1 KiB leaves (RFC 6962), 64 hex digits: what keepers are asked proofs of. */
  readonly audit: string
}

/** Who gets the key of a protected file. `open`: there is none. `public`: it stands in the record, 64 hex digits. `share`: permille of the price for the holder who grants. */
export type Policy =
  | { readonly open: null }
  | { readonly public: string }
  | { readonly owner: null }
  | { readonly list: readonly Address[] }
  | { readonly pay: { readonly price: number, readonly share: number } }

/** A key sealed to somebody's box: HPKE, `enc` 32 bytes and `ct` 48. */
export interface Envelope { readonly enc: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

/** Somebody who gives out the key in the owner's stead. `box`: the X25519 key it was sealed to, 64 hex digits. */
export interface Holder extends Envelope { readonly address: Address, readonly box: string }

/** Coins for keepers: `each` a period to each of `wanted`, for `periods`. */
export interface Rent { readonly each: number, readonly periods: number, readonly wanted: number }

/** Op 3: everything a network hears of a publication. */
export interface Publication {
  readonly kind: UploadKind
  readonly protected: boolean
  readonly file: PublishedFile
  readonly images: readonly PublishedFile[]
  readonly title: string
  readonly about: string
  readonly tags: readonly string[]
  /** SHA-256 of the FLAC before encryption, 64 hex digits; audio alone, and null where that would tell strangers which recording it is. */
  readonly plain: string | null
  /** Which normaliser made it, so that its bytes can be made again. */
  readonly maker: string
  readonly policy: Policy
  /** `keyCommitment` of content id and key, 64 hex digits; null where there is no key. */
  readonly keyCommit: string | null
  readonly holders: readonly Holder[]
  /** Who is asked to keep it; empty with rent: anybody. */
  readonly keepers: readonly Address[]
  /** Null: volunteers alone. */
  readonly rent: Rent | null
  /** Periods from now. */
  readonly until: number
}

/** Op 4: changes by its owner; null leaves a thing as it is. */
export interface Assignment {
  readonly cid: Cid
  readonly policy: Policy | null
  readonly allow: readonly Address[]
  readonly deny: readonly Address[]
  readonly holders: readonly Holder[] | null
  readonly keepers: readonly Address[] | null
  readonly rent: Rent | null
  readonly until: number | null
  readonly withdrawn: boolean
  readonly replacedBy: Cid | null
}

/** Why a file is not what its record says, found out by who held its bytes; local, told to nobody. */
const contentVerdicts = ['wrong-bytes', 'wrong-audit', 'not-owner', 'bad-key', 'bad-file'] as const
export type ContentVerdict = typeof contentVerdicts[number]
