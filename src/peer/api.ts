import type { Cid, ErrorObject, Infohash, Judged } from '../base/index.ts'
import type { Kind, Link, Member } from '../content/index.ts'
import type { ConnectionState } from '../net/index.ts'

/**
 * What pages see of the peer: one object, whose whole state arrives as immutable snapshots. Nothing in `src/ui` knows more.
 */
export interface Peer {
  readonly state: PeerState
  /** Calls `listener` after every change; returns how to stop. */
  subscribe(listener: (state: PeerState) => void): () => void

  /** What sharing these files would make, or why it is refused; reads nothing yet. */
  plan(files: readonly SourceFile[]): SharePlan
  /** Starts a share job and resolves with its id at once; its progress is in `state.jobs`, its result in `state.items`. */
  share(files: readonly SourceFile[], title: string): Promise<string>
  cancelJob(id: string): Promise<void>
  /** Forgets a job that failed. */
  dismissJob(id: string): Promise<void>

  /** Reads a pasted or opened link. */
  readLink(text: string): Judged<Link>
  /** Fetches what `link` names; resolves when it is under way. Already here: nothing happens. */
  get(link: Link): Promise<void>
  pause(cid: Cid): Promise<void>
  resume(cid: Cid): Promise<void>

  /** Whether others are given this item (own shares: stop and start sharing; got ones: "keep for others"). */
  give(cid: Cid, on: boolean): Promise<void>
  /** Removes an item and all its bytes from this device; cancels it where it is still coming. */
  remove(cid: Cid): Promise<void>

  /** Starts an ordinary download of one member, or with null of the whole archive. */
  save(cid: Cid, member: number | null): Promise<void>
  /** The same through the browser's save picker; false where the person chose none. Only where `state.canPick`. */
  saveAs(cid: Cid, member: number | null): Promise<boolean>

  /** The answer to "May others get these files from you?"; `false` is asked again at the next get. */
  consent(agreed: boolean): Promise<void>
  /** The one switch that stops all giving at once. */
  setSharing(on: boolean): Promise<void>
  setTheme(theme: Theme): Promise<void>
  /** Asks the browser not to clear our storage by itself; its answer is in `state.storage`. */
  persist(): Promise<void>
  /** Loads the version that waits. */
  update(): Promise<void>
  /** Shows the browser's own install dialog; only where `state.installable`. */
  install(): Promise<void>
}

export type Theme = 'system' | 'light' | 'dark'

export interface PeerState {
  /** `elsewhere`: Holdfast is open in another tab of this browser, and this one touches nothing until that is closed. */
  readonly phase: 'starting' | 'running' | 'elsewhere' | 'unsupported' | 'broken'
  /** Set when `unsupported`: what is missing here. */
  readonly missing: 'secure-context' | 'storage' | 'workers' | null
  /** Set when `broken`: why the peer could not start. */
  readonly failure: ErrorObject | null
  readonly version: string
  readonly network: string
  readonly connection: ConnectionState
  readonly jobs: readonly ShareJob[]
  /** Newest first. */
  readonly items: readonly Item[]
  readonly storage: StorageState
  readonly consent: 'agreed' | 'unasked' | 'declined'
  readonly sharing: boolean
  readonly theme: Theme
  readonly updateReady: boolean
  readonly installable: boolean
  /** Whether the browser has a save picker. */
  readonly canPick: boolean
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
  readonly done: number
  /** Bytes a second over the last seconds. */
  readonly rate: number
  /** Seconds, null while unknown. */
  readonly left: number | null
  readonly state: 'preparing' | 'placing' | 'failed'
  readonly problem: ErrorObject | null
  /** Set on the result's item once the job is done and gone from the list. */
  readonly startedAt: number
}

export interface Item {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly kind: Kind
  readonly title: string
  readonly size: number
  readonly origin: 'shared' | 'got'
  /** Share job that made it in this session. */
  readonly job: string | null
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
  /** Connected people who have all of it. */
  readonly keepers: number
  /** Connected people we get pieces from. */
  readonly sources: number
  /** Its bytes come, and only through a relay. */
  readonly relayed: boolean
  /** People who are getting it from us at this moment. */
  readonly receivers: readonly Receiver[]
  /** Bytes given to others, ever. */
  readonly given: number
  /** Whether others are given it (still subject to `PeerState.sharing`). */
  readonly giving: boolean
  /** The trackers' last word: null before the first answer. */
  readonly tracker: 'ok' | 'unreachable' | null
  /** Plain files in the archive; null until it is here. */
  readonly members: readonly Member[] | null
}

export interface Receiver { readonly id: string, readonly received: number, readonly rate: number, readonly left: number | null }

export interface StorageState {
  readonly used: number
  /** Room set aside for what is still coming. */
  readonly reserved: number
  readonly persisted: boolean
}
