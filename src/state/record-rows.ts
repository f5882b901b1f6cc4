import { hexString, limits, list, nullable, struct, u32, u8, uint, type Codec, type Encoded } from '../base/index.ts'

/*
 * Rows of records. Chains, entries, commits and keys have Factom's names: 32 bytes, in code 64 lower-case hex digits.
 */

/** A ChainID, an entry's hash, the key that paid, or what a payment is known by. */
export const factomHash = hexString(32)

/** Milliseconds since 1970, as commits have them. */
const milliseconds = uint(2 ** 48 - 1)

/** A commit whose entry was not revealed yet. */
export const openCommit: Codec<OpenCommit> = struct({
  paid: factomHash, key: factomHash, time: milliseconds, block: u32, index: u8, first: nullable(struct({ entry: factomHash, weld: factomHash })),
})

export interface OpenCommit {
  /** What the payment is known by. */
  readonly paid: string
  /** Entry credit key that paid. */
  readonly key: string
  readonly time: number
  /** Block it stands in, and its place among the records there: of two the one that came first is used. */
  readonly block: number
  readonly index: number
  /** Of a chain commit: the first entry, and the weld of it with the chain. */
  readonly first: { readonly entry: string, readonly weld: string } | null
}

export const openCommits = list(openCommit, limits.openCommits)

/** What a closed hour takes away with a payment: the commit in the list of this name and number of credits. */
export const paidRow = struct({ paid: factomHash, commit: nullable(struct({ of: factomHash, credits: u8 })) })
export type PaidRow = Encoded<typeof paidRow>

/** The oldest hour that may have payments, and how many there are in all hours. */
export const paidCursor = struct({ hour: u32, rows: u32 })
export type PaidCursor = Encoded<typeof paidCursor>

/** Whose a ChainID is that nobody has seen yet, by the hash of it: `until` is the last block of that. `paid` and `time`: of the commit that did it, in whose window alone it counts. */
export const reservation = struct({ key: factomHash, until: u32, time: milliseconds, paid: factomHash })
export type Reservation = Encoded<typeof reservation>

export const chainRow: Codec<ChainRow> = struct({ first: factomHash, head: factomHash, count: u32, block: u32, sequence: u32, keyMR: factomHash, fullHash: factomHash })

export interface ChainRow {
  /** Hashes of its first and of its newest entry. */
  readonly first: string
  readonly head: string
  /** Entries it has. */
  readonly count: number
  /** Number of the block that has the newest. */
  readonly block: number
  /** Of its last Entry Block, from 0. */
  readonly sequence: number
  readonly keyMR: string
  readonly fullHash: string
}

/** Where a copy of an entry stands: its chain, the number of its block, its index in the chain from 0. */
export const entryCopy = struct({ chain: factomHash, block: u32, index: u32 })
export type EntryCopy = Encoded<typeof entryCopy>

/** The last Directory Block: its height counts Directory Blocks from 0. */
export const directoryRow = struct({ height: u32, keyMR: factomHash, fullHash: factomHash, block: u32 })
export type DirectoryRow = Encoded<typeof directoryRow>
