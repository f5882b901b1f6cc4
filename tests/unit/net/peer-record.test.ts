import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressOfKey, deviceDigest, encodeCbor, loadSecp256k1, noNetworkId, toHex } from '../../../src/base/index.ts'
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

const { publicKey, sign } = await loadSecp256k1()
const [ann, ben] = [1, 2].map(n => ({ secret: new Uint8Array(32).fill(n), address: addressOfKey(publicKey(new Uint8Array(32).fill(n))) })) as [Person, Person]
interface Person { readonly secret: Uint8Array, readonly address: string }

function accountOf({ secret, address }: Person, device: Uint8Array = key.publicKey.raw, networkId: Uint8Array = noNetworkId) {
  return { address, signature: sign(deviceDigest(address, device, networkId), secret) }
}

test('a record says whose device it is', async () => {
  const owned = await makePeerRecord(key, { relays: [relay], seq: 13, account: accountOf(ann) })
  expect(owned.account?.address).toBe(ann.address)
  expect(await judgePeerRecord(owned)).toEqual({ ok: true, value: owned })
  expect(await judgePeerRecord(encodePeerRecord(owned))).toEqual({ ok: true, value: owned })
  expect(await judgePeerRecord({ ...owned, account: undefined })).toMatchObject({ ok: false })
  const { account: _, ...without } = owned
  expect(await judgePeerRecord(without)).toMatchObject({ ok: false, reason: 'the signature is not by its peer id' })
})

test.each([
  ['a signature of somebody else', () => ({ ...accountOf(ann), address: ben.address })],
  ['a signature for another device', () => accountOf(ann, new Uint8Array(32).fill(3))],
  ['a signature for another network', () => accountOf(ann, key.publicKey.raw, new Uint8Array(8).fill(1))],
  ['a signature in its other form', () => ({ ...accountOf(ann), signature: accountOf(ann).signature.map((byte, i) => i === 64 ? byte ^ 1 : byte) })],
  ['a signature that is none', () => ({ ...accountOf(ann), signature: new Uint8Array(65) })],
  ['a signature cut short', () => ({ ...accountOf(ann), signature: accountOf(ann).signature.subarray(1) })],
  ['an address that is none', () => ({ ...accountOf(ann), address: ann.address.replace(/.$/, '1') })],
  ['an address as bytes', () => ({ ...accountOf(ann), address: new Uint8Array(20) as unknown as string })],
  ['a field more', () => ({ ...accountOf(ann), power: 5 })],
  ['nothing', () => null as unknown as Person & { signature: Uint8Array }],
])('an account with %s spoils a record that is signed', async (_, account) => {
  expect(await judgePeerRecord(await makePeerRecord(key, { relays: [], seq: 1, account: account() }))).toMatchObject({ ok: false, reason: expect.stringMatching(/account/) as string })
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
