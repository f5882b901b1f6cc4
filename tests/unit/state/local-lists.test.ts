import { expect, test } from 'vitest'
import { addressOfBytes } from '../../../src/base/index.ts'
import { Hamt } from '../../../src/hamt/index.ts'
import { StateView, addPeer, addRelay, peerAt, peerIdAt, peerTotal, relayAt, relayTotal } from '../../../src/state/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'

const addressAt = (i: number) => addressOfBytes(Uint8Array.of(...new Uint8Array(18), i >> 8, i & 255))

/** Does something with the lists and keeps what came of it in the trie of a device. */
async function device() {
  const { local } = await memLedgerStore({ states: 10, bodies: 10 })
  return async <T>(act: (view: StateView) => Promise<T>): Promise<T> => {
    const trie = local.root === null ? Hamt.empty(local.nodes) : await Hamt.open(local.nodes, local.root)
    const view = new StateView(trie)
    const result = await act(view)
    await trie.update(view.changes())
    await local.commit(trie.commit(local.nextPack))
    return result
  }
}

test('relays and peers are noted once, and a peer with the id it has now', async () => {
  const act = await device()
  await act(async view => {
    await addRelay(view, '/dns/a/ws')
    await addRelay(view, '/dns/b/ws')
    await addRelay(view, '/dns/a/ws')
    await addPeer(view, addressAt(1), 'one')
    await addPeer(view, addressAt(2), 'two')
  })
  await act(async view => { await addPeer(view, addressAt(1), 'newer') })
  await act(async view => {
    expect([await relayTotal(view), await relayAt(view, 0), await relayAt(view, 1), await relayAt(view, 2)]).toEqual([2, '/dns/a/ws', '/dns/b/ws', null])
    expect([await peerTotal(view), await peerAt(view, 0), await peerAt(view, 1), await peerAt(view, 2)]).toEqual([2, { address: addressAt(1), peerId: 'newer' }, { address: addressAt(2), peerId: 'two' }, null])
    expect([await peerIdAt(view, addressAt(1)), await peerIdAt(view, addressAt(9))]).toEqual(['newer', null])
  })
})

test('of more than a thousand the newest stay, and nothing is left of the others', async () => {
  const act = await device()
  await act(async view => { for (let i = 0; i < 1_003; i++) await addPeer(view, addressAt(i), `peer ${i}`) })
  await act(async view => {
    expect(await peerTotal(view)).toBe(1_000)
    expect(await peerAt(view, 0)).toEqual({ address: addressAt(1_000), peerId: 'peer 1000' })
    expect(await peerAt(view, 3)).toEqual({ address: addressAt(3), peerId: 'peer 3' })
    expect(await peerIdAt(view, addressAt(2))).toBeNull()
    await addPeer(view, addressAt(0), 'back')
    expect(await peerAt(view, 3)).toEqual({ address: addressAt(0), peerId: 'back' })
    expect(await peerIdAt(view, addressAt(3))).toBeNull()
  })
})
