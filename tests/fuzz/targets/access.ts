import { equalBytes, limits, utf8 } from '../../../src/base/index.ts'
import {
  denials, dissemOf, encodeKeyAnswer, encodeKeyQuestion, judgeKeyAnswer, judgeKeyQuestion, judgeWrappedKeys, keyReplyDigest, keyRequestDigest, keyRequestId, keyStatuses, makePolicy, scopeOf,
  envelopeScope, type KeyReply, type KeyRequest,
} from '../../../src/content/index.ts'
import { somebody } from '../../support/ledger.ts'
import { textOf } from '../text.ts'
import type { Target } from '../types.ts'
import { varyCbor } from './frames.ts'

const [ann, ben] = [somebody('Ann').address, somebody('Ben').address]
const [cid, network] = ['ab'.repeat(32), '0123456789abcdef']
const request: KeyRequest = { version: 1, network, cid, owner: ann, purpose: 'access', requester: ben, box: '09'.repeat(32), holder: ann, nonce: new Uint8Array(16).fill(5), signature: new Uint8Array(65).fill(6) }
const refusal: KeyReply = { version: 1, request: cid, status: 'redirect', reason: null, retry: 86_400, holders: [ann, ben], enc: null, ct: null, signature: new Uint8Array(65) }
const given: KeyReply = { ...refusal, status: 'ok', retry: 0, holders: [], enc: new Uint8Array(32), ct: new Uint8Array(48) }
const odd = [new Uint8Array(0), new Uint8Array(16), new Uint8Array(20), new Uint8Array(32), new Uint8Array(64), new Uint8Array(65), null, 0, 1, 2, 3, 86_401, ...keyStatuses, ...denials, Array.from({ length: 9 }, () => new Uint8Array(20))]
const words = ['challenge', 'request', 'reply', 'nonce', 'enc', 'ct', 'holders', 'reason', ...keyStatuses, '__proto__', Uint8Array.of(0xf6), Uint8Array.of(0xa0)]

const varied = varyCbor(odd)

/** What a peer asks who wants a key. */
export const keyQuestions: Target = {
  name: 'key-question',
  corpus: () => [{ challenge: {} }, { request }, { request: { ...request, purpose: 'holder' as const } }, { request: { ...request, purpose: 'recover' as const, requester: ann } }].map(encodeKeyQuestion),
  dictionary: words,
  vary: varied,
  run(bytes) {
    const judged = judgeKeyQuestion(bytes)
    if (!judged.ok) return judged.code
    if (bytes.length > limits.keyFrameBytes || !equalBytes(encodeKeyQuestion(judged.value), bytes)) throw new Error('accepted in another form than its own')
    if ('request' in judged.value) {
      const { request: read } = judged.value
      if (keyRequestDigest(read).length !== 32 || keyRequestId(read).length !== 64 || envelopeScope(scopeOf(read)).length === 0) throw new Error('a request that nothing can be said of')
    }
    return 'accepted'
  },
}

/** What a holder answers. */
export const keyAnswers: Target = {
  name: 'key-answer',
  corpus: () => [
    { challenge: { nonce: new Uint8Array(16) } }, { reply: refusal }, { reply: given }, { reply: { ...refusal, status: 'denied' as const, reason: 'not-safe-yet' as const } },
    { reply: { ...refusal, status: 'busy' as const, signature: null } },
  ].map(encodeKeyAnswer),
  dictionary: words,
  vary: varied,
  run(bytes) {
    const judged = judgeKeyAnswer(bytes)
    if (!judged.ok) return judged.code
    if (!equalBytes(encodeKeyAnswer(judged.value), bytes)) throw new Error('accepted in another form than its own')
    if ('challenge' in judged.value) return 'accepted'
    const { reply } = judged.value
    const { signature, ...unsigned } = reply
    if ((reply.enc === null) === (reply.status === 'ok') || (reply.ct === null) === (reply.status === 'ok')) throw new Error('a key where there is none')
    if (signature === null && reply.enc !== null || keyReplyDigest(unsigned, network).length !== 32) throw new Error('a key that nobody signed')
    return 'accepted'
  },
}

const access = { type: 'ec-wrapped', url: 'https://local.holdfast.invalid/kas', kid: 'ab', wrappedKey: 'AAAA', ephemeralPublicKey: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n' }

/** Keys in the manifest of a file, and whose it says it is. */
export const wrappedKeys: Target = {
  name: 'wrapped-keys',
  corpus: () => [
    JSON.stringify({ encryptionInformation: { policy: makePolicy('u', [ann]), keyAccess: [access, { ...access, type: 'wrapped' }] } }), JSON.stringify({ encryptionInformation: { keyAccess: [] } }),
    JSON.stringify({ uuid: 'u', body: { dataAttributes: [], dissem: [ann] } }),
  ].map(utf8),
  dictionary: ['"keyAccess"', '"type"', '"ec-wrapped"', '"dissem"', '"kid"', '"wrappedKey"', 'null', '[', ']', '{', '}', '=', '-----BEGIN PUBLIC KEY-----', '__proto__'],
  run(bytes) {
    const dissem = dissemOf(Buffer.from(bytes).toString('base64')) ?? dissemOf(textOf(bytes))
    if (dissem !== null && !dissem.every(each => typeof each === 'string')) throw new Error('whose it is, is no text')
    const judged = judgeWrappedKeys(bytes)
    if (!judged.ok) return judged.code
    if (judged.value.length > limits.tdfKeyAccess || !judged.value.every(({ kid, wrapped, ephemeral }) => typeof kid === 'string' && wrapped.length <= 1024 && ephemeral.length <= 1024)) throw new Error('a key that is none')
    return 'accepted'
  },
}
