import '../../../src/relay/node20.ts'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { streamPair } from '@libp2p/utils'
import { expect, test } from 'vitest'
import { accept } from '../../../src/base/index.ts'
import { requestRates, serveRequests } from '../../../src/net/index.ts'
import { Asking } from '../../../src/net/asking.ts'

const peer = peerIdFromPrivateKey(await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1)))

/** A peer that is reached once `answer` says so. */
async function slowPeer() {
  let serve: (stream: Stream, connection: Connection) => void = () => {}
  await serveRequests({ handle: async (_: string, given: typeof serve) => { serve = given }, unhandle: async () => {} }, '/echo', request => accept(request), { rates: requestRates({ now: () => Date.now() }) })
  const [connections, streams]: [Connection[], Stream[]] = [[], []]
  const connection = {
    remotePeer: peer, status: 'open',
    newStream: async () => {
      const [near, far] = await streamPair()
      streams.push(near)
      serve(far, connection)
      return near
    },
  } as unknown as Connection
  const waiting: ((connects: boolean) => void)[] = []
  const asking = new Asking({ getConnections: () => connections } as unknown as Libp2p, {
    connect: async () => await new Promise((connect, fail) => { waiting.push(connects => { if (connects) connect(connection); else fail(new Error('no way')) }) }),
    onFault: () => {},
  })
  const answer = (connects: boolean): void => {
    if (connects) connections.push(connection)
    for (const each of waiting.splice(0)) each(connects)
  }
  return { asking, streams, waiting, answer }
}

test('questions that are given up on the way to a peer leave the one stream that the others go over', async () => {
  const { asking, streams, waiting, answer } = await slowPeer()
  for (let times = 0; times < 5; times++) {
    const given = new AbortController()
    const asked = asking.request(peer.toString(), '/echo', times, { signal: given.signal })
    given.abort()
    await expect(asked).rejects.toMatchObject({ code: 'aborted' })
  }
  const last = asking.request(peer.toString(), '/echo', 'last')
  const dials = waiting.length
  answer(true)
  expect([await last, dials, streams.length]).toEqual(['last', 1, 1])
})

test('a peer that left while a question was asked of it again is asked over the same stream afterwards', async () => {
  const { asking, streams, answer } = await slowPeer()
  const first = asking.request(peer.toString(), '/echo', 1)
  asking.forget(peer.toString())
  const second = asking.request(peer.toString(), '/echo', 2)
  answer(true)
  expect([await first, await second, streams.length]).toEqual([1, 2, 1])
})

test('a peer that could not be reached is dialled anew', async () => {
  const { asking, streams, answer } = await slowPeer()
  const first = asking.request(peer.toString(), '/echo', 1)
  await new Promise(done => { setTimeout(done) })
  answer(false)
  await expect(first).rejects.toMatchObject({ code: 'peer-unreachable' })
  const second = asking.request(peer.toString(), '/echo', 2)
  await new Promise(done => { setTimeout(done) })
  answer(true)
  expect([await second, streams.length]).toEqual([2, 1])
})
