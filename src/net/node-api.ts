import type { Clock, Random } from '../base/index.ts'
import type { Neighbour } from '../sync/index.ts'
import type { ByteStream } from './byte-stream.ts'
import type { FrameTap } from './frames.ts'
import type { NetworkPlaces } from './network-file.ts'
import type { RecordAccount } from './peer-record.ts'
import type { RequestOptions } from './requests.ts'
import type { Handler } from './serve.ts'
import type { ConnectionState } from './types.ts'

export interface NodeOptions {
  readonly places: NetworkPlaces
  /** 32 secret bytes the device's Ed25519 key is made from: the same seed is the same peer. */
  readonly seed: Uint8Array
  readonly clock: Clock
  readonly random: Random
  /** Last sequence number told to `onSeq`, 0 at first. */
  readonly seq: number
  /** What `onRecord` was given in earlier sessions, whom we met last first. */
  readonly knownRecords: readonly Uint8Array[]
  onChange(state: ConnectionState): void
  /** A peer we spoke with directly, and its record: worth keeping. Told again when the record is newer. */
  onRecord(peerId: string, record: Uint8Array<ArrayBuffer>): void
  onSeq(seq: number): void
  /** The 8 bytes that peer records are bound to, where the network's ledger is known; else they are bound to none. */
  readonly networkId?: Uint8Array
  readonly onFrame?: FrameTap
}

export interface NetNode {
  readonly state: ConnectionState
  readonly places: NetworkPlaces
  /**
   * Asks a peer, over a relay where there is no connection; what is opened for that is closed soon after. Rejects with a `HoldfastError`: its own code, `peer-unreachable`,
   * `unsupported`, `timeout`, `stream-closed`, `bad-reply`, `too-large`, `rate-limited`, `aborted`.
   */
  request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown>
  /**
   * Who can be asked now: relays we are connected to, whose own peers answer under their ids; connected peers; and everybody known who holds a slot on a
   * relay. Not those who are left alone.
   */
  neighbours(): readonly Neighbour[]
  /** It said what is false. Faults are forgiven by and by; with too many at once it is cut off and left alone for a while, a relay only as somebody to ask. */
  distrust(peerId: string, weight?: number): void
  /** Whose device this is, said in its record; the signature is the keys worker's for `device`. One made for another device or network is not said. */
  setAccount(account: RecordAccount | null): void
  /** The network's ledger is known now, or is another one: records are bound to it from here on. */
  setNetworkId(id: Uint8Array): Promise<void>
  /** Answers requests on `protocol`; resolves with how to stop. */
  handle(protocol: string, handler: Handler): Promise<() => Promise<void>>
  /**
   * Opens a stream of bytes to a peer: over a direct connection where there is one, else over a relay, connecting there where there
   * is none. It ends with its connection, also when that is replaced by a direct one (js-libp2p issue 3201), to be opened anew.
   * Rejects with `peer-unreachable` or `unsupported`.
   */
  openStream(peerId: string, protocol: string, signal: AbortSignal): Promise<ByteStream>
  /** Takes the streams that peers open on `protocol`, `limits.peerStreams` of each; resolves with how to stop. */
  handleStream(protocol: string, handler: (stream: ByteStream) => void): Promise<() => Promise<void>>
  /** Other relays or STUN servers, of the same network. */
  setPlaces(places: NetworkPlaces): void
  /** The page is back online or in sight, or (`false`) offline. */
  nudge(online?: boolean): void
  stop(): Promise<void>
}
