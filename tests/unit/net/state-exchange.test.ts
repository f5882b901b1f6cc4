import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from '@libp2p/interface'
import { ed25519 } from '@noble/curves/ed25519.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RateLimiter, accept, addressOfKey, deviceDigest, fromHex, limits, loadSecp256k1, reject } from '../../../src/base/index.ts'
import { askState, judgePeers, openRequests, peersProtocol, relayIdOf, serveRequests, serveState, stateProtocol, type FrameKind } from '../../../src/net/index.ts'
import { signTyped } from '../../../src/keys/signing.ts'
import { LabRelay, clock, labNode, network, relayState, stranger, until, type LabNode } from './lab.ts'

interface Seen { readonly direction: 'in' | 'out', readonly peerId: string, readonly protocol: string, readonly kind: FrameKind, readonly id: number }

const networkHex = '0123456789abcdef'
const networkId = fromHex(networkHex)!
const frames: Seen[] = []
/** Of a's clock; it only goes forward, as clocks do. */
let ahead = 0
let relay: LabRelay
let a: LabNode
let b: LabNode
const strangers: Libp2p[] = []
const patience = () => AbortSignal.timeout(10_000)
const idOf = ({ node }: LabNode) => node.state.peerId

beforeAll(async () => {
  relay = await LabRelay.start(61)
  a = await labNode([relay], 62, [], { clock: { now: () => Date.now() + ahead } })
  b = await labNode([relay], 63, [], { onFrame: (direction, peerId, protocol, kind, id) => { frames.push({ direction, peerId, protocol, kind, id }) } })
  await serveState(b.node, network, async (question, from) => {
    if (question[0] === 0) return reject('not-found', 'nothing of that sort')
    return accept(question[0] === 1 ? new Uint8Array(limits.frameBytes) : Uint8Array.of(...question, from.length))
  })
  await until(() => a.node.state.peers.length === 1 && b.node.state.peers.length === 1, 'a link each way')
}, 30_000)
afterAll(async () => {
  await Promise.all([a.node.stop(), b.node.stop(), ...strangers.map(async node => { await node.stop() })])
  await relay.kill()
})

async function newcomer(): Promise<Libp2p> {
  const node = await stranger(relay)
  strangers.push(node)
  return node
}

const rates = () => ({ peer: new RateLimiter({ burst: 100, perSecond: 100 }, clock), all: new RateLimiter({ burst: 100, perSecond: 100 }, clock) })
const linked = ({ node }: LabNode, peer: Libp2p) => node.state.peers.some(({ peerId }) => peerId === peer.peerId.toString())

test('the bytes of a question are answered with bytes, or with why not', async () => {
  expect(await askState(a.node, idOf(b), network, Uint8Array.of(7, 8), patience())).toEqual(accept(Uint8Array.of(7, 8, idOf(a).length)))
  expect(await askState(a.node, idOf(b), network, Uint8Array.of(0), patience())).toMatchObject({ ok: false, code: 'not-found' })
  expect(await askState(a.node, idOf(b), network, Uint8Array.of(1), patience())).toMatchObject({ ok: false, code: 'too-large' })
  expect(await askState(b.node, idOf(a), network, Uint8Array.of(7), patience())).toMatchObject({ ok: false, code: 'unsupported' })
  expect(await askState(a.node, idOf(b), network, Uint8Array.of(7), AbortSignal.abort())).toMatchObject({ ok: false, code: 'aborted' })
}, 20_000)

test.each([['a text', 'future'], ['nothing', null], ['a map', { future: { pool: 0 } }], ['no bytes', new Uint8Array(0)]])('%s is no question', async (_, value) => {
  await expect(a.node.request(idOf(b), stateProtocol(network), value)).rejects.toMatchObject({ code: 'bad-input' })
})

test('what comes back and is no byte string is no answer', async () => {
  const node = await newcomer()
  await serveRequests(node, stateProtocol(network), () => accept('yes'), { rates: rates() })
  expect(await askState(a.node, node.peerId.toString(), network, Uint8Array.of(1), patience())).toMatchObject({ ok: false, code: 'bad-reply' })
}, 20_000)

test('every frame is told, and each that left as an answer was asked for', async () => {
  await askState(a.node, idOf(b), network, Uint8Array.of(7, 8), patience())
  const owed = new Map<string, number>()
  for (const { direction, peerId, protocol, kind, id } of frames) {
    const key = [peerId, protocol, id].join(' ')
    if (direction === 'in' && kind === 'request') owed.set(key, (owed.get(key) ?? 0) + 1)
    if (direction !== 'out' || kind === 'request') continue
    expect(owed.get(key), key).toBeGreaterThan(0)
    owed.set(key, owed.get(key)! - 1)
  }
  const said = (direction: string, kind: string) => frames.filter(frame => frame.direction === direction && frame.kind === kind && frame.protocol === stateProtocol(network) && frame.peerId === idOf(a)).length
  expect(said('in', 'request')).toBeGreaterThan(6)
  expect(said('out', 'reply') + said('out', 'error')).toBe(said('in', 'request'))
  expect(said('out', 'error')).toBeGreaterThan(4)
  expect(frames.some(({ direction, kind, protocol }) => direction === 'in' && kind === 'reply' && protocol === peersProtocol(network))).toBe(true)
}, 20_000)

test('neighbours are the relay under its own name, and who is found through it', () => {
  const relayId = relayIdOf(relay.address)
  expect(a.node.neighbours()[0]).toEqual({ id: relayId, address: null, relays: [relayId] })
  expect(a.node.neighbours()).toContainEqual({ id: idOf(b), address: null, relays: [relayId] })
  expect(a.node.neighbours().map(({ id }) => id)).not.toContain(idOf(a))
})

test('who is asked and nothing more is connected for a while, is no peer of ours, and is not asked for peers', async () => {
  const node = await newcomer()
  const id = node.peerId.toString()
  let asked = 0 // by the relay it is asked, too
  await serveRequests(node, stateProtocol(network), request => accept(request), { rates: rates() })
  await serveRequests(node, peersProtocol(network), (_, { limited }) => { if (limited) asked++; return accept({ records: [] }) }, { rates: rates() })
  const open = () => node.getConnections(peerIdFromString(idOf(a))).length
  expect(await askState(a.node, id, network, Uint8Array.of(5), patience())).toEqual(accept(Uint8Array.of(5)))
  expect(a.node.neighbours()).toContainEqual({ id, address: null, relays: [relayIdOf(relay.address)] })

  ahead += limits.errandMs - 5000
  await new Promise(resolve => { setTimeout(resolve, 1200) })
  expect([open(), linked(a, node), asked]).toEqual([1, false, 0])
  expect(await askState(a.node, id, network, Uint8Array.of(6), patience())).toEqual(accept(Uint8Array.of(6)))
  ahead += limits.errandMs - 5000
  await new Promise(resolve => { setTimeout(resolve, 700) })
  expect(open()).toBe(1)
  ahead += 7000
  await until(() => open() === 0, 'the circuit is closed')
  expect(a.node.neighbours().map(neighbour => neighbour.id)).not.toContain(id)
  expect(a.node.state.peers.map(({ peerId }) => peerId)).toContain(idOf(b))
}, 30_000)

test('who asks is a peer of ours once it asks for peers', async () => {
  const node = await newcomer()
  await node.dial(multiaddr(`${relay.address}/p2p-circuit/p2p/${idOf(b)}`))
  const ask = async (protocol: string, value: unknown) => await openRequests(node, peerIdFromString(idOf(b)), protocol).request(value)
  expect(await ask(stateProtocol(network), Uint8Array.of(9))).toBeInstanceOf(Uint8Array)
  await new Promise(resolve => { setTimeout(resolve, 800) })
  expect(linked(b, node)).toBe(false)
  await ask(peersProtocol(network), { have: 0 })
  await until(() => linked(b, node), 'the stranger is a peer')
}, 30_000)

test('who says what is false is cut off in the end, and spoken with again after a while', async () => {
  const node = await newcomer()
  const id = node.peerId.toString()
  await serveRequests(node, stateProtocol(network), request => accept(request), { rates: rates() })
  const answer = async () => await askState(a.node, id, network, Uint8Array.of(5), patience())
  for (let faults = 0; faults < limits.peerFaults; faults++) {
    expect(await answer()).toMatchObject({ ok: true })
    a.node.distrust(id)
  }
  expect(await answer()).toMatchObject({ ok: true })
  a.node.distrust(id)
  expect(await answer()).toMatchObject({ ok: false, code: 'peer-unreachable' })
  await until(() => node.getConnections(peerIdFromString(idOf(a))).length === 0, 'the connection is cut')
  expect(a.node.neighbours().map(neighbour => neighbour.id)).not.toContain(id)
  ahead += limits.peerBlockMs + 1
  expect(await answer()).toMatchObject({ ok: true })
}, 30_000)

test('a relay whose peer says what is false stays a relay', async () => {
  const id = relayIdOf(relay.address)
  a.node.distrust(id, 5)
  expect(a.node.neighbours().map(neighbour => neighbour.id)).not.toContain(id)
  await new Promise(resolve => { setTimeout(resolve, 700) })
  expect(relayState(a.node, relay)).toBe('reserved')
  ahead += limits.peerBlockMs + 1
  expect(a.node.neighbours()[0]?.id).toBe(id)
}, 20_000)

test('peers learn whose device it is, and on which network', async () => {
  const { publicKey } = await loadSecp256k1()
  const [secret, device] = [new Uint8Array(32).fill(9), new Uint8Array(32).fill(62)]
  const address = addressOfKey(publicKey(secret))
  const binding = { address, device: new Uint8Array(ed25519.getPublicKey(device)) }
  const signature = await signTyped('device', networkHex, binding, { address, device }, secret)
  expect((await loadSecp256k1()).recover(deviceDigest(address, binding.device, networkId), signature)).toEqual(publicKey(secret))

  const addressHere = () => b.node.neighbours().find(({ id }) => id === idOf(a))?.address
  const ownRecord = async () => {
    const judged = await judgePeers(await b.node.request(idOf(a), peersProtocol(network), { have: 0 }), networkId)
    return judged.ok ? judged.value.find(({ peerId }) => peerId === idOf(a)) : null
  }
  await a.node.setNetworkId(networkId)
  a.node.setAccount({ address, signature: signature.map(byte => byte ^ 1) })
  await expect.poll(async () => (await ownRecord())?.seq).toBe(a.seqs.at(-1))
  expect((await ownRecord())?.account, 'what is not its account is left out').toBeUndefined()
  a.node.setAccount({ address, signature })
  await b.node.setNetworkId(networkId)
  await until(() => addressHere() === address, 'the account of a is known')
  a.node.setAccount(null)
  await until(() => addressHere() === null, 'a record without the account')
}, 30_000)
