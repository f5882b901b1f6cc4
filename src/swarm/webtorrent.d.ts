/** WebTorrent 3.0.21, as far as we use it: written from its sources, which bring no types. */
declare module 'webtorrent/dist/webtorrent.min.js' {
  export default class WebTorrent {
    constructor(options: ClientOptions)
    /** 40 hexadecimal digits. */
    readonly peerId: string
    add(torrentId: string | Uint8Array, options: TorrentOptions): Torrent
    /** Bytes a second of all connections together, those there are too; -1 for no limit. */
    throttleDownload(rate: number): void
    throttleUpload(rate: number): void
    destroy(done: () => void): void
  }

  export interface ClientOptions {
    readonly dht: false
    readonly lsd: false
    readonly utPex: false
    readonly natUpnp: false
    readonly natPmp: false
    readonly webSeeds: false
    readonly tracker: false
  }

  export interface TorrentOptions {
    readonly preloadedStore: ChunkStore
    readonly storeCacheSlots: 0
    readonly skipVerify: boolean
    /** Nothing is asked for until it is selected. */
    readonly deselect: boolean
    /** BEP 3 order; counts only where it has exactly the length the torrent needs. */
    readonly bitfield?: Uint8Array
  }

  export interface Torrent {
    /** The bencoded info dictionary; set from `metadata` on. */
    readonly infoBuffer: Uint8Array<ArrayBuffer>
    /** Bytes here, those of pieces not yet whole included. */
    readonly downloaded: number
    /** What is written; there from `metadata` on. */
    readonly bitfield?: { readonly buffer: Uint8Array, get(index: number): boolean }
    /** From here on `addPeer` may be called. */
    on(event: 'infoHash' | 'metadata' | 'ready' | 'done', listener: () => void): this
    on(event: 'wire', listener: (wire: Wire) => void): this
    /** A piece is written and its hash right. */
    on(event: 'verified', listener: (index: number) => void): this
    on(event: 'warning' | 'error', listener: (error: Error) => void): this
    /**
     * Pieces `from` to `to`, in this order; the higher priority first, those above 0 in turns. `select` would make one selection
     * of all that touch each other; one of a stream stays as it is, and is taken back one at a time.
     */
    _select(from: number, to: number, priority: number, notify: undefined, stream: true): void
    _deselect(from: number, to: number, stream: true): void
    /** BEP 19: pieces are asked of this URL by HTTP ranges. */
    addWebSeed(url: string): void
    /** A connected Node-like duplex with an `id`. */
    addPeer(connection: Connection): boolean
    destroy(options: { readonly destroyStore: false }, done: () => void): void
  }

  /** One peer's side of the BitTorrent protocol (BEP 3, 6, 9, 10). */
  export interface Wire {
    /** 40 hexadecimal digits. */
    readonly peerId: string
    readonly peerChoking: boolean
    readonly peerInterested: boolean
    readonly peerPieces: { get(index: number): boolean }
    /** Bytes of blocks, both since the connection began. */
    readonly uploaded: number
    readonly downloaded: number
    readonly ut_metadata: {
      on(event: 'warning', listener: (error: Error) => void): void
      onExtendedHandshake(handshake: { readonly metadata_size?: unknown }): void
      setMetadata(metadata: Uint8Array): Promise<boolean>
    }
    /** What our extended handshake (BEP 10) says besides the names of extensions. */
    readonly extendedHandshake: { reqq?: number }
    /** Speaks one more extension; its class needs a `name` on its prototype. */
    use(extension: new (wire: Wire) => Extension): void
    /** Sends a message of an extension the peer speaks too; throws where it does not. */
    extended(name: string, payload: Uint8Array): void
    /** Takes a whole message; what it throws would be thrown in the middle of nowhere. */
    _onMessage(message: Uint8Array): void
    unchoke(): void
    choke(): void
    destroy(): void
    on(event: 'upload' | 'download', listener: (bytes: number) => void): this
    on(event: 'piece', listener: (index: number) => void): this
    on(event: 'close' | 'interested' | 'uninterested' | 'have' | 'bitfield' | 'have-all', listener: () => void): this
  }

  export interface Extension {
    readonly name: string
    /** The peer speaks it too. */
    onExtendedHandshake?(): void
    onMessage?(payload: Uint8Array): void
  }

  /** abstract-chunk-store. */
  export interface ChunkStore {
    readonly chunkLength: number
    put(index: number, bytes: Uint8Array, done?: (error?: Error | null) => void): void
    get(index: number, range: ByteRange | null, done: (error: Error | null, bytes?: Uint8Array) => void): void
    close(done?: (error?: Error | null) => void): void
    destroy(done?: (error?: Error | null) => void): void
  }

  export interface ByteRange { readonly offset?: number, readonly length?: number }

  /** What WebTorrent calls of a connection it did not make itself. */
  export interface Connection {
    readonly id: string
    readonly connected: boolean
    on(event: string, listener: (...values: never[]) => void): unknown
    once(event: string, listener: (...values: never[]) => void): unknown
    emit(event: string, ...values: unknown[]): unknown
    pipe<T extends { write(bytes: Uint8Array): unknown }>(destination: T): T
    write(bytes: Uint8Array): boolean
    end(): void
    destroy(error?: Error): void
  }
}
