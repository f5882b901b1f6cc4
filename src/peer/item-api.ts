import type { Address, Cid, ErrorObject, Infohash, Judged } from '../base/index.ts'
import type { CidAlone, Kind, Link, Member } from '../content/index.ts'
import type { AttachmentName } from './attachment-name.ts'
import type { ItemReason } from './keeping-api.ts'

/** Acts on what is fetched by a link, held, and saved. */
export interface ItemActs {
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

export interface FolderOptions { readonly signal: AbortSignal, readonly onProgress: (done: number) => void }

/** Whole files only. `folder`: the name of the new folder, which is there when `files` is more than 0. */
export interface SavedFolder { readonly folder: string, readonly files: number }
