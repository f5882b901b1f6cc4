import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { expect, test } from 'vitest'
import { publicX25519, toHex, utf8 } from '../../../../src/base/index.ts'
import { envelopeTerms, keyCommitment, openBase, opensTo, sealBase, type EnvelopeContext } from '../../../../src/content/index.ts'
import { somebody } from '../../../support/ledger.ts'

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })
const [secret, ephemeral, key] = [new Uint8Array(32).fill(7), new Uint8Array(32).fill(9), new Uint8Array(32).fill(3)]
const box = publicX25519(secret)
const [ann, ben] = [somebody('Ann').address, somebody('Ben').address]
const context: EnvelopeContext = { network: '0123456789abcdef', cid: 'ab'.repeat(32), owner: ann, purpose: 'access', requester: ben, box: toHex(box), request: null }

test('another implementation opens what is sealed here, and here opens what it sealed', async () => {
  const { info, aad } = envelopeTerms(context)
  const ours = await sealBase(box, key, ephemeral, { info, aad })
  const recipientKey = await suite.kem.importKey('raw', secret.buffer, false)
  expect(new Uint8Array(await suite.open({ recipientKey, enc: ours!.enc.buffer, info: info.slice().buffer }, ours!.ct.buffer, aad.buffer))).toEqual(key)
  const recipientPublicKey = await suite.kem.importKey('raw', box.buffer, true)
  const theirs = await suite.seal({ recipientPublicKey, info: info.slice().buffer }, key.buffer, aad.buffer)
  const envelope = { enc: new Uint8Array(theirs.enc), ct: new Uint8Array(theirs.ct) }
  expect([envelope.enc.length, envelope.ct.length]).toEqual([32, 48])
  expect(await openBase(secret, envelope, { info, aad })).toEqual(key)
})

test('it opens in no other context, for no other secret, and not when it was touched', async () => {
  const terms = envelopeTerms(context)
  const envelope = (await sealBase(box, key, ephemeral, terms))!
  const others: EnvelopeContext[] = [
    { ...context, network: '0123456789abcdee' }, { ...context, cid: 'ac'.repeat(32) }, { ...context, owner: ben }, { ...context, purpose: 'holder' }, { ...context, requester: ann },
    { ...context, box: '00'.repeat(32) }, { ...context, request: '01'.repeat(32) },
  ]
  for (const other of others) expect(await openBase(secret, envelope, envelopeTerms(other))).toBeNull()
  expect(await openBase(ephemeral, envelope, terms)).toBeNull()
  expect(await openBase(secret, envelope, { ...terms, info: utf8('holdfast/dek/2') })).toBeNull()
  expect(await openBase(secret, { ...envelope, ct: envelope.ct.map((byte, i) => i === 47 ? byte ^ 1 : byte) }, terms)).toBeNull()
  expect(await openBase(secret, { ...envelope, ct: envelope.ct.subarray(0, 15) }, terms)).toBeNull()
  expect(await openBase(secret, { ...envelope, enc: new Uint8Array(32) }, terms)).toBeNull()
})

test('nothing is sealed to a box of small order', async () => {
  const low = ['00'.repeat(32), `01${'00'.repeat(31)}`, 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157']
  for (const text of low) expect(await sealBase(Uint8Array.from(Buffer.from(text, 'hex')), key, ephemeral, envelopeTerms(context))).toBeNull()
})

test('a one-time secret shows whether its envelope holds the key that was committed to', async () => {
  const envelope = (await sealBase(box, key, ephemeral, envelopeTerms(context)))!
  const commit = keyCommitment(context.cid, key)
  expect(await opensTo(secret, envelope, context, commit)).toBe(true)
  expect(await opensTo(secret, envelope, context, keyCommitment('ac'.repeat(32), key))).toBe(false)
  expect(await opensTo(ephemeral, envelope, context, commit)).toBe(false)
  const long = (await sealBase(box, new Uint8Array(33), ephemeral, envelopeTerms(context)))!
  expect(await opensTo(secret, long, context, commit)).toBe(false)
})
