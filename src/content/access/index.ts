export { admits, isHolder, type AccessFacts, type AccessState, type AccessStates } from './facts.ts'
export { HolderDesk, type HolderAnswer, type HolderPorts } from './holder-desk.ts'
export { holderDuties, type HolderDuties, type KeptName } from './holder-duties.ts'
export { KeySeeker, type KeyName, type SeekReason, type SeekerPorts } from './key-seeker.ts'
export {
  denials, encodeKeyAnswer, encodeKeyQuestion, isUnsigned, judgeKeyAnswer, judgeKeyQuestion, keyQuestion, keyReplyDigest, keyRequestDigest, keyRequestId, keyStatuses, scopeOf,
  type Denial, type KeyAnswer, type KeyQuestion, type KeyReply, type KeyRequest, type KeyStatus, type UnsignedKeyReply, type UnsignedKeyRequest,
} from './messages.ts'
