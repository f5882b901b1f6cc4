import type { Address, Cid, ErrorObject, Infohash } from '../base/index.ts'
import type { FileFacts, Kind, Member, Publication, UploadKind } from '../content/index.ts'

/** The 32 bytes of a file's key under AES-256-GCM by a key of this device that nobody can take out. */
export interface SealedKey { readonly iv: Uint8Array<ArrayBuffer>, readonly ct: Uint8Array<ArrayBuffer> }

/**
 * What a message said of a file: the root of its sections; which message (`<T..>/<nonce>`); tries in vain so far, and when the next is due, ms since 1970. `checked`: all is here, and its root was compared.
 */
export interface AttachmentRow { readonly root: Cid, readonly from: string, readonly tries: number, readonly nextAt: number, readonly checked: boolean }

/** So many others had all of a file when any was connected last, ms since 1970. */
export interface SeenKeepers { readonly keepers: number, readonly at: number }

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
  /** The key of a protected file, sealed to this device; null for others, and where no key came with it. */
  readonly sealed: SealedKey | null
  /** Offered openly: whoever knows the content id alone may find it here. */
  readonly findable: boolean
  /** When it was removed, milliseconds since 1970; null unless TRASHED. */
  readonly trashedAt: number | null
  /** Hosts whose relays its link named and the person agreed to. */
  readonly relays: readonly string[]
  /** Absent where no message names it. */
  readonly attachment?: AttachmentRow
  /** Of reasons that a ledger gave and its state does not have any more: since which block. */
  readonly absent?: Readonly<Record<string, number>>
  /** It is given to others because a ledger has it kept here, and for no other reason. */
  readonly givenForDuty?: boolean
  /** It came, or stayed, for others alone, without a promise: it goes by itself where the person gives less space to that. */
  readonly unasked?: true
  /** Content ids of the uploads it was fetched, or made, as a picture of; absent where it is here for itself. */
  readonly pictureOf?: readonly Cid[]
  /** What its bytes turned out to be, where somebody had to know. */
  readonly facts?: FileFacts
  /** Absent where nobody ever was. */
  readonly seen?: SeenKeepers
  /** When the stored file was last read for whether it is still right, ms since 1970; never since it was placed: absent. */
  readonly checkedAt?: number
}

/** What came so far of a download: bits in BEP 3 order, only of pieces flushed to staging. */
export interface ProgressRow { readonly cid: Cid, readonly bitfield: Uint8Array<ArrayBuffer>, readonly received: number }

/** What a publish job tells the ledger once all its files are placed. The key commitment and the envelopes are made from the key. */
export interface PublishedRecord {
  readonly record: Omit<Publication, 'keyCommit' | 'holders'> & { readonly holders: readonly Address[] }
  readonly sealed: SealedKey | null
}

/** Of a job that publishes: what it makes, and what of it is in the bucket by now, which goes again where the job does not end well. */
export interface PublishRow {
  readonly kind: UploadKind
  readonly placed: readonly Cid[]
  /** Null before all is placed. */
  readonly ready: PublishedRecord | null
}

/** A share that is being prepared. `staging`: the file or folder it writes; `bytes`: of all chosen files; `startedAt`: ms since 1970. */
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
  readonly publish?: PublishRow
}

/**
 * What is never kept nor given: `hash` is the SHA-256 of the bytes of its content id, 64 hex digits, so that a list names nothing; or an address: nothing that
 * one publishes.
 */
export interface BlockedRow { readonly hash: string, readonly addedAt: number }

/** A link with a key that was opened and not yet fetched: the address no longer has the key. */
export interface OpenedRow {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly size: number
  readonly kind: Kind
  readonly name: string
  readonly sealed: SealedKey
  readonly relays: readonly string[]
  readonly openedAt: number
  /** A backup brought it: kept until it is fetched, however long that takes. */
  readonly restored?: true
}

/** A key of Factom's that was made elsewhere. `public`: Ed25519, 32 bytes; `secret`: its seed, sealed by a key that comes of the phrase. */
export interface FactomKeyRow { readonly kind: 'FA' | 'EC', readonly public: Uint8Array<ArrayBuffer>, readonly secret: SealedKey }

/**
 * The person of this device. `secret` is the entropy of the recovery phrase, sealed by the device's key; with a passphrase what that seals is sealed by it
 * before (`iv`). The rest is public.
 */
export interface IdentityRow {
  /** Another one for each phrase that is put here. */
  readonly id: string
  readonly address: Address
  /** Public keys: secp256k1, 33 bytes; P-256, 65 bytes; X25519, 32 bytes. */
  readonly ledger: Uint8Array<ArrayBuffer>
  readonly recovery: Uint8Array<ArrayBuffer>
  readonly box: Uint8Array<ArrayBuffer>
  readonly secret: SealedKey
  readonly passphrase: { readonly salt: Uint8Array<ArrayBuffer>, readonly iterations: number, readonly iv: Uint8Array<ArrayBuffer> } | null
  /** How the person saved it, where that was done. */
  readonly backedUp: 'words' | 'file' | null
  /** Absent where there are none. They go with the identity. */
  readonly factom?: readonly FactomKeyRow[]
}

/** A folder of this computer that the person picked, for `file://NAME/..`. */
export interface FolderRow { readonly name: string, readonly handle: FileSystemDirectoryHandle }

/** A signed peer record as it came (DAG-CBOR), and when the peer was last connected in ms since 1970. */
export interface PeerRow { readonly peerId: string, readonly record: Uint8Array<ArrayBuffer>, readonly seen: number }

/** A bucket by its URL, with what opens it sealed to this device; null where it needs nothing. */
export interface StorePlace { readonly url: string, readonly sealed: SealedKey | null }

/**
 * Where files are kept, where that is not this browser's own bucket (null). `next`: where they are being copied to, which is `at` once all are there. `left`:
 * where they were before, until they are deleted there. In all of them null stands for the browser's own bucket.
 */
export interface StoreChoice { readonly at: StorePlace | null, readonly next?: StorePlace | null, readonly left: readonly (StorePlace | null)[] }

/** Single values by name. */
export interface Settings {
  /** 32 bytes, the seed of this device's Ed25519 key. */
  'device-key': Uint8Array<ArrayBuffer>
  /** AES-GCM, not extractable: seals the keys of files, and the phrase of the person. */
  'seal-key': CryptoKey
  'identity': IdentityRow
  /** May others get what this device got? Absent: not asked yet. */
  'consent': 'agreed' | 'declined'
  /** The one switch that stops all giving. */
  'sharing': boolean
  /** Bytes a second, null for no limit. */
  'rates': { readonly up: number | null, readonly down: number | null }
  /** What to do on a connection paid by the byte: pause giving, or give as ever. */
  'metered': 'pause' | 'give'
  /** Hosts of relays that links brought and the person agreed to. */
  'extra-relays': readonly string[]
  /** Places of the network as last read, for a start without a connection. */
  'network': { readonly name: string, readonly relays: readonly string[], readonly trackers: readonly string[], readonly stun: readonly string[], readonly content?: readonly string[] }
  /** Parameters of the network's ledger as last read, as in `/network.json`. */
  'ledger': Readonly<Record<string, unknown>>
  /** May this device make blocks? Absent: the person did not say. */
  'mining': 'agreed' | 'declined'
  /** The person's word that this device charges, where the browser does not tell. */
  'said-charging': boolean
  /** Milliseconds between two passes of reconciliation, where the person chose. */
  'reconcile-ms': number
  /** Whether every kept file is read again each day; absent: it is. */
  'rechecks': boolean
  /** Addresses of publishers the person follows, the last one added at the end. */
  'follows': readonly string[]
  /** The newest safety root of each network that reconciliation acted on, by network id. */
  'reconciled': Readonly<Record<string, number>>
  /** Whether this device keeps for the account, of whose devices one should; `leaving`: until another one has all of it. Absent: it does. */
  'keeps': boolean | 'leaving'
  /** What this device does for others unasked: see `Samaritan` of the peer. */
  'samaritan': { readonly space: number, readonly whose: 'fetched' | 'followed' | 'protected' | 'public', readonly charging: boolean, readonly unmetered: boolean }
  /** Last sequence number of our own signed peer record. */
  'seq': number
  /** May others learn from the ledger who has attachments? Absent: no. */
  'listed': boolean
  /** Messages (`<T..>/<nonce>`) whose attachments were found to be false. */
  'false-attachments': readonly string[]
  /** Messages (`<T..>/<nonce>`) whose attachments the person took off this device. */
  'left-attachments': readonly string[]
  /** Absent: in this browser. */
  'store': StoreChoice
  /** See `checkCanary`. */
  'canary': { readonly id: string, readonly planted: boolean }
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
