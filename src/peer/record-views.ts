import { fromHex } from '../base/index.ts'
import { decodeEntry, formatAddress } from '../records/index.ts'
import type { CopyRow } from './entry-keys.ts'
import type { RecordEntry } from './record-api.ts'

export interface EntryFacts extends Pick<RecordEntry, 'hash' | 'chain' | 'index' | 'block' | 'time' | 'holders'> {
  /** Null where no copy in this place is filed here. */
  readonly row: CopyRow | null
  readonly bytes: Uint8Array | null
  /** Number of the safety root's block. */
  readonly safe: number
}

/** An entry as pages show it. */
export function shownEntry({ hash, chain, index, block, time, holders, row, bytes, safe }: EntryFacts): RecordEntry {
  const entry = bytes === null ? null : decodeEntry(bytes)
  const { extIds, content } = entry?.ok === true ? entry.value : { extIds: null, content: null }
  const payer = row === null || row.payer === null ? null : formatAddress('EC', fromHex(row.payer)!)
  return { hash, chain, index, block, time, safe: block <= safe, extIds: extIds?.map(each => each.slice()) ?? null, content: content?.slice() ?? null, size: bytes?.length ?? null, payer, holders }
}
