import type { Alarm } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { EntryShelf } from '../net/index.ts'
import type { LedgerStore } from '../store/index.ts'
import type { Sync } from '../sync/index.ts'
import type { VolumeSource } from './chain-volumes.ts'
import type { EntryHash, RecordService } from './record-api.ts'

/** The half of `RecordService` that spends nothing. */
export type RecordReading = Pick<RecordService, 'chains' | 'chain' | 'entries' | 'entry' | 'search' | 'pin' | 'fetch' | 'receipt' | 'verify'>

/** Entries as others have them: the line to the network worker, and neither rejects. */
export interface EntrySource {
  fetch(hashes: readonly EntryHash[]): Promise<readonly Uint8Array[]>
  holders(hashes: readonly EntryHash[]): Promise<readonly (number | null)[]>
}

export interface LibraryParts {
  readonly ledger: Pick<Ledger, 'recordsOf' | 'position' | 'prove' | 'parameters' | 'network'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read'>
  readonly store: Pick<LedgerStore<object>, 'records'>
  readonly clock: Alarm
  readonly source: EntrySource
  /** Left out where there is no line to a network worker. */
  readonly volumes?: VolumeSource
  /** Something that pages see of records is another: `change` of the news. */
  changed(): void
}

/** What the ledger worker holds of the reading half, and tells it. `EntryLibrary` is the one there is. */
export interface RecordReader extends RecordReading {
  /** What others may be given. */
  readonly shelf: EntryShelf
  /** Chains the network has, as far as was last heard. */
  readonly chainCount: number
  /** The head, the safety root, or how the network is followed is another. */
  moved(): void
  /** The person's EC addresses, that of the network and those of elsewhere: what they paid for is kept here. None: no keys. Before this was told once nothing is let go of, for an hour. */
  setPayers(creditAddresses: readonly string[]): void
  /** An entry the person records: its bytes are kept from now on, before any block has them. */
  written(entry: Uint8Array): Promise<void>
  /** It is not to be recorded after all: kept no longer than those of others. */
  unwritten(hash: EntryHash): Promise<void>
  /** Resolves when all that follows from how things stand now is done. */
  settle(): Promise<void>
  close(): void
}
