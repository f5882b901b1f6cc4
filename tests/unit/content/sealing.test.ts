import { CipherSuite, Aes256Gcm, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { expect, test } from 'vitest'
import { fromHex, toHex } from '../../../src/base/index.ts'
import { boxOf, envelopeInfo, envelopeScope, openEnvelope, sealEnvelope, type EnvelopeScope } from '../../../src/content/index.ts'
import { somebody } from '../../support/ledger.ts'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const [secret, ephemeral, key] = [7, 9, 3].map(byte => new Uint8Array(32).fill(byte)) as [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>]
const scope: EnvelopeScope = { network: '0123456789abcdef', cid: 'ab'.repeat(32), owner: somebody('Ann').address, purpose: 'access', requester: somebody('Ben').address, box: toHex(boxOf(secret)), request: null }

test('an HPKE library opens what is sealed here, and so do we', async () => {
  const aad = envelopeScope(scope)
  const envelope = (await sealEnvelope(ephemeral, boxOf(secret), key, aad))!
  expect([envelope.enc.length, envelope.ct.length]).toEqual([32, 48])
  const recipientKey = await suite.kem.importKey('raw', secret.buffer, false)
  expect(new Uint8Array(await suite.open({ recipientKey, enc: envelope.enc.buffer, info: envelopeInfo.buffer }, envelope.ct.buffer, aad.buffer))).toEqual(key)
  expect(await openEnvelope(secret, envelope, aad)).toEqual(key)
})

test.each(['00'.repeat(32), `01${'00'.repeat(31)}`, 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157'])('nothing is sealed to %s, which is nobody’s', async box => {
  expect(await sealEnvelope(ephemeral, fromHex(box)!, key, envelopeScope(scope))).toBeNull()
})
