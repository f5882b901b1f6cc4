export {
  denials, encodeKeyAnswer, encodeKeyQuestion, isUnsigned, judgeKeyAnswer, judgeKeyQuestion, keyAnswer, keyQuestion, keyReplyDigest, keyRequestDigest, keyRequestId, keyStatuses, scopeOf,
  type Denial, type KeyAnswer, type KeyQuestion, type KeyReply, type KeyRequest, type KeyStatus, type UnsignedKeyReply, type UnsignedKeyRequest,
} from './messages.ts'
