import { peerIdFromString } from '@libp2p/peer-id'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { openRequests, stateProtocol } from '../../../src/net/index.ts'
import { ReservedTabs } from '../../../src/relay/anchor/reserved-tabs.ts'
import { Metrics } from '../../../src/relay/metrics.ts'
import type { Relay } from '../../../src/relay/relay.ts'
import { encodeAnswer } from '../../../src/sync/index.ts'
import { grow, healthOf, ledgerTab, relayIn } from './ledger-tab.ts'
import { runningRelay, temporaryFolder } from './running.ts'
import { reservedTab } from './tab.ts'

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
