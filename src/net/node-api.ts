import type { Clock, Random } from '../base/index.ts'
import type { ByteStream } from './byte-stream.ts'
import type { NetworkPlaces } from './network-file.ts'
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
}

export interface NetNode {
  readonly state: ConnectionState
  readonly places: NetworkPlaces
  /**
   * Asks a peer, connecting to it where there is no connection. Rejects with a `HoldfastError`: its own code, `peer-unreachable`,
   * `unsupported`, `timeout`, `stream-closed`, `bad-reply`, `too-large`, `rate-limited`, `aborted`.
   */
  request(peerId: string, protocol: string, value: unknown, options?: RequestOptions): Promise<unknown>
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
