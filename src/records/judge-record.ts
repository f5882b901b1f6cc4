import { limits, sha256, toHex, verifyEd25519 } from '../base/index.ts'
import { chainCommitBytes, chainCommitLedgerBytes, entryCommitBytes, entryCommitLedgerBytes, readChainCommit, readEntryCommit, type ChainCommit, type EntryCommit } from './commit.ts'
import { decodeEntry, type FactomEntry } from './entry.ts'
import { decodeFactoid, factoidTxid, type FactoidTransaction } from './factoid.ts'
import { faulty, reading, type Reading } from './faults.ts'
import { entryHash, fullHash } from './hashes.ts'

/** A raw item of a block's `records`, told what it is by its bytes alone; `bytes` is a copy of them, which others may hold as well. */
export type RecordItem = EntryCommitItem | ChainCommitItem | FactoidItem | EntryItem

interface Paid {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Hash of what is signed; it may not say who pays. */
  readonly txid: string
  /** Hash of what is signed and of who pays: what may happen once only. */
  readonly replayKey: string
}

export interface EntryCommitItem extends Paid { readonly kind: 'entry-commit', readonly commit: EntryCommit }
export interface ChainCommitItem extends Paid { readonly kind: 'chain-commit', readonly commit: ChainCommit }
export interface FactoidItem extends Paid { readonly kind: 'factoid', readonly transaction: FactoidTransaction }
/** A reveal. `hash`: its Entry Hash. */
export interface EntryItem { readonly kind: 'entry', readonly bytes: Uint8Array<ArrayBuffer>, readonly entry: FactomEntry, readonly hash: string }

/** Items judged lately, by their full hash: pool, miner and block ask for the same ones, and a signature is all there is to their cost. Forgotten all at once when full. */
const known = new Map<string, Reading<RecordItem>>()

/**
 * What the bytes are. 02 begins a Factoid transaction. 00 begins a commit where there are as many bytes as one has and its key has signed them, and an entry otherwise.
 * Signatures are checked; whether a commit is due, paid for or in time is the ledger's to say.
 */
export function judgeRecord(bytes: Uint8Array): Reading<RecordItem> {
  if (bytes.length > limits.recordBytes) return faulty('entry-too-big', `${bytes.length} bytes, of ${limits.recordBytes} at most`)
  const name = fullHash(bytes)
  const before = known.get(name)
  if (before !== undefined) return before
  const judged = judge(Uint8Array.from(bytes)) // views of bytes that stay as they are
  if (known.size >= limits.knownRecords) known.clear()
  known.set(name, judged)
  return judged
}

function judge(bytes: Uint8Array<ArrayBuffer>): Reading<RecordItem> {
  if (bytes[0] === 0x02) return judgeTransaction(bytes)
  if (bytes[0] !== 0x00) return faulty('record-kind', bytes.length === 0 ? 'no bytes' : `begins with byte ${bytes[0]!}`)
  if (bytes.length === entryCommitBytes && isSealed(bytes, entryCommitLedgerBytes)) {
    return reading(() => ({ kind: 'entry-commit', commit: readEntryCommit(bytes), ...paid(bytes, entryCommitLedgerBytes) }))
  }
  if (bytes.length === chainCommitBytes && isSealed(bytes, chainCommitLedgerBytes)) {
    return reading(() => ({ kind: 'chain-commit', commit: readChainCommit(bytes), ...paid(bytes, chainCommitLedgerBytes) }))
  }
  const entry = decodeEntry(bytes)
  return entry.ok ? { ok: true, value: { kind: 'entry', bytes, entry: entry.value, hash: entryHash(bytes) } } : entry
}

function judgeTransaction(bytes: Uint8Array<ArrayBuffer>): Reading<FactoidItem> {
  const judged = decodeFactoid(bytes)
  if (!judged.ok) return judged
  const txid = factoidTxid(bytes, judged.value)
  return { ok: true, value: { kind: 'factoid', transaction: judged.value, bytes, txid, replayKey: txid } } // its inputs say who pays
}

function isSealed(bytes: Uint8Array, ledger: number): boolean {
  return verifyEd25519(bytes.subarray(ledger + 32), bytes.subarray(0, ledger), bytes.subarray(ledger, ledger + 32))
}

function paid(bytes: Uint8Array<ArrayBuffer>, ledger: number): Paid {
  return { bytes, txid: toHex(sha256(bytes.subarray(0, ledger))), replayKey: toHex(sha256(bytes.subarray(0, ledger + 32))) }
}
