import type { Cid, ErrorObject, Infohash } from '../base/index.ts'
import type { Kind, Member } from '../content/index.ts'

/** Bytes encrypted by a key that only this device has and gives to nobody (AES-GCM). */
export interface Sealed { readonly iv: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

/** A file this device holds or wants. */
export interface ContentRow {
  readonly cid: Cid
  readonly kind: Kind
  readonly infohash: Infohash
  /** Bytes of the stored file. */
  readonly size: number
  readonly title: string
  readonly origin: 'shared' | 'got'
  /**
   * PENDING: nothing known but the link. DOWNLOADING: its torrent is known. PLACING: whole and verified, on its way from `staging`
   * to `path`. SEEDING: in the bucket. FAILED: see `problem`; what came is kept. TRASHED: removed by the person at `trashedAt`, in the
   * bucket for `limits.trashMs` more, and given to nobody.
   */
  readonly status: 'PENDING' | 'DOWNLOADING' | 'PLACING' | 'SEEDING' | 'FAILED' | 'TRASHED'
  /** Key in the bucket, a function of kind and cid. */
  readonly path: string
  /** Path in Staging; null once it is in the bucket. */
  readonly staging: string | null
  /** The bencoded info dictionary of its torrent, null until it is known. */
  readonly info: Uint8Array<ArrayBuffer> | null
  /** Plain files of an archive, null until it is here. */
  readonly members: readonly Member[] | null
  readonly paused: boolean
  /** Whether others are given it. */
  readonly giving: boolean
  /** Bytes given to others, ever. */
  readonly given: number
  /** Milliseconds since 1970. */
  readonly addedAt: number
  readonly problem: ErrorObject | null
  /** Why it is kept: own, pinned, wanted, shared, offered(..), obliged(..), samaritan, attachment. */
  readonly reasons: readonly string[]
  /** Key of a protected file, sealed to this device; null for a public one. */
  readonly sealed: Sealed | null
  /** Offered openly: found by its content id alone. */
  readonly findable: boolean
  /** Milliseconds since 1970, null unless TRASHED. */
  readonly trashedAt: number | null
  /** Hosts of relays that its link named and the person agreed to. */
  readonly relays: readonly string[]
}

/** What came so far of a download: bits in BEP 3 order, only of pieces flushed to staging. */
export interface ProgressRow { readonly cid: Cid, readonly bitfield: Uint8Array<ArrayBuffer>, readonly received: number }

/** A share that is being prepared. `staging`: the file it writes; `bytes`: of all chosen files; `startedAt`: ms since 1970. */
export interface JobRow {
  readonly id: string
  readonly title: string
  readonly files: number
  readonly bytes: number
  readonly state: 'PREPARING' | 'PLACING' | 'FAILED'
  readonly staging: string
  readonly problem: ErrorObject | null
  readonly startedAt: number
  /** What was chosen at Share. */
  readonly options: { readonly protect: boolean, readonly findable: boolean }
}

/** What is never kept nor given: `hash` is the SHA-256 of the bytes of its content id, 64 hex digits, so that a list names nothing. */
export interface BlockedRow { readonly hash: string, readonly addedAt: number }

/** A link that was opened and not yet fetched, with its key sealed: the address no longer has it. */
export interface OpenedRow {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly size: number
  readonly kind: Kind
  readonly name: string
  readonly sealed: Sealed | null
  readonly relays: readonly string[]
  readonly openedAt: number
}

/** A folder of this computer that the person picked, for `file://NAME/..`. */
export interface FolderRow { readonly name: string, readonly handle: FileSystemDirectoryHandle }

/** A signed peer record as it came (DAG-CBOR), and when the peer was last connected in ms since 1970. */
export interface PeerRow { readonly peerId: string, readonly record: Uint8Array<ArrayBuffer>, readonly seen: number }

/** Single values by name. */
export interface Settings {
  /** 32 bytes, the seed of this device's Ed25519 key. */
  'device-key': Uint8Array<ArrayBuffer>
  /** May others get what this device got? Absent: not asked yet. */
  'consent': 'agreed' | 'declined'
  /** The one switch that stops all giving. */
  'sharing': boolean
  /** Places of the network as last read, for a start without a connection. */
  'network': { readonly name: string, readonly relays: readonly string[], readonly trackers: readonly string[], readonly stun: readonly string[] }
  /** Last sequence number of our own signed peer record. */
  'seq': number
  /** See `checkCanary`. */
  'canary': { readonly id: string, readonly planted: boolean }
  /** Bytes a second, null for no limit. */
  'rates': { readonly up: number | null, readonly down: number | null }
  /** What to do where the connection costs by the byte: give to nobody, or as everywhere. Absent: pause. */
  'metered': 'pause' | 'give'
  /** Hosts of relays beyond the network's own that the person agreed to. */
  'extra-relays': readonly string[]
}

export type SettingName = keyof Settings
export type SettingRow = { [Name in SettingName]: { readonly name: Name, readonly value: Settings[Name] } }[SettingName]

/** Every store of the database and its rows. */
export interface Rows {
  content: ContentRow
  progress: ProgressRow
  jobs: JobRow
  settings: SettingRow
  peers: PeerRow
  blocked: BlockedRow
  opened: OpenedRow
  folders: FolderRow
}

export type StoreName = keyof Rows

/** The field of its rows that is a store's key. */
export const keyFields = { content: 'cid', progress: 'cid', jobs: 'id', settings: 'name', peers: 'peerId', blocked: 'hash', opened: 'cid', folders: 'name' } as const satisfies { [Store in StoreName]: keyof Rows[Store] }

export const storeNames = Object.keys(keyFields) as readonly StoreName[]

export function keyOf<Store extends StoreName>(store: Store, row: Rows[Store]): string {
  return (row as unknown as Readonly<Record<string, string>>)[keyFields[store]] ?? ''
}
