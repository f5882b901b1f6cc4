import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import type { WireSocket } from '../../../src/swarm/wire-socket.ts'
import { Listing, type ListedFile } from '../../../src/swarm/listing.ts'
import { readTrackerMessage } from '../../../src/swarm/tracker-message.ts'
import { FakeRtc } from './fake-rtc.ts'

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const infohash = 'f'.repeat(40)
const binary = (hex: string) => Buffer.from(hex, 'hex').toString('latin1')

interface Sent {
  readonly peer_id: string
  readonly event?: string
  readonly left?: number
  readonly offers?: readonly { readonly offer: object, readonly offer_id: string }[]
  readonly answer?: object
  readonly to_peer_id?: string
  readonly offer_id?: string
}

/** A tracker for one file, as bittorrent-tracker behaves. */
class FakeTracker {
  readonly peers = new Map<string, { listing: Listing, left: number }>()
  announces = 0

  hear(listing: Listing, text: string): void {
    const { peer_id, event, left = 0, offers = [], answer, to_peer_id, offer_id } = JSON.parse(text) as Sent
    if (event === 'stopped') return void this.peers.delete(peer_id)
    if (answer !== undefined) return this.tell(this.peers.get(to_peer_id!)?.listing, { answer, offer_id, peer_id })
    this.announces++
    this.peers.set(peer_id, { listing, left })
    const complete = [...this.peers.values()].filter(peer => peer.left === 0).length
    this.tell(listing, { complete, incomplete: this.peers.size - complete, interval: 120 })
    const others = [...this.peers].filter(([id]) => id !== peer_id).map(([, other]) => other.listing)
    offers.forEach(({ offer, offer_id: id }, index) => { this.tell(others[index], { offer, offer_id: id, peer_id }) })
  }

  tell(listing: Listing | undefined, fields: object): void {
    const message = readTrackerMessage(JSON.stringify({ action: 'announce', info_hash: binary(infohash), ...fields }))
    queueMicrotask(() => { if (message.ok) listing?.receive(message.value) })
  }
}

/** `keepers`: ids of those who show us that they have it all. */
function visitor(tracker: FakeTracker, rtc: FakeRtc, id: string, left: number, keepers = new Set<string>()) {
  const sockets: WireSocket[] = []
  const peerId = id.repeat(40)
  const file: ListedFile = {
    infohash,
    progress: () => ({ left, uploaded: 0, downloaded: 0 }),
    connections: () => sockets.length,
    keepers: () => sockets.filter(({ id: peer }) => keepers.has(peer)).length,
    lonely: () => left > 0 && sockets.length === 0,
    wants: peer => !sockets.some(socket => socket.id === peer),
    onSocket(socket) {
      sockets.push(socket)
      socket.on('close', () => { sockets.splice(sockets.indexOf(socket), 1) })
    },
    onTracker() {},
  }
  const listing: Listing = new Listing(file, peerId, rtc.make, text => { tracker.hear(listing, text) })
  return { sockets, listing }
}

const settle = () => vi.advanceTimersByTimeAsync(100)

test('who waits alone for a file makes no peer connection, and asks ever less often', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  visitor(tracker, rtc, 'a', 10).listing.start()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(tracker.announces).toBe(4) // at 0, 2, 5 and 9.5 s
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(tracker.announces).toBeLessThan(30)
  await vi.advanceTimersByTimeAsync(limits.announceLonelyMs)
  expect(tracker.announces).toBeGreaterThan(20)
  expect(rtc.made).toEqual([])
})

for (const [first, second] of [[0, 10], [10, 0], [10, 10]] as const) {
  test(`${first === 0 ? 'a seed' : 'a leecher'} and then ${second === 0 ? 'a seed' : 'a leecher'}: they meet at once, with one connection`, async () => {
    const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
    const one = visitor(tracker, rtc, 'a', first)
    one.listing.start()
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    const two = visitor(tracker, rtc, 'b', second)
    two.listing.start()
    await settle()
    expect(one.sockets.map(({ id }) => id)).toEqual(['b'.repeat(40)])
    expect(two.sockets.map(({ id }) => id)).toEqual(['a'.repeat(40)])
    expect(rtc.live).toBe(2)
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    expect(rtc.made).toHaveLength(2)
  })
}

test('seeds do not seek each other', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  for (const id of ['a', 'b', 'c']) visitor(tracker, rtc, id, 0).listing.start()
  await vi.advanceTimersByTimeAsync(10 * 60_000)
  expect(rtc.made).toEqual([])
})

test('a seed that knows another seed only still looks for who needs it', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  const seed = visitor(tracker, rtc, 'a', 0, new Set(['b'.repeat(40)]))
  seed.listing.start()
  await settle()
  visitor(tracker, rtc, 'b', 10).listing.start() // will have it all in a moment
  await settle()
  tracker.peers.set('b'.repeat(40), { ...tracker.peers.get('b'.repeat(40))!, left: 0 })
  tracker.peers.delete('a'.repeat(40)) // forgets it for a while, as it would on a restart
  const newcomer = visitor(tracker, rtc, 'c', 10)
  newcomer.listing.start()
  await settle()
  seed.listing.start()
  await settle()
  expect(newcomer.sockets.map(({ id }) => id).sort()).toEqual(['a'.repeat(40), 'b'.repeat(40)])
})

test('a newcomer is met at once although the tracker deals offers to those first who are connected already', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  const ids = ['b', 'c', 'd']
  const seed = visitor(tracker, rtc, 'a', 0)
  seed.listing.start()
  for (const id of ids) visitor(tracker, rtc, id, 10).listing.start()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(seed.sockets).toHaveLength(3)
  tracker.peers.set('e'.repeat(40), { listing: visitor(tracker, rtc, 'e', 10).listing, left: 10 }) // there, but makes no offer itself
  seed.listing.start()
  await settle()
  expect(seed.sockets.map(({ id }) => id)).toContain('e'.repeat(40))
})

test('offers that nobody takes are closed in time, and never more than some are open', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  for (let index = 0; index < 20; index++) tracker.peers.set(String(index), { listing: undefined as unknown as Listing, left: 0 }) // gone, but not yet forgotten
  const { listing } = visitor(tracker, rtc, 'a', 10)
  listing.start()
  for (let second = 0; second < 300; second++) {
    await vi.advanceTimersByTimeAsync(1000)
    expect(rtc.live).toBeLessThanOrEqual(limits.offersAtOnce)
  }
  listing.close()
  await settle()
  expect(rtc.live).toBe(0)
})

test('many leechers that come together all meet the seed', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  const seed = visitor(tracker, rtc, 'a', 0)
  seed.listing.start()
  const leechers = ['b', 'c', 'd', 'e', 'f', '1', '2', '3'].map(id => visitor(tracker, rtc, id, 10))
  for (const { listing } of leechers) listing.start()
  await vi.advanceTimersByTimeAsync(60_000)
  for (const { sockets } of leechers) expect(sockets.map(({ id }) => id)).toContain('a'.repeat(40))
})

test('a tracker that refuses us counts as none, and a socket that goes takes its offers along', async () => {
  const [tracker, rtc] = [new FakeTracker(), new FakeRtc()]
  tracker.peers.set('gone', { listing: undefined as unknown as Listing, left: 0 })
  const { listing } = visitor(tracker, rtc, 'a', 10)
  listing.start()
  await settle()
  expect([listing.answers, rtc.live]).toEqual([true, 1])
  listing.receive({ kind: 'failure', infohash, reason: 'no' })
  expect(listing.answers).toBe(false)
  listing.down()
  await settle()
  expect([listing.answers, rtc.live]).toEqual([false, 0])
})
