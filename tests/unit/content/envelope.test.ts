import { CipherSuite, Aes256Gcm, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { expect, test } from 'vitest'
import { boxOf, envelopeInfo, envelopeScope, keyCommitment, openEnvelope, type Envelope, type EnvelopeScope } from '../../../src/content/index.ts'
import { addressBytes, fromHex, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { noise } from '../../support/bytes.ts'
import { somebody } from '../../support/ledger.ts'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const [ada, ben] = [somebody('Ada'), somebody('Ben')]
const secret = sha256(utf8('a one-time secret'))
const scope: EnvelopeScope = { network: '0123456789abcdef', cid: 'ab'.repeat(32), owner: ada.address, purpose: 'access', requester: ben.address, box: toHex(boxOf(secret)), request: null }
const key = noise(32, 'a key')

async function seal(to: Uint8Array, bytes: Uint8Array, aad: Uint8Array<ArrayBuffer>): Promise<Envelope> {
  const { enc, ct } = await suite.seal({ recipientPublicKey: await suite.kem.deserializePublicKey(to), info: envelopeInfo }, new Uint8Array(bytes).buffer, aad)
  return { enc: new Uint8Array(enc), ct: new Uint8Array(ct) }
}

test('what an HPKE library seals is opened', async () => {
  const envelope = await seal(boxOf(secret), key, envelopeScope(scope))
  expect(envelope.ct).toHaveLength(48)
  expect(await openEnvelope(secret, envelope, envelopeScope(scope))).toEqual(new Uint8Array(key))
})

test.each<[string, Partial<EnvelopeScope>]>([
  ['network', { network: 'fedcba9876543210' }], ['file', { cid: 'cd'.repeat(32) }], ['owner', { owner: ben.address }], ['purpose', { purpose: 'holder' }], ['requester', { requester: ada.address }],
  ['box', { box: '09'.repeat(32) }], ['request', { request: new Uint8Array(32).fill(1) }],
])('an envelope for another %s does not open', async (_, changed) => {
  const envelope = await seal(boxOf(secret), key, envelopeScope(scope))
  expect(await openEnvelope(secret, envelope, envelopeScope({ ...scope, ...changed }))).toBeNull()
})

test('one to another key, with other bytes, or from a point of small order does not open', async () => {
  const envelope = await seal(boxOf(secret), key, envelopeScope(scope))
  expect(await openEnvelope(sha256(secret), envelope, envelopeScope(scope))).toBeNull()
  expect(await openEnvelope(secret, { ...envelope, ct: envelope.ct.map((byte, i) => i === 47 ? byte ^ 1 : byte) }, envelopeScope(scope))).toBeNull()
  expect(await openEnvelope(secret, { ...envelope, enc: new Uint8Array(32) }, envelopeScope(scope))).toBeNull()
})

test('scopes and commitments never change', () => {
  expect(toHex(envelopeScope(scope))).toBe([
    '87', '48', scope.network, '5820', scope.cid, '54', '', '00', '54', '', '5820', scope.box, '5820', '00'.repeat(32),
  ].map((part, i) => i === 6 ? toHex(addressBytes(ada.address)!) : i === 9 ? toHex(addressBytes(ben.address)!) : part).join(''))
  expect(keyCommitment('ab'.repeat(32), new Uint8Array(32))).toBe(toHex(sha256(new Uint8Array([...utf8('holdfast/dek/1'), 0, ...fromHex('ab'.repeat(32))!, ...new Uint8Array(32)]))))
})
