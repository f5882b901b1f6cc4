import { sha1 } from '@noble/hashes/legacy.js'
import { HoldfastError, accept, equalBytes, fromUtf8, limits, reject, toHex, utf8, type Cid, type Infohash, type Judged } from '../base/index.ts'
import { decodeBencode, encodeBencode } from './bencode.ts'
import { contentName, kindOfName } from './paths.ts'
import type { Kind, Torrent } from './types.ts'

const hashBytes = 20

/** The canonical piece length of a file of `size` bytes: 256 KiB, doubled while there would be more than 1,024 pieces, at most 4 MiB. */
export function pieceLength(size: number): number {
  let length = limits.pieceBytesMin
  while (size / length > limits.piecesWanted && length < limits.pieceBytesMax) length *= 2
  return length
}

/** Every piece length a file can have whose size lies from `min` to `max`, the shortest first. */
export function possiblePieceLengths(min: number, max: number): readonly number[] {
  const lengths: number[] = []
  for (let length = pieceLength(min); length <= pieceLength(max); length *= 2) lengths.push(length)
  return lengths
}

/**
 * The canonical torrent (BEP 3, one file): the info dictionary has exactly four keys, so the same bytes have one infohash
 * everywhere. `pieces` are the SHA-1 of all pieces, 20 bytes each.
 */
export function makeTorrent({ cid, kind, size, pieces }: { readonly cid: Cid, readonly kind: Kind, readonly size: number, readonly pieces: Uint8Array }): Torrent {
  const length = pieceLength(size)
  const count = Math.ceil(size / length)
  if (size < 1 || pieces.length !== hashBytes * count) throw new HoldfastError('bad-input', 'not one hash for each piece', { size, hashes: pieces.length })
  const name = contentName(kind, cid)
  const info = encodeBencode({ 'length': size, name, 'piece length': length, pieces })
  return { infohash: toHex(sha1(info)), info, name, length: size, pieceLength: length, pieces: count }
}

/** The 20-byte SHA-1 of piece `index` of `size` bytes: the hashes stand last in the canonical `info`, before its `e`. */
export function pieceHash(info: Uint8Array, size: number, index: number): Uint8Array {
  const at = info.length - 1 - hashBytes * (Math.ceil(size / pieceLength(size)) - index)
  return info.subarray(at, at + hashBytes)
}

/** What is known of a file before its info dictionary comes from somebody. */
export interface Expected {
  readonly cid: Cid
  readonly kind: Kind
  readonly infohash: Infohash
  /** Bytes, where the link or record says so. */
  readonly size?: number
}

/**
 * Judges an info dictionary from a peer, before a byte of the file is asked for: it must be the canonical one for this content, or
 * somebody would lead us into a swarm of other bytes. Everything wrong is `wrong-info`.
 */
export function judgeInfo(info: Uint8Array, { cid, kind, infohash, size }: Expected): Judged<Torrent> {
  const refuse = (reason: string) => reject('wrong-info', reason)
  if (info.length > limits.infoBytes) return refuse('larger than any canonical torrent')
  if (toHex(sha1(info)) !== infohash) return refuse('another infohash')
  const decoded = decodeBencode(info)
  if (!decoded.ok) return refuse(decoded.reason)
  if (!(decoded.value instanceof Map)) return refuse('not a dictionary')
  const [length, name, pieceBytes, pieces] = ['length', 'name', 'piece length', 'pieces'].map(key => (decoded.value as Map<string, unknown>).get(key))
  if (decoded.value.size !== 4 || !(name instanceof Uint8Array) || !(pieces instanceof Uint8Array)) return refuse('not exactly the keys length, name, piece length and pieces')
  if (!equalBytes(name, utf8(contentName(kind, cid)))) return refuse('the name is not that of the content')
  if (typeof length !== 'number' || length < 1) return refuse('no length')
  if (size !== undefined && length !== size) return refuse('the length is not the size that was promised')
  if (pieceBytes !== pieceLength(length)) return refuse('not the canonical piece length')
  if (pieces.length !== hashBytes * Math.ceil(length / pieceBytes)) return refuse('not one hash for each piece')
  return accept({ infohash, info: new Uint8Array(info), name: contentName(kind, cid), length, pieceLength: pieceBytes, pieces: pieces.length / hashBytes })
}

/**
 * The same for a file of which nothing but its content id is known: its name tells the kind. `infohash` where one was asked for,
 * else null: then it is that of the dictionary.
 */
export function judgeFoundInfo(info: Uint8Array, cid: Cid, infohash: Infohash | null): Judged<Torrent & { readonly kind: Kind }> {
  if (info.length > limits.infoBytes) return reject('wrong-info', 'larger than any canonical torrent')
  const decoded = decodeBencode(info)
  const name = decoded.ok && decoded.value instanceof Map ? decoded.value.get('name') : null
  const kind = name instanceof Uint8Array ? kindOfName(fromUtf8(name) ?? '', cid) : null
  if (kind === null) return reject('wrong-info', 'the name is not that of the content')
  const judged = judgeInfo(info, { cid, kind, infohash: infohash ?? toHex(sha1(info)) })
  return judged.ok ? accept({ ...judged.value, kind }) : judged
}

/** A `.torrent` file for any BitTorrent client, announcing to `trackers` (BEP 12: each a tier of its own). */
export function torrentFile({ info }: Pick<Torrent, 'info'>, trackers: readonly string[], webSeeds: readonly string[] = []): Uint8Array<ArrayBuffer> {
  const [announce] = trackers
  const outer = encodeBencode(announce === undefined ? {} : { announce, 'announce-list': trackers.map(tracker => [tracker]) })
  // BEP 19; without its `d`, as it follows the rest.
  const after = webSeeds.length === 0 ? utf8('e') : encodeBencode({ 'url-list': [...webSeeds] }).subarray(1)
  // `info` sorts between these keys, and goes in as it is: encoding it anew could change the infohash.
  const file = new Uint8Array(outer.length + 5 + info.length + after.length)
  file.set(outer.subarray(0, -1))
  file.set(utf8('4:info'), outer.length - 1)
  file.set(info, outer.length + 5)
  file.set(after, outer.length + 5 + info.length)
  return file
}

/** The info dictionary of a `.torrent` file, byte for byte as it is there; null where there is none. Only canonical bencode is read, so encoding it anew gives the same bytes. */
export function infoOfTorrentFile(file: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const decoded = decodeBencode(file)
  const info = decoded.ok && decoded.value instanceof Map ? decoded.value.get('info') : null
  if (!(info instanceof Map)) return null
  const values = [...info.values()]
  return values.every(value => typeof value === 'number' || value instanceof Uint8Array) ? encodeBencode(Object.fromEntries(info) as Record<string, number | Uint8Array>) : null
}

/** A magnet link (BEP 9) for any BitTorrent client; `name` is only shown while the metadata is fetched. */
export function magnetLink({ infohash, name }: { readonly infohash: Infohash, readonly name: string }, trackers: readonly string[]): string {
  const parameters = [...name === '' ? [] : [`dn=${encodeURIComponent(name.toWellFormed())}`], ...trackers.map(tracker => `tr=${encodeURIComponent(tracker)}`)]
  return [`magnet:?xt=urn:btih:${infohash}`, ...parameters].join('&')
}
