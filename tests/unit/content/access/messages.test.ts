import { expect, test } from 'vitest'
import { decodeCbor, encodeCbor, limits, toHex } from '../../../../src/base/index.ts'
import { encodeKeyAnswer, encodeKeyQuestion, judgeKeyAnswer, judgeKeyQuestion, keyReplyDigest, keyRequestDigest, keyRequestId, scopeOf, type KeyReply } from '../../../../src/content/index.ts'
import { ann, ben, cid, hal, network, requestOf } from './world.ts'

const request = requestOf(new Uint8Array(16).fill(5))
const reply: KeyReply = {
  version: 1, request: keyRequestId(request), status: 'ok', reason: null, retry: 0, holders: [], enc: new Uint8Array(32).fill(1), ct: new Uint8Array(48).fill(2), signature: new Uint8Array(65).fill(3),
}
const refusal: KeyReply = { ...reply, status: 'denied', reason: 'policy', enc: null, ct: null }

test('questions and answers are read as they were written, and are small', () => {
  for (const question of [{ challenge: {} }, { request }] as const) {
    const bytes = encodeKeyQuestion(question)
    expect(judgeKeyQuestion(bytes)).toEqual({ ok: true, value: question })
    expect(bytes.length).toBeLessThan(500)
  }
  const full: KeyReply = { ...refusal, status: 'redirect', reason: null, retry: 86_400, holders: Array.from({ length: 8 }, () => ann.address) }
  for (const answer of [{ challenge: { nonce: new Uint8Array(16) } }, { reply }, { reply: refusal }, { reply: full }] as const) {
    const bytes = encodeKeyAnswer(answer)
    expect(judgeKeyAnswer(bytes)).toEqual({ ok: true, value: answer })
    expect(bytes.length).toBeLessThan(limits.keyFrameBytes - limits.frameHeadBytes)
  }
})

test('a request is the map that is written down', () => {
  const judged = decodeCbor(encodeKeyQuestion({ request }))
  if (!judged.ok) throw new Error(judged.reason)
  const map = (judged.value as { request: Record<string, unknown> }).request
  expect(Object.keys(map).toSorted()).toEqual(['box', 'cid', 'holder', 'network', 'nonce', 'owner', 'purpose', 'requester', 'signature', 'version'])
  expect([map['purpose'], toHex(map['network'] as Uint8Array), toHex(map['cid'] as Uint8Array), (map['requester'] as Uint8Array).length]).toEqual([0, network, cid, 20])
})

test('other numbers of a purpose, other words, other lengths and further keys are refused', () => {
  const judged = decodeCbor(encodeKeyQuestion({ request }))
  const map = (judged.ok ? judged.value as { request: Record<string, unknown> } : { request: {} }).request
  for (const change of [{ purpose: 3 }, { version: 2 }, { nonce: new Uint8Array(15) }, { more: 1 }, { network: new Uint8Array(7) }]) expect(judgeKeyQuestion(encodeCbor({ request: { ...map, ...change } })).ok).toBe(false)
  expect(judgeKeyQuestion(encodeCbor({ challenge: { x: 1 } })).ok).toBe(false)
  expect(judgeKeyQuestion(encodeCbor({ other: {} })).ok).toBe(false)
  expect(() => encodeKeyAnswer({ reply: { ...reply, status: 'fine' as 'ok' } })).toThrow('none of the words')
})

test('a reply whose parts do not fit each other is none', () => {
  const bad: KeyReply[] = [
    { ...reply, enc: null }, { ...reply, ct: null }, { ...reply, signature: null }, { ...reply, reason: 'policy' }, { ...refusal, reason: null }, { ...refusal, enc: reply.enc, ct: reply.ct }, { ...refusal, status: 'pending' },
    { ...refusal, status: 'busy', reason: null }, { ...refusal, status: 'unknown', reason: null, signature: null },
  ]
  for (const each of bad) expect(judgeKeyAnswer(encodeKeyAnswer({ reply: each }))).toMatchObject({ ok: false, code: 'bad-reply' })
  expect(judgeKeyAnswer(new Uint8Array(limits.keyFrameBytes))).toMatchObject({ ok: false, code: 'too-large' })
})

test('digests are bound to what is said, and to the network', () => {
  const { signature: _, ...unsigned } = request
  const digests = [unsigned, { ...unsigned, network: 'fedcba9876543210' }, { ...unsigned, holder: ann.address }, { ...unsigned, purpose: 'recover' as const }].map(value => toHex(keyRequestDigest(value)))
  expect(new Set(digests).size).toBe(4)
  const { signature: none, ...said } = reply
  expect(toHex(keyReplyDigest(said, network))).not.toBe(toHex(keyReplyDigest(said, 'fedcba9876543210')))
  expect(none).not.toBeNull()
  expect(keyRequestId(request)).not.toBe(keyRequestId({ ...request, signature: new Uint8Array(65) }))
  expect(scopeOf(request)).toMatchObject({ network, cid, owner: ann.address, purpose: 'access', requester: ben.address })
  expect(request.holder).toBe(hal.address)
})
