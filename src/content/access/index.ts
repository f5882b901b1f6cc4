export { envelopeBytes, envelopeTerms, keyBytes as fileKeyBytes, keyPurposes, opensTo, type EnvelopeContext, type KeyPurpose } from './envelope.ts'
export { openBase, sealBase, type HpkeContext } from './hpke.ts'
export {
  contextOf, denials, encodeKeyAnswer, encodeKeyQuestion, isUnsigned, judgeKeyAnswer, judgeKeyQuestion, keyAnswer, keyQuestion, keyReply, keyReplyDigest, keyRequest, keyRequestDigest, keyRequestId, keyStatuses,
  type Denial, type KeyAnswer, type KeyQuestion, type KeyReply, type KeyRequest, type KeyStatus, type UnsignedKeyReply, type UnsignedKeyRequest,
} from './messages.ts'
