import type { Cid, Infohash } from '../base/index.ts'

/** What a stored file is; decides its place and its extension. `a` audio, `i` image, `z` archive, `p` protected archive: the letters of links. */
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
}

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
