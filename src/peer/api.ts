import type { Address, Cid, ErrorObject, Infohash, Judged } from '../base/index.ts'
import type { CidAlone, Kind, Link, Member } from '../content/index.ts'
import type { Backup, IdentityState, ImportedKey, JudgedWords, Restored } from '../keys/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Account } from '../state/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { ItemReason, KeepingActs, KeepingFigures, Samaritan } from './keeping-api.ts'
import type { LedgerState } from './ledger-api.ts'
import type { PublishActs, PublishProgress } from './publish-api.ts'
import type { RecordActs, RecordNews } from './record-api.ts'
import type { StoreActs, StoreState } from './store-api.ts'
import type { ThreadActs, ThreadsState } from './thread-api.ts'
import type { UploadNews } from './upload-api.ts'
import type { WalletActs, WalletState } from './wallet-api.ts'

/**
 * What pages see of the peer: one object, whose whole state arrives as immutable snapshots. Nothing in `src/ui` knows more. It is the
 * same in every tab of a browser, whichever of them leads.
 */
export interface Peer {
  readonly state: PeerState
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: (state: PeerState) => void): () => void

  /** What sharing these files would make, or why it is refused; reads nothing yet. */
  plan(files: readonly SourceFile[]): SharePlan
  /** Starts a share job and resolves with its id at once; its progress is in `state.jobs`, its result in `state.items`. */
  share(files: readonly SourceFile[], title: string, options: ShareOptions): Promise<string>
  /** Ends a job, whichever tab it runs in. */
  cancelJob(id: string): Promise<void>
  /** Forgets a job that failed. */
  dismissJob(id: string): Promise<void>
  /** Takes what the system handed to the app (`state.incoming`); it is empty afterwards. */
  takeIncoming(): readonly SourceFile[]

  /** Reads a pasted or opened link, or a content id that came alone. */
  readLink(text: string): Judged<Link | CidAlone>
  /**
   * Seals the key of an opened link to this device and remembers the link in `state.opened`; when it resolves the address bar may
   * forget the key. Only for links that have one.
   */
  open(link: Link): Promise<void>
  /** Looks for whoever has this content id, in `state.searches`, until `endSearch`. */
  search(cid: Cid): Promise<void>
  endSearch(cid: Cid): Promise<void>
  /**
   * Fetches what `link` names, which may be one of `state.opened`; `relays`: those of its hosts the person agreed to. Already here: nothing happens.
   * `attachment`: the message it is wanted for, which says more of it; then it is fetched for as long as it takes. `attachment-false` where that was found to be false.
   */
  get(link: Link, relays?: readonly string[], attachment?: AttachmentName | null): Promise<void>
  pause(cid: Cid): Promise<void>
  resume(cid: Cid): Promise<void>

  /** Whether others are given this item (own shares: stop and start sharing; got ones: "keep for others"). */
  give(cid: Cid, on: boolean): Promise<void>
  /** Whether anybody who knows the content id alone may find this item here. */
  setFindable(cid: Cid, on: boolean): Promise<void>
  /** Reads a stored item anew and compares it with its content id; what is damaged is fetched again where somebody has it, and said. */
  verify(cid: Cid): Promise<void>
  /** Lists the files of an archive that unpacks to far more than its size (`Item.bomb`), as the person wants it all the same. */
  unpackAnyway(cid: Cid): Promise<void>
  /** Takes an item off this device: what is whole goes to `state.trash`, what is still coming is deleted. */
  remove(cid: Cid): Promise<void>
  /** Brings a removed item back. */
  restore(cid: Cid): Promise<void>
  /** Deletes a removed item, or with null all of them, for good. */
  discard(cid: Cid | null): Promise<void>
  /** Keeps an item whatever else becomes of it, until the person says otherwise. */
  pin(cid: Cid, on: boolean): Promise<void>
  /** Deletes an item for good and never takes it again. */
  block(cid: Cid): Promise<void>
  /** Deletes what is kept for this publisher alone, and never keeps anything for it again. */
  blockOwner(owner: Address): Promise<void>
  /** Adds a list of what is blocked: lines of 64 hexadecimal digits, each SHA-256 of a content id, or of an address; `#` begins a comment. */
  importBlocklist(text: string): Promise<{ readonly added: number, readonly refused: number }>
  clearBlocklist(): Promise<void>

  /** Starts an ordinary download of one member, which must be here already, or with null of the whole archive. */
  save(cid: Cid, member: number | null): Promise<void>
  /** The same through the browser's save picker; false where the person chose none. Only where `state.canPick`. */
  saveAs(cid: Cid, member: number | null): Promise<boolean>
  /**
   * Unpacks all members into a new folder in one the person picks; null where none was picked. `signal` stops it, and then it says what was written
   * before. `onProgress` is told the bytes written. Only where `state.canPickFolder`.
   */
  saveFolder(cid: Cid, options: FolderOptions): Promise<SavedFolder | null>

  /** The answer to "May others get these files from you?"; `false` is asked again at the next get. */
  consent(agreed: boolean): Promise<void>
  /** The one switch that stops all giving at once. */
  setSharing(on: boolean): Promise<void>
  setRates(rates: Rates): Promise<void>
  setMetered(rule: MeteredRule): Promise<void>
  /** Whether others may learn from the ledger that this person has attachments. */
  setListed(on: boolean): Promise<void>
  /** No longer uses a relay that a link brought. */
  removeRelay(host: string): Promise<void>
  /** The answer to `state.keeping.removal`: whether those files go to the trash; with false they are pinned. */
  decideRemoval(take: boolean): Promise<void>
  readonly keepHere: KeepingActs['keepHere']
  /** What this device does for others without a promise (`state.samaritan`). */
  readonly setSamaritan: KeepingActs['setSamaritan']
  /** Milliseconds between two looks at what is to be kept, at least `limits.reconcileLeastMs` (`state.looks`). */
  setReconcile(ms: number): Promise<void>
  /** Whether all that is kept is read once a day, to see that the disk still has it. */
  setRechecks(on: boolean): Promise<void>
  /** Pictures of who is followed are shown unasked, and what they publish is found together. Nobody is told. */
  follow(owner: Address, on: boolean): Promise<void>
  setTheme(theme: Theme): Promise<void>
  /** What concerns who the person is; how that stands is in `state.identity`. */
  readonly identity: IdentityActs
  readonly wallet: WalletActs
  readonly threads: ThreadActs
  readonly mining: MiningActs
  readonly publishing: PublishActs
  readonly records: RecordActs
  /** Whether pictures of this publisher are fetched without being asked for; remembered on this device. */
  showPictures(owner: Address, on: boolean): Promise<void>
  /** Where finished files are kept; how that stands is in `state.store`. */
  readonly store: StoreActs
  /** The answer to `OpenLedger.alert`: whether to go over to that tip. */
  decideAlert(tip: Cid, take: boolean): Promise<void>
  /** Asks the browser not to clear our storage by itself; its answer is in `state.storage`. */
  persist(): Promise<void>
  /** Loads the version that waits. */
  update(): Promise<void>
  /** Shows the browser's own install dialog; only where `state.installable`. */
  install(): Promise<void>
}

/** What a person does with the identity of this device. All secrets stay in the keys worker, but for the words and the file, when they are asked for. */
export interface IdentityActs {
  /** Makes an identity where there is none yet. */
  ensure(): Promise<void>
  /** `wrong-passphrase` where it is not that. */
  unlock(passphrase: string): Promise<void>
  /** Sets, changes, or with null removes the passphrase; `current` is that of now, where there is one. `wrong-passphrase`, `bad-input` where the new one is too short. */
  setPassphrase(current: string, next: string | null): Promise<void>
  /** The recovery words, to be written down. `locked` before the passphrase was given, as for the next two. */
  words(): Promise<readonly string[]>
  /** Whether these are words of the phrase, with their places from 1: three right ones are a backup. */
  confirmWords(answers: readonly { readonly place: number, readonly word: string }[]): Promise<boolean>
  /** Saves a backup encrypted with `passphrase` as an ordinary download, which counts as a backup; tells its name and of how many files it has the keys. */
  saveFile(passphrase: string): Promise<{ readonly name: string, readonly keys: number }>
  /** Whose words these are, or why they are nobody's. */
  judgeWords(text: string): Promise<JudgedWords>
  /** Whose file this is; `backup-damaged`, `backup-newer`, `wrong-passphrase`. */
  judgeFile(text: string, passphrase: string): Promise<{ readonly address: string, readonly keys: number }>
  /** Takes the place of the present identity. `files`: of how many files keys came with it. */
  restore(backup: Backup): Promise<Restored>
  /**
   * Takes in a secret key of Factom's, `Fs..` or `Es..`, which the words do not give back. `bad-input` where it is none: `data.fault` is the code of what is wrong with the text, `address-public` where
   * it is an address and no secret; `already-exists`, `too-many`, `locked`.
   */
  importKey(text: string): Promise<ImportedKey>
  /** The secret of one, by its FA or EC address. */
  exportKey(address: string): Promise<string>
  removeKey(address: string): Promise<void>
}

/** What the person says about making blocks. */
export interface MiningActs {
  consent(agreed: boolean): Promise<void>
  /** That this device charges, where the browser does not tell. */
  sayCharging(on: boolean): Promise<void>
}

export type { Backup, IdentityState, ImportedKey, JudgedWords, Restored }

export type Theme = 'system' | 'light' | 'dark'

/** `protect`: encrypted, the key in the link only. `findable`: whoever knows the content id alone may find it. */
export interface ShareOptions { readonly protect: boolean, readonly findable: boolean }

/** Bytes a second in each direction, null for no limit. */
export interface Rates { readonly up: number | null, readonly down: number | null }

/** On a connection that is paid by the byte: `pause` all giving, or `give` as on any other. */
export type MeteredRule = 'pause' | 'give'

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

/** A file as the person chose it; `path` is relative and keeps its folders (`webkitRelativePath`). */
export interface SourceFile { readonly file: File, readonly path: string }

export interface SharePlan {
  readonly title: string
  readonly files: number
  readonly bytes: number
  /** Why it cannot be shared, with the paths it is about; null when it can. */
  readonly refusal: { readonly code: ErrorObject['code'], readonly reason: string, readonly paths: readonly string[] } | null
}

export interface ShareJob {
  readonly id: string
  readonly title: string
  readonly files: number
  readonly bytes: number
  readonly options: ShareOptions
  readonly done: number
  /** Bytes a second over the last seconds. */
  readonly rate: number
  /** Seconds, null while unknown. */
  readonly left: number | null
  readonly state: 'preparing' | 'placing' | 'failed'
  readonly problem: ErrorObject | null
  /** Of a publish job alone. */
  readonly publish?: PublishProgress
  /** Set on the result's item once the job is done and gone from the list. */
  readonly startedAt: number
}

export interface FolderOptions { readonly signal: AbortSignal, readonly onProgress: (done: number) => void }

/** Whole files only. `folder`: the name of the new folder, which is there when `files` is more than 0. */
export interface SavedFolder { readonly folder: string, readonly files: number }

/** Who has a content id. `link`, once somebody answered: what most of them say; `vouchers`: how many say so at least. */
export interface Search {
  readonly cid: Cid
  readonly link: Link | null
  readonly vouchers: number
  /** Milliseconds since 1970. */
  readonly since: number
}

export interface TrashItem {
  readonly cid: Cid
  readonly title: string
  readonly size: number
  readonly trashedAt: number
  /** When it is deleted by itself; sooner where room is needed. */
  readonly endsAt: number
}

export interface Item {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly kind: Kind
  readonly title: string
  readonly size: number
  readonly origin: 'shared' | 'got'
  /** Why it is held, and for whom. */
  readonly reasons: readonly ItemReason[]
  /** Content ids of the uploads it is here as a picture of, where it is here as nothing else. */
  readonly pictureOf: readonly Cid[]
  /** Encrypted: only its link, with the key, opens it. */
  readonly protected: boolean
  readonly findable: boolean
  /** Share job that made it in this session. */
  readonly job: string | null
  /** Empty for a moment where its key is still being unsealed. */
  readonly link: string
  /** For any BitTorrent client that speaks WebRTC. */
  readonly magnet: string
  readonly addedAt: number
  /**
   * `waiting`: nobody who has it is connected; `getting`; `checking`: all bytes came and are compared with the content id;
   * `here`; `paused`; `failed`: see `problem`, what came is kept.
   */
  readonly state: 'waiting' | 'getting' | 'checking' | 'here' | 'paused' | 'failed'
  readonly problem: ErrorObject | null
  readonly received: number
  /** Bytes a second. */
  readonly rateIn: number
  readonly rateOut: number
  /** Seconds, null while unknown. */
  readonly left: number | null
  /** Bytes come through a relay only, since no direct connection came about: slower. */
  readonly relayed: boolean
  /** Connected people who have all of it. */
  readonly keepers: number
  /** How many had all of it when any was connected last, and when, ms since 1970; null where nobody ever was. */
  readonly seen: { readonly keepers: number, readonly at: number } | null
  /** Connected people we get pieces from. */
  readonly sources: number
  /** People who are getting it from us at this moment. */
  readonly receivers: readonly Receiver[]
  /** Bytes given to others, ever. */
  readonly given: number
  /** Whether others are given it (still subject to `PeerState.sharing`). */
  readonly giving: boolean
  /** The trackers' last word: null before the first answer. */
  readonly tracker: 'ok' | 'unreachable' | null
  /** Plain files in the archive, as far as they are known: all of them once it is here, null before the first. */
  readonly members: readonly Member[] | null
  /** Bytes of the unpacked archive that can be read by now: a member can be saved when it ends there or before. Infinite once it is here. */
  readonly readable: number
  /** It would unpack to far more than its size, so its files are not listed until the person says so. */
  readonly bomb: boolean
}

export interface Receiver { readonly id: string, readonly received: number, readonly rate: number, readonly left: number | null }

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
