import type { Target } from '../types.ts'
import { keyAnswers, keyQuestions, wrappedKeys } from './access.ts'
import { archive } from './archive.ts'
import { backupContent, backupFile } from './backup.ts'
import { bencode, torrentFiles, torrentInfo } from './bencode.ts'
import { codec } from './codec.ts'
import { contentQuestion, contentReply, entryReply, rendezvous } from './content-exchange.ts'
import { contentPath, handedAddress } from './content-path.ts'
import { cbor, frames } from './frames.ts'
import { trieNode, trieProof } from './hamt.ts'
import { networkFile, trackerClient, trackerRelay } from './json.ts'
import { ledgerBody, ledgerHeader, ledgerParameters, ledgerReceipt, ledgerStatement, ledgerTransaction } from './ledger.ts'
import { links } from './links.ts'
import { invites, messageTexts } from './messages.ts'
import { peerRecord, peersReply, peersRequest } from './peers.ts'
import { imageHeader, mediaSniff, pngChunks } from './media.ts'
import { pngHeader } from './png.ts'
import { recordRules } from './record-rules.ts'
import { factomAddresses, recordCodecs, recordItems, recordReceipts } from './records.ts'
import { relayHttp, relayOptions, stun } from './relay.ts'
import { savePaths } from './save-path.ts'
import { sectionProof } from './sections.ts'
import { stateAnswerTargets, stateQuestions } from './state.ts'
import { storeAnswer } from './store-answer.ts'
import { tar } from './tar.ts'
import { tdf, tdfManifest } from './tdf.ts'
import { envelopes, uploadChange, uploadOperation, uploadRecord } from './uploads.ts'
import { wireGuard, wireHandshake } from './wire.ts'

/** Every decoder of bytes that others send. A new one: a file beside this, and its name here. */
export const targets: readonly Target[] = [
  links, invites, messageTexts, bencode, torrentInfo, torrentFiles, tar, archive, pngHeader, imageHeader, mediaSniff, pngChunks, cbor, codec, frames, peerRecord, peersReply, peersRequest, networkFile, trackerClient, trackerRelay, relayOptions, relayHttp, stun, savePaths,
  tdf, tdfManifest, contentQuestion, contentReply, entryReply, rendezvous, sectionProof, wireGuard, wireHandshake, contentPath, handedAddress, storeAnswer, backupFile, backupContent, trieNode, trieProof,
  ledgerTransaction, ledgerHeader, ledgerBody, ledgerReceipt, ledgerStatement, ledgerParameters, stateQuestions, ...stateAnswerTargets, uploadRecord, uploadChange, uploadOperation, envelopes, keyQuestions, keyAnswers, wrappedKeys,
  ...recordCodecs, recordItems, factomAddresses, recordReceipts, recordRules,
]
