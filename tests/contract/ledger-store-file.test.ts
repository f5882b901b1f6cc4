import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileRecords } from '../../src/relay/anchor/file-records.ts'
import { LedgerStore, type Range } from '../../src/store/index.ts'
import { ledgerStoreSuite, type OpenedLedger, type TestStore, type TestValues } from './ledger-store.ts'

const opened = (fileBytes?: number) => async (range: Range): Promise<OpenedLedger> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-ledger-'))
  const open = async (): Promise<TestStore> => await LedgerStore.open<TestValues>(await fileRecords(folder, fileBytes), range)
  let store = await open()
  return {
    store,
    async again() {
      await store.close()
      store = await open()
      return store
    },
    async end() {
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}

ledgerStoreSuite('file', opened())
// Every few batches another file, and old ones moved all the time.
ledgerStoreSuite('small files', opened(1000))
