import '../../../src/relay/node20.ts'
import { beforeEach, expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import type { ByteStream, ByteStreamEvents } from '../../../src/net/index.ts'
import { encodeHandshake } from '../../../src/swarm/handshake.ts'
import { LinkedPeers, type LinkedFile } from '../../../src/swarm/linked-peers.ts'
import type { SwarmLinks } from '../../../src/swarm/index.ts'
import type { WireSocket } from '../../../src/swarm/wire-socket.ts'

const [infohash, ours, theirs] = ['ab'.repeat(20), '11'.repeat(20), '22'.repeat(20)]

/** One end of a stream; what is written comes out at the other. */
class FakeStream implements ByteStream {
  other: FakeStream | null = null
  buffered = 0
  open = true
  on: ByteStreamEvents | null = null
  waiting: Uint8Array[] = []
  constructor(readonly peerId: string, readonly limited: boolean) {}
  listen(on: ByteStreamEvents) {
    this.on = on
    for (const bytes of this.waiting.splice(0)) on.data(bytes)
    if (!this.open) on.end()
  }
  write(bytes: Uint8Array) {
    const { other } = this
    if (other?.on === null) other.waiting.push(bytes)
    else other?.on?.data(bytes)
    return true
  }
  close() { this.abort() }
  abort() {
    if (!this.open) return
    this.open = false
    this.on?.end()
    this.other?.abort()
  }
}

function streams(limited: boolean): [FakeStream, FakeStream] {
  const pair: [FakeStream, FakeStream] = [new FakeStream('them', limited), new FakeStream('us', limited)]
  pair[0].other = pair[1]
  pair[1].other = pair[0]
  return pair
}

let now = 0
let peers: { peerId: string, direct: boolean }[] = []
let asked: (readonly string[])[] = []
let opened: FakeStream[] = []
let sockets: WireSocket[] = []
let givers: string[] = []
let gives = true
let lonely = true
let welcome = true
let answers = true
let taker: ((stream: ByteStream) => void) | null = null
let linked: LinkedPeers

const links: SwarmLinks = {
  peers: () => peers,
  async ask(_peerId, infohashes) {
    asked.push(infohashes)
    return gives ? infohashes : []
  },
  async open(peerId) {
    const direct = peers.find(peer => peer.peerId === peerId)?.direct === true
    const [near, far] = streams(!direct)
    opened.push(near)
    if (answers) far.write(encodeHandshake(infohash, theirs))
    return near
  },
  take(handler) { taker = handler },
  section: async () => await Promise.reject(new Error('not part of this test')),
}
const file: LinkedFile = {
  infohash,
  hungry: () => sockets.every(({ destroyed, relayed }) => destroyed || relayed),
  lonely: () => lonely,
  welcomes: () => welcome,
  wants: peerId => peerId !== ours,
  onSocket(socket) { sockets.push(socket) },
  onGiver(peerId) { givers.push(peerId) },
}

beforeEach(() => {
  givers = []
  ;[now, peers, asked, opened, sockets, gives, lonely, welcome, answers] = [0, [], [], [], [], true, true, true, true]
  linked = new LinkedPeers(links, { now: () => now }, ours, () => [file])
})

const turn = async (ms: number) => {
  now += ms
  linked.tick()
  for (let step = 0; step < 5; step++) await new Promise(done => { setTimeout(done, 0) })
}
const alive = () => sockets.filter(({ destroyed }) => !destroyed).map(({ relayed }) => relayed ? 'relayed' : 'direct')

test('a direct peer that gives it is visited at once, and no second time', async () => {
  peers = [{ peerId: 'them', direct: true }]
  await turn(1000)
  expect([asked, alive(), sockets[0]?.id]).toEqual([[[infohash]], ['direct'], theirs])
  for (let second = 0; second < 100; second++) await turn(1000)
  expect([asked.length, opened.length]).toEqual([1, 1])
})

test('over a relay only after a while, only for who has nobody else, and until a direct connection is there', async () => {
  peers = [{ peerId: 'them', direct: false }]
  await turn(1000)
  await turn(limits.linkPatienceMs - 1000)
  expect(opened).toHaveLength(0)
  lonely = false
  await turn(2000)
  expect(opened).toHaveLength(0)
  lonely = true
  await turn(1000)
  expect(alive()).toEqual(['relayed'])
  peers = [{ peerId: 'them', direct: true }]
  await turn(1000)
  expect(alive()).toEqual(['relayed', 'direct']) // which of them stays is decided where both are known
})

test('a circuit that ended is opened anew, also when the peer is not connected for a moment', async () => {
  peers = [{ peerId: 'them', direct: false }]
  await turn(1000)
  await turn(limits.linkPatienceMs)
  expect(alive()).toEqual(['relayed'])
  peers = []
  opened[0]!.abort()
  expect(alive()).toEqual([])
  await turn(1000)
  expect([alive(), opened.length]).toEqual([['relayed'], 2])
})

test('who does not give it is asked again, ever more slowly', async () => {
  gives = false
  peers = [{ peerId: 'them', direct: true }]
  const times: number[] = []
  for (let second = 0; second < 300; second++) {
    const before = asked.length
    await turn(1000)
    if (asked.length > before) times.push(second)
  }
  expect(times.slice(0, 5)).toEqual([0, 2, 6, 14, 30])
  expect(Math.max(...times.map((time, at) => time - (times[at - 1] ?? 0)))).toBe(limits.linkAskMs / 1000)
})

test('a peer that takes the stream and says nothing is tried ever more seldom', async () => {
  answers = false
  peers = [{ peerId: 'them', direct: true }]
  await turn(1000)
  for (let tries = 1; tries < 4; tries++) {
    expect(opened).toHaveLength(tries)
    opened.at(-1)!.abort()
    await turn(0)
    await turn(500 * 2 ** tries - 1)
    expect(opened).toHaveLength(tries)
    await turn(1)
  }
})

test('who comes is let in by the file he names, where it is given', async () => {
  const come = async (first: Uint8Array) => {
    const [near, far] = streams(false)
    taker?.(near)
    far.write(first)
    await turn(0)
    return far.open
  }
  expect(await come(encodeHandshake(infohash, theirs))).toBe(true)
  expect(sockets).toHaveLength(1)
  const got: number[] = []
  sockets[0]!.pipe({ write(bytes: Uint8Array) { got.push(...bytes) } })
  expect(Uint8Array.from(got)).toEqual(encodeHandshake(infohash, theirs)) // WebTorrent reads it too
  expect(await come(encodeHandshake('cd'.repeat(20), theirs))).toBe(false)
  expect(await come(encodeHandshake(infohash, ours))).toBe(false)
  expect(await come(new Uint8Array(68))).toBe(false)
  welcome = false
  expect(await come(encodeHandshake(infohash, theirs))).toBe(false)
  expect(sockets).toHaveLength(1)
})

test('of those who come and say nothing only so many are waited for', async () => {
  const waiting = Array.from({ length: 6 }, () => streams(false))
  for (const [near] of waiting) taker?.(near)
  expect(waiting.map(([near]) => near.open)).toEqual([true, true, true, true, false, false])
  waiting[0]![1].abort()
  await turn(0)
  const [near] = streams(false)
  taker?.(near)
  expect(near.open).toBe(true)
  linked.stop()
  expect(taker).toBeNull()
})
