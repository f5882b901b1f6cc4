import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { fromHex, loadSecp256k1, type Alarm, type Cid, type Random } from '../../../src/base/index.ts'
import { Ledger, localNetwork, parametersToJson, type Allocation, type Parameters, type Transaction } from '../../../src/ledger/index.ts'
import { askState, ledgerOf, makePeerRecord, openRequests, peersProtocol, requestRates, servePeers, serveRequests, serveState, type NetNode } from '../../../src/net/index.ts'
import { processAlarm } from '../../../src/relay/anchor/alarm.ts'
import type { KeepReport } from '../../../src/relay/keep/keep.ts'
import type { Relay, RelayParts } from '../../../src/relay/relay.ts'
import { LedgerStore } from '../../../src/store/index.ts'
import { memRecords } from '../../../src/store/ledger/mem-records.ts'
import { answerOver, askOver, startSync, type Neighbour, type StateNetwork, type Sync, type SyncValues } from '../../../src/sync/index.ts'
import { mine } from '../../support/mine.ts'
import { runningRelay } from './running.ts'
import { addressOf, reservedTab } from './tab.ts'

const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }
const clock: Alarm = processAlarm
export const seconds = (): number => Math.floor(Date.now() / 1000)

export interface Health { readonly anchor: { readonly running: boolean, readonly height?: number, readonly problem: string | null } | null, readonly kept: KeepReport }
export const healthOf = async (relay: Relay): Promise<Health> => await (await fetch(`${relay.url}health`)).json() as Health

async function parametersOf(relay: Relay): Promise<Parameters> {
  return ledgerOf(await (await fetch(`${relay.url}network.json`)).json())!
}

/** A tab with a ledger and a peer of the network over it, which asks the relay's anchor and nobody else. */
export interface LedgerTab { readonly node: Libp2p, readonly ledger: Ledger, readonly sync: Sync, leave(): Promise<void> }

export async function ledgerTab(relay: Relay, prepare: (handle: NetNode['handle']) => Promise<void> = async () => {}): Promise<LedgerTab> {
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
    await prepare(handle)
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

/** Puts blocks on its head, at times that have come; the first has what is given. */
export async function grow({ ledger }: Pick<LedgerTab, 'ledger'>, blocks: number, transactions: readonly Transaction[] = []): Promise<Cid> {
  for (let i = 0; i < blocks; i++) {
    const { header, body } = await mine(ledger, { seconds: 10, transactions: i === 0 ? transactions : [] })
    const verdict = await ledger.offer(header, body, seconds())
    expect(verdict.ok ? null : verdict).toBeNull()
  }
  return ledger.head.root
}

/** A relay in a folder, of a network that began so long ago that blocks fit. */
export async function relayIn(data: string, port = 0, { allocations = [], ...options }: Partial<RelayParts> & { readonly allocations?: readonly Allocation[] } = {}): Promise<Relay & { readonly logged: readonly string[] }> {
  const path = join(data, 'ledger-local.json')
  if (!(await readdir(data)).includes('ledger-local.json')) await writeFile(path, JSON.stringify(parametersToJson({ ...localNetwork(seconds() - 3600), allocations })))
  return await runningRelay({ data, port, ...options })
}
