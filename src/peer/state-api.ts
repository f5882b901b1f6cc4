import type { Address, ErrorObject } from '../base/index.ts'
import type { Link } from '../content/index.ts'
import type { IdentityState } from '../keys/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Account } from '../state/index.ts'
import type { Item, Search, TrashItem } from './item-api.ts'
import type { KeepingFigures, Samaritan } from './keeping-api.ts'
import type { LedgerState } from './ledger-api.ts'
import type { RecordNews } from './record-api.ts'
import type { MeteredRule, Rates, Theme } from './settings-api.ts'
import type { ShareJob, SourceFile } from './share-api.ts'
import type { StoreState } from './store-api.ts'
import type { ThreadsState } from './thread-api.ts'
import type { UploadNews } from './upload-api.ts'
import type { WalletState } from './wallet-api.ts'

/** All that pages show, as it stands at one moment. */
export interface PeerState {
  readonly phase: 'starting' | 'running' | 'unsupported' | 'broken'
  /** Whether this tab runs the peer; the others are windows onto it. */
  readonly leads: boolean
  /** Set when `unsupported`: what is missing here. */
  readonly missing: 'secure-context' | 'storage' | 'workers' | null
  /** Set when `broken`: why the peer could not start. */
  readonly failure: ErrorObject | null
  readonly version: string
  readonly network: string
  readonly connection: ConnectionState
  /** Frames that left for other peers since the network worker began, and how many of them nobody had asked for: a peer that is right has 0. */
  readonly sent: { readonly frames: number, readonly unasked: number }
  readonly jobs: readonly ShareJob[]
  /** Newest first. */
  readonly items: readonly Item[]
  /** Links with a key that were opened and not fetched yet; their keys are sealed, so `key` is null. */
  readonly opened: readonly Link[]
  readonly searches: readonly Search[]
  /** Newest first. */
  readonly trash: readonly TrashItem[]
  /** Files that the system handed to the app (share target, file handler), to be shared. */
  readonly incoming: readonly SourceFile[]
  readonly storage: StorageState
  readonly store: StoreState
  readonly consent: 'agreed' | 'unasked' | 'declined'
  readonly sharing: boolean
  readonly rates: Rates
  /** `now`: the connection is paid by the byte, as far as the browser tells; with the rule `pause` nothing is given then. */
  readonly metered: { readonly now: boolean, readonly rule: MeteredRule }
  /** How many contents are blocked. */
  readonly blocked: number
  /** Hosts of relays that links brought and the person agreed to. */
  readonly extraRelays: readonly string[]
  /** Whether receipts are signed, by which others learn who has an attachment. */
  readonly listed: boolean
  /** Messages (`<T..>/<nonce>`) whose attachments were found to be false. */
  readonly falseAttachments: readonly string[]
  /** Null before anything needed one. */
  readonly identity: IdentityState | null
  /** The network's ledger as this device has it. */
  readonly ledger: LedgerState
  /** The person's account at the head of the ledger; null while either is unknown. */
  readonly account: Account | null
  /** Null before the ledger is open and it is known whose. */
  readonly wallet: WalletState | null
  readonly threads: ThreadsState | null
  /** Null before the ledger is open. */
  readonly uploads: UploadNews | null
  /** Null before the ledger is open, and where the network has no records. */
  readonly records: RecordNews | null
  /** What is kept, why and for whom, and what it may grow to; null before the peer runs. */
  readonly keeping: KeepingFigures | null
  readonly samaritan: Samaritan
  /** `every`: milliseconds between two looks at what is to be kept. `daily`: all of it is read once a day. */
  readonly looks: { readonly every: number, readonly daily: boolean }
  /** Publishers the person follows, on this device. */
  readonly follows: readonly Address[]
  /** Publishers whose pictures are fetched without being asked for. */
  readonly picturesOf: readonly Address[]
  readonly theme: Theme
  readonly updateReady: boolean
  readonly installable: boolean
  /** Whether the browser has a save picker. */
  readonly canPick: boolean
  /** Whether the browser has a folder picker. */
  readonly canPickFolder: boolean
}

export interface StorageState {
  readonly used: number
  /** Room set aside for what is still coming. */
  readonly reserved: number
  /** Room of what was removed and can still be brought back. */
  readonly trash: number
  readonly persisted: boolean
  /** `idb`: the browser has no file system for us here, so files lie in its database: slower. */
  readonly driver: 'opfs' | 'idb'
}
