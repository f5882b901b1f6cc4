import { expect, test } from 'vitest'
import { fromHex } from '../../../src/base/index.ts'
import { formatAddress } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import { mine, transact } from '../../support/mine.ts'
import { RecordDevice, chainOf, first, further, recordNetwork } from '../../support/record-device.ts'
import { payment, signer } from '../../support/records.ts'

/* Keys of Factom's that a person brought here: they pay when they are named, once each, and never by themselves. */

const old = signer('an old wallet')
const publicKey = fromHex(old.publicKey)!
const [fa, ec] = [formatAddress('FA', fromHex(old.address)!), formatAddress('EC', publicKey)]
const imported = [{ kind: 'FA', address: fa }, { kind: 'EC', address: ec }] as const

/** Ann has the key; at it are so many coins and 20 entry credits. */
async function annWith(coins: number): Promise<RecordDevice> {
  const ann = await RecordDevice.of('ann', await recordNetwork({ ann: 10_000 }))
  for (const payload of [old.address, old.publicKey]) ann.device.keys.imported.set(payload, { secret: new Uint8Array(old.secret), public: publicKey })
  await ann.desk.setPerson(ann.device.key.address, false, imported)
  const { ledger } = ann
  await ann.take(await mine(ledger, { seconds: 60, transactions: [await transact(ledger, ann.device.key, { op: 1, body: { to: old.address, amount: coins + 100 } }, ledger.head.header.time)] }))
  await ann.take(await mine(ledger, { seconds: 60, records: [payment({ time: 1_000 * ledger.head.header.time, from: [[100, old]], buy: [[40, old.publicKey]] })] }))
  return ann
}

const held = async (ann: RecordDevice) => (await ann.desk.credits())!.imported.map(({ holds }) => holds)

test('what lies at them is told, and pays for what names them alone', async () => {
  const ann = await annWith(500)
  expect(await held(ann)).toEqual([500, 20])
  expect(await ann.desk.quote(first('log'), ec)).toMatchObject({ credits: 11, balance: 20, problem: null })
  expect(await ann.desk.quote(first('log'))).toMatchObject({ credits: 11, balance: 0 })
  await expect(ann.desk.record('own', first('log'))).rejects.toMatchObject({ code: 'too-large', data: { missing: 11 } })
  await ann.desk.record('a', first('log', 'one'), ec)
  await ann.desk.record('b', further('log', 'two'), ec)
  await expect(ann.desk.record('c', further('log', 'x'.repeat(9_000)), ec)).rejects.toMatchObject({ code: 'too-large', data: { missing: 1 } })
  await ann.blocks(4)
  expect(ann.sending).toMatchObject([{ wish: 'a', stage: 'included', index: 0 }, { wish: 'b', stage: 'included', index: 1 }])
  expect(await ann.chain('log')).toEqual(['one', 'two'])
  expect(await held(ann)).toEqual([500, 8])
  expect((await ann.desk.credits())!.credits).toBe(0)
  await ann.stop()
})

test('coins of it go where they are sent, to the account and to the own entry credits', async () => {
  const ann = await annWith(500)
  const { balance } = await ann.ledger.account(ann.device.key.address)
  await expect(ann.desk.sendFactoids('w', ann.device.key.address, 477, fa)).rejects.toMatchObject({ code: 'too-large' })
  await expect(ann.desk.sendFactoids('w', ann.device.key.address, 10)).rejects.toMatchObject({ code: 'too-large' }) // at the own address are none
  await ann.desk.sendFactoids('w', ann.device.key.address, 100, fa)
  await ann.blocks(2)
  expect((await ann.ledger.account(ann.device.key.address)).balance).toBe(balance + 100)
  expect(await held(ann)).toEqual([500 - 100 - 24, 20])
  await ann.desk.sendFactoids('x', (await ann.desk.credits())!.creditAddress, 50, fa)
  await ann.blocks(2)
  expect(await ann.credits()).toBe(25)
  await ann.stop()
})

test('it signs once: what no block takes in its window fails, and nothing is signed again', async () => {
  const ann = await annWith(500)
  await ann.desk.record('a', first('log'), ec)
  await ann.desk.sendFactoids('w', ann.device.key.address, 100, fa)
  await ann.settle()
  const signed = ann.signed.size
  expect(signed).toBe(2)
  await ann.hours(25)
  for (let i = 0; i < 4; i++) await ann.hours(1)
  expect(ann.sending).toMatchObject([{ wish: 'a', stage: 'failed', spent: false, problem: { code: 'timeout' } }])
  expect((await ann.desk.credits())!.sending).toMatchObject([{ wish: 'w', stage: 'failed', problem: { code: 'timeout' } }])
  expect(ann.signed.size).toBe(signed)
  expect(await held(ann)).toEqual([500, 20])
  await ann.stop()
})

test('a key that was taken off signs nothing, and what waited for it fails alone', async () => {
  const ann = await annWith(500)
  await ann.buy(30)
  ann.device.keys.imported.clear()
  await ann.desk.record('a', first('log'), ec)
  await ann.desk.record('b', first('other'))
  await ann.desk.sendFactoids('w', ann.device.key.address, 100, fa)
  await ann.blocks(3)
  expect(ann.sending).toMatchObject([{ wish: 'a', stage: 'failed', problem: { code: 'not-own' } }, { wish: 'b', stage: 'included' }])
  expect((await ann.desk.credits())!.sending.find(({ wish }) => wish === 'w')).toMatchObject({ stage: 'failed', problem: { code: 'not-own' } })
  await expect(ann.desk.record('c', first('third'), fa)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.desk.sendFactoids('y', ann.device.key.address, 1, ec)).rejects.toMatchObject({ code: 'bad-input' })
  await ann.stop()
})

test('entries of one chain that two keys pay for keep their order', async () => {
  const ann = await annWith(500)
  await ann.buy(30)
  await ann.desk.record('a', first('log', 'one'))
  await ann.desk.record('b', further('log', 'two'), ec)
  await ann.desk.record('c', further('log', 'three'))
  await ann.blocks(6)
  expect(await ann.chain('log')).toEqual(['one', 'two', 'three'])
  expect((await ann.ledger.read(keys.chain(chainOf('log'))))!.count).toBe(3)
  await ann.stop()
})
