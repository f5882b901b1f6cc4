import { toHex, type HoldfastError } from '../../base/index.ts'
import type { Range } from './chain.ts'
import { idbRecords } from './idb-records.ts'
import { LedgerStore } from './ledger-store.ts'
import { memRecords } from './mem-records.ts'

export interface LedgerStoreOptions {
  readonly range: Range
  /** As `DatabaseOptions.onClosed`. */
  readonly onClosed?: (reason: HoldfastError) => void
}

/** The database, and the Web Lock of its one writer, of a network. */
export function ledgerName(networkId: Uint8Array): string {
  return `ledger-${toHex(networkId)}`
}

/**
 * What this browser keeps of the ledger of a network (its id: 8 bytes). `storage-busy` where another context has it open; otherwise fails as
 * `openDatabase` does.
 */
export async function openLedgerStore<Values extends object>(networkId: Uint8Array, { range, onClosed }: LedgerStoreOptions): Promise<LedgerStore<Values>> {
  const records = await idbRecords({ name: ledgerName(networkId), onClosed })
  try {
    return await LedgerStore.open<Values>(records, range)
  } catch (error) {
    await records.close()
    throw error
  }
}

/** The same for as long as this object lives. */
export async function memLedgerStore<Values extends object>(range: Range): Promise<LedgerStore<Values>> {
  return await LedgerStore.open<Values>(memRecords(), range)
}
