import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { OwnRecord } from '../../../src/net/own-record.ts'
import type { DeviceKey } from '../../../src/net/peer-record.ts'

const relayOf = (port: number) => `/ip4/127.0.0.1/tcp/${String(port)}/ws/p2p/12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5`

test('a record that could not be signed is signed by the next try, and those after it too', async () => {
  const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(1))
  let fails = 0
  const faulty: DeviceKey = { type: key.type, publicKey: key.publicKey, sign: async data => { if (fails-- > 0) throw new Error('not now'); return await key.sign(data) } }
  const seqs: number[] = []
  const own = new OwnRecord(faulty, 0, seq => seqs.push(seq))
  await own.update([relayOf(1)])
  fails = 1
  await expect(own.update([relayOf(2)])).rejects.toThrow('not now')
  expect(own.current?.relays).toEqual([relayOf(1)])
  await own.update([relayOf(2)])
  expect(own.current?.relays).toEqual([relayOf(2)])
  await own.update([relayOf(3)])
  await own.update([relayOf(3)])
  expect([own.current?.relays, seqs]).toEqual([[relayOf(3)], [1, 2, 3, 4]])
})
