import { createHash } from 'node:crypto'
import createTorrent from 'create-torrent'
import parseTorrent from 'parse-torrent'
import { expect, test } from 'vitest'
import { concat } from '../../../src/base/index.ts'
import { decodeBencode, encodeBencode, judgeInfo, magnetLink, makeTorrent, pieceLength, possiblePieceLengths, torrentFile, type Bencodable, type Torrent } from '../../../src/content/index.ts'
import { noisy } from './archive-help.ts'

const KiB = 1024
const MiB = 1024 * KiB
const GiB = 1024 * MiB
const trackers = ['wss://one.example/announce', 'wss://two.example/announce?a=b&c']
const bytes = noisy(600_000)
const cid = createHash('sha256').update(bytes).digest('hex')

/** The canonical torrent of `bytes`. */
function torrentOf(content: Uint8Array): Torrent {
  const length = pieceLength(content.length)
  const hashes: Uint8Array[] = []
  for (let at = 0; at < content.length; at += length) hashes.push(createHash('sha1').update(content.subarray(at, at + length)).digest())
  return makeTorrent({ cid: createHash('sha256').update(content).digest('hex'), kind: 'z', size: content.length, pieces: concat(...hashes) })
}

test.each([[1, 256 * KiB], [256 * MiB, 256 * KiB], [256 * MiB + 1, 512 * KiB], [GiB, MiB], [GiB + 1, 2 * MiB], [2 * GiB + 1, 4 * MiB], [100 * GiB, 4 * MiB]])('%d bytes have pieces of %d', (size, length) => {
  expect(pieceLength(size)).toBe(length)
})

test('lengths still possible between two sizes', () => {
  expect(possiblePieceLengths(1, 256 * MiB)).toEqual([256 * KiB])
  expect(possiblePieceLengths(4 * MiB, 600 * MiB)).toEqual([256 * KiB, 512 * KiB, MiB])
  expect(possiblePieceLengths(3 * GiB, 9 * GiB)).toEqual([4 * MiB])
})

test('create-torrent makes the same info dictionary', async () => {
  const torrent = torrentOf(bytes)
  const file = await new Promise<Uint8Array>((resolve, reject) => {
    createTorrent(new File([bytes], `${cid}.tgz`), { name: `${cid}.tgz`, pieceLength: 256 * KiB, announceList: [['wss://other.example']] }, (error, made) => { if (error === null) resolve(made); else reject(error) })
  })
  const { infoHash, infoBuffer } = await parseTorrent(file)
  expect(infoHash).toBe(torrent.infohash)
  expect(Buffer.from(infoBuffer).equals(torrent.info)).toBe(true)
})

test('parse-torrent reads our torrent file and our magnet link', async () => {
  const torrent = torrentOf(bytes)
  expect(await parseTorrent(torrentFile(torrent, trackers))).toMatchObject({ infoHash: torrent.infohash, name: `${cid}.tgz`, length: 600_000, pieceLength: 256 * KiB, announce: trackers })
  expect(await parseTorrent(torrentFile(torrent, []))).toMatchObject({ infoHash: torrent.infohash, announce: [] })
  expect(await parseTorrent(magnetLink({ infohash: torrent.infohash, name: 'A & B=ü' }, trackers))).toMatchObject({ infoHash: torrent.infohash, name: 'A & B=ü', announce: trackers })
})

test('hashes that do not fit the size make no torrent', () => {
  expect(() => makeTorrent({ cid, kind: 'z', size: 600_000, pieces: new Uint8Array(40) })).toThrow(/one hash/)
  expect(() => makeTorrent({ cid, kind: 'z', size: 0, pieces: new Uint8Array(0) })).toThrow(/one hash/)
})

test('the canonical info dictionary is accepted, with or without a promised size', () => {
  const torrent = torrentOf(bytes)
  for (const size of [{}, { size: 600_000 }]) expect(judgeInfo(torrent.info, { cid, kind: 'z', infohash: torrent.infohash, ...size })).toEqual({ ok: true, value: torrent })
})

const pieces = new Uint8Array(60)
const canonical = { 'length': 600_000, 'name': `${cid}.tgz`, 'piece length': 256 * KiB, pieces }

test.each<[string, Bencodable | Uint8Array]>([
  ['a fifth key', { ...canonical, private: 1 }],
  ['several files', { 'files': [{ length: 600_000, path: ['a'] }], 'name': `${cid}.tgz`, 'piece length': 256 * KiB, pieces }],
  ['a missing key', { 'length': 600_000, 'name': `${cid}.tgz`, pieces }],
  ['another name', { ...canonical, name: 'other.tgz' }],
  ['another extension', { ...canonical, name: `${cid}.png` }],
  ['another size', { ...canonical, length: 599_999 }],
  ['no bytes', { ...canonical, length: 0, pieces: '' }],
  ['a negative size', { ...canonical, length: -1 }],
  ['a length that is text', { ...canonical, length: '600000' }],
  ['another piece length', { ...canonical, 'piece length': 128 * KiB, 'pieces': new Uint8Array(100) }],
  ['a piece too few', { ...canonical, pieces: new Uint8Array(40) }],
  ['half a hash', { ...canonical, pieces: new Uint8Array(50) }],
  ['pieces in a list', { ...canonical, pieces: [pieces] }],
  ['a list', [canonical]],
  ['no bencode', new Uint8Array([1, 2, 3])],
  ['nothing', new Uint8Array(0)],
  ['bytes after the end', concat(encodeBencode(canonical), Uint8Array.of(0))],
  ['a length with a leading zero', Buffer.from(Buffer.from(encodeBencode(canonical)).toString('latin1').replace('i600000e', 'i0600000e'), 'latin1')],
])('refused although the infohash fits: %s', (_, value) => {
  const info = value instanceof Uint8Array ? value : encodeBencode(value)
  const infohash = createHash('sha1').update(info).digest('hex')
  expect(judgeInfo(info, { cid, kind: 'z', infohash, size: 600_000 })).toMatchObject({ ok: false, code: 'wrong-info' })
})

test('another infohash, and too much of it, are refused before it is parsed', () => {
  const { info, infohash } = torrentOf(bytes)
  expect(judgeInfo(info, { cid, kind: 'z', infohash: '0'.repeat(40) })).toMatchObject({ code: 'wrong-info', reason: 'another infohash' })
  const large = new Uint8Array(2 * MiB + 1)
  expect(judgeInfo(large, { cid, kind: 'z', infohash })).toMatchObject({ code: 'wrong-info', reason: expect.stringContaining('larger') as string })
})

test('the info dictionary has its keys in order', () => {
  const decoded = decodeBencode(torrentOf(bytes).info)
  expect(decoded.ok && decoded.value instanceof Map && [...decoded.value.keys()]).toEqual(['length', 'name', 'piece length', 'pieces'])
})
