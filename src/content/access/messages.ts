import {
  CborFault, HoldfastError, accept, addressField, byteString, decode, domainDigest, encode, fromHex, hexString, limits, list, nullable, oneOf, reject, sha256, struct, textString, toHex, uint,
  type Codec, type Encoded, type Judged,
} from '../../base/index.ts'
import { envelopePurposes, type EnvelopePurpose, type EnvelopeScope } from '../envelope.ts'

/*
 * What peers say to each other about keys of protected files. A question is `{ challenge: {} }` or `{ request: .. }`, its answer `{ challenge: { nonce } }`
 * or `{ reply: .. }`. The nonce makes a request good for one answer of one holder; the reply names the request by its digest.
 */

/** `ok` with the key; `pending`: not yet here; `redirect`: others have it; `bad-request`, `busy`, `stale`, `bad-signature`: of the request itself; `no-safety`: the holder does not know how the network stands. */
export const keyStatuses = ['ok', 'bad-request', 'busy', 'stale', 'bad-signature', 'no-safety', 'unknown', 'withdrawn', 'redirect', 'denied', 'pending'] as const
export type KeyStatus = typeof keyStatuses[number]
/** Why it is denied. `not-safe-yet`: it will be admitted once the safety root has what the head has. */
export const denials = ['policy', 'not-bought', 'not-safe-yet'] as const
export type Denial = typeof denials[number]

/** One of these words, as text. */
function word<const W extends string>(words: readonly W[]): Codec<W> {
  const text = textString(16)
  const has = (value: string): value is W => (words as readonly string[]).includes(value)
  return {
    write(out, value) {
      if (!has(value)) throw new HoldfastError('bad-input', 'none of the words there are')
      text.write(out, value)
    },
    read(input) {
      const value = text.read(input)
      if (!has(value)) throw new CborFault('a word nobody knows')
      return value
    },
  }
}

const purposes = Object.keys(envelopePurposes) as EnvelopePurpose[]
const purposeCode = uint(purposes.length - 1)
const purpose: Codec<EnvelopePurpose> = {
  write(out, value) { purposeCode.write(out, envelopePurposes[value]) },
  read(input) {
    const code = purposeCode.read(input)
    return purposes.find(each => envelopePurposes[each] === code)!
  },
}

const requestFields = {
  version: uint(1, 1),
  network: hexString(8),
  cid: hexString(32),
  owner: addressField,
  purpose,
  requester: addressField,
  /** X25519 key the answer is sealed to. */
  box: hexString(32),
  /** Who is asked. */
  holder: addressField,
  nonce: byteString(16),
} as const

const replyFields = {
  version: uint(1, 1),
  /** SHA-256 of the request's bytes, 32 bytes. */
  request: hexString(32),
  status: word(keyStatuses),
  reason: nullable(word(denials)),
  /** Seconds after which it may be asked again; 0: that says nothing. */
  retry: uint(86_400),
  /** Who else has it. */
  holders: list(addressField, 8),
  enc: nullable(byteString(32)),
  ct: nullable(byteString(48)),
} as const

const signature = byteString(65)
const unsignedRequest = struct(requestFields)
const unsignedReply = struct(replyFields)
export const keyRequest = struct({ ...requestFields, signature })
/** Signed but for `busy` and `bad-request`, which say nothing about the key: whoever floods a holder must not make it sign. */
export const keyReply = struct({ ...replyFields, signature: nullable(signature) })

export type UnsignedKeyRequest = Encoded<typeof unsignedRequest>
export type UnsignedKeyReply = Encoded<typeof unsignedReply>
export type KeyRequest = Encoded<typeof keyRequest>
export type KeyReply = Encoded<typeof keyReply>

export const keyQuestion = oneOf({ challenge: struct({}), request: keyRequest })
const keyAnswer = oneOf({ challenge: struct({ nonce: byteString(16) }), reply: keyReply })
export type KeyQuestion = Encoded<typeof keyQuestion>
export type KeyAnswer = Encoded<typeof keyAnswer>

const most = limits.keyFrameBytes - limits.frameHeadBytes

/** What a peer asks: `bad-input` for bytes that are no question. */
export function judgeKeyQuestion(bytes: Uint8Array): Judged<KeyQuestion> {
  if (bytes.length > most) return reject('too-large', 'a question above the limit')
  const judged = decode(keyQuestion, bytes)
  return judged.ok ? judged : reject('bad-input', judged.reason)
}

/** What a peer answers: `bad-reply` for bytes that are no answer, and for a reply whose parts do not fit each other. */
export function judgeKeyAnswer(bytes: Uint8Array): Judged<KeyAnswer> {
  if (bytes.length > most) return reject('too-large', 'an answer above the limit')
  const judged = decode(keyAnswer, bytes)
  if (!judged.ok) return reject('bad-reply', judged.reason)
  if ('challenge' in judged.value) return judged
  const { status, reason, enc, ct, signature: signed } = judged.value.reply
  if ((enc !== null) !== (status === 'ok') || (ct !== null) !== (status === 'ok')) return reject('bad-reply', 'a key where there is none, or none where there is one')
  if ((reason !== null) !== (status === 'denied')) return reject('bad-reply', 'a reason for nothing, or none for a denial')
  if ((signed === null) !== isUnsigned(status)) return reject('bad-reply', 'signed where nothing is, or not where it must be')
  return accept(judged.value)
}

/** Statuses whose reply carries no signature. */
export function isUnsigned(status: KeyStatus): boolean { return status === 'busy' || status === 'bad-request' }

export function encodeKeyQuestion(value: KeyQuestion): Uint8Array<ArrayBuffer> { return encode(keyQuestion, value) }
export function encodeKeyAnswer(value: KeyAnswer): Uint8Array<ArrayBuffer> { return encode(keyAnswer, value) }

/** What the requester signs. */
export function keyRequestDigest(value: UnsignedKeyRequest): Uint8Array<ArrayBuffer> {
  return domainDigest('holdfast/dek-request/1', networkBytes(value.network), encode(unsignedRequest, value))
}

/** What the holder signs. */
export function keyReplyDigest(value: UnsignedKeyReply, network: string): Uint8Array<ArrayBuffer> {
  return domainDigest('holdfast/dek-reply/1', networkBytes(network), encode(unsignedReply, value))
}

/** By which a reply and its envelope name a request. */
export function keyRequestId(value: KeyRequest): string { return toHex(sha256(encode(keyRequest, value))) }

/** What the envelope that answers a request is bound to. */
export function scopeOf(request: KeyRequest): EnvelopeScope {
  const { network, cid, owner, purpose: what, requester, box } = request
  return { network, cid, owner, purpose: what, requester, box, request: fromHex(keyRequestId(request)) }
}

function networkBytes(network: string): Uint8Array { return fromHex(network) ?? new Uint8Array(0) }

