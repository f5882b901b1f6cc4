import type { Cid, ErrorObject } from '../base/index.ts'
import type { Kind, Link, Member, Torrent } from '../content/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Item, MeteredRule, PeerState, Rates, ShareJob, ShareOptions } from './api.ts'
import type { LoggedFrame, SentFrames } from './frame-log.ts'
import type { StoreService } from './store-api.ts'
import type { FileKey, SealedKey, StoredItem } from './stored-item.ts'

export { keysChannel, networkChannel, type FileKey, type SealedKey, type StoredItem } from './stored-item.ts'

/** A link on its way between our own threads: its key, if it has one, only sealed. */
export type SealedLink = Omit<Link, 'key'> & { readonly sealed: SealedKey | null }

/**
 * What the network worker offers: `start` and `joinLedger` to the page that leads, over comlink; all else over `networkChannel` to all tabs, that page among
 * them, and to the service worker. Its news (`NetworkUpdate`) go there too. It serves from when `start` is about to resolve. Calls may be
 * repeated when it is replaced.
 */
export interface NetworkService extends StoreService {
  /** Opens the store and begins; resolves when what is held is known, connections follow. `rtc`: port of the page's RTC host. */
  start(options: { readonly rtc: MessagePort, readonly base: string }, host: NetworkHost): Promise<void>
  /** Called by the page that leads: the ledger worker is at the other end; null: it is gone. */
  joinLedger(port: MessagePort | null): Promise<void>
  /** How the page that leads stands: back online or in sight; on a connection paid by the byte. */
  nudge(standing: { readonly online: boolean, readonly metered: boolean }): Promise<void>
  /** Everything there is to know, for a tab that just came; what changes after it comes as news. */
  snapshot(): Promise<NetworkUpdate>

  openJob(job: Pick<ShareJob, 'id' | 'title' | 'files' | 'bytes' | 'options'> & { readonly staging: string }): Promise<void>
  /** How far a job is that some tab does. */
  tellJob(id: string, progress: JobProgress): Promise<void>
  failJob(id: string, problem: ErrorObject): Promise<void>
  dropJob(id: string): Promise<void>
  /** Asks the tab that does it to end a job (`NetworkUpdate.cancelled`). */
  cancelJob(id: string): Promise<void>
  /** Moves a finished archive from Staging into the bucket, seeds it and ends its job; done twice it is done once. */
  place(job: string, packed: PackedFile): Promise<void>

  /** Deletes removed items for good, the oldest first, until `bytes` are free; false where nothing was there to delete. */
  makeRoom(bytes: number): Promise<boolean>

  open(link: SealedLink): Promise<void>
  /** Reads what a backup brought, after the keys worker has written it. */
  recall(): Promise<void>
  search(cid: Cid): Promise<void>
  endSearch(cid: Cid): Promise<void>
  /** A link without a sealed key takes that of the opened link of the same content. */
  get(link: SealedLink, options: { readonly give: boolean, readonly relays: readonly string[] }): Promise<void>
  pause(cid: Cid): Promise<void>
  resume(cid: Cid): Promise<void>
  give(cid: Cid, on: boolean): Promise<void>
  setFindable(cid: Cid, on: boolean): Promise<void>
  verify(cid: Cid): Promise<void>
  unpackAnyway(cid: Cid): Promise<void>
  remove(cid: Cid): Promise<void>
  restore(cid: Cid): Promise<void>
  discard(cid: Cid | null): Promise<void>
  block(cid: Cid): Promise<void>
  importBlocklist(text: string): Promise<{ readonly added: number, readonly refused: number }>
  clearBlocklist(): Promise<void>

  consent(answer: 'agreed' | 'declined'): Promise<void>
  setSharing(on: boolean): Promise<void>
  setRates(rates: Rates): Promise<void>
  setMetered(rule: MeteredRule): Promise<void>
  removeRelay(host: string): Promise<void>

  /** The last frames between this device and others, and how many of those sent were not asked for. */
  frames(): Promise<{ readonly sent: SentFrames, readonly last: readonly LoggedFrame[] }>

  /** What a file is and where it lies, for those who read it; `not-found` where it is not held. */
  describe(cid: Cid): Promise<StoredItem>
  /** Bytes of a file that is still coming, once their pieces are here and right; at most `limits.readBytes`. */
  read(cid: Cid, at: number, length: number): Promise<Uint8Array<ArrayBuffer>>
}

/** What the worker asks of the page that leads. What it tells goes over `networkChannel`, to all tabs alike. */
export interface NetworkHost {
  /** Compares a finished download with its content id and lists its members, in a media worker of its own. */
  check(request: CheckRequest): Promise<CheckResult>
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
}

/** `placed`: the path is a key of the bucket; else it is one of Staging. `anyRatio`: list the members however much it unpacks to. */
export interface CheckRequest {
  readonly path: string
  readonly cid: Cid
  readonly kind: Kind
  readonly size: number
  readonly sealed: SealedKey | null
  readonly placed?: boolean
  readonly anyRatio?: boolean
}

/** `members` is null where the archive is a bomb, which is its right content all the same. */
export interface CheckResult { readonly members: readonly Member[] | null }

/** An item as the worker tells of it: members come apart and only when they change, the link is made by the page, which may ask for its key. */
export type ItemUpdate = Omit<Item, 'members' | 'link' | 'protected'> & { readonly sealed: SealedKey | null }

export type JobProgress = Pick<ShareJob, 'done' | 'rate' | 'left' | 'state'>

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
  readonly settings?: Pick<PeerState, 'consent' | 'sharing' | 'rates' | 'metered' | 'extraRelays' | 'blocked'>
  readonly opened?: PeerState['opened']
  readonly searches?: PeerState['searches']
  readonly trash?: PeerState['trash']
  readonly storage?: Omit<PeerState['storage'], 'persisted'>
  readonly store?: PeerState['store']
}
