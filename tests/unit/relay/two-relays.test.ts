import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fromHex, type Clock, type Random } from '../../../src/base/index.ts'
import { placesOfHost, startNode, type NetNode, type NetworkPlaces } from '../../../src/net/index.ts'
import { runningRelay, temporaryFolder } from './running.ts'
import './tab.ts'

const clock: Clock = { now: () => Date.now() }
const random: Random = { bytes: length => crypto.getRandomValues(new Uint8Array(length)) }

/** A device's node at these places, whose record is of this ledger. */
async function device(places: NetworkPlaces, number: number, network: string): Promise<NetNode> {
  const node = await startNode({
    places, seed: new Uint8Array(32).fill(number), clock, random, seq: 0, knownRecords: [], onChange() {}, onRecord() {}, onSeq() {}, networkId: fromHex(network)!,
  })
  onTestFinished(async () => { await node.stop() })
  return node
}

const reserved = (node: NetNode) => node.state.relays.filter(({ state }) => state === 'reserved').length

test('relays that name each other: from either file a device holds a slot on both, and two devices meet whichever is left', async () => {
  const [oneData, twoData] = [await temporaryFolder(), await temporaryFolder()]
  const first = await runningRelay({ data: oneData })
  const two = await runningRelay({ data: twoData, network: join(oneData, 'ledger-local.json'), relayPeers: [{ url: first.url, peerId: first.peerId }] })
  await first.stop()
  const one = await runningRelay({ data: oneData, port: first.port, relayPeers: [{ url: two.url, peerId: two.peerId }] })

  const [oneSays, twoSays] = await Promise.all([one, two].map(async ({ port }) => await placesOfHost(`127.0.0.1:${String(port)}`))) as [NetworkPlaces, NetworkPlaces]
  for (const kind of ['relays', 'trackers'] as const) expect(oneSays[kind]).toEqual(twoSays[kind].toReversed())
  expect(one.network).toBe(two.network)
  expect(oneSays.trackers).toEqual([`ws://127.0.0.1:${String(one.port)}/announce`, `ws://127.0.0.1:${String(two.port)}/announce`])

  const [ada, ben] = [await device(oneSays, 1, one.network), await device(twoSays, 2, two.network)]
  await expect.poll(() => [reserved(ada), reserved(ben)], { timeout: 15_000 }).toEqual([2, 2])
  expect([one.metrics.read('reservations'), two.metrics.read('reservations')]).toEqual([2, 2])
  await one.stop()
  await expect.poll(() => [reserved(ada), reserved(ben)], { timeout: 15_000 }).toEqual([1, 1])
  await expect.poll(() => ada.state.peers.map(({ peerId }) => peerId), { timeout: 15_000 }).toEqual([ben.state.peerId])
}, 60_000)
