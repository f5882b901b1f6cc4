import { expect, test } from 'vitest'
import { addressOfKey, loadSecp256k1, toHex } from '../../../src/base/index.ts'
import { boxOf, dissemOf, keyCommitment, keyReplyDigest, keyRequestDigest, readWrappedKeys, type EnvelopeScope, type UnsignedKeyReply, type UnsignedKeyRequest } from '../../../src/content/index.ts'
import { createKeyService } from '../../../src/keys/service.ts'
import { memDatabase } from '../../../src/store/index.ts'
import { somebody } from '../../support/ledger.ts'
import { noise as noisy } from '../../support/bytes.ts'
import { random, tdfOf } from '../../support/tdf.ts'

const network = '0123456789abcdef'
const cid = 'ab'.repeat(32)
const ann = somebody('Ann').address

function device(hasX25519?: () => Promise<boolean>) {
  const database = memDatabase()
  database.close = async () => {}
  return createKeyService({ open: async () => database, ...hasX25519 === undefined ? {} : { hasX25519 } })
}

/** Somebody with a key of a file, somebody who is to have it, and the envelope's context. */
async function two(ownX25519 = false) {
  const has = ownX25519 ? async () => false : undefined
  const [giver, taker] = [device(has), device()]
  const key = random.bytes(32)
  const { address, box } = await taker.publicKeys()
  const context: EnvelopeScope = { network, cid, owner: ann, purpose: 'access', requester: address, box: toHex(box), request: null }
  return { giver, taker, key, sealed: await giver.seal(key), context, commit: keyCommitment(cid, key) }
}

test.each([false, true])('a key goes from one person to another, and is kept there (without X25519 of the browser: %s)', async own => {
  const { giver, taker, key, sealed, context, commit } = await two(own)
  expect(await giver.keyCommit(cid, sealed)).toBe(commit)
  const envelope = await giver.sealFor(sealed, commit, context)
  expect([envelope.enc.length, envelope.ct.length]).toEqual([32, 48])
  expect(await taker.reveal((await taker.openEnvelope(envelope, commit, context))!)).toEqual(key)
})

test('what does not open, or opens to another key, is nothing', async () => {
  const { giver, taker, sealed, context, commit } = await two()
  const envelope = await giver.sealFor(sealed, commit, context)
  expect(await taker.openEnvelope(envelope, commit, { ...context, cid: 'ac'.repeat(32) })).toBeNull()
  expect(await taker.openEnvelope(envelope, commit, { ...context, purpose: 'holder' })).toBeNull()
  expect(await taker.openEnvelope(envelope, commit, { ...context, request: new Uint8Array(32).fill(1) })).toBeNull()
  expect(await taker.openEnvelope(envelope, keyCommitment(cid, random.bytes(32)), context)).toBeNull()
  expect(await taker.openEnvelope({ ...envelope, ct: envelope.ct.slice(1) }, commit, context)).toBeNull()
  expect(await taker.openEnvelope({ ...envelope, enc: new Uint8Array(32) }, commit, context)).toBeNull()
  await expect(giver.openEnvelope(envelope, commit, context)).rejects.toMatchObject({ code: 'not-own' })
  await expect(taker.openEnvelope(envelope, commit, { ...context, box: toHex(boxOf(random.bytes(32))) })).rejects.toMatchObject({ code: 'not-own' })
})

test('a wrong key is sealed for nobody, and none for a box that is nobody’s', async () => {
  const { giver, sealed, context, commit } = await two()
  await expect(giver.sealFor(sealed, keyCommitment('ac'.repeat(32), random.bytes(32)), context)).rejects.toMatchObject({ code: 'wrong-key' })
  for (const box of ['00'.repeat(32), `01${'00'.repeat(31)}`, 'zz', '']) await expect(giver.sealFor(sealed, commit, { ...context, box })).rejects.toMatchObject({ code: 'no-box' })
})

test('a purchase has a box of its own, whose secret says nothing of others', async () => {
  const { giver, taker, key, sealed, context, commit } = await two()
  const box = await taker.purchaseBox(cid, ann)
  expect(box).not.toBe(context.box)
  expect(box).not.toBe(await taker.purchaseBox('ac'.repeat(32), ann))
  expect(toHex(boxOf(await taker.purchaseSecret(cid, ann)))).toBe(box)
  const envelope = await giver.sealFor(sealed, commit, { ...context, box })
  expect(await taker.reveal((await taker.openEnvelope(envelope, commit, { ...context, box }))!)).toEqual(key)
})

test('the owner takes a key out of the end of a file on a new device; nobody else does', async () => {
  const first = device()
  const { sealed, ...made } = await first.newFileKey(true)
  expect(dissemOf(made.policy)).toEqual([(await first.ensureIdentity()).address])
  const file = await tdfOf(noisy(5000, 'a file'), { ...made, random, mimeType: 'audio/flac', maxBytes: 5000 })
  const commit = await first.keyCommit(cid, sealed)
  let lowest = file.length
  const wraps = await readWrappedKeys(async (at, length) => {
    lowest = Math.min(lowest, at)
    return file.slice(at, at + length)
  }, file.length)
  if (!wraps.ok) throw new Error(wraps.reason)
  expect(lowest).toBeGreaterThan(5000)

  const second = device()
  await second.restore({ words: (await first.words()).join(' ') })
  expect(await second.reveal((await second.recoverKey(wraps.value, cid, commit))!)).toEqual(await first.reveal(sealed))
  expect(await second.recoverKey(wraps.value, 'ac'.repeat(32), commit)).toBeNull()
  expect(await second.recoverKey(wraps.value.map(wrap => ({ ...wrap, wrapped: wrap.wrapped.slice(1) })), cid, commit)).toBeNull()
  expect(await second.recoverKey(wraps.value.map(wrap => ({ ...wrap, ephemeral: random.bytes(91) })), cid, commit)).toBeNull()
  expect(await second.recoverKey([], cid, commit)).toBeNull()
  expect(await device().recoverKey(wraps.value, cid, commit)).toBeNull()
})

test('an open key is taken where it is the right one', async () => {
  const service = device()
  const key = random.bytes(32)
  expect(await service.reveal((await service.takeKey(toHex(key), cid, keyCommitment(cid, key)))!)).toEqual(key)
  for (const wrong of [toHex(random.bytes(32)), toHex(key).slice(2), 'zz']) expect(await service.takeKey(wrong, cid, keyCommitment(cid, key))).toBeNull()
})

test('requests and replies are signed by who they are, on their network', async () => {
  const service = device()
  const { address } = await service.ensureIdentity()
  const request: UnsignedKeyRequest = { version: 1, network, cid, owner: ann, purpose: 'access', requester: address, box: '09'.repeat(32), holder: ann, nonce: new Uint8Array(16) }
  const reply: UnsignedKeyReply = { version: 1, request: cid, status: 'unknown', reason: null, retry: 0, holders: [], enc: null, ct: null }
  const { recover } = await loadSecp256k1()
  const signer = (digest: Uint8Array, signature: Uint8Array) => addressOfKey(recover(digest, signature)!)
  expect(signer(keyRequestDigest(request), await service.sign('keyRequest', network, request))).toBe(address)
  expect(signer(keyReplyDigest(reply, network), await service.sign('keyReply', network, reply))).toBe(address)
  await expect(service.sign('keyRequest', network, { ...request, requester: ann })).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('keyRequest', 'fedcba9876543210', request)).rejects.toMatchObject({ code: 'not-own' })
  await expect(service.sign('keyRequest', network, { ...request, nonce: new Uint8Array(15) })).rejects.toMatchObject({ code: 'bad-input' })
})

test('nothing of a locked person is opened', async () => {
  const { giver, taker, sealed, context, commit } = await two()
  const envelope = await giver.sealFor(sealed, commit, context)
  const database = memDatabase()
  database.close = async () => {}
  const service = createKeyService({ open: async () => database })
  await service.ensureIdentity()
  await service.setPassphrase('', 'tide and moon')
  const locked = createKeyService({ open: async () => database })
  for (const act of [locked.openEnvelope(envelope, commit, context), locked.recoverKey([], cid, commit), locked.purchaseBox(cid, ann), locked.purchaseSecret(cid, ann)]) await expect(act).rejects.toMatchObject({ code: 'locked' })
  expect(await taker.openEnvelope(envelope, commit, context)).not.toBeNull()
}, 20_000)
