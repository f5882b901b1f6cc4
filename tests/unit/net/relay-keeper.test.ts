import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Libp2p } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { expect, test } from 'vitest'
import { RelayKeeper } from '../../../src/net/relay-keeper.ts'

const turn = async () => { await new Promise(done => { setTimeout(done) }) }

test('a relay that is being dialled when the device is back is tried again soon, however long it was gone', async () => {
  let now = 1_000_000
  const fails: (() => void)[] = []
  const node = {
    dial: async () => await new Promise((_, fail) => { fails.push(() => { fail(new Error('no way')) }) }),
    getConnections: () => [], getMultiaddrs: () => [], hangUp: async () => {},
  } as unknown as Libp2p
  const keeper = new RelayKeeper(node, { now: () => now }, { bytes: length => new Uint8Array(length) }, () => {})
  const peer = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1)))
  keeper.setRelays([`/ip4/127.0.0.1/tcp/8080/ws/p2p/${peer.toString()}`])
  for (let tries = 0; tries < 10; tries++) {
    fails.pop()?.()
    await turn()
    now = keeper.states()[0]?.retryAt ?? now
    keeper.tick()
  }
  expect(keeper.states()[0]?.retryAt).toBe(null) // it is being dialled
  keeper.nudge()
  fails.pop()?.()
  await turn()
  expect((keeper.states()[0]?.retryAt ?? Infinity) - now).toBeLessThan(2000)
  keeper.stop()
})

test('a relay that is taken off the list while it is dialled is left once it answers', async () => {
  let connected = false
  let answer = (): void => {}
  const node = {
    dial: async () => { await new Promise<void>(done => { answer = () => { connected = true; done() } }) },
    getConnections: () => connected ? [{ status: 'open' }] : [], getMultiaddrs: () => [], hangUp: async () => { connected = false },
  } as unknown as Libp2p
  const keeper = new RelayKeeper(node, { now: () => 0 }, { bytes: length => new Uint8Array(length) }, () => {})
  const peer = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1)))
  keeper.setRelays([`/ip4/127.0.0.1/tcp/8080/ws/p2p/${peer.toString()}`])
  keeper.setRelays([])
  await turn()
  answer()
  await turn()
  expect(connected).toBe(false)
  keeper.stop()
})
