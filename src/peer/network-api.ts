import type { Cid, ErrorObject } from '../base/index.ts'
import type { Duty, FileFacts, Kind, Link, Member, Torrent, UploadKind } from '../content/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { PublishedRecord } from '../store/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { NamedFile } from './attachment-starts.ts'
import type { LoggedFrame, SentFrames } from './frame-log.ts'
import type { Item, ItemActs } from './item-api.ts'
import type { KeepingSums, Samaritan } from './keeping-api.ts'
import type { SettingsActs } from './settings-api.ts'
import type { ShareJob, ShareOptions } from './share-api.ts'
import type { PeerState } from './state-api.ts'
import type { StoreService } from './store-api.ts'
import type { FileKey, SealedKey, StoredItem } from './stored-item.ts'

export { keysChannel, networkChannel, type FileKey, type SealedKey, type StoredItem } from './stored-item.ts'

/** A link on its way between our own threads: its key, if it has one, only sealed. */
export type SealedLink = Omit<Link, 'key'> & { readonly sealed: SealedKey | null }

/** What pages do that the network worker does for them just so. */
type PageActs = Pick<ItemActs, 'search' | 'endSearch' | 'pause' | 'resume' | 'give' | 'setFindable' | 'verify' | 'unpackAnyway' | 'remove' | 'restore' | 'discard' | 'pin' | 'block' | 'blockOwner' | 'importBlocklist' | 'clearBlocklist'>
  & Pick<SettingsActs, 'setSharing' | 'setRates' | 'setMetered' | 'removeRelay' | 'setListed' | 'decideRemoval' | 'setReconcile' | 'setRechecks' | 'follow'>

/**
 * What the network worker offers: `start` and `joinLedger` to the page that leads, over comlink; all else over `networkChannel` to all tabs, that page among
 * them, and to the service worker. Its news (`NetworkUpdate`) go there too. It serves from when `start` is about to resolve. Calls may be
 * repeated when it is replaced.
 */
export interface NetworkService extends StoreService, PageActs {
  /** Opens the store and begins; resolves when what is held is known, connections follow. `rtc`: port of the page's RTC host. */
  start(options: { readonly rtc: MessagePort, readonly base: string }, host: NetworkHost): Promise<void>
  /** Called by the page that leads: the ledger worker is at the other end; null: it is gone. */
  joinLedger(port: MessagePort | null): Promise<void>
  /** How the page that leads stands: back online or in sight; on a connection paid by the byte. */
  nudge(standing: { readonly online: boolean, readonly metered: boolean }): Promise<void>
  /** Everything there is to know, for a tab that just came; what changes after it comes as news. */
  snapshot(): Promise<NetworkUpdate>

  openJob(job: Pick<ShareJob, 'id' | 'title' | 'files' | 'bytes' | 'options'> & { readonly staging: string, readonly publish?: UploadKind }): Promise<void>
  /** How far a job is that some tab does. */
  tellJob(id: string, progress: JobProgress): Promise<void>
  failJob(id: string, problem: ErrorObject): Promise<void>
  dropJob(id: string): Promise<void>
  /** Asks the tab that does it to end a job (`NetworkUpdate.cancelled`). */
  cancelJob(id: string): Promise<void>
  /** Moves a finished archive from Staging into the bucket, seeds it and ends its job; done twice it is done once. */
  place(job: string, packed: PackedFile): Promise<void>
  /** The same of one of several files of a publish job, which goes on; done twice it is done once. Where the job fails or is dropped, what it placed goes with it. */
  placePart(job: string, packed: PackedFile): Promise<void>
  /** All of a publish job is placed: from now on any tab can end it. */
  readyJob(job: string, ready: PublishedRecord): Promise<void>
  /** What such a job still has to tell the ledger; null where there is none. */
  readyOf(job: string): Promise<PublishedRecord | null>
  /** The ledger has been told: the job ends, and what it placed stays. */
  endPublish(job: string): Promise<void>

  /** Deletes removed items for good, the oldest first, until `bytes` are free; false where nothing was there to delete. */
  makeRoom(bytes: number): Promise<boolean>

  open(link: SealedLink): Promise<void>
  /** Reads what a backup brought, after the keys worker has written it. */
  recall(): Promise<void>
  /** A link without a sealed key takes that of the opened link of the same content. `attachment-false` where its message was found to be false. */
  get(link: SealedLink, options: GetOptions): Promise<void>
  /** Files of the messages that somebody has on show, the newest first: small ones begin to come, where nothing speaks against it. */
  beginAttachments(files: readonly NamedFile[]): Promise<void>

  consent(answer: 'agreed' | 'declined'): Promise<void>
  /** Whether this device keeps for the account; see `KeepingActs.keepHere`. */
  keepHere(on: boolean, now?: boolean): Promise<void>
  setSamaritan(choices: Samaritan): Promise<void>
  /** The person fetches the files of this upload: what was found wrong before is forgotten, and they are compared with its record once they are here. */
  compare(upload: Duty): Promise<void>

  /** The last frames between this device and others, and how many of those sent were not asked for. */
  frames(): Promise<{ readonly sent: SentFrames, readonly last: readonly LoggedFrame[] }>

  /** What a file is and where it lies, for those who read it; `not-found` where it is not held. */
  describe(cid: Cid): Promise<StoredItem>
  /** What a message that names this file says of it; `not-found` where it is not here as a whole. */
  sections(cid: Cid): Promise<{ readonly root: Cid, readonly size: number }>
  /** Bytes of a file that is still coming, once their pieces are here and right; at most `limits.readBytes`. */
  read(cid: Cid, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** `attachment`: the message it is wanted for. `pictureOf`: the upload it is wanted as a picture of. */
export interface GetOptions { readonly give: boolean, readonly relays: readonly string[], readonly attachment?: AttachmentName | null, readonly pictureOf?: Cid | null }

/** What the worker asks of the page that leads. What it tells goes over `networkChannel`, to all tabs alike. */
export interface NetworkHost {
  /** Compares a finished download with its content id and lists its members, in a media worker of its own. */
  check(request: CheckRequest): Promise<CheckResult>
  /** The SHA-256 of each section of a file, one after the other, in a media worker of its own. */
  sections(request: SectionsRequest): Promise<Uint8Array>
  /** The opened key of a protected file, which opens it and cannot be taken out. */
  openKey(sealed: SealedKey): Promise<FileKey>
  /** What opens a bucket in the cloud. */
  openSecret(sealed: SealedKey): Promise<string>
}

export interface PackedFile {
  readonly cid: Cid
  readonly kind: Kind
  readonly size: number
  readonly title: string
  readonly torrent: Torrent
  readonly members: readonly Member[]
  readonly staging: string
  readonly sealed: SealedKey | null
  readonly options: ShareOptions
  /** Of an upload, so nobody has a link to it; a share otherwise. */
  readonly published?: true
}

/** `placed`: the path is a key of the bucket; else it is one of Staging. */
export interface SectionsRequest { readonly path: string, readonly placed: boolean }

/** `placed`: the path is a key of the bucket; else it is one of Staging. `anyRatio`: list the members however much it unpacks to. `facts`: find out what records say of it, too. `bytes`: look into nothing. */
export interface CheckRequest {
  readonly path: string
  readonly cid: Cid
  readonly kind: Kind
  readonly size: number
  readonly sealed: SealedKey | null
  readonly placed?: boolean
  readonly anyRatio?: boolean
  readonly facts?: boolean
  readonly bytes?: boolean
}

/** `members` is null where the archive is a bomb, which is its right content all the same. `facts`: where they were asked for. */
export interface CheckResult { readonly members: readonly Member[] | null, readonly facts?: FileFacts }

/** An item as the worker tells of it: members come apart and only when they change, the link is made by the page, which may ask for its key. */
export type ItemUpdate = Omit<Item, 'members' | 'link' | 'protected'> & { readonly sealed: SealedKey | null }

export type JobProgress = Pick<ShareJob, 'done' | 'rate' | 'left' | 'state' | 'publish'>

/** What changed since the last update. */
export interface NetworkUpdate {
  readonly items?: readonly ItemUpdate[]
  readonly removed?: readonly Cid[]
  readonly members?: readonly (readonly [Cid, readonly Member[]])[]
  /** All jobs, failed ones too. */
  readonly jobs?: readonly ShareJob[]
  /** Jobs that whoever does them is to end. */
  readonly cancelled?: readonly string[]
  readonly connection?: ConnectionState
  readonly sent?: SentFrames
  readonly network?: string
  readonly settings?: Pick<PeerState, 'consent' | 'sharing' | 'rates' | 'metered' | 'extraRelays' | 'blocked' | 'listed' | 'falseAttachments' | 'looks' | 'follows' | 'samaritan'>
  readonly opened?: PeerState['opened']
  readonly searches?: PeerState['searches']
  readonly trash?: PeerState['trash']
  readonly keeping?: KeepingSums
  readonly storage?: Omit<PeerState['storage'], 'persisted'>
  readonly store?: PeerState['store']
}
