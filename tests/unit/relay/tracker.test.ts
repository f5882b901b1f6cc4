import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { judgeTrackerMessage } from '../../../src/relay/tracker-message.ts'
import { RawWebSocket, frame, upgrade } from './raw-socket.ts'
import { runningRelay } from './running.ts'

const infohash = 'h'.repeat(20)
const offers = [{ offer: { type: 'offer', sdp: 'v=0 offer' }, offer_id: 'o'.repeat(20) }]

/** A tracker client: what it heard, and a way to say things. */
async function visitor(port: number, peerId: string) {
  const socket = new RawWebSocket(`ws://127.0.0.1:${port}/announce`)
  const heard: Record<string, unknown>[] = []
  socket.addEventListener('message', event => heard.push(JSON.parse((event as MessageEvent<string>).data) as Record<string, unknown>))
  await new Promise(done => { socket.addEventListener('open', done) })
  const peer_id = peerId.padEnd(20, '.')
  return { socket, heard, announce: (more: object = {}) => { socket.send(JSON.stringify({ action: 'announce', info_hash: infohash, peer_id, left: 1, event: 'started', ...more })) } }
}

test('two visitors find each other: announce, offer, answer', async () => {
  const { port, metrics } = await runningRelay()
  const [anna, ben] = [await visitor(port, 'anna'), await visitor(port, 'ben')]
  anna.announce({ left: 0 })
  await expect.poll(() => anna.heard).toHaveLength(1)
  expect(anna.heard[0]).toMatchObject({ action: 'announce', complete: 1, incomplete: 0, info_hash: infohash })
  ben.announce({ offers })
  await expect.poll(() => anna.heard).toHaveLength(2)
  expect(anna.heard[1]).toEqual({ action: 'announce', ...offers[0], peer_id: 'ben'.padEnd(20, '.'), info_hash: infohash })
  anna.announce({ event: undefined, answer: { type: 'answer', sdp: 'v=0 answer' }, to_peer_id: 'ben'.padEnd(20, '.'), offer_id: offers[0]?.offer_id })
  await expect.poll(() => ben.heard).toHaveLength(2)
  expect(ben.heard[1]).toMatchObject({ answer: { type: 'answer', sdp: 'v=0 answer' }, peer_id: 'anna'.padEnd(20, '.') })
  expect([metrics.read('tracker_sockets'), metrics.read('tracker_swarms'), metrics.read('tracker_peers')]).toEqual([2, 1, 2])
  ben.socket.send(JSON.stringify({ action: 'scrape', info_hash: infohash }))
  await expect.poll(() => ben.heard).toHaveLength(3)
  expect(ben.heard[2]).toMatchObject({ action: 'scrape', files: { [infohash]: { complete: 1, incomplete: 1 } } })
})

test('who leaves or is killed is forgotten, and an empty swarm with the last', async () => {
  const { port, metrics } = await runningRelay()
  const [anna, ben] = [await visitor(port, 'anna'), await visitor(port, 'ben')]
  anna.announce()
  ben.announce()
  await expect.poll(() => metrics.read('tracker_peers')).toBe(2)
  anna.announce({ event: 'stopped' })
  await expect.poll(() => metrics.read('tracker_peers')).toBe(1)
  ben.socket.cut()
  await expect.poll(() => [metrics.read('tracker_swarms'), metrics.read('tracker_sockets')]).toEqual([0, 1])
  anna.announce({ offers })
  await expect.poll(() => anna.heard.at(-1)).toMatchObject({ complete: 0, incomplete: 1 })
})

test('who leaves and comes back in one breath is there', async () => {
  const { port, metrics } = await runningRelay()
  const { socket } = await upgrade(port, '/announce')
  const said = (event: string) => frame(1, Buffer.from(JSON.stringify({ action: 'announce', info_hash: infohash, peer_id: 'a'.repeat(20), left: 0, event })))
  socket.resume().write(Buffer.concat([said('started'), said('stopped'), said('started')]))
  await expect.poll(() => metrics.counted('tracker_messages_total', 'announce')).toBe(3)
  await new Promise(done => { setTimeout(done, 50) })
  expect(metrics.read('tracker_peers')).toBe(1)
  const ben = await visitor(port, 'ben')
  ben.announce()
  await expect.poll(() => ben.heard.at(-1)).toMatchObject({ complete: 1, incomplete: 1 })
  socket.destroy()
})

test('a second socket of the same person takes over, and the end of the first changes nothing', async () => {
  const { port, metrics } = await runningRelay()
  const old = await visitor(port, 'anna')
  old.announce()
  await expect.poll(() => old.heard).toHaveLength(1)
  const fresh = await visitor(port, 'anna')
  fresh.announce()
  await expect.poll(() => fresh.heard).toHaveLength(1)
  old.socket.cut()
  await expect.poll(() => metrics.read('tracker_sockets')).toBe(1)
  const ben = await visitor(port, 'ben')
  ben.announce({ offers })
  await expect.poll(() => fresh.heard).toHaveLength(2)
  expect(metrics.read('tracker_peers')).toBe(2)
})

const announce = { action: 'announce', info_hash: infohash, peer_id: 'p'.repeat(20) }
const garbage: Record<string, string> = {
  'nothing': '',
  'no JSON': '{"action":',
  'null': 'null',
  'a number': '5',
  'a list': '[1]',
  'no action': '{}',
  'an action of an object': '{"action":"constructor"}',
  'a short infohash': JSON.stringify({ ...announce, info_hash: 'short' }),
  'an infohash beyond bytes': JSON.stringify({ ...announce, info_hash: '\u20ac'.repeat(20) }),
  'a number for a peer id': JSON.stringify({ ...announce, peer_id: 5 }),
  'null among the offers': JSON.stringify({ ...announce, offers: [null] }),
  'offers that only look like a list': JSON.stringify({ ...announce, offers: { length: 5 } }),
  'a thousand offers': JSON.stringify({ ...announce, offers: Array(1000).fill(offers[0]) }),
  'an unknown event': JSON.stringify({ ...announce, event: '__proto__' }),
  'an answer to nobody': JSON.stringify({ ...announce, answer: { type: 'answer', sdp: '' } }),
  'a scrape of everything': '{"action":"scrape"}',
  'a scrape with offers': JSON.stringify({ action: 'scrape', info_hash: 5, offers: [{}] }),
  'nested lists': '['.repeat(50_000) + ']'.repeat(50_000),
}

test.each(Object.entries(garbage))('%s is refused before the tracker sees it', (_, message) => {
  expect(judgeTrackerMessage(message)).toMatchObject({ ok: false })
})

test('who says that no number of bytes is left is not taken for one who has it all', async () => {
  const { port } = await runningRelay()
  const anna = await visitor(port, 'anna')
  anna.socket.send(JSON.stringify({ action: 'announce', info_hash: infohash, peer_id: 'anna'.padEnd(20, '-'), event: 'started', left: 7 }).replace('7}', '1e999}'))
  await expect.poll(() => anna.heard.at(-1)).toMatchObject({ action: 'announce', complete: 0, incomplete: 1 })
})

test('the relay says why, and goes on', async () => {
  const { port, metrics } = await runningRelay()
  const anna = await visitor(port, 'anna')
  for (const message of Object.values(garbage)) anna.socket.send(message)
  await expect.poll(() => anna.heard).toHaveLength(Object.keys(garbage).length)
  expect(anna.heard.every(answer => typeof answer['failure reason'] === 'string')).toBe(true)
  expect(metrics.counted('refused_total', 'tracker-garbage')).toBe(Object.keys(garbage).length)
  anna.announce()
  await expect.poll(() => anna.heard.at(-1)).toMatchObject({ action: 'announce', incomplete: 1 })
})

test('a socket that talks too much is closed', async () => {
  const { port, metrics } = await runningRelay()
  const anna = await visitor(port, 'anna')
  const closed = new Promise(done => { anna.socket.addEventListener('close', done) })
  for (let i = 0; i <= limits.trackerBurst + 200; i++) anna.socket.send('5')
  await closed
  expect(metrics.counted('refused_total', 'tracker-rate')).toBeGreaterThan(0)
})

test('one address gets so many places, and they come back', async () => {
  const { port, metrics } = await runningRelay({ perAddress: 2 })
  const anna = await visitor(port, 'anna')
  const hash = (i: number) => String(i).padStart(20, '0')
  for (let i = 0; i <= 2 * limits.trackerAddressPlaces; i++) anna.announce({ info_hash: hash(i) })
  await expect.poll(() => anna.heard).toHaveLength(2 * limits.trackerAddressPlaces + 1)
  expect(anna.heard).toContainEqual({ action: 'announce', info_hash: hash(2 * limits.trackerAddressPlaces), 'failure reason': 'too many peers of this address' })
  anna.announce({ info_hash: hash(0), event: 'stopped' })
  await expect.poll(() => metrics.read('tracker_swarms')).toBe(2 * limits.trackerAddressPlaces - 1)
  anna.announce()
  await expect.poll(() => anna.heard.at(-1)).toMatchObject({ action: 'announce', info_hash: infohash })
})
