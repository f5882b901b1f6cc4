import { expect, test } from 'vitest'
import { GroupCommit } from '../../../src/peer/group-commit.ts'
import { PaymentShelf, type NewPayment } from '../../../src/peer/payment-shelf.ts'
import type { RecordStore } from '../../../src/peer/record-values.ts'

const fresh: NewPayment = { wish: 'w', owner: 'T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', made: 1, kind: 'buy-credits', to: '', coins: 5, credits: 1, fee: 1, wiring: 'wanted' }

test('of two changes of one payment at once both stay', async () => {
  const kept = new Map<string, unknown>()
  const store = {
    values: async () => [],
    async setValues(changes: Readonly<Record<string, unknown>>) {
      await new Promise(done => { setTimeout(done, 1) })
      for (const [name, value] of Object.entries(changes)) kept.set(name, value)
    },
  } as unknown as RecordStore
  const shelf = await PaymentShelf.open(store, new GroupCommit(store))
  await shelf.add(fresh)
  const [live] = shelf.all()
  const items = [{ bytes: new Uint8Array(1), time: 2 }]
  await Promise.all([shelf.keep(live!, { items }), shelf.keep(live!, { wiring: 'sent' })])
  expect([live!.value, [...kept.values()]]).toEqual([expect.objectContaining({ items, wiring: 'sent' }), [live!.value]])
})
