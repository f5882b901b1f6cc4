import { expect, test } from 'vitest'
import { openLedgerStore } from '../../src/store/index.ts'
import { LedgerStore } from '../../src/store/ledger/ledger-store.ts'
import { memRecords } from '../../src/store/ledger/mem-records.ts'
import { ledgerStoreSuite, type TestValues } from './ledger-store.ts'

ledgerStoreSuite('mem', async range => {
  const records = memRecords()
  return {
    store: await LedgerStore.open<TestValues>(records, range),
    again: async () => await LedgerStore.open<TestValues>(records, range), // closed, it would be gone
    end: async () => undefined,
  }
})

test('where there is no IndexedDB it says so', async () => {
  await expect(openLedgerStore(new Uint8Array(8), { range: { states: 1, bodies: 1 } })).rejects.toMatchObject({ code: 'unsupported' })
})
