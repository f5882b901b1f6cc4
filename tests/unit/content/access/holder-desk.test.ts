import { expect, test } from 'vitest'
import { HoldfastError, addressOfKey, limits, type Address } from '../../../../src/base/index.ts'
import { encodeKeyQuestion, envelopeScope, keyReplyDigest, keyRequestId, openEnvelope, scopeOf, type KeyReply, type KeyRequest } from '../../../../src/content/index.ts'
import { signatures } from '../../../support/ledger.ts'
import { ann, asked, ben, boxHex, challenged, cid, eve, hal, holder, key, member, network, purchase, replied, requestOf, secretOf, spoken, type Says } from './world.ts'

async function keyIn(reply: KeyReply, request: KeyRequest, secret: Uint8Array): Promise<Uint8Array | null> {
  return await openEnvelope(secret, { enc: reply.enc!, ct: reply.ct! }, envelopeScope(scopeOf(request)))
}

const nobody = (): Says => ({})

test('who is admitted gets the key, signed by the holder, for this request alone', async () => {
  const { desk, given } = holder()
  const { request, reply } = await asked(desk)
  expect(reply).toMatchObject({ status: 'ok', reason: null, request: keyRequestId(request) })
  const { signature, ...unsigned } = reply
  expect(addressOfKey(signatures.recover(keyReplyDigest(unsigned, network), signature!)!)).toBe(hal.address)
  expect(await keyIn(reply, request, secretOf(ben))).toEqual(key)
  const other = requestOf(new Uint8Array(16))
  expect(await openEnvelope(secretOf(ben), { enc: reply.enc!, ct: reply.ct! }, envelopeScope(scopeOf(other)))).toBeNull()
  expect(given).toEqual([request])
})

test('1: what is no question is a fault; too large ones are not read', async () => {
  const { desk } = holder()
  for (const bytes of [new Uint8Array(0), Uint8Array.of(0xa0), new Uint8Array(limits.keyFrameBytes)]) {
    const { answer, fault } = await desk.answer(bytes, 'peer')
    expect([answer.ok, fault === null]).toEqual([false, false])
  }
})

test('1: who asks too often is told to wait, and nothing is signed for it', async () => {
  const { desk, clock } = holder()
  const statuses: string[] = []
  for (let i = 0; i < limits.keyBurst + 2; i++) statuses.push((await asked(desk)).reply.status)
  expect(statuses).toEqual([...Array.from({ length: limits.keyBurst }, () => 'ok'), 'busy', 'busy'])
  const { reply } = await asked(desk)
  expect(reply).toMatchObject({ status: 'busy', signature: null, retry: 5 })
  clock.ms += 500
  expect((await asked(desk)).reply.status).toBe('ok')
  expect((await asked(desk, { peer: 'another' })).reply.status).toBe('ok')
})

test('1: an account has its share, from however many devices', async () => {
  const { desk, clock } = holder()
  const statuses: string[] = []
  for (let i = 0; i <= limits.keysPerMinute; i++) {
    if (i === 30) clock.ms += 900 // or all of them together were too many
    statuses.push((await asked(desk, { peer: `ben ${String(i)}` })).reply.status)
  }
  expect(statuses).toEqual([...Array.from({ length: limits.keysPerMinute }, () => 'ok'), 'busy'])
  expect((await asked(desk, { from: eve, peer: 'eve' })).reply.status).toBe('denied')
})

test('1: a stranger cannot use up the share of an account', async () => {
  const { desk, clock } = holder()
  for (let i = 0; i < limits.keysPerMinute; i++) {
    clock.ms += 25
    expect((await asked(desk, { signer: eve, peer: `eve ${String(i)}` })).reply.status).toBe('bad-signature')
  }
  expect((await asked(desk)).reply.status).toBe('ok')
})

test('1: all together have a share', async () => {
  const { desk } = holder()
  const statuses: string[] = []
  for (let i = 0; i <= limits.keysPerSecondAll; i++) statuses.push((await asked(desk, { peer: `peer ${String(i)}` })).reply.status)
  expect(statuses.filter(status => status === 'ok')).toHaveLength(limits.keysPerSecondAll)
  expect(statuses.at(-1)).toBe('busy')
})

test('2: another network, another holder, or no nonce of its own is stale', async () => {
  const { desk } = holder()
  expect((await asked(desk, {}, { network: 'fedcba9876543210' })).reply.status).toBe('stale')
  expect((await asked(desk, {}, { holder: ann.address })).reply.status).toBe('stale')
  expect((await replied(desk, requestOf(new Uint8Array(16)))).status).toBe('stale')
})

test('2: a request is good once, and for the peer that got the nonce', async () => {
  const { desk } = holder()
  const { request, reply } = await asked(desk)
  expect(reply.status).toBe('ok')
  expect((await replied(desk, request)).status).toBe('stale')
  const nonce = await challenged(desk, 'peer')
  expect((await replied(desk, requestOf(nonce), 'another')).status).toBe('stale')
  expect((await replied(desk, requestOf(nonce))).status).toBe('ok')
})

test('2: a nonce lives a minute, whatever a wall clock says', async () => {
  const { desk, clock } = holder()
  const [early, late] = [await challenged(desk), await challenged(desk)]
  clock.ms += limits.keyNonceMs - 1
  expect((await replied(desk, requestOf(early))).status).toBe('ok')
  clock.ms += 1
  expect((await replied(desk, requestOf(late))).status).toBe('stale')
})

test('2: nonces are few for each peer, and bounded in all', async () => {
  const { desk, clock } = holder()
  const challenge = encodeKeyQuestion({ challenge: {} })
  for (let i = 0; i < limits.keyNonces; i++) await challenged(desk)
  expect(await spoken(desk, challenge)).toBeNull()
  expect(await spoken(desk, challenge, 'another')).not.toBeNull()
  for (let i = limits.keyNonces + 1; i < limits.keyNoncesAll; i++) await challenged(desk, `peer ${String(i)}`)
  expect(await spoken(desk, challenge, 'one more')).toBeNull()
  clock.ms += limits.keyNonceMs
  expect(await spoken(desk, challenge, 'one more')).not.toBeNull()
  expect(await spoken(desk, challenge)).not.toBeNull()
})

test('3: signed by somebody else is a fault', async () => {
  const { desk } = holder()
  const request = requestOf(await challenged(desk), { signer: eve })
  const { answer, fault } = await desk.answer(encodeKeyQuestion({ request }), 'peer')
  expect(fault).not.toBeNull()
  expect(answer.ok).toBe(true)
  expect((await asked(desk, { signer: eve })).reply.status).toBe('bad-signature')
  const high = requestOf(await challenged(desk))
  expect((await replied(desk, { ...high, signature: new Uint8Array(65) })).status).toBe('bad-signature')
})

test('4: without a safety root of its own, young enough, it says nothing', async () => {
  const { desk, known } = holder()
  known.fresh = false
  expect((await asked(desk)).reply).toMatchObject({ status: 'no-safety', retry: 7 })
})

test('4: nor where nobody proves what a state has', async () => {
  const { desk, states } = holder()
  states.head = () => { throw new HoldfastError('peer-unreachable', 'nobody') }
  expect((await asked(desk)).reply.status).toBe('no-safety')
})

test.each<[string, { safe?: Says, head?: Says }, Partial<KeyReply>]>([
  ['no such upload', { safe: null, head: null }, { status: 'unknown', retry: 0 }],
  ['an upload that is not safe yet', { safe: null }, { status: 'unknown', retry: 7 }],
  ['withdrawn at the safety root', { safe: { gone: true } }, { status: 'withdrawn' }],
  ['withdrawn at the head alone', { head: { gone: true } }, { status: 'withdrawn' }],
  ['gone from the head', { head: null }, { status: 'withdrawn' }],
])('5: %s', async (_, change, expected) => {
  const { desk, states } = holder()
  const { safe, head } = change
  if (safe !== undefined) states.safe = () => safe
  if (head !== undefined) states.head = who => head === null ? null : { ...member(who), ...head }
  expect((await asked(desk)).reply).toMatchObject(expected)
})

test('5: nothing is said of another file', async () => {
  const { desk } = holder()
  expect((await asked(desk, {}, { cid: 'ac'.repeat(32) })).reply.status).toBe('unknown')
  expect((await asked(desk, {}, { owner: eve.address })).reply.status).toBe('unknown')
})

test('6: who is no holder names those who are', async () => {
  const { desk } = holder({ who: eve })
  expect((await asked(desk, {}, { holder: eve.address })).reply).toMatchObject({ status: 'redirect', holders: [hal.address], enc: null })
  const { desk: removed, states } = holder()
  states.head = who => ({ ...member(who), holders: [] })
  expect((await asked(removed)).reply).toMatchObject({ status: 'redirect', holders: [] })
  const { desk: owner } = holder({ who: ann })
  expect((await asked(owner, {}, { holder: ann.address })).reply.status).toBe('ok')
})

const buying = { policy: { pay: { price: 5, share: 0 } } } as const
test.each<[string, (who: Address) => Says, (who: Address) => Says, Partial<KeyReply>]>([
  ['on the list', member, member, { status: 'ok' }],
  ['not on the list', nobody, nobody, { status: 'denied', reason: 'policy' }],
  ['on the list of the head alone', nobody, member, { status: 'denied', reason: 'not-safe-yet', retry: 7 }],
  ['taken off the list at the head', member, nobody, { status: 'denied', reason: 'policy' }],
  ['for its owner alone', () => ({ policy: { owner: null } }), () => ({ policy: { owner: null } }), { status: 'denied', reason: 'policy' }],
  ['withdrawn from the list by another policy at the head', member, () => ({ policy: { owner: null } }), { status: 'denied', reason: 'policy' }],
  ['for everybody', () => ({ policy: { public: '00' } }), () => ({ policy: { public: '00' } }), { status: 'ok' }],
  ['not bought', () => buying, () => buying, { status: 'denied', reason: 'not-bought' }],
  ['bought', () => ({ ...buying, purchase }), () => ({ ...buying, purchase }), { status: 'ok' }],
  ['bought, and the price went up', () => ({ ...buying, purchase }), () => ({ policy: { owner: null }, purchase }), { status: 'ok' }],
  ['bought in a block that is not safe', () => buying, () => ({ ...buying, purchase }), { status: 'denied', reason: 'not-safe-yet' }],
  ['bought in a block that another branch left', () => ({ ...buying, purchase }), () => buying, { status: 'denied', reason: 'not-bought' }],
])('7: %s', async (_, safe, head, expected) => {
  const { desk, states } = holder()
  states.safe = safe
  states.head = head
  expect((await asked(desk)).reply).toMatchObject(expected)
})

test('7: the owner gets it back, and nobody else by saying so', async () => {
  const { desk, states } = holder()
  states.safe = states.head = nobody
  expect((await asked(desk, { from: ann, purpose: 'recover' })).reply.status).toBe('ok')
  expect((await asked(desk, { from: ann })).reply.status).toBe('ok')
  expect((await asked(desk, { purpose: 'recover' })).reply).toMatchObject({ status: 'denied', reason: 'policy' })
})

test('7: another holder gets it, sealed to the box it has on the ledger', async () => {
  const { desk, states } = holder()
  const both = (box: string | null) => (): Says => ({ box, holders: [hal, eve].map(({ address }) => ({ address, box: boxHex(eve), enc: new Uint8Array(32), ct: new Uint8Array(48) })) })
  states.safe = states.head = both(boxHex(eve))
  expect((await asked(desk, { from: eve, purpose: 'holder' })).reply.status).toBe('ok')
  expect((await asked(desk, { from: eve, purpose: 'holder' }, { box: boxHex(ben) })).reply).toMatchObject({ status: 'denied', reason: 'policy' })
  expect((await asked(desk, { from: ben, purpose: 'holder' })).reply).toMatchObject({ status: 'denied', reason: 'policy' })
  states.safe = nobody
  expect((await asked(desk, { from: eve, purpose: 'holder' })).reply).toMatchObject({ status: 'denied', reason: 'not-safe-yet' })
})

test('8: what it has not, or what is another key, is fetched first', async () => {
  const { desk, missing } = holder({ kept: async () => await Promise.resolve(null) })
  expect((await asked(desk)).reply).toMatchObject({ status: 'pending', retry: 30 })
  expect(missing.map(request => request.cid)).toEqual([cid])
  const { desk: wrong, missing: again } = holder({ kept: async () => await Promise.resolve(new Uint8Array(32)) })
  expect((await asked(wrong)).reply.status).toBe('pending')
  expect(again).toHaveLength(1)
})

test('9: where it cannot be sealed now the requester comes again; a box that is nobody’s is a fault', async () => {
  const { desk } = holder({ seal: async () => await Promise.reject(new HoldfastError('storage-busy')) })
  expect((await asked(desk)).reply).toMatchObject({ status: 'busy', retry: 5, signature: null })
  const { desk: strict, given } = holder({ seal: async () => await Promise.reject(new HoldfastError('no-box')) })
  const request = requestOf(await challenged(strict), {}, { box: '00'.repeat(32) })
  expect((await strict.answer(encodeKeyQuestion({ request }), 'peer')).fault).not.toBeNull()
  expect(given).toEqual([])
})

test('nobody answers who cannot sign', async () => {
  const { desk } = holder({ me: () => null })
  expect((await desk.answer(encodeKeyQuestion({ challenge: {} }), 'peer')).answer).toMatchObject({ ok: false, code: 'unsupported' })
  const { desk: locked } = holder({ sign: async () => await Promise.reject(new HoldfastError('locked')) })
  const request = requestOf(await challenged(locked))
  expect((await locked.answer(encodeKeyQuestion({ request }), 'peer')).answer).toMatchObject({ ok: false, code: 'locked' })
})
