import { expect, test } from 'vitest'
import { fromUtf8 } from '../../../src/base/index.ts'
import { ledgerInMemory, keyOf, mine, transact } from '../../support/mine.ts'
import { uploadNetwork, openRecord } from '../../support/upload-device.ts'

test('what differs between two states, and what the next block would refuse', async () => {
  const [ann, bob] = [await keyOf('ann'), await keyOf('bob')]
  const ledger = await ledgerInMemory(await uploadNetwork({ ann: 1_000 }))
  const before = ledger.head.root
  const { header, body, time, miner } = await mine(ledger, { seconds: 60, transactions: [await transact(ledger, ann, { op: 1, body: { to: bob.address, amount: 5 } }, ledger.head.header.time)] })
  expect(await ledger.offer(header, body, time)).toMatchObject({ ok: true })
  const differing: string[] = []
  for await (const { key } of ledger.changes(before, ledger.head.root)) differing.push(fromUtf8(key)!)
  expect(differing.sort()).toEqual([
    `account/${ann.address}`, `account/${ann.address}/1`, `account/${bob.address}`, `account/${miner.address}`, `account/${miner.address}/mined/1`, 'fees', 'miner/0', 'miner/1', 'miner/total',
  ].sort())
  for await (const each of ledger.changes(before, before)) expect(each).toBeUndefined()
  await expect((async () => { for await (const _ of ledger.changes('0'.repeat(64), before)) return })()).rejects.toMatchObject({ code: 'not-found' })

  const next = { sender: ann.address, nonce: 2n, stamped: false }
  const { holders: _, ...record } = openRecord('Maps')
  expect(await ledger.judgeNext({ op: 3, body: { ...record, holders: [], keyCommit: null } }, next, time)).toBeNull()
  expect(await ledger.judgeNext({ op: 3, body: { ...record, holders: [], keyCommit: '00'.repeat(32) } }, next, time)).toMatchObject({ rule: 'upload-terms' })
  expect(await ledger.judgeNext({ op: 5, body: { accept: { uploads: [['00'.repeat(32), bob.address]] } } }, next, time)).toMatchObject({ rule: 'keeper-unknown' })
})
