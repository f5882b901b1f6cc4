import type { Cid, Infohash } from '../base/index.ts'

/**
 * What a stored file is; decides its place and its extension. `a` audio, `i` image, `z` archive, `p` protected archive, which links write
 * as an archive with a key.
 */
export type Kind = 'a' | 'i' | 'z' | 'p'

/** A plain file of an archive. `path` uses `/`, is NFC and relative. */
export interface Member {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Where its bytes begin in the unpacked tar. */
  readonly offset: number
}

/** A link: what it names and what it says of it (`#/get/<cid>?..`). */
export interface Link {
  readonly cid: Cid
  readonly infohash: Infohash
  readonly size: number
  readonly kind: Kind
  readonly name: string
  /** 32 bytes that open a protected file; null where the link has none. */
  readonly key: Uint8Array<ArrayBuffer> | null
  /** `host` or `host:port` of relays where it may be found, at most 2: to be used only once the person agreed to each by name. */
  readonly relays: readonly string[]
}

/** A content id that came without a link: where its file is, and what it is, has to be found out. */
export interface CidAlone { readonly cid: Cid, readonly infohash: null }

/** The canonical torrent of a stored file: the same bytes have one infohash everywhere. */
export interface Torrent {
  readonly infohash: Infohash
  /** The bencoded info dictionary, exactly `{ length, name, "piece length", pieces }`. */
  readonly info: Uint8Array<ArrayBuffer>
  readonly name: string
  readonly length: number
  readonly pieceLength: number
  readonly pieces: number
}
