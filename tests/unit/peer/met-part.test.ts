import { expect, test } from 'vitest'
import { Hamt } from '../../../src/hamt/index.ts'
import { MetPart } from '../../../src/peer/met-part.ts'
import type { LedgerValues } from '../../../src/peer/desk-parts.ts'
import { StateView, peerAt, peerIdAt, peerTotal, relayAt, relayTotal } from '../../../src/state/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import type { Neighbour } from '../../../src/sync/index.ts'

const [ann, ben] = ['T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', 'TVnVYpgpw3BXkt4uGh5XL63H1a4EWKGyZv']

test('relays and peers are noted once, with the peer id an account has now', async () => {
  const store = await memLedgerStore<LedgerValues>({ states: 10, bodies: 10 })
  let met: readonly Neighbour[] = [{ id: 'relay', address: null, relays: ['relay'] }, { id: 'first', address: ann, relays: ['relay'] }]
  const part = new MetPart({ store }, () => met)
  const view = async () => new StateView(await Hamt.open(store.local.nodes, store.local.root!))
  part.onStatus()
  part.onStatus()
  await expect.poll(() => store.local.root).not.toBeNull()
  expect([await relayTotal(await view()), await peerTotal(await view())]).toEqual([1, 1])
  expect([await relayAt(await view(), 0), await peerAt(await view(), 0)]).toEqual(['/p2p/relay', { address: ann, peerId: 'first' }])

  const before = store.local.root
  met = [{ id: 'second', address: ann, relays: ['relay'] }, { id: 'other', address: ben, relays: ['relay', 'another'] }]
  part.onStatus()
  await expect.poll(() => store.local.root).not.toEqual(before)
  expect([await relayTotal(await view()), await peerTotal(await view())]).toEqual([2, 2])
  expect([await peerIdAt(await view(), ann), await peerIdAt(await view(), ben)]).toEqual(['second', 'other'])
})
