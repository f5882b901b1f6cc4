import { createHash } from 'node:crypto'
import { equalBytes, limits, utf8 } from '../../../src/base/index.ts'
import { decodeBencode, encodeBencode, infoOfTorrentFile, judgeInfo, makeTorrent, pieceLength, torrentFile, type Bencodable, type Bencoded } from '../../../src/content/index.ts'
import type { Target } from '../types.ts'

const cid = 'ab'.repeat(32)
const torrents = [1, 600_000, 2 ** 30].map(size => makeTorrent({ cid, kind: 'z', size, pieces: new Uint8Array(20 * Math.ceil(size / pieceLength(size))).fill(7) }))
const words = ['d', 'l', 'e', 'i', 'i0e', 'i-0e', 'i00e', 'de', 'le', '0:', '1:a', '6:length', '4:name', '12:piece length', '6:pieces', '9:__proto__i1e', '99999999999999999999:', '9007199254740993:']

export const bencode: Target = {
  name: 'bencode',
  corpus: () => [...torrents.map(({ info }) => info), utf8('d1:ai1e1:bld1:c0:ee9:__proto__i2ee'), utf8('i-5e'), utf8('le')],
  dictionary: words,
  maxBytes: 256 * 1024,
  run(bytes) {
    const judged = decodeBencode(bytes)
    if (!judged.ok) return judged.code
    if (!equalBytes(encodeBencode(plain(judged.value)), bytes)) throw new Error('accepted in another form than its own')
    return 'accepted'
  },
}

/** Metadata of a torrent whose infohash is right, as who made the link can make it. */
export const torrentInfo: Target = {
  name: 'torrent-info',
  corpus: () => torrents.map(({ info }) => info),
  dictionary: words,
  maxBytes: limits.infoBytes + 1,
  run(bytes) {
    const judged = judgeInfo(bytes, { cid, kind: 'z', infohash: createHash('sha1').update(bytes).digest('hex') })
    if (!judged.ok) return judged.code
    const { length, pieces } = judged.value
    if (pieces !== Math.ceil(length / pieceLength(length)) || judged.value.name !== `${cid}.tgz`) throw new Error('accepted, but not canonical')
    return 'accepted'
  },
}

/** What a relay says is the torrent of a file. */
export const torrentFiles: Target = {
  name: 'torrent-file',
  corpus: () => torrents.flatMap(torrent => [torrentFile(torrent, []), torrentFile(torrent, ['ws://relay.example/announce'], ['https://relay.example/content/archives/x'])]),
  dictionary: [...words, '4:infod', '8:url-list', '8:announce', '4:infole', '4:infode'],
  maxBytes: 256 * 1024,
  run(bytes) {
    const info = infoOfTorrentFile(bytes)
    if (info === null) return 'ignored'
    if (!Buffer.from(bytes).includes(Buffer.concat([Buffer.from('4:info'), info]))) throw new Error('other bytes than are there')
    return 'accepted'
  },
}

function plain(value: Bencoded): Bencodable {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]))
  return Array.isArray(value) ? value.map(plain) : value
}
