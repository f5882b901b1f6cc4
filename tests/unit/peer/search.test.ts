import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, limits } from '../../../src/base/index.ts'
import type { RendezvousAnswer } from '../../../src/content/index.ts'
import type { FoundInfo } from '../../../src/net/index.ts'
import { Searches, type SearchPorts, type SearchState } from '../../../src/peer/search.ts'

const cid = 'ab'.repeat(32)
const torrent = (digit: string): FoundInfo => ({ infohash: digit.repeat(40), info: new Uint8Array([1]), name: `${cid}.tgz`, length: 5, pieceLength: 262_144, pieces: 1, kind: 'z' })
const [right, wrong] = [torrent('1'), torrent('2')]

let now = 0
let peers = new Map<string, FoundInfo | null>()
let asked: string[] = []
let told: SearchState[] = []
let heard: ((answer: RendezvousAnswer, peerId: string) => void) | null = null
let inspected = new Map<string, FoundInfo | HoldfastError>()
let searches: Searches

beforeEach(() => {
  [now, peers, asked, told, heard, inspected] = [0, new Map(), [], [], null, new Map()]
  const ports: SearchPorts = {
    clock: { now: () => now },
    peers: () => [...peers.keys()],
    async ask(peerId) {
      asked.push(peerId)
      const found = peers.get(peerId) ?? null
      if (found === null) throw new HoldfastError('not-found')
      return found
    },
    seek(_cid, onAnswer) {
      heard = onAnswer
      return () => { heard = null }
    },
    async inspect(_cid, infohash) {
      const found = inspected.get(infohash) ?? new HoldfastError('aborted')
      if (found instanceof HoldfastError) throw found
      return found
    },
    changed(state) { told.push(state) },
  }
  searches = new Searches(ports)
})

const turn = async (ms: number) => {
  now += ms
  searches.tick()
  await new Promise(done => { setTimeout(done, 0) })
}
const found = () => { const state = searches.get(cid); return state?.state === 'found' ? [state.infohash, state.vouchers] : state?.state }

test('the torrent most peers vouch for is the one, each peer with one voice', async () => {
  for (const [name, says] of [['a', wrong], ['b', right], ['c', right], ['d', null]] as const) peers.set(name, says)
  searches.start(cid)
  await turn(0)
  expect(found()).toEqual([right.infohash, 2])
  expect(told.at(-1)).toEqual({ cid, state: 'found', infohash: right.infohash, kind: 'z', size: 5, info: right.info, vouchers: 2 })
  peers.set('b', wrong)
  await turn(5000)
  expect(found()).toEqual([wrong.infohash, 2])
})

test('what turned out wrong is left for the next, and never chosen again', async () => {
  for (const [name, says] of [['a', wrong], ['b', wrong], ['c', right]] as const) peers.set(name, says)
  searches.start(cid)
  await turn(0)
  expect(found()).toEqual([wrong.infohash, 2])
  searches.exclude(cid, wrong.infohash)
  expect(found()).toEqual([right.infohash, 1])
  await turn(60_000)
  expect(found()).toEqual([right.infohash, 1])
})

test('peers are asked at once when they come, and ever more slowly after', async () => {
  searches.start(cid)
  await turn(1000)
  expect([searches.get(cid), asked]).toEqual([{ cid, state: 'looking', asked: 0 }, []])
  peers.set('a', null)
  const times: number[] = []
  for (let second = 0; second < 1200; second++) {
    const before = asked.length
    await turn(1000)
    if (asked.length > before) times.push(second)
  }
  expect(times.slice(0, 5)).toEqual([0, 4, 12, 28, 60])
  expect(Math.max(...times.map((time, at) => time - (times[at - 1] ?? 0)))).toBeLessThanOrEqual(limits.searchAskMs / 1000)
})

test('at the rendezvous an infohash is heard, and its torrent looked at; false ones are left', async () => {
  searches.start(cid)
  heard?.({ infohash: wrong.infohash, length: 5 }, 'x')
  heard?.({ infohash: wrong.infohash, length: 5 }, 'y')
  heard?.({ infohash: right.infohash, length: 5 }, 'z')
  inspected.set(wrong.infohash, new HoldfastError('wrong-info'))
  inspected.set(right.infohash, right)
  await turn(0)
  await turn(1000)
  expect(found()).toEqual([right.infohash, 1])
  heard?.({ infohash: wrong.infohash, length: 5 }, 'w')
  expect(found()).toEqual([right.infohash, 1])
})

test('whoever is connected and at the rendezvous, too, may be one person: the more count, not the sum', async () => {
  peers.set('a', right)
  searches.start(cid)
  heard?.({ infohash: right.infohash, length: 5 }, 'x')
  await turn(0)
  expect(found()).toEqual([right.infohash, 1])
  heard?.({ infohash: right.infohash, length: 5 }, 'y')
  expect(found()).toEqual([right.infohash, 2])
})

test('a stopped search hears nothing more, and there are so many and no more', async () => {
  searches.start(cid)
  const late = heard!
  searches.stop(cid)
  late({ infohash: right.infohash, length: 5 }, 'x')
  expect([heard, searches.get(cid), searches.size]).toEqual([null, null, 0])
  const count = told.length
  await turn(10_000)
  expect(told).toHaveLength(count)
  for (let number = 0; number < limits.searches; number++) searches.start(String(number).padStart(64, '0'))
  expect(() => searches.start(cid)).toThrow('enough')
})

test('somebody who names many torrents drives out his own', async () => {
  peers.set('a', right)
  peers.set('b', right)
  searches.start(cid)
  await turn(0)
  for (let number = 0; number < 100; number++) heard?.({ infohash: String(number).padStart(40, '0'), length: 5 }, String(number))
  expect(found()).toEqual([right.infohash, 2])
})
