import { deleteDB } from 'idb'
import { ledgerName, openLedgerStore } from '../../src/store/index.ts'
import { ledgerStoreSuite, type TestValues } from './ledger-store.ts'

const freshId = (): Uint8Array => crypto.getRandomValues(new Uint8Array(8))

ledgerStoreSuite('idb', async range => {
  const id = freshId()
  let store = await openLedgerStore<TestValues>(id, { range })
  return {
    store,
    async again() {
      await store.close()
      store = await openLedgerStore<TestValues>(id, { range })
      return store
    },
    async end() {
      await store.close()
      await deleteDB(ledgerName(id))
    },
  }
})
