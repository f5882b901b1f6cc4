import { concat, toHex } from '../base/index.ts'
import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { signatureFault } from './signature.ts'

/** What is signed of an Entry Commit: all before the key. */
export interface UnsignedEntryCommit {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly entryHash: string
  readonly credits: number
}

export interface UnsignedChainCommit extends UnsignedEntryCommit {
  readonly chainIdHash: string
  readonly weld: string
}

/** Who pays, in hex: an Entry Credit key and its signature. */
export interface CommitSeal { readonly publicKey: string, readonly signature: string }

export interface EntryCommit extends UnsignedEntryCommit, CommitSeal {}
export interface ChainCommit extends UnsignedChainCommit, CommitSeal {}

const version = 0
const sealBytes = 96
/** Of what is signed. */
export const entryCommitLedgerBytes = 40
export const chainCommitLedgerBytes = 104
export const entryCommitBytes = entryCommitLedgerBytes + sealBytes
export const chainCommitBytes = chainCommitLedgerBytes + sealBytes

/** Throws `bad-input` where it cannot be said. */
export function entryCommitLedger({ timestamp, entryHash, credits }: UnsignedEntryCommit): Uint8Array<ArrayBuffer> {
  if (!isEntryPrice(credits)) throw unsayable('commit-credits', `${credits} entry credits, from 1 to 10 for an entry`)
  const out = new FieldWriter(entryCommitLedgerBytes)
  return out.uint(version, 1, 'version').uint(timestamp, 6, 'timestamp').hash(entryHash, 'Entry Hash').uint(credits, 1, 'entry credits').bytes
}

/** Throws `bad-input` where it cannot be said. */
export function chainCommitLedger({ timestamp, chainIdHash, weld, entryHash, credits }: UnsignedChainCommit): Uint8Array<ArrayBuffer> {
  if (!isChainPrice(credits)) throw unsayable('chain-commit-credits', `${credits} entry credits, from 11 to 20 for a chain`)
  const out = new FieldWriter(chainCommitLedgerBytes)
  out.uint(version, 1, 'version').uint(timestamp, 6, 'timestamp').hash(chainIdHash, 'ChainID hash').hash(weld, 'weld')
  return out.hash(entryHash, 'Entry Hash').uint(credits, 1, 'entry credits').bytes
}

/** Throws `bad-input` where it cannot be said. Whether the signature is right is not looked at. */
export function encodeEntryCommit(commit: EntryCommit): Uint8Array<ArrayBuffer> { return sealed(entryCommitLedger(commit), commit) }
export function encodeChainCommit(commit: ChainCommit): Uint8Array<ArrayBuffer> { return sealed(chainCommitLedger(commit), commit) }

function sealed(ledger: Uint8Array, { publicKey, signature }: CommitSeal): Uint8Array<ArrayBuffer> {
  return concat(ledger, hexBytes(publicKey, 32, 'public key'), hexBytes(signature, 64, 'signature'))
}

/** The commit of these bytes, its signature checked. */
export function decodeEntryCommit(bytes: Uint8Array): Reading<EntryCommit> {
  return reading(() => {
    const commit = readEntryCommit(bytes)
    checkSeal(bytes, entryCommitLedgerBytes)
    return commit
  })
}

export function decodeChainCommit(bytes: Uint8Array): Reading<ChainCommit> {
  return reading(() => {
    const commit = readChainCommit(bytes)
    checkSeal(bytes, chainCommitLedgerBytes)
    return commit
  })
}

/** Without its signature. */
export function readEntryCommit(bytes: Uint8Array): EntryCommit {
  const input = headOf(bytes, entryCommitBytes)
  const unsigned = { timestamp: input.uint(6), entryHash: input.hash(), credits: input.uint(1) }
  if (!isEntryPrice(unsigned.credits)) throw new Unreadable('commit-credits', `${unsigned.credits} entry credits, from 1 to 10 for an entry`)
  return { ...unsigned, publicKey: input.hash(), signature: input.hex(64) }
}

export function readChainCommit(bytes: Uint8Array): ChainCommit {
  const input = headOf(bytes, chainCommitBytes)
  const unsigned = { timestamp: input.uint(6), chainIdHash: input.hash(), weld: input.hash(), entryHash: input.hash(), credits: input.uint(1) }
  if (!isChainPrice(unsigned.credits)) throw new Unreadable('chain-commit-credits', `${unsigned.credits} entry credits, from 11 to 20 for a chain`)
  return { ...unsigned, publicKey: input.hash(), signature: input.hex(64) }
}

function headOf(bytes: Uint8Array, length: number): FieldReader {
  if (bytes.length !== length) throw new Unreadable('commit-length', `${bytes.length} bytes, not ${length}`)
  const input = new FieldReader(bytes, 'commit-length')
  const said = input.uint(1)
  if (said !== version) throw new Unreadable('commit-version', `version byte ${said}`)
  return input
}

function checkSeal(bytes: Uint8Array, ledgerBytes: number): void {
  const fault = signatureFault(bytes.subarray(ledgerBytes + 32), bytes.subarray(0, ledgerBytes), bytes.subarray(ledgerBytes, ledgerBytes + 32))
  if (fault !== null) throw new Unreadable(fault, `not the signature of ${toHex(bytes.subarray(ledgerBytes, ledgerBytes + 32))}`)
}

function isEntryPrice(credits: number): boolean { return credits >= 1 && credits <= 10 }
function isChainPrice(credits: number): boolean { return credits >= 11 && credits <= 20 }
