import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromString } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { RateLimiter, accept, fromHex, limits, reject } from '../../../src/base/index.ts'
import { judgePeers, makePeerRecord, openRequests, peersProtocol, servePeers, serveRequests, type PeerRecord } from '../../../src/net/index.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { runningRelay } from './running.ts'
import { addressOf, reservedTab, tab } from './tab.ts'

const protocol = peersProtocol('local')

/** A tab that holds a slot and answers for itself with `record`; `serving` first, as real tabs do. */
async function knownTab(relay: Relay, relays: readonly string[] = [String(addressOf(relay))]) {
  const key = await generateKeyPair('Ed25519')
  const record = await makePeerRecord(key, { relays, seq: 1 }, fromHex(relay.network)!)
  const asked = { times: 0 }
  const node = await reservedTab(relay, key, async beginning => { await answerFor(beginning, record, asked) })
  return { node, record, asked }
}

async function answerFor(node: Parameters<typeof serveRequests>[0], record: PeerRecord, asked: { times: number }) {
  const clock = { now: () => Date.now() }
  const rates = { peer: new RateLimiter({ burst: 100, perSecond: 100 }, clock), all: new RateLimiter({ burst: 100, perSecond: 100 }, clock) }
  await serveRequests(node, protocol, servePeers({ own: () => { asked.times++; return record }, known: () => [] }), { rates })
}

async function peersKnown(node: Awaited<ReturnType<typeof tab>>, relay: Relay): Promise<readonly string[]> {
  const requests = openRequests(node, peerIdFromString(relay.peerId), protocol)
  const judged = await judgePeers(await requests.request({ have: 0 }), fromHex(relay.network)!)
  requests.close()
  return judged.ok ? judged.value.map(({ peerId }) => peerId) : expect.fail(judged.reason)
}

test('tabs with a slot are told to those who ask, as long as they are there', async () => {
  const relay = await runningRelay()
  const [anna, ben] = [await knownTab(relay), await knownTab(relay)]
  await expect.poll(() => relay.metrics.read('peer_records')).toBe(2)
  const visitor = await tab()
  await visitor.dial(addressOf(relay))
  expect((await peersKnown(visitor, relay)).toSorted()).toEqual([anna.record.peerId, ben.record.peerId].toSorted())
  expect(await peersKnown(anna.node, relay)).toEqual([ben.record.peerId])
  await ben.node.stop()
  await expect.poll(() => relay.metrics.read('peer_records')).toBe(1)
  expect(await peersKnown(anna.node, relay)).toEqual([])
})

test('whoever asks and is done may ask again and again', async () => {
  const relay = await runningRelay()
  const visitor = await tab()
  await visitor.dial(addressOf(relay))
  for (let times = 0; times < 2 * limits.protocolStreams; times++) expect(await peersKnown(visitor, relay)).toEqual([])
  expect(visitor.getConnections()).toHaveLength(1)
})

test('a tab that has no record of its own, or one that names another relay, is not told', async () => {
  const relay = await runningRelay()
  const other = await runningRelay()
  await reservedTab(relay)
  const stranger = await knownTab(relay, [String(addressOf(other))])
  const liar = await makePeerRecord(await generateKeyPair('Ed25519'), { relays: [String(addressOf(relay))], seq: 1 }, fromHex(relay.network)!)
  const asked = { times: 0 }
  await reservedTab(relay, undefined, async node => { await answerFor(node, liar, asked) })
  // Asked for the second time: what came the first time was not taken.
  await expect.poll(() => [asked.times, stranger.asked.times, relay.metrics.counted('peer_records_total', 'unsupported')], { timeout: 4000 }).toEqual([2, 2, 1])
  expect(await peersKnown(stranger.node, relay)).toEqual([])
  expect(relay.metrics.read('peer_records')).toBe(0)
})

test('a tab that cannot answer the first time is asked again', async () => {
  const relay = await runningRelay()
  const key = await generateKeyPair('Ed25519')
  const record = await makePeerRecord(key, { relays: [String(addressOf(relay))], seq: 1 }, fromHex(relay.network)!)
  const clock = { now: () => Date.now() }
  const rates = { peer: new RateLimiter({ burst: 100, perSecond: 100 }, clock), all: new RateLimiter({ burst: 100, perSecond: 100 }, clock) }
  let times = 0
  await reservedTab(relay, key, async node => {
    await serveRequests(node, protocol, () => ++times === 1 ? reject('rate-limited', 'too busy') : accept({ records: [record] }), { rates })
  })
  await expect.poll(() => relay.metrics.read('peer_records'), { timeout: 4000 }).toBe(1)
  expect(times).toBe(2)
})

test('a tab whose reply is longer than any is cut off, and has no record', async () => {
  const relay = await runningRelay()
  const clock = { now: () => Date.now() }
  const rates = { peer: new RateLimiter({ burst: 100, perSecond: 100 }, clock), all: new RateLimiter({ burst: 100, perSecond: 100 }, clock) }
  await reservedTab(relay, undefined, async node => {
    await serveRequests(node, protocol, () => accept({ records: [], more: new Uint8Array(limits.peersReplyBytes) }), { rates })
  })
  await expect.poll(() => relay.metrics.counted('peer_records_total', 'bad-reply'), { timeout: 4000 }).toBe(1)
})
