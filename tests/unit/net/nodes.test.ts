import { afterAll, beforeAll, expect, test } from 'vitest'
import { accept, limits, reject, type HoldfastError } from '../../../src/base/index.ts'
import { contentProtocol, entriesQuestion, holdsQuestion, judgeEntries, judgeHolds, judgePeerRecord, serveContent } from '../../../src/net/index.ts'
import { entryHash } from '../../../src/records/index.ts'
import { chainNamed, entryOf, firstEntryOf } from '../../support/records.ts'
import { LabRelay, labNode, relayState, stepOf, until, type LabNode } from './lab.ts'

const protocol = '/holdfast/echo/1/lab'
let relay: LabRelay
let a: LabNode
let b: LabNode
const codeOf = async (promise: Promise<unknown>) => await promise.then(() => 'no error', (error: unknown) => (error as HoldfastError).code)

beforeAll(async () => {
  relay = await LabRelay.start(21)
  a = await labNode([relay], 31)
  await until(() => relayState(a.node, relay) === 'reserved', 'a is reserved')
  b = await labNode([relay], 32)
  await b.node.handle(protocol, async request => {
    if (request === 'hang') await new Promise(() => {})
    return accept(request)
  })
}, 30_000)
afterAll(async () => {
  await Promise.all([a.node.stop(), b.node.stop()])
  await relay.kill()
})

test('two nodes find each other through the relay', async () => {
  await until(() => a.node.state.peers.length === 1 && b.node.state.peers.length === 1, 'a link each way')
  expect(a.node.state.peers[0]).toMatchObject({ peerId: b.node.state.peerId, path: 'relayed' })
  expect([stepOf(a.node, 'signalling'), stepOf(a.node, 'direct')]).toMatchObject([{ state: 'done' }, { state: 'stuck', reason: 'no-webrtc' }])
  await until(() => b.node.state.peers[0]?.relays.length === 1, 'it is known where a is found')
}, 30_000)

test('questions are answered over the relay', async () => {
  expect(await a.node.request(b.node.state.peerId, protocol, { text: 'hello', bytes: new Uint8Array(5) })).toEqual({ text: 'hello', bytes: new Uint8Array(5) })
  const many = Array.from({ length: limits.requestsInFlight }, (_, n) => n)
  expect(await Promise.all(many.map(async n => await a.node.request(b.node.state.peerId, protocol, n)))).toEqual(many)
}, 20_000)

test('entries of records are asked of who has them, and given over the relay too', async () => {
  const [one, two] = [firstEntryOf('log'), entryOf(chainNamed('log'), { payload: 10_240 })]
  const hashes = [one, two].map(entryHash)
  const here = new Map([[hashes[0], one], [hashes[1], two]])
  const serve = serveContent({ byCid: () => null, byInfohash: () => null }, { section: async () => null, receipt: async () => reject('not-found', 'none'), entries: { read: async asked => asked.map(hash => here.get(hash) ?? null) }, volume: () => null })
  const stop = await b.node.handle(contentProtocol('lab'), serve)
  const wanted = [...hashes, 'ab'.repeat(32)]
  const ask = async (question: unknown) => await a.node.request(b.node.state.peerId, contentProtocol('lab'), question)
  expect(judgeEntries(await ask(entriesQuestion(wanted)), wanted)).toEqual(accept([one, two, null]))
  expect(judgeHolds(await ask(holdsQuestion(wanted)), wanted)).toEqual(accept(hashes))
  expect(await codeOf(ask({ entries: { hashes: [] } }))).toBe('bad-input')
  await stop()
}, 20_000)

test('what nobody answers, and who does not exist, is told apart', async () => {
  expect(await codeOf(a.node.request(b.node.state.peerId, '/holdfast/nothing/1/lab', 1))).toBe('unsupported')
  expect(await codeOf(a.node.request('12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', protocol, 1))).toBe('peer-unreachable')
  expect(await codeOf(a.node.request(b.node.state.peerId, protocol, new Uint8Array(70_000)))).toBe('too-large')
}, 30_000)

test('after a timeout the connection is made anew', async () => {
  const before = a.node.state.peers[0]?.since ?? 0
  expect(await codeOf(a.node.request(b.node.state.peerId, protocol, 'hang', { timeoutMs: 300 }))).toBe('timeout')
  expect(await a.node.request(b.node.state.peerId, protocol, 'again')).toBe('again')
  await until(() => (a.node.state.peers[0]?.since ?? 0) > before, 'a younger connection')
}, 20_000)

test('a reloaded device is found again under its own name', async () => {
  const { peerId } = b.node.state
  await b.node.stop()
  b = await labNode([relay], 32)
  await b.node.handle(protocol, request => accept(request))
  expect(b.node.state.peerId === '' || b.node.state.peerId === peerId).toBe(true)
  await until(() => relayState(b.node, relay) === 'reserved', 'b is reserved again')
  await expect.poll(async () => await codeOf(a.node.request(peerId, protocol, 'back', { timeoutMs: 2000 })), { timeout: 15_000 }).toBe('no error')
}, 40_000)

test('the relay restarted, and everybody is back', async () => {
  await relay.kill()
  await until(() => stepOf(a.node, 'relay')?.state === 'stuck' && a.node.state.peers.length === 0, 'the loss is seen')
  await relay.resume()
  await until(() => a.node.state.peers.length === 1 && b.node.state.peers.length === 1, 'linked again', 40_000)
  expect(await a.node.request(b.node.state.peerId, protocol, 'after')).toBe('after')
}, 60_000)

test('sequence numbers only grow, and records are good', async () => {
  expect(a.seqs.length).toBeGreaterThan(1)
  expect(a.seqs).toEqual(a.seqs.toSorted((x, y) => x - y))
  const reply = await b.node.request(a.node.state.peerId, '/holdfast/peers/1/lab', { have: 0 }) as { records: unknown[] }
  expect(await judgePeerRecord(reply.records[0])).toMatchObject({ ok: true, value: { peerId: a.node.state.peerId, relays: [relay.address] } })
}, 20_000)
