export {
  HolderDesk, KeySeeker, admits, denials, encodeKeyAnswer, encodeKeyQuestion, holderDuties, isHolder, isUnsigned, judgeKeyAnswer, judgeKeyQuestion, keyAnswer, keyQuestion, keyReplyDigest, keyRequestDigest, keyRequestId, keyStatuses, scopeOf,
  type AccessFacts, type AccessState, type AccessStates, type Denial, type HolderAnswer, type HolderDuties, type HolderPorts, type KeptName, type KeyAnswer, type KeyName, type KeyQuestion, type KeyReply, type KeyRequest, type KeyStatus, type SeekReason, type SeekerPorts,
  type UnsignedKeyReply, type UnsignedKeyRequest,
} from './access/index.ts'
export { planArchive, type ArchivePlan, type PlannedMember } from './archive-plan.ts'
export type { Refusal } from './archive-tree.ts'
export { ArchiveWriter, archiveBytesMost, archiveRecipe, type Bounds } from './archive-writer.ts'
export type { RunningCrc32 } from './crc32.ts'
export { AuditPass, auditLeafBytes } from './audit.ts'
export { decodeBencode, encodeBencode, type Bencodable, type Bencoded } from './bencode.ts'
export { canonicalString, canonicalText, isCanonicalText } from './canonical-text.ts'
export { beginsAsGzip, endsAsGzip } from './gzip-ends.ts'
export { boxOf, envelopeInfo, envelopePurposes, envelopeScope, openEnvelope, sealEnvelope, type EnvelopePurpose, type EnvelopeScope } from './envelope.ts'
export { imageFormats, judgeImageHeader, sniffImage, type ImageFormat, type ImageHeader } from './image-header.ts'
export { formatInvite, parseInvite, type InviteKey } from './invites.ts'
export { formatLink, parseLink } from './links.ts'
export { keyCommitment } from './key-commitment.ts'
export { MemberSlice } from './member-slice.ts'
export { messageRoom, messageTextBytes, readMessage, writeMessage, type MessageText } from './message-text.ts'
export { cleanName, cleanText, safeFileName } from './names.ts'
export { contentVerdicts, uploadKinds, type Assignment, type ContentVerdict, type Envelope, type Holder, type Policy, type Publication, type PublishedFile, type Rent, type UploadKind } from './publication.ts'
export { assignment, envelope, envelopeFields, holder, policy, publication, publicationLimits, rent } from './publication-codec.ts'
export { hasHolders, publicationFault, repeats, stampedFault, uploadBytes } from './publication-rules.ts'
export { contentExtension, contentKey, contentName, isProtectedKind, kindOfName, plainExtension } from './paths.ts'
export { judgePngHeader, pngHeadBytes, type PngHeader } from './png-header.ts'
export { RatioGuard } from './ratio-guard.ts'
export {
  dutiesOf, dutyBytes, dutyReason, fileKind, isDuty, judgeHeld, personalReasons, readReason, reconcile, uploadKey, verdictOf,
  type Action, type Duties, type Duty, type DutyReason, type DutyWhy, type FileFacts, type HeldFile, type Pass, type PersonalReason, type Pledge, type Reason, type Removal, type Standing, type UploadName, type View,
} from './reconcile/index.ts'
export { judgeRendezvous, rendezvousAnswer, rendezvousOf, type RendezvousAnswer } from './rendezvous.ts'
export { freeName, safePaths } from './safe-paths.ts'
export { SectionIndex, SectionPass, judgeSection, sectionBytes, sectionCount, sectionRange, sectionsRoot, type RunningHash, type SaidSection } from './sections.ts'
export { sniffBytes, sniffMedia, type MediaFormat } from './sniff-media.ts'
export { TarLister } from './tar-lister.ts'
export { TdfPass, TdfSums, TdfWriter, bindPolicy, dissemOf, judgeWrappedKeys, keyServer, makePolicy, openTdf, readWrappedKeys, unwrapKey, wrapKey, type ReadAt, type Tdf, type TdfKeys, type TdfSetup, type UnlockedTdf, type WrappedKey } from './tdf/index.ts'
export { judgeFoundInfo, judgeInfo, magnetLink, makeTorrent, pieceHash, pieceLength, possiblePieceLengths, torrentFile, type Expected } from './torrent.ts'
export type { CidAlone, Kind, Link, Member, Torrent } from './types.ts'
