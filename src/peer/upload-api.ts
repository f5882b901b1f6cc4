import type { Address, Cid, ErrorObject } from '../base/index.ts'
import type { Assignment, ContentVerdict, Policy, PublishedFile, Publication, Rent, UploadKind, UploadName } from '../content/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { KeeperQuery, KeepingState, RankedKeeper, UploadKeeping } from './keeping-api.ts'
import type { Stage } from './wallet-api.ts'

export type { UploadName } from '../content/index.ts'

/**
 * How this person stands to the key of a protected upload. `open`: nothing is locked. `here`: this device has it. `waiting`: asked for, nobody gave it yet. `buying`: paid for, not granted
 * yet. `may`: the policy admits, it was not asked for. `pay`: it is to be bought first. `denied`: the policy admits others only.
 */
export type AccessState = 'open' | 'here' | 'may' | 'waiting' | 'pay' | 'buying' | 'refunded' | 'denied'

export interface Access {
  readonly state: AccessState
  /** Why the last answer was no: `not-safe-yet`, `pending`, `no-safety`, `withdrawn`, .. as the protocol has them; null where nobody answered. */
  readonly reason: string | null
  /** Number of the first block that may give the coins of a purchase back which nobody granted; null where there is none. */
  readonly refundAt: number | null
  /** Who could give it, and when any of them was seen last, ms since 1970. */
  readonly holders: readonly { readonly address: Address, readonly seen: number | null }[]
}

/** An upload of the ledger as pages show it. Being first proves nothing, and nobody is called its author. */
export interface Upload extends UploadName {
  readonly kind: UploadKind
  readonly protected: boolean
  readonly own: boolean
  readonly file: PublishedFile
  readonly images: readonly PublishedFile[]
  readonly title: string
  readonly about: string
  readonly tags: readonly string[]
  readonly maker: string
  readonly policy: Policy
  readonly holders: readonly Address[]
  /** Who was asked to keep it, and who accepted. */
  readonly keepers: readonly Address[]
  readonly kept: readonly Address[]
  readonly rent: Rent | null
  /** Number of the block after which it counts as withdrawn. */
  readonly until: number
  readonly withdrawn: boolean
  readonly replacedBy: Cid | null
  /** Where it stands: block, its time in seconds since 1970, whether at or below the safety root. */
  readonly block: number
  readonly time: number
  readonly safe: boolean
  readonly verdict: ContentVerdict | null
  readonly access: Access
}

/** `text`: words of title, about and tags, or a content id, or an address. */
export interface UploadQuery { readonly text: string, readonly kind: UploadKind | null, readonly owner: Address | null, readonly own: boolean, readonly from: number, readonly most: number }
/** Newest first. `total`: how many match. */
export interface UploadPage { readonly uploads: readonly Upload[], readonly total: number }

/** What of the person's is on its way to the ledger, or was refused. `pulled`: somebody else has it by now, so that this tab may be closed. */
export interface UploadSending { readonly id: Cid, readonly wish: string, readonly op: 3 | 4 | 5 | 7 | 8 | 10, readonly cid: Cid | null, readonly title: string, readonly stage: Stage, readonly pulled: boolean, readonly problem: ErrorObject | null }

/** News about uploads, for all tabs: how many there are, a number that changes when any did, and what is on its way. */
export interface UploadNews {
  readonly total: number
  readonly change: number
  readonly sending: readonly UploadSending[]
  readonly keeping: KeepingState
  /** Whether this person can be named as a holder: the ledger has the key that others seal to. Null where there is nobody, or nobody tells. */
  readonly nameable: boolean | null
}

/** What the ledger worker does about uploads. A call may be said twice: `wish` is one for each thing wanted. `not-found` while no ledger is open. */
export interface UploadService {
  uploads(query: UploadQuery): Promise<UploadPage>
  upload(name: UploadName): Promise<Upload | null>
  /** The key commitment and the envelopes of holders are made here, from the sealed key. */
  publish(wish: string, record: Omit<Publication, 'keyCommit' | 'holders'> & { readonly holders: readonly Address[] }, sealed: SealedKey | null): Promise<Cid>
  assign(wish: string, change: Omit<Assignment, 'holders'> & { readonly holders: readonly Address[] | null }): Promise<Cid>
  /** Coins of the person into escrow, for the key; the price is what the upload says now. */
  buy(wish: string, name: UploadName): Promise<Cid>
  /** What the age of a purchase allows: pays the owner, or gives the coins back. */
  settle(wish: string, name: UploadName, buyer: Address): Promise<Cid>
  /** Asks for the key until it is here or `stopAsking`; how that stands is in `Upload.access`. */
  askKey(name: UploadName): Promise<void>
  stopAsking(name: UploadName): Promise<void>
  /** Opens, or changes, this account as a keeper. */
  openKeeping(wish: string, pledge: { readonly pledged: number, readonly price: number, readonly public: boolean }): Promise<Cid>
  /** Tells the ledger the key that others seal to, so that this person can be named as a holder; `already-exists` where it has it. What else the profile says stays. */
  tellBox(wish: string): Promise<Cid>
  accept(wish: string, uploads: readonly UploadName[]): Promise<Cid>
  release(wish: string, uploads: readonly UploadName[], reason: 'ordinary' | 'legal' | 'lost'): Promise<Cid>
  closeKeeping(wish: string): Promise<Cid>
  claimRent(wish: string): Promise<Cid>
  keepingOf(name: UploadName): Promise<UploadKeeping | null>
  rankKeepers(query: KeeperQuery): Promise<readonly RankedKeeper[]>
  replaceKeepers(wish: string, name: UploadName): Promise<readonly Address[]>
}
