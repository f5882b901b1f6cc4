import type { Address, Cid } from '../base/index.ts'
import type { DutyWhy, PersonalReason, Rent, UploadName } from '../content/index.ts'

/**
 * Why a file is held; several may be true of one. `own`, `pinned`: only the person takes it away. `wanted`: fetched. `shared`: given by link. `offered`: its owner asks for keepers. `obliged`: this
 * account accepted. `samaritan`: kept unasked. `attachment`: of a message.
 */
export type HoldReason = PersonalReason | DutyWhy

/** `owner`: for whom, where it is an upload's; then `upload` is the content that upload is named by, another one for its pictures. */
export interface ItemReason { readonly reason: HoldReason, readonly owner: Address | null, readonly upload: Cid | null }

export interface Held { readonly cid: Cid, readonly reasons: readonly ItemReason[] }

/** Files, and the bytes of them. */
export interface Amount { readonly files: number, readonly bytes: number }

/** What this device keeps and may come to keep. A file counts once: as the person's own, else as promised, as kept unasked, as fetched, or as offered. */
export interface KeepingSums {
  readonly own: Amount
  /** Kept because this account accepted. */
  readonly obliged: Amount
  readonly fetched: Amount
  /** Offered to this account and not accepted yet. */
  readonly offered: Amount
  /** Of what is still coming, whatever it is for. */
  readonly reserved: number
  /** What this account pledged to keep, in bytes; null: it is no keeper, or that is not known yet. */
  readonly pledged: number | null
  /** What all of it may grow to by what was pledged. */
  readonly most: number
  /** Whether this device keeps for the account, of whose devices one should. */
  readonly here: boolean
  /** It is to keep no longer, and still does: files that this account promised and that no other device of it has yet. Null where it is not asked to stop. */
  readonly leaving: Amount | null
  /** Giving is stopped, or paused on a connection paid by the byte: nothing is fetched for others, and nothing proved. */
  readonly paused: boolean
  /** Kept unasked, for others (`Samaritan`). */
  readonly samaritan: Amount
  /** A pass that would take away a great deal waits for the person's word; null where none does. */
  readonly removal: Amount | null
}

/** The same, with what each item is held for. */
export interface KeepingFigures extends KeepingSums { readonly held: readonly Held[] }

/** What a person who promised nothing lets this device do for others. */
export interface Samaritan {
  /** Bytes for what is fetched unasked; 0 for none. */
  readonly space: number
  /** Whose files: `fetched`: only what was fetched here anyway; `followed`: of people who are followed, too; `protected`: any that is locked; `public`: any at all. */
  readonly whose: 'fetched' | 'followed' | 'protected' | 'public'
  /** Fetched unasked only while the device charges, and only where the connection is not paid by the byte. */
  readonly charging: boolean
  readonly unmetered: boolean
}

/** `away`: two periods missed in a row, its places are open to others. `gone`: three, a tenth of its bond is burned and its promises are void. `closing`: it ends all by itself. */
export type KeeperStatus = 'active' | 'away' | 'gone' | 'closing'

/** A block to come, and about when it will be, ms since 1970. */
export interface Due { readonly block: number, readonly at: number }

/** What a keeper is to show: `answered`, or not needed any more; `sent`: its proof is on its way; `missing`: its file is not here whole; `open`: not sent yet, which this device does by itself if it keeps. */
export interface KeepingPick extends UploadName { readonly title: string, readonly leaf: number, readonly state: 'answered' | 'sent' | 'missing' | 'open' }

/** The period that runs for a keeper: from block `begin` until `due`, before which all picks are to be answered. */
export interface KeepingPeriod { readonly begin: number, readonly due: Due, readonly picks: readonly KeepingPick[] }

/** This account as a keeper. */
export interface OpenKeeping {
  readonly status: KeeperStatus
  /** Coins put up; they only grow until it closes. */
  readonly bond: number
  readonly pledged: number
  /** Bytes and uploads taken on. */
  readonly load: number
  readonly count: number
  /** Coins it wants for a GiB and period. */
  readonly price: number
  readonly public: boolean
  /** Number of the block it opened in. */
  readonly since: number
  /** Null before it is settled first, and where its promises are void. */
  readonly period: KeepingPeriod | null
  /** When it is settled next; null where keepers of this network prove nothing. */
  readonly settled: Due | null
  /** Whether each of the last periods was proved, the newest first, at most 64; and how many there were in all. */
  readonly results: readonly boolean[]
  readonly periods: number
  /** Periods missed in a row. */
  readonly missed: number
  /** Uploads it let go because nobody had them any more. */
  readonly lost: number
  /** Rent of periods that were proved: to be claimed now, on its way, and claimed so far for what is still kept. */
  readonly rent: { readonly due: number, readonly claiming: number, readonly paid: number }
  /** Of the bond, where it is gone. */
  readonly burned: number
  /** When the bond is free; null where it does not close. */
  readonly free: Due | null
}

/** What the network asks of keepers. */
export interface KeepingTerms {
  /** Whether they put up a bond, prove what they keep and are paid. Else nothing of it is to be shown. */
  readonly pays: boolean
  readonly bond: number
  readonly bondPerGiB: number
  /** Blocks between two settlings, and seconds as far as blocks come in time. */
  readonly period: number
  readonly periodSeconds: number
  /** Coins each transaction costs. */
  readonly fee: number
}

/** This account as a keeper. `open` is null where it is none. */
export interface KeepingState {
  readonly open: OpenKeeping | null
  readonly terms: KeepingTerms
}

/** What a keeper's peers were given when they asked it for random pieces, on this device: `answered` of `asked`. */
export interface Probes { readonly asked: number, readonly answered: number }

/** Somebody who promised to keep an upload. */
export interface UploadKeeper {
  readonly address: Address
  readonly own: boolean
  readonly status: KeeperStatus
  readonly missed: number
  /** Number of the block it accepted in. */
  readonly since: number
  /** How long it is promised, as far as rent or term reach. */
  readonly until: Due
  /** When one of its devices was seen last, ms since 1970; null where none was. */
  readonly seen: number | null
  /** Null where none was asked. */
  readonly probes: Probes | null
}

/** How an upload is kept by those who promised. Places are `wanted`; `free`: those nobody has, or whose keeper is away or gone. */
export interface UploadKeeping extends UploadName {
  readonly rent: Rent | null
  /** Coins that lie there for its keepers. */
  readonly escrow: number
  readonly wanted: number
  readonly free: number
  readonly keepers: readonly UploadKeeper[]
  /** Asked, and not accepted yet; `anybody`: any active keeper. */
  readonly offered: readonly { readonly address: Address, readonly status: KeeperStatus | null }[] | 'anybody'
}

/** For which upload keepers are looked for. `each`: most coins for a keeper and period; null: whatever they want. */
export interface KeeperQuery { readonly bytes: number, readonly protected: boolean, readonly each: number | null }

/** A keeper that may be asked, the best first. */
export interface RankedKeeper {
  readonly address: Address
  /** Coins it wants for these bytes and a period. */
  readonly each: number
  /** Bytes pledged and not taken on yet. */
  readonly room: number
  readonly since: number
  /** Periods proved, of those remembered, which are at most 64. */
  readonly proved: number
  readonly periods: number
  readonly seen: number | null
  readonly probes: Probes | null
  /** Relays its devices are met through; empty where that is not known. */
  readonly relays: readonly string[]
}

/** Acts of who keeps for others, and of who has something kept; each resolves when it is signed and on its way (`UploadNews.sending`), or says why not. */
export interface KeepingActs {
  /** Opens this account as a keeper, or changes what it offers; the bond is what the network asks for, and never less than there is. `too-large` where there are not so many coins. */
  openKeeping(pledge: { readonly pledged: number, readonly price: number, readonly public: boolean }): Promise<void>
  /** Ends all of it: promises are void at once, the bond is free at the second settling after it. */
  closeKeeping(): Promise<void>
  /** Lets one go; `legal` is never held against anyone, and neither costs bond. It is not taken on again by itself. */
  release(name: UploadName, reason?: 'ordinary' | 'legal'): Promise<void>
  /** Claims what is due now; by itself that is done once it is worth the fee. `not-found` where nothing is. */
  claimRent(): Promise<void>
  /** How an upload is kept; null where there is no such upload. */
  keepingOf(name: UploadName): Promise<UploadKeeping | null>
  /** Who may be asked to keep an own upload, the best first; at most 64. */
  rankKeepers(query: KeeperQuery): Promise<readonly RankedKeeper[]>
  /** Asks others in place of those who are away or gone: who accepted and is active stays. Resolves with whom it asks; `not-found` where nobody is left to be asked. */
  replaceKeepers(name: UploadName): Promise<readonly Address[]>
  /** Whether this device keeps for the account (`KeepingFigures.here`). With false it goes on until another device has all of it; `now` waits for none. */
  keepHere(on: boolean, now?: boolean): Promise<void>
  setSamaritan(choices: Samaritan): Promise<void>
}
