export { adminBlockNames, decodeAdminBlock, encodeAdminBlock, type AdminBlock, type AdminBlockHeader, type AdminMessage } from './admin-block.ts'
export { formatAddress, parseAddress, type FactomAddress, type FactomAddressKind } from './address.ts'
export {
  chainCommitLedger, decodeChainCommit, decodeEntryCommit, encodeChainCommit, encodeEntryCommit, entryCommitLedger,
  type ChainCommit, type CommitSeal, type EntryCommit, type UnsignedChainCommit, type UnsignedEntryCommit,
} from './commit.ts'
export { decodeCreditBlock, encodeCreditBlock, encodeCreditBlockHeader, type CreditBlock, type CreditBlockHeader, type CreditObject, type IncreaseObject } from './credit-block.ts'
export {
  decodeDirectoryBlock, encodeDirectoryBlock, encodeDirectoryBlockHeader, factomNetworks, makeDirectoryBlock, systemChains,
  type DirectoryBlock, type DirectoryBlockHeader, type DirectoryEntry,
} from './directory-block.ts'
export { chainIdOf, decodeEntry, decodeFirstEntry, encodeEntry, entryHeadBytes, entrySize, type EntryOptions, type FactomEntry } from './entry.ts'
export { decodeEntryBlock, encodeEntryBlock, encodeEntryBlockHeader, keyMR, makeEntryBlock, minuteMarker, minuteOf, type EntryBlock, type EntryBlockHeader } from './entry-block.ts'
export {
  decodeCoinbase, decodeFactoid, encodeFactoid, factoidLedger, factoidTxid, feeOf, feePaid, judgeFactoid, rcdHashOf,
  type FactoidAmount, type FactoidSeal, type FactoidTransaction, type UnsignedFactoid,
} from './factoid.ts'
export {
  decodeFactoidBlock, encodeFactoidBlock, encodeFactoidBlockHeader, factoidBlockNames, factoidLedgerRoot, type FactoidBlock, type FactoidBlockHeader,
} from './factoid-block.ts'
export { recordFaults, type BadReading, type Reading, type RecordFault } from './faults.ts'
export { chainIdHash, commitWeld, entryHash, fullHash } from './hashes.ts'
export { judgeRecord, type ChainCommitItem, type EntryCommitItem, type EntryItem, type FactoidItem, type RecordItem } from './judge-record.ts'
export { merkleBranch, merkleRoot, type MerkleStep } from './merkle.ts'
export { chainCredits, entryCredits, factoidFee } from './prices.ts'
export { judgeChainReveal, judgeEntryReveal } from './reveal.ts'
export { decodeVarint, encodeVarint } from './varint.ts'
export { reservedBlocks } from './rules/commits.ts'
export { noEffects, type MadeDirectoryBlock, type MadeEntryBlock, type PaidCommit, type PlacedEntry, type RecordEffects } from './rules/effects.ts'
export type { RecordFrame } from './rules/frame.ts'
export { commitWindow, factoidWindow, forgetPayments } from './rules/payments.ts'
export { RecordExecution } from './rules/record-execution.ts'
export { recordsOfBlock } from './rules/records-of-block.ts'
export { recordRules, waitingRules, type RecordRefusal, type RecordRule } from './rules/verdict.ts'
export { recordWeight, type RecordWeight } from './rules/weight.ts'
export { branchOf, judgeFactomReceipt, type BranchNode, type FactomReceipt, type ProvedEntry } from './receipt/factom-receipt.ts'
export type { RecordFinding } from './receipt/finding.ts'
export { receiptKey, writeReceipt, type HoldfastReceipt, type ReceiptBlocks, type ReceiptParts, type ReceiptPosition, type ReceiptProof } from './receipt/holdfast-receipt.ts'
export { importExport, judgeExport, type ImportedExport } from './receipt/json-export.ts'
export { decodeVolume, encodeVolume, volumeEntries } from './volume.ts'
