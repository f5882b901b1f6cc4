import type { ErrorObject, Judged } from '../base/index.ts'
import type { ImportedKey } from '../keys/index.ts'
import type { RecordFinding } from '../records/index.ts'

export type { RecordFinding }

/** Factom's names are 32 bytes in lower-case hex: of a chain, and of an entry by its hash. */
export type ChainId = string
export type EntryHash = string

/**
 * How far an entry of the person's has come: kept here; offered to whoever asks; revealed in a block that may still be replaced; at or below the safety root. `failed`: see
 * `problem`; `spent` says whether its commit was paid all the same.
 */
export type RecordStage = 'local' | 'offered' | 'included' | 'safe' | 'failed'

/** What a person wants recorded. With `chain` null the entry begins the chain that its ExtIDs name. */
export interface RecordDraft { readonly chain: ChainId | null, readonly extIds: readonly Uint8Array[], readonly content: Uint8Array }

/** What recording a draft takes, before anything is spent. */
export interface RecordQuote {
  readonly chain: ChainId
  readonly entryHash: EntryHash
  /** Bytes of payload, and how many more there is room for. */
  readonly payload: number
  readonly free: number
  /** Entry credits it costs, and those there are, without what is on its way. */
  readonly credits: number
  readonly balance: number
  /** Coins that buying the missing credits costs, fees included; 0 where none are missing. */
  readonly coins: number
  /** Copies of this entry that are there already. */
  readonly copies: number
  /** Why it could not be recorded: the chain exists already, is not there, too large, no keys. */
  readonly problem: ErrorObject | null
}

/** Something of the person's on its way. */
export interface RecordSending {
  readonly wish: string
  readonly chain: ChainId
  readonly entryHash: EntryHash
  readonly begins: boolean
  readonly credits: number
  readonly stage: RecordStage
  /** Whether a block has its commit: credits are spent. */
  readonly spent: boolean
  /** Block and place in the chain, once included. */
  readonly block: number | null
  readonly index: number | null
  /** Seconds since 1970. */
  readonly made: number
  /** Somebody else has what is offered, so that this tab may be closed. */
  readonly pulled: boolean
  readonly problem: ErrorObject | null
}

export interface RecordChain {
  readonly id: ChainId
  /** ExtIDs of its first entry; null where those bytes are not here yet. */
  readonly name: readonly Uint8Array[] | null
  readonly first: EntryHash
  readonly head: EntryHash
  readonly count: number
  /** Block of its newest entry, and that block's time in seconds since 1970 (0 where its header is not here any more). */
  readonly block: number
  readonly time: number
  /** Followed here: its entries are fetched and kept. */
  readonly pinned: boolean
  /** Entries of it whose bytes are here. */
  readonly here: number
  readonly safe: boolean
}

export interface RecordEntry {
  readonly hash: EntryHash
  readonly chain: ChainId
  readonly index: number
  readonly block: number
  /** Seconds since 1970; 0 where its block's header is not here any more. */
  readonly time: number
  readonly safe: boolean
  /** Null where its bytes are not here: `fetch` asks for them. */
  readonly extIds: readonly Uint8Array[] | null
  readonly content: Uint8Array | null
  readonly size: number | null
  /** The EC address that paid for it, where this device saw the commit. */
  readonly payer: string | null
  /** Other peers that said they have its bytes, of those asked lately; null where nobody was asked. */
  readonly holders: number | null
}

/** Entries by what they say. All that is given must hold. Texts are UTF-8, or bytes in hex after `0x`. */
export interface RecordQuery {
  readonly chain?: ChainId
  readonly extId?: { readonly value: Uint8Array, readonly how: 'exact' | 'prefix', readonly position: number | null }
  readonly payer?: string
  /** Seconds since 1970, both inclusive. */
  readonly from?: number
  readonly to?: number
  readonly offset: number
  readonly limit: number
}

export interface RecordPage { readonly entries: readonly RecordEntry[], readonly total: number }
export interface ChainPage { readonly chains: readonly RecordChain[], readonly total: number }

/** The person's Factom addresses and what lies there. Null: no keys, or the network has no records. */
export interface CreditState {
  readonly factoidAddress: string
  readonly creditAddress: string
  /** Coins at the Factoid address. */
  readonly factoids: number
  readonly credits: number
  /** Coins for an entry credit. */
  readonly rate: number
  /** Purchases and payments on their way. */
  readonly sending: readonly FactoidSending[]
  /** Keys of elsewhere, in the order they came: what lies at each, coins or entry credits. */
  readonly imported: readonly HeldKey[]
}

export interface HeldKey extends ImportedKey { readonly holds: number }

export interface FactoidSending {
  readonly wish: string
  readonly kind: 'buy-credits' | 'send' | 'to-account'
  readonly coins: number
  readonly credits: number
  readonly stage: RecordStage
  readonly problem: ErrorObject | null
}

/** News of records, for all tabs: numbers that change when something did, and what is on its way. Null where the network has no records. */
export interface RecordNews { readonly change: number, readonly chains: number, readonly sending: readonly RecordSending[], readonly credits: CreditState | null }

/**
 * What the ledger worker does about records. Who pays is the person's own key of this network, or one of elsewhere by its address (`by`, `from`): that signs once for each call, as pages asked the
 * person, and never by itself again, so what no block takes in its window fails. A call may be said twice: `wish` is one for each thing wanted. `not-found` while no ledger is open.
 */
export interface RecordService {
  /** `by`: an EC address. */
  quote(draft: RecordDraft, by?: string | null): Promise<RecordQuote>
  /** Commit, reveal, wait; kept before anything is signed, so that a kill at any point loses nothing and pays once. Resolves once it is kept here. */
  record(wish: string, draft: RecordDraft, by?: string | null): Promise<{ readonly chain: ChainId, readonly entryHash: EntryHash }>
  /** Forgets one that failed, or of which nothing was offered yet; else `already-exists`. */
  forget(wish: string): Promise<void>
  /** Coins of the account become entry credits: a wiring to the own Factoid address where that lacks coins, then a Factoid transaction. `too-large` where there are not enough. */
  buyCredits(wish: string, credits: number): Promise<void>
  /** Coins of the Factoid address, or of the one `from`, to an FA, EC or T address. */
  sendFactoids(wish: string, to: string, coins: number, from?: string | null): Promise<void>
  credits(): Promise<CreditState | null>

  chains(query: { readonly only: 'all' | 'pinned' | 'mine', readonly offset: number, readonly limit: number }): Promise<ChainPage>
  chain(id: ChainId): Promise<RecordChain | null>
  /** O(1) a step: entries `from` to `from + count - 1` of a chain, in its order. */
  entries(id: ChainId, from: number, count: number): Promise<readonly RecordEntry[]>
  entry(hash: EntryHash): Promise<RecordEntry | null>
  search(query: RecordQuery): Promise<RecordPage>
  /** Follows a chain: its entries are fetched, indexed and kept. */
  pin(id: ChainId, on: boolean): Promise<void>
  /** Asks others for entries whose bytes are not here; resolves with those that came. */
  fetch(hashes: readonly EntryHash[]): Promise<readonly EntryHash[]>
  /** A self-contained receipt as JSON text. `not-found` where the bytes or the proof are not here or with anybody. */
  receipt(hash: EntryHash): Promise<string>
  /** Checks a receipt, or a Factom receipt or JSON export, offline. `trusted`: state roots the person trusts beside those this device knows; none needed for hashes alone. */
  verify(text: string, trusted: readonly string[]): Promise<Judged<readonly RecordFinding[]>>
}

/** Acts of Records and of the Wallet's credits, as pages call them. */
export interface RecordActs extends Omit<RecordService, 'record' | 'buyCredits' | 'sendFactoids'> {
  record(draft: RecordDraft, by?: string | null): Promise<{ readonly chain: ChainId, readonly entryHash: EntryHash }>
  buyCredits(credits: number): Promise<void>
  sendFactoids(to: string, coins: number, from?: string | null): Promise<void>
}
