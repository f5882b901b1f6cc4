import { HoldfastError, concat, limits } from '../base/index.ts'
import { decodeEntry } from './entry.ts'
import { faulty, type Reading } from './faults.ts'

/** Entries of a chain in one volume: volume n has those from 1,024 n on. */
export const volumeEntries = 1_024
const lengthBytes = 2

/**
 * A part of a chain as one run of bytes: its entries in their order, each with its length before it, 2 bytes. So whoever has the entries makes the same bytes, and with them the same content id.
 * Throws `bad-input` where these are not the entries of a volume.
 */
export function encodeVolume(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = concat(...entries.flatMap(entry => [Uint8Array.of(entry.length >> 8, entry.length & 255), entry]))
  const judged = decodeVolume(bytes)
  if (!judged.ok) throw new HoldfastError('bad-input', judged.reason, { fault: judged.code })
  return bytes
}

/** The entries of a volume, views of its bytes: exactly so many, each whole and of one chain, and nothing behind them. Whether the chain has them says the ledger. */
export function decodeVolume(bytes: Uint8Array): Reading<readonly Uint8Array[]> {
  const entries: Uint8Array[] = []
  let chain = ''
  for (let at = 0; at < bytes.length;) {
    if (entries.length === volumeEntries) return faulty('volume-count', `more than ${volumeEntries} entries`)
    const from = at + lengthBytes
    if (from > bytes.length) return faulty('volume-truncated', `no room for a length at byte ${at}`)
    const length = bytes[at]! << 8 | bytes[at + 1]!
    if (length > limits.recordBytes) return faulty('entry-too-big', `${length} bytes at byte ${at}`)
    at = from + length
    if (at > bytes.length) return faulty('volume-truncated', `an entry ends at byte ${at} of ${bytes.length}`)
    const entry = bytes.subarray(from, at)
    const judged = decodeEntry(entry)
    if (!judged.ok) return judged
    if (chain !== '' && judged.value.chainId !== chain) return faulty('volume-chain', `entry ${entries.length} is of another chain`)
    chain = judged.value.chainId
    entries.push(entry)
  }
  return entries.length === volumeEntries ? { ok: true, value: entries } : faulty('volume-count', `${entries.length} entries, not ${volumeEntries}`)
}
