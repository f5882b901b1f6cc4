import type { Cid, Clock, HoldfastError, Infohash } from '../base/index.ts'
import type { Kind, RendezvousAnswer, Torrent } from '../content/index.ts'
import type { ByteStream, SectionPart, SectionQuestion } from '../net/index.ts'
import type { Bucket, Staging } from '../store/index.ts'

/** All files of this device that are given or fetched by BitTorrent. Calls return at once; what becomes of them comes by the callbacks. */
export interface Swarm {
  /** Gives a placed file to whoever asks; one that was just fetched keeps its connections. Nothing is hashed. */
  seed(file: SeededFile): void
  /** Fetches a file, or goes on with it; nothing happens where it is under way. */
  fetch(file: FetchedFile): void
  /** Whether others are given this file. It is still fetched when not. */
  setGive(infohash: Infohash, on: boolean): void
  /** The same for all files at once. */
  setGiving(on: boolean): void
  setTrackers(trackers: readonly string[]): void
  /** Where relays of the network give content over HTTP: URLs that `content/..` is below. Counts for what is fetched from now on. */
  setWebSeeds(bases: readonly string[]): void
  /** Bytes a second, both for all files together; null for no limit. At least `limits.rateLeast`. */
  setRates(rates: Rates): void
  /**
   * Bytes of a file under way or given, every one verified: waits until their pieces are there, which are fetched before others.
   * Rejects with `aborted` when the file is dropped, stops or the signal says so, `not-found` where it is not in the swarm.
   */
  read(infohash: Infohash, at: number, length: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>
  /** Exactly these are handed over at the rendezvous of their content ids: files given, and offered openly. */
  setOffers(offers: readonly Offer[]): void
  /** Asks at the rendezvous of a content id, until the returned function is called; each peer's answer comes once. */
  seek(cid: Cid, onAnswer: (answer: RendezvousAnswer, peerId: string) => void): () => void
  /**
   * Fetches the info dictionary of a torrent, and nothing else, from those who have it. Rejects with `wrong-info` where it is not
   * the canonical one of this content, else when the signal aborts.
   */
  inspect(cid: Cid, infohash: Infohash, signal: AbortSignal): Promise<Torrent & { readonly kind: Kind }>
  /** Leaves the swarm of this file and resolves when its staging file is closed, with all that came in it. */
  drop(infohash: Infohash): Promise<void>
  stop(): Promise<void>
}

export interface Rates { readonly up: number | null, readonly down: number | null }

export interface Offer extends RendezvousAnswer { readonly cid: Cid }

/**
 * The peers of the network as another way to meet than trackers: who has a file is found by asking, and the wire runs over a
 * stream to them.
 */
export interface SwarmLinks {
  /** Connected now. */
  peers(): readonly { readonly peerId: string, readonly direct: boolean }[]
  /** Which of these files the peer gives; rejects where it does not say. */
  ask(peerId: string, infohashes: readonly Infohash[]): Promise<readonly Infohash[]>
  /** Part of a section of a file, of exactly `length` bytes; rejects where the peer does not give it. */
  section(peerId: string, question: SectionQuestion, length: number): Promise<SectionPart>
  /** A stream to the peer, direct where it can be, connecting where there is no connection. */
  open(peerId: string, signal: AbortSignal): Promise<ByteStream>
  /** Who gets the streams that peers open from now on; null refuses them. */
  take(handler: ((stream: ByteStream) => void) | null): void
}

export interface SwarmOptions {
  /** WebSocket URLs. */
  readonly trackers: readonly string[]
  /** `stun:host:port`; no other server is ever asked. */
  readonly stun: readonly string[]
  readonly bucket: Bucket
  readonly staging: Staging
  readonly clock: Clock
  /** null where trackers are the only way to meet. */
  readonly links: SwarmLinks | null
  /** All torrents, at once after a change of state and else at most `limits.swarmStatusMs` apart. */
  readonly onChange: (torrents: readonly TorrentStatus[]) => void
  /** The info dictionary came from a peer and is the one the content id asks for: to be kept for the next start. */
  readonly onInfo: (infohash: Infohash, info: Uint8Array<ArrayBuffer>) => void
  /** Which pieces (BEP 3 order) are flushed to the staging file, and how many bytes they are. */
  readonly onPieces: (infohash: Infohash, bitfield: Uint8Array<ArrayBuffer>, received: number) => void
  /** All pieces came and the staging file is closed: compare it with its content id, then `seed` or `drop`. */
  readonly onComplete: (infohash: Infohash) => void
  /** The file stopped, with what came kept: `wrong-info`, `storage-full`, `storage-busy`.. It may be fetched again. */
  readonly onProblem: (infohash: Infohash, error: HoldfastError) => void
}

export interface SeededFile {
  readonly cid: Cid
  readonly kind: Kind
  /** Bytes. */
  readonly size: number
  readonly infohash: Infohash
  readonly info: Uint8Array<ArrayBuffer>
  /** Where it lies in the bucket. */
  readonly key: string
}

export interface FetchedFile {
  readonly cid: Cid
  readonly kind: Kind
  readonly infohash: Infohash
  readonly size: number
  /** As given to `onInfo`; null where it has to come from a peer. */
  readonly info: Uint8Array<ArrayBuffer> | null
  /** As given to `onPieces`; null starts anew. */
  readonly bitfield: Uint8Array | null
  /** Of the staging file. */
  readonly path: string
  /** Root of its sections, where those are asked for too. */
  readonly root?: Cid | null
  readonly give: boolean
}

/**
 * `queued`: waits for its turn; `finding`: nobody who has it is connected; `metadata`: learns the piece hashes; `getting`;
 * `complete`: all here, to be checked by the owner; `seeding`; `stopped`: after a problem, or because nothing is to be given.
 */
export type TorrentPhase = 'queued' | 'finding' | 'metadata' | 'getting' | 'complete' | 'seeding' | 'stopped'

export interface TorrentStatus {
  readonly infohash: Infohash
  readonly phase: TorrentPhase
  /** Bytes here. */
  readonly received: number
  /** Bytes a second over the last seconds. */
  readonly rateIn: number
  readonly rateOut: number
  /** Bytes given in this session. */
  readonly given: number
  /** Connected peers who have all of it. */
  readonly keepers: number
  /** Connected peers we get pieces from. */
  readonly sources: number
  /** Connected peers who want or get pieces from us. */
  readonly receivers: readonly SwarmReceiver[]
  /** Bytes that came by sections in this session. */
  readonly sectioned: number
  /** Bytes come, and only through a relay. */
  readonly relayed: boolean
  /** Whether a tracker answers; null before the first word. */
  readonly tracker: 'ok' | 'unreachable' | null
}

/** `id` is a few hexadecimal digits, the same as long as the peer is connected. `received`: bytes they have; `left`: seconds. */
export interface SwarmReceiver { readonly id: string, readonly received: number, readonly rate: number, readonly left: number | null }
