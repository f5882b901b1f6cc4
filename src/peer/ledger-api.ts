import type { Address, Cid, ErrorObject } from '../base/index.ts'
import type { NotYet, Refusal } from '../ledger/index.ts'
import type { Account } from '../state/index.ts'
import type { SyncAlert, SyncFork } from '../sync/index.ts'
import type { BookNews, BookService } from './book-api.ts'
import type { RecordNews, RecordService } from './record-api.ts'
import type { UploadNews, UploadService } from './upload-api.ts'

/** Where the ledger worker serves all tabs. */
export const ledgerChannel = 'holdfast/ledger'

/** A block as pages and tests name it: its state root, its own content id, and what its header says. */
export interface BlockSummary { readonly root: Cid, readonly id: Cid, readonly number: number, readonly time: number, readonly miner: Address }

/**
 * Why this device makes no blocks now. `unasked`, `declined`: the person did not agree (yet); `hidden`: no tab of it is in sight; `battery`; `unknown-power`: the browser does not
 * tell, and the person did not say that it charges; `metered`; `no-identity`, `locked`: nothing can be signed; `beginning`: it does not know yet how the network stands; `clock`: its
 * clock is wrong; `too-young`: the account has no power; `behind`: it is still fetching blocks.
 */
export type RestReason = 'unasked' | 'declined' | 'hidden' | 'battery' | 'unknown-power' | 'metered' | 'no-identity' | 'locked' | 'beginning' | 'clock' | 'too-young' | 'behind'

export interface MiningState {
  /** Null while blocks are made. */
  readonly rests: RestReason | null
  /** When the next own block is due, seconds since 1970, as far as anybody's comes before it; null where none is. */
  readonly due: number | null
  /** Own blocks on this chain. */
  readonly mined: number
  readonly consent: 'agreed' | 'unasked' | 'declined'
  /** What the person said of a device whose browser does not tell whether it charges. */
  readonly saidCharging: boolean
}

/** What the person says about making blocks. */
export interface MiningActs {
  consent(agreed: boolean): Promise<void>
  /** That this device charges, where the browser does not tell. */
  sayCharging(on: boolean): Promise<void>
}

/** Something only a person or a release decides: a better branch that goes deeper than the mutable range, or leaves the safety root without the weight for it. */
export interface LedgerAlert { readonly why: SyncAlert['why'], readonly tip: BlockSummary, readonly forkedAt: number | null }

/** A block as charts show it. */
export interface BlockPoint { readonly number: number, readonly time: number, readonly miner: Address, readonly transactions: number | null, readonly baseTarget: number }

export interface OpenLedger {
  readonly phase: 'open'
  readonly name: string
  /** 16 hex digits. */
  readonly network: string
  readonly head: BlockSummary
  /** More than `short` below the head. */
  readonly settled: BlockSummary
  /** The safety root k. `voted` is false where it is only an ancestor that stands in: the beginning, or the end of the mutable range. */
  readonly safe: BlockSummary & { readonly voted: boolean }
  readonly stage: 'beginning' | 'voting' | 'following'
  /** `headers`: on a metered line states are not kept up, answers about accounts are proved by others. */
  readonly mode: 'full' | 'headers'
  /** Blocks still to be fetched, while there are many. */
  readonly behind: number
  /** Members of the active set, those whose statements are held, and their share of its weight. */
  readonly votes: { readonly members: number, readonly heard: number, readonly weight: number }
  /** Share of the active weight seen mining on this branch since the checkpoint: below a half it may be one that somebody made up for us. */
  readonly support: number
  /** Peers that answered within the last few minutes, anchors of relays among them, and relays they were met through. */
  readonly answering: { readonly peers: number, readonly relays: number }
  readonly alert: LedgerAlert | null
  readonly forks: readonly SyncFork[]
  /** The last 60 blocks, oldest first. */
  readonly blocks: readonly BlockPoint[]
  readonly mining: MiningState
  /** What went wrong here of late, as a disk that is full; null once a block came after it. */
  readonly problem: ErrorObject | null
  /** Seconds this device's clock is ahead of the others' (median); null where too few said. */
  readonly clockAhead: number | null
  /** Seconds between blocks that the network aims at. */
  readonly blockTime: number
  /** Blocks of a period, in which uploads are counted and keepers settled. */
  readonly period: number
  /** Accounts that ever held power. */
  readonly miners: number
  /** Whether keys that nobody ever used have power: a network for people who trust each other. */
  readonly trusting: boolean
}

/** `waiting`: nobody has told yet which network this is. `failed`: its ledger could not be opened; it is tried again by and by. */
export type LedgerState =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'failed', readonly problem: ErrorObject }
  | OpenLedger

/** A proof and what it is under: `verifyProof` of the trie reads it. */
export interface StateProof { readonly root: Cid, readonly block: Cid, readonly state: Cid, readonly nodes: readonly Uint8Array[] }

/** What the ledger worker tells of: all of it to a tab that came just now, else what changed. Null: nothing can be said of it now. */
export interface LedgerUpdate extends BookNews { readonly ledger?: LedgerState, readonly uploads?: UploadNews | null, readonly records?: RecordNews | null }

/** A tab as it stands. `charging` is null where the browser does not tell. */
export interface TabStanding { readonly visible: boolean, readonly charging: boolean | null, readonly metered: boolean }

/** What the ledger worker asks of the page that runs it. */
export interface LedgerHost {
  /** Whether there is to be a worker that makes blocks; `false` ends it at once. */
  mine(on: boolean): void
}

/** What the page that runs the ledger worker asks of it, over comlink. */
export interface LedgerSeat {
  /** Begins, with the address of the app. */
  start(base: string, host: LedgerHost): Promise<void>
  /** The network worker is at the other end; null: it is gone. */
  joinNetwork(port: MessagePort | null): Promise<void>
  /** The miner worker is at the other end; null: it is gone. */
  joinMiner(port: MessagePort | null): Promise<void>
}

/** What the ledger worker does for everybody. Fails with `not-found` while no network is open, and for roots that are not kept. */
export interface LedgerService extends BookService, UploadService, RecordService {
  state(): Promise<LedgerState>
  /** Everything there is to know, for a tab that just came; what changes after it comes as news. */
  snapshot(): Promise<LedgerUpdate>
  /** How a tab stands, told anew whenever it changes; that it is gone is seen by its lock (`tabLock`). */
  stand(tab: string, standing: TabStanding): Promise<void>
  /** Whether the person lets this device make blocks. */
  consentToMining(agreed: boolean): Promise<void>
  /** That this device charges, where the browser does not tell. */
  sayCharging(on: boolean): Promise<void>
  /** The person's word on the alert, whose tip is named by its root. */
  decideAlert(tip: Cid, take: boolean): Promise<void>
  /** At the head, or at another root that is kept. */
  account(address: Address, root?: Cid): Promise<Account>
  /** The nodes that show what the state has under these names. */
  prove(names: readonly string[], root?: Cid): Promise<StateProof>
  /** The first rule a signed transaction's bytes break in a block made now. */
  judge(transaction: Uint8Array): Promise<Refusal | null>
  /** Takes a block from anywhere. */
  offer(header: Uint8Array, body: Uint8Array): Promise<{ readonly ok: true, readonly block: BlockSummary } | Refusal | NotYet>
}
