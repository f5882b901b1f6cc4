import { createHash } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, limits, type ErrorCode } from '../../../src/base/index.ts'
import { SectionIndex, makeTorrent, sectionRange } from '../../../src/content/index.ts'
import type { SectionPart, SectionQuestion } from '../../../src/net/index.ts'
import { PieceMap } from '../../../src/swarm/bitfield.ts'
import { SectionPeers } from '../../../src/swarm/section-peers.ts'

const sha = (name: string, bytes: Uint8Array) => new Uint8Array(createHash(name).update(bytes).digest())
const KiB = 1024
const size = 5 * 256 * KiB + 77
const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 0xff)
const cid = createHash('sha256').update(bytes).digest('hex')
const pieces = new PieceMap(size, 256 * KiB)
const hashes = Buffer.concat(Array.from({ length: pieces.count }, (_, i) => sha('sha1', bytes.subarray(i * 256 * KiB, i * 256 * KiB + pieces.length(i)))))
const { info, infohash } = makeTorrent({ cid, kind: 'z', size, pieces: new Uint8Array(hashes) })
const index = await SectionIndex.of(Array.from({ length: 6 }, (_, i) => { const { at, length } = sectionRange(size, i + 1); return sha('sha256', bytes.subarray(at, at + length)) }))

let now = 0
let asked: string[] = []
let running = 0
let most = 0
/** What a peer does instead of giving the section. */
let faults = new Map<string, (question: SectionQuestion) => SectionPart | ErrorCode>()

async function section(peerId: string, question: SectionQuestion, length: number): Promise<SectionPart> {
  asked.push(`${peerId} ${question.index}`)
  most = Math.max(most, ++running)
  await new Promise(done => { setTimeout(done, 1) })
  running--
  const other = faults.get(peerId)?.(question)
  if (typeof other === 'string') throw new HoldfastError(other)
  const { at } = sectionRange(size, question.index)
  return other ?? { bytes: bytes.slice(at + question.at, at + question.at + length), nodes: await index.prove(question.index) }
}

const begin = (file: Partial<{ info: Uint8Array, root: string }> = {}) => new SectionPeers({ section }, { now: () => now }, { cid, infohash, size, root: index.root, info, ...file }, pieces)

beforeEach(() => {
  asked = []
  now = most = 0
  faults = new Map()
})

test('pieces are made of sections from all peers, each asked for once', async () => {
  const peers = begin()
  expect([peers.add('a'), peers.add('b'), peers.add('a')]).toEqual([true, true, false])
  const got = await Promise.all(Array.from({ length: pieces.count }, async (_, i) => await peers.piece(i)))
  expect(Buffer.concat(got).equals(Buffer.from(bytes))).toBe(true)
  expect(asked.map(each => each.slice(2)).toSorted()).toEqual(['1', '2', '3', '4', '5', '6'])
  expect(new Set(asked.map(each => each[0]))).toEqual(new Set(['a', 'b']))
  expect(peers.came).toBe(size)
})

test('four questions to one peer at once, and no more', async () => {
  const peers = begin()
  peers.add('a')
  await Promise.all(Array.from({ length: pieces.count }, async (_, i) => await peers.piece(i)))
  expect(most).toBe(4)
})

test('who gives a wrong section is never asked again; the section comes from another', async () => {
  faults.set('a', () => ({ bytes: new Uint8Array(256 * KiB), nodes: [] }))
  const peers = begin()
  peers.add('a')
  peers.add('b')
  for (let i = 0; i < pieces.count; i++) await peers.piece(i)
  expect(asked.filter(each => each.startsWith('a'))).toHaveLength(1)
  now += 10 * limits.attachmentPauseMs
  expect(peers.add('a')).toBe(false)
})

test('who does not answer is asked again after a pause that grows', async () => {
  faults.set('a', () => 'timeout')
  const peers = begin()
  for (const pause of [2000, 4000, 8000]) {
    expect(peers.add('a')).toBe(true)
    await expect(peers.piece(0)).rejects.toMatchObject({ code: 'peer-unreachable' })
    expect(peers.size).toBe(0)
    now += pause - 1
    expect(peers.add('a')).toBe(false)
    now++
  }
  faults.clear()
  expect(peers.add('a')).toBe(true)
  expect(Buffer.from(await peers.piece(0)).equals(Buffer.from(bytes.subarray(0, 256 * KiB)))).toBe(true)
})

test('a piece of proven sections that is not the torrent’s shows that the message is false', async () => {
  const forged = makeTorrent({ cid, kind: 'z', size, pieces: new Uint8Array(20 * pieces.count) })
  const peers = begin({ info: forged.info })
  peers.add('a')
  await expect(peers.piece(2)).rejects.toMatchObject({ code: 'attachment-false' })
})
