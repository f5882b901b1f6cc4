import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { expect, onTestFinished, test } from 'vitest'
import '../../../src/relay/node20.ts'
import { accept, fromHex, limits, reject } from '../../../src/base/index.ts'
import { makePeerRecord, openRequests, peersProtocol, requestRates, servePeers, serveRequests, stateProtocol } from '../../../src/net/index.ts'
import { CircuitRelay } from '../../../src/relay/circuit.ts'
import { Metrics } from '../../../src/relay/metrics.ts'
import { ReservedPeers, type RelayNode } from '../../../src/relay/peers.ts'
import { addressOf, reservedTab, tab } from './tab.ts'

const clock = { now: () => Date.now() }
const protocol = stateProtocol('lab')
const networkId = fromHex('0123456789abcdef')!
const log = { info() {}, warn() {}, error() {} }

interface Place { readonly relay: RelayNode, readonly metrics: Metrics, readonly at: { readonly port: number, readonly peerId: string } }

/** The circuit relay alone, on its loopback port. */
async function place(): Promise<Place> {
  const metrics = new Metrics()
  const circuit = await CircuitRelay.start({ key: await generateKeyPair('Ed25519'), announce: [], relayBytes: 2 ** 20, relayHourBytes: 2 ** 30, maxReservations: 10, clock, metrics, log })
  const relay = await ReservedPeers.start(circuit, 'lab', clock, metrics, networkId)
  onTestFinished(async () => {
    relay.stop()
    await circuit.stop()
  })
  const port = Number(/\/tcp\/(\d+)\//.exec(String(circuit.node.getMultiaddrs()[0]))?.[1])
  return { relay, metrics, at: { port, peerId: circuit.peerId } }
}

/** A tab with a slot, which says so, for a network; `answer` is what it answers about the ledger. */
async function tabHere({ at }: Place, answer: (request: unknown) => unknown, id: Uint8Array = networkId): Promise<Libp2p> {
  const key = await generateKeyPair('Ed25519')
  const record = await makePeerRecord(key, { relays: [String(addressOf(at))], seq: 1 }, id)
  return await reservedTab(at, key, async node => {
    await serveRequests(node, peersProtocol('lab'), servePeers({ own: () => record, known: () => [] }), { rates: requestRates(clock) })
    await serveRequests(node, protocol, async request => accept(await answer(request)), { rates: requestRates(clock) })
  })
}

const codeOf = async (promise: Promise<unknown>) => await promise.then(() => 'answered', (error: unknown) => (error as { code: string }).code)

test('the relay asks the tabs that have a slot, over the connections they made, and nobody else', async () => {
  const here = await place()
  const [anna, ben] = [await tabHere(here, request => request), await tabHere(here, request => request, new Uint8Array(8))]
  await expect.poll(() => here.relay.reserved().map(({ peerId }) => peerId), { timeout: 5000 }).toEqual([anna.peerId.toString()])
  expect(here.relay.reserved()[0]?.record.relays).toHaveLength(1)
  expect(await here.relay.request(anna.peerId.toString(), protocol, Uint8Array.of(1))).toEqual(Uint8Array.of(1))
  expect(await here.relay.request(ben.peerId.toString(), protocol, Uint8Array.of(2)), 'its record is of another network').toEqual(Uint8Array.of(2))
  const away = await tab()
  expect(await codeOf(here.relay.request(away.peerId.toString(), protocol, Uint8Array.of(3)))).toBe('peer-unreachable')
  await anna.stop()
  await expect.poll(async () => await codeOf(here.relay.request(anna.peerId.toString(), protocol, Uint8Array.of(4)))).toBe('peer-unreachable')
  expect(here.relay.reserved()).toEqual([])
}, 30_000)

test('a tab that is silent keeps its slot', async () => {
  const here = await place()
  const anna = await tabHere(here, async request => (request as Uint8Array)[0] === 0 ? await new Promise(() => {}) : request)
  const id = anna.peerId.toString()
  expect(await codeOf(here.relay.request(id, protocol, Uint8Array.of(0), { timeoutMs: 300 }))).toBe('timeout')
  expect([here.metrics.read('reservations'), here.metrics.read('connections')]).toEqual([1, 1])
  expect(await here.relay.request(id, protocol, Uint8Array.of(1))).toEqual(Uint8Array.of(1))
}, 20_000)

test('the relay answers under its own peer id, so many questions of a tab and no more', async () => {
  const here = await place()
  const stop = await here.relay.handle(protocol, (request, { peerId }) => request instanceof Uint8Array ? accept([request, peerId]) : reject('bad-input', 'no bytes'))
  const anna = await reservedTab(here.at)
  const requests = openRequests(anna, peerIdFromString(here.relay.peerId), protocol)
  const ask = async (value: unknown) => await requests.request(value)
  expect(await ask(Uint8Array.of(1))).toEqual([Uint8Array.of(1), anna.peerId.toString()])
  expect(await codeOf(ask('text'))).toBe('bad-input')
  const many = await Promise.all(Array.from({ length: 2 * limits.anchorBurst }, async () => await codeOf(ask(Uint8Array.of(1)))))
  const answered = many.filter(code => code === 'answered').length
  expect(answered).toBeGreaterThanOrEqual(limits.anchorBurst - 2)
  expect(answered).toBeLessThan(limits.anchorBurst + 60)
  expect(new Set(many)).toEqual(new Set(['answered', 'rate-limited']))
  const peers = openRequests(anna, peerIdFromString(here.relay.peerId), peersProtocol('lab'))
  expect(await peers.request({ have: 0 }), 'who is here is told all the same').toEqual({ records: [] })
  await stop()
  requests.close()
  expect(await codeOf(openRequests(anna, peerIdFromString(here.relay.peerId), protocol).request(Uint8Array.of(1)))).toBe('unsupported')
}, 30_000)

test('what is no frame is counted and ends the stream', async () => {
  const here = await place()
  await here.relay.handle(protocol, request => accept(request))
  const anna = await reservedTab(here.at)
  const [connection] = anna.getConnections(peerIdFromString(here.relay.peerId))
  const stream = await connection!.newStream(protocol)
  const ended = new Promise(resolve => { stream.addEventListener('close', resolve) })
  stream.send(Uint8Array.of(3, 0xff, 0xff, 0xff))
  await ended
  await expect.poll(() => here.metrics.counted('refused_total', 'ledger-garbage')).toBe(1)
}, 20_000)
