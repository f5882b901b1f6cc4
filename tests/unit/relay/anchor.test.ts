import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { open, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fromHex, limits, loadSecp256k1, type Alarm, type Cid, type Random } from '../../../src/base/index.ts'
import { Ledger, localNetwork, parametersToJson, type Parameters } from '../../../src/ledger/index.ts'
import { askState, ledgerOf, makePeerRecord, openRequests, peersProtocol, requestRates, servePeers, serveRequests, serveState, stateProtocol, type NetNode } from '../../../src/net/index.ts'
import { processAlarm } from '../../../src/relay/anchor/alarm.ts'
import { ReservedTabs } from '../../../src/relay/anchor/reserved-tabs.ts'
import { Metrics } from '../../../src/relay/metrics.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { LedgerStore } from '../../../src/store/index.ts'
import { memRecords } from '../../../src/store/ledger/mem-records.ts'
import { answerOver, askOver, encodeAnswer, startSync, type Neighbour, type StateNetwork, type Sync, type SyncValues } from '../../../src/sync/index.ts'
import { mine } from '../../support/mine.ts'
import { runningRelay, temporaryFolder } from './running.ts'
import { addressOf, reservedTab } from './tab.ts'

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
const clock: Alarm = processAlarm
const seconds = (): number => Math.floor(Date.now() / 1000)

interface Health { readonly anchor: { readonly running: boolean, readonly height?: number, readonly problem: string | null } | null }
const healthOf = async (relay: Relay): Promise<Health> => await (await fetch(`${relay.url}health`)).json() as Health

async function parametersOf(relay: Relay): Promise<Parameters> {
  return ledgerOf(await (await fetch(`${relay.url}network.json`)).json())!
}

/** A tab with a ledger and a peer of the network over it, which asks the relay's anchor and nobody else. */
interface LedgerTab { readonly node: Libp2p, readonly ledger: Ledger, readonly sync: Sync, leave(): Promise<void> }

async function ledgerTab(relay: Relay): Promise<LedgerTab> {
  const parameters = await parametersOf(relay)
  const store = await LedgerStore.open<SyncValues>(memRecords(), { states: 3000, bodies: 3000 })
  const ledger = await Ledger.open({ parameters, store, signatures: await loadSecp256k1() })
  const key = await generateKeyPair('Ed25519')
  const record = await makePeerRecord(key, { relays: [String(addressOf(relay))], seq: 1 }, fromHex(relay.network)!)
  const rates = requestRates(clock)
  let sync: Sync | null = null
  const node = await reservedTab(relay, key, async beginning => {
    const handle: NetNode['handle'] = async (protocol, handler) => await serveRequests(beginning, protocol, handler, { rates })
    await handle(peersProtocol('local'), servePeers({ own: () => record, known: () => [] }))
    await serveState({ handle }, 'local', async (question, from) => await answerOver(async (...asked) => await sync!.answer(...asked))(question, from))
  })
  const requests = new Map<string, ReturnType<typeof openRequests>>()
  const request: NetNode['request'] = async (id, protocol, value, options) => {
    const stream = requests.get(id) ?? openRequests(node, peerIdFromString(id), protocol)
    requests.set(id, stream)
    return await stream.request(value, options)
  }
  const neighbours: readonly Neighbour[] = [{ id: relay.peerId, address: null, relays: [relay.peerId] }]
  const network: StateNetwork = {
    neighbours: () => neighbours,
    ask: askOver(async (id, question, signal) => await askState({ request }, id, 'local', question, signal)),
    distrust: (_id, why) => { expect.unreachable(why) },
  }
  sync = await startSync({ ledger, network, memory: store, clock, random, onChange() {} })
  const peer = sync
  let left: Promise<void> | null = null
  const leave = async (): Promise<void> => await (left ??= (async () => {
    await peer.stop()
    await node.stop()
  })())
  onTestFinished(leave)
  return { node, ledger, sync, leave }
}

/** Puts blocks on its head, at times that have come. */
async function grow({ ledger }: LedgerTab, blocks: number): Promise<Cid> {
  for (let i = 0; i < blocks; i++) {
    const { header, body } = await mine(ledger, { seconds: 10 })
    const verdict = await ledger.offer(header, body, seconds())
    expect(verdict.ok ? null : verdict).toBeNull()
  }
  return ledger.head.root
}

/** A relay in a folder, of a network that began so long ago that blocks fit. */
async function relayIn(data: string, port = 0): Promise<Relay & { readonly logged: readonly string[] }> {
  const path = join(data, 'ledger-local.json')
  if (!(await readdir(data)).includes('ledger-local.json')) await writeFile(path, JSON.stringify(parametersToJson(localNetwork(seconds() - 3600))))
  return await runningRelay({ data, port })
}

/** Whether two tabs meet over the relay's circuits. */
async function meet(relay: Relay): Promise<void> {
  const [dora, emil] = [await reservedTab(relay), await reservedTab(relay)]
  await dora.dial(emil.getMultiaddrs()[0]!, { signal: AbortSignal.timeout(5000) })
  expect(dora.getConnections(emil.peerId)).toHaveLength(1)
}

test('it follows a tab, and gives the chain to another when the first is gone and the relay was started anew', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data)
  expect((await healthOf(relay)).anchor).toMatchObject({ running: true, height: 0, problem: null })
  const anna = await ledgerTab(relay)
  await grow(anna, 20)
  await expect.poll(async () => (await healthOf(relay)).anchor?.height, { timeout: 15_000 }).toBe(20)
  const tip = await grow(anna, 1)
  await expect.poll(async () => (await healthOf(relay)).anchor?.height, { timeout: 15_000 }).toBe(21)
  expect(await (await fetch(`${relay.url}metrics`)).text()).toMatch(/holdfast_anchor_height 21\n/)
  await anna.leave()

  const ben = await ledgerTab(relay)
  ben.sync.start()
  await expect.poll(() => ben.ledger.head.root, { timeout: 15_000 }).toBe(tip)
  await ben.leave()
  await relay.stop()

  const again = await relayIn(data, relay.port)
  expect((await healthOf(again)).anchor).toMatchObject({ running: true, height: 21 })
  const cleo = await ledgerTab(again)
  cleo.sync.start()
  await expect.poll(() => cleo.ledger.head.root, { timeout: 15_000 }).toBe(tip)
  expect(cleo.ledger.head.header.number).toBe(21)
}, 90_000)

test('a relay whose ledger is damaged says so, and relays', async () => {
  const data = await temporaryFolder()
  const relay = await relayIn(data)
  const anna = await ledgerTab(relay)
  await grow(anna, 2)
  await expect.poll(async () => (await healthOf(relay)).anchor?.height, { timeout: 15_000 }).toBe(2)
  await relay.stop()
  const file = await open(join(data, `ledger-${relay.network}`, 'log-1'), 'r+')
  await file.write(Buffer.of(0xff, 0xff, 0xff, 0xff), 0, 4, 50)
  await file.close()

  const again = await relayIn(data)
  expect((await healthOf(again)).anchor).toEqual({ running: false, problem: 'storage-damaged' })
  expect(again.logged).toContain('anchor-failed')
  await meet(again)
}, 60_000)

test('of two relays on the same data the first keeps the ledger, and both relay', async () => {
  const data = await temporaryFolder()
  const first = await relayIn(data)
  const second = await relayIn(data)
  expect([(await healthOf(first)).anchor, (await healthOf(second)).anchor]).toMatchObject([{ running: true }, { running: false, problem: 'storage-busy' }])
  await meet(first)
  await meet(second)
}, 20_000)

test('without an anchor a relay keeps no ledger and answers nothing about it', async () => {
  const data = await temporaryFolder()
  const relay = await runningRelay({ data, anchor: false })
  expect((await healthOf(relay)).anchor).toBeNull()
  expect((await readdir(data)).filter(name => name.startsWith('ledger-'))).toEqual(['ledger-local.json'])
  const tab = await reservedTab(relay)
  const requests = openRequests(tab, peerIdFromString(relay.peerId), stateProtocol('local'))
  await expect(requests.request(new Uint8Array([1]))).rejects.toMatchObject({ code: 'unsupported' })
  requests.close()
}, 20_000)

test('tabs that say what is false are not asked for a while; the others are', async () => {
  let now = 0
  const asked: string[] = []
  const record = { peerId: '', relays: [], seq: 1, signature: new Uint8Array() }
  const metrics = new Metrics()
  const tabs = new ReservedTabs({
    name: 'local', clock: { now: () => now }, metrics,
    node: {
      peerId: 'relay', reserved: () => ['a', 'b'].map(peerId => ({ peerId, record: { ...record, peerId } })), handle: async () => async () => {},
      async request(id) {
        asked.push(id)
        return id === 'a' ? 'no bytes' : encodeAnswer('votes', { statements: [] })
      },
    },
  })
  expect(tabs.neighbours()).toEqual([{ id: 'a', address: null, relays: ['relay'] }, { id: 'b', address: null, relays: ['relay'] }])
  const { signal } = new AbortController()
  expect(await tabs.ask('a', 'votes', { have: [] }, signal)).toMatchObject({ ok: false, code: 'bad-reply' })
  expect(await tabs.ask('b', 'votes', { have: [] }, signal)).toEqual({ ok: true, value: { statements: [] } })
  expect([metrics.counted('anchor_asked_total', 'bad-reply'), metrics.counted('anchor_asked_total', 'answered')]).toEqual([1, 1])
  for (let fault = 0; fault <= limits.peerFaults; fault++) {
    expect(tabs.neighbours()).toHaveLength(2)
    tabs.distrust('a')
  }
  expect(tabs.neighbours().map(({ id }) => id)).toEqual(['b'])
  now += limits.peerBlockMs
  expect(tabs.neighbours()).toHaveLength(2)
})
