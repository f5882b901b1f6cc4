import type { Cid, ErrorObject } from '../base/index.ts'
import type { Kind, Link, Member, Torrent } from '../content/index.ts'
import type { ConnectionState } from '../net/index.ts'
import type { Item, PeerState } from './api.ts'

/** What the network worker offers the page that leads. */
export interface NetworkService {
  /** Opens the store and begins; resolves when what is held is known, connections follow. `rtc`: port of the page's RTC host. */
  start(options: { readonly rtc: MessagePort, readonly base: string }, host: NetworkHost): Promise<void>
  /** The page is back online, or back in sight. */
  nudge(online: boolean): Promise<void>

  openJob(job: { readonly id: string, readonly title: string, readonly files: number, readonly bytes: number, readonly staging: string }): Promise<void>
  failJob(id: string, problem: ErrorObject): Promise<void>
  dropJob(id: string): Promise<void>
  /** Moves a finished archive from Staging into the bucket, seeds it and ends its job; resolves with its content id. */
  place(job: string, packed: PackedFile): Promise<void>

  get(link: Link, give: boolean): Promise<void>
  pause(cid: Cid): Promise<void>
  resume(cid: Cid): Promise<void>
  give(cid: Cid, on: boolean): Promise<void>
  remove(cid: Cid): Promise<void>
  consent(answer: 'agreed' | 'declined'): Promise<void>
  setSharing(on: boolean): Promise<void>
}

/** What the worker asks of the page. */
export interface NetworkHost {
  changed(update: NetworkUpdate): void
  /** Compares a finished download with its content id and lists its members, in a media worker of its own. */
  check(request: CheckRequest): Promise<readonly Member[] | null>
}

export interface PackedFile {
  readonly kind: Kind
  readonly cid: Cid
  readonly size: number
  readonly title: string
  readonly torrent: Torrent
  readonly members: readonly Member[]
  readonly staging: string
}

/** `placed`: the path is a key of the bucket; else it is one of Staging. */
export interface CheckRequest { readonly path: string, readonly cid: Cid, readonly size: number, readonly kind: Kind, readonly placed?: boolean }

/** An item as the worker tells of it: the members, which never change, come once and apart. */
export type ItemUpdate = Omit<Item, 'members'>

export interface JobUpdate { readonly id: string, readonly title: string, readonly files: number, readonly bytes: number, readonly startedAt: number, readonly problem: ErrorObject | null }

/** What changed since the last update. */
export interface NetworkUpdate {
  readonly items?: readonly ItemUpdate[]
  readonly removed?: readonly Cid[]
  readonly members?: readonly (readonly [Cid, readonly Member[]])[]
  /** Jobs that failed, all of them. */
  readonly failedJobs?: readonly JobUpdate[]
  readonly connection?: ConnectionState
  readonly network?: string
  readonly settings?: Pick<PeerState, 'consent' | 'sharing'>
  readonly storage?: { readonly used: number, readonly reserved: number }
}
