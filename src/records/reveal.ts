import { fromHex } from '../base/index.ts'
import type { ChainCommit, EntryCommit } from './commit.ts'
import { decodeEntry, decodeFirstEntry, type FactomEntry } from './entry.ts'
import { faulty, type BadReading, type Reading } from './faults.ts'
import { chainIdHash, commitWeld, entryHash } from './hashes.ts'
import { chainCredits, entryCredits } from './prices.ts'

/** The entry of these bytes, if it is what the commit paid for. */
export function judgeEntryReveal(commit: Pick<EntryCommit, 'entryHash' | 'credits'>, bytes: Uint8Array): Reading<FactomEntry> {
  const entry = decodeEntry(bytes)
  if (!entry.ok) return entry
  return hashFault(commit, bytes) ?? priceFault(commit, entryCredits(bytes.length)) ?? entry
}

/** The same of the first entry of a chain. */
export function judgeChainReveal(commit: Pick<ChainCommit, 'entryHash' | 'credits' | 'chainIdHash' | 'weld'>, bytes: Uint8Array): Reading<FactomEntry> {
  const entry = decodeFirstEntry(bytes)
  if (!entry.ok) return entry
  const chainId = bytes.subarray(1, 33)
  const fault = hashFault(commit, bytes)
  if (fault !== null) return fault
  if (commit.chainIdHash !== chainIdHash(chainId)) return faulty('reveal-chainidhash', 'the commit is for another chain')
  if (commit.weld !== commitWeld(fromHex(commit.entryHash)!, chainId)) return faulty('reveal-weld', 'the weld does not bind this entry to this chain')
  return priceFault(commit, chainCredits + entryCredits(bytes.length)) ?? entry
}

function hashFault(commit: Pick<EntryCommit, 'entryHash'>, bytes: Uint8Array): BadReading | null {
  return commit.entryHash === entryHash(bytes) ? null : faulty('reveal-entryhash', 'the commit is for another entry')
}

function priceFault({ credits }: Pick<EntryCommit, 'credits'>, price: number): BadReading | null {
  return credits >= price ? null : faulty('reveal-underpaid', `${credits} entry credits were paid, it costs ${price}`)
}
