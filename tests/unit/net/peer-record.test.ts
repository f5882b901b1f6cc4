import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeCbor, toHex } from '../../../src/base/index.ts'
import { encodePeerRecord, isPeerId, isRelayAddress, judgePeerRecord, makePeerRecord, peerIdOf, relayIdOf } from '../../../src/net/index.ts'

const relay = '/dns/relay.example/tcp/443/tls/ws/p2p/12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7))
const record = await makePeerRecord(key, { relays: [relay], seq: 12 })

test('a record is accepted as bytes and as a value', async () => {
  expect(record.peerId).toBe(peerIdFromPrivateKey(key).toString())
  expect(await judgePeerRecord(record)).toEqual({ ok: true, value: record })
  expect(await judgePeerRecord(encodePeerRecord(record))).toEqual({ ok: true, value: record })
})

test('the same record is the same bytes', async () => {
  expect(toHex(encodePeerRecord(await makePeerRecord(key, { relays: [relay], seq: 12 })))).toBe(toHex(encodePeerRecord(record)))
})

test('a record holds for one network only', async () => {
  const other = new Uint8Array(8).fill(1)
  expect(await judgePeerRecord(record, other)).toMatchObject({ ok: false, reason: 'the signature is not by its peer id' })
  expect((await judgePeerRecord(await makePeerRecord(key, { relays: [], seq: 1 }, other), other)).ok).toBe(true)
})

const stranger = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(8))
test.each([
  ['another sequence number', { ...record, seq: 13 }],
  ['another relay', { ...record, relays: [relay.replace('443', '444')] }],
  ['fewer relays', { ...record, relays: [] }],
  ['another peer id', { ...record, peerId: peerIdFromPrivateKey(stranger).toString() }],
  ['a further field', { ...record, note: '' }],
  ['a field less', { peerId: record.peerId, relays: [relay], signature: record.signature }],
  ['a negative sequence number', { ...record, seq: -1 }],
  ['five relays', { ...record, relays: [1, 2, 3, 4, 5].map(n => relay.replace('443', `44${String(n)}`)) }],
  ['the same relay twice', { ...record, relays: [relay, relay] }],
  ['an address that is no relay', { ...record, relays: ['/ip4/1.2.3.4/tcp/1'] }],
  ['a peer id of another kind of key', { ...record, peerId: 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N' }],
  ['a signature cut short', { ...record, signature: record.signature.subarray(1) }],
  ['a list', [record]],
  ['nothing', null],
  ['bytes in bytes', encodeCbor(encodePeerRecord(record))],
])('%s is refused', async (_, value) => {
  expect(await judgePeerRecord(value)).toMatchObject({ ok: false })
})

test('any bytes are judged, none throw', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
    expect((await judgePeerRecord(bytes)).ok).toBe(false)
  }))
  const bytes = encodePeerRecord(record)
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice()
    changed[at] = (changed[at] ?? 0) ^ 1
    expect((await judgePeerRecord(changed)).ok).toBe(false)
  }
})

test.each([
  ['/ip4/127.0.0.1/tcp/8080/ws/p2p/', true],
  ['/ip6/::1/tcp/8080/ws/p2p/', true],
  ['/dns4/relay.example/tcp/443/wss/p2p/', true],
  ['/ip4/255.0.10.199/tcp/1/ws/p2p/', true], ['/ip4/256.0.0.1/tcp/1/ws/p2p/', false], ['/ip4/1.2.3/tcp/1/ws/p2p/', false], ['/ip4/1.2.3.4./tcp/1/ws/p2p/', false], ['/ip4/01.2.3.4/tcp/1/ws/p2p/', false],
  ['/ip4/relay.example/tcp/1/ws/p2p/', false], ['/ip6/2001:db8::7/tcp/1/ws/p2p/', true], ['/ip6/zz/tcp/1/ws/p2p/', false], ['/ip6/1::2::3/tcp/1/ws/p2p/', false], ['/ip6/1.2.3.4/tcp/1/ws/p2p/', false],
  ['/dns/a:b/tcp/1/ws/p2p/', false], ['/dns/../tcp/1/ws/p2p/', false], ['/dns6/localhost/tcp/1/ws/p2p/', true],
  ['/dns/relay.example/tcp/70000/ws/p2p/', false],
  ['/dns/relay.example/tcp/0/ws/p2p/', false],
  ['/dns/relay.example/udp/443/quic-v1/webtransport/p2p/', false],
  ['/ip4/127.0.0.1/tcp/8080/p2p/', false],
  ['/dns/a b/tcp/80/ws/p2p/', false],
  [`/dns/${'a'.repeat(150)}/tcp/443/tls/ws/p2p/`, false],
  ['/dns/relay.example/tcp/443/tls/ws/p2p/x/p2p-circuit/p2p/', false],
])('%s is a relay address: %s', (start, is) => {
  const id = peerIdOf(key.publicKey.raw)
  expect(isRelayAddress(start + id)).toBe(is)
  expect(relayIdOf(start + id)).toBe(id)
})

test.each([['z'.repeat(45)], ['1'.repeat(46)], ['Q'.repeat(46)], ['QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N'], ['12D3KooWother']])('%s is no peer id, so what ends in it is no address', id => {
  expect(isPeerId(id)).toBe(false)
  expect(isRelayAddress(`/dns/relay.example/tcp/443/tls/ws/p2p/${id}`)).toBe(false)
})
