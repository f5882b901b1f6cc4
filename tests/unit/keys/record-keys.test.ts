import { expect, test } from 'vitest'
import { toHex, utf8 } from '../../../src/base/index.ts'
import type { RecordRequest } from '../../../src/keys/index.ts'
import { createKeyService } from '../../../src/keys/service.ts'
import { chainIdOf, decodeChainCommit, decodeEntryCommit, decodeFactoid, encodeEntry, entryHash, feePaid, judgeChainReveal, judgeRecord, rcdHashOf } from '../../../src/records/index.ts'
import { memDatabase } from '../../../src/store/index.ts'

const [network, other] = ['0123456789abcdef', '0123456789abcdee']
const time = 1_800_000_000_000
const name = [utf8('log')]
const first = encodeEntry({ chainId: chainIdOf(name), extIds: name, content: utf8('x'.repeat(2_000)) })
const further = encodeEntry({ chainId: chainIdOf(name), extIds: [], content: utf8('x') })

function service() {
  const database = memDatabase()
  database.close = async () => {}
  return () => createKeyService({ open: async () => database })
}

await service()().signRecords(network, [{ kind: 'commit', time, entry: further, begins: false }]) // the first of all waits for the tables of the curves

function read<T>(judged: { readonly ok: true, readonly value: T } | { readonly ok: false, readonly reason: string }): T {
  if (!judged.ok) throw new Error(judged.reason)
  return judged.value
}

test('commits and payments are made whole, by the keys of the network, and cost what they must', async () => {
  const keys = service()()
  const { factoid, entryCredit } = await keys.networkKeys(network)
  const [chain, entry, payment] = await keys.signRecords(network, [
    { kind: 'commit', time, entry: first, begins: true }, { kind: 'commit', time: time + 1, entry: further, begins: false },
    { kind: 'factoid', time, fee: 24, outputs: [{ address: 'ab'.repeat(32), coins: 5 }], purchases: [{ address: toHex(entryCredit), coins: 7 }] },
  ])
  expect(read(decodeChainCommit(chain!))).toMatchObject({ timestamp: time, entryHash: entryHash(first), credits: 12, publicKey: toHex(entryCredit) })
  expect(judgeChainReveal(read(decodeChainCommit(chain!)), first).ok).toBe(true)
  expect(read(decodeEntryCommit(entry!))).toMatchObject({ timestamp: time + 1, entryHash: entryHash(further), credits: 1, publicKey: toHex(entryCredit) })
  const paid = read(decodeFactoid(payment!))
  expect(paid).toMatchObject({ timestamp: time, inputs: [{ address: toHex(rcdHashOf(factoid)), amount: 36n }], outputs: [{ amount: 5n }], purchases: [{ amount: 7n }] })
  expect(feePaid(paid)).toBe(24n)
  expect([chain, entry, payment].map(bytes => read(judgeRecord(bytes!)).kind)).toEqual(['chain-commit', 'entry-commit', 'factoid'])
  const [elsewhere] = await keys.signRecords(other, [{ kind: 'commit', time, entry: further, begins: false }])
  expect(read(decodeEntryCommit(elsewhere!)).publicKey).not.toBe(toHex(entryCredit))
})

test('nothing else is signed, and of a list all or nothing', async () => {
  const keys = service()()
  const commit: RecordRequest = { kind: 'commit', time, entry: further, begins: false }
  const pay: RecordRequest = { kind: 'factoid', time, fee: 24, outputs: [{ address: 'ab'.repeat(32), coins: 5 }], purchases: [] }
  const wrong: readonly unknown[] = [
    null, { ...commit, kind: 'entry' }, { ...commit, kind: 'hash' }, { ...commit, time: 0 }, { ...commit, time: 2 ** 48 }, { ...commit, time: 1.5 }, { ...commit, begins: 1 }, { ...commit, begins: true },
    { ...commit, entry: toHex(further) }, { ...commit, entry: new Uint8Array(40) .fill(1) }, { ...commit, entry: further.subarray(0, 34) }, { ...commit, entry: new Uint8Array(10_276) },
    { ...pay, outputs: [] }, { ...pay, fee: -1 }, { ...pay, fee: 0 }, { ...pay, fee: 2 ** 40 }, { ...pay, outputs: [{ address: 'ab', coins: 5 }] }, { ...pay, outputs: [{ address: 'ab'.repeat(32), coins: 0 }] },
    { ...pay, purchases: {} }, { ...pay, outputs: Array.from({ length: 256 }, () => ({ address: 'ab'.repeat(32), coins: 5 })) },
  ]
  for (const each of wrong) await expect(keys.signRecords(network, [commit, each as RecordRequest]), JSON.stringify(each)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(keys.signRecords(network, Array.from({ length: 129 }, () => commit))).rejects.toMatchObject({ code: 'bad-input' })
  await expect(keys.signRecords(network, 'all' as never)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(keys.signRecords('main', [commit])).rejects.toMatchObject({ code: 'bad-input' })
  expect(await keys.signRecords(network, [])).toEqual([])
})

test('locked keys sign nothing', async () => {
  const worker = service()
  await worker().setPassphrase('', 'tide and moon')
  await expect(worker().signRecords(network, [{ kind: 'commit', time, entry: further, begins: false }])).rejects.toMatchObject({ code: 'locked' })
})
