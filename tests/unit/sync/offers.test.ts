import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, encode, toHex, sha256 } from '../../../src/base/index.ts'
import { judgeTransactionBytes, signTransaction, transaction, transactionLife, type Ledger, type Link, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import { moveBetween } from '../../../src/sync/moves.ts'
import { Offers } from '../../../src/sync/offers.ts'
import type { SyncMemory } from '../../../src/sync/index.ts'
import { Memory } from '../../sim/world/memory.ts'
import { ann, ben, copyOf, cy, emptyLedger, give, grow, payment, rescueOf, signatures } from './world.ts'

let ledger: Ledger
let memory: SyncMemory
let now: number
let offers: Offers
const numbers = { last: 0 }

const offersOf = (): Offers => new Offers({ ledger, memory, numbers, now: () => now })
const idOf = (bytes: Uint8Array): string => toHex(sha256(bytes))
const kept = async (): Promise<readonly string[]> => (await memory.values('own/')).map(([name]) => name.slice(4))
const inPool = (): readonly string[] => offers.pool.entries().map(({ id }) => id)

/** The head goes over, and what follows of it. */
async function moves(change: () => Promise<void>): Promise<void> {
  const before: Link = ledger.head
  await change()
  now = Math.max(now, ledger.head.header.time)
  await offers.headMoved(moveBetween(ledger.chain, before, ledger.head))
}

beforeEach(async () => {
  ledger = await emptyLedger()
  await grow(ledger, 'abc')
  memory = new Memory().of(async () => true)
  now = ledger.head.header.time + 10
  offers = offersOf()
})

test('what others offer is taken, and told on to whoever asks', async () => {
  const { bytes } = await payment(ledger, ann, ben, now)
  const before = numbers.last
  expect(await offers.harvest([bytes], 'them')).toBe(true)
  expect(offers.pool.after(before, 99).map(each => each.bytes)).toEqual([bytes])
  expect([offers.waiting(ann.address), await kept()]).toEqual([[], []])
})

test('no honest peer offers what is unsigned, of another network, without its fee, or nothing at all; one with another head does offer what is used here', async () => {
  const { value } = await payment(ledger, ann, ben, now)
  const { signature: _, ...unsigned } = value
  const signed = (change: Partial<typeof unsigned>, key = ann): Uint8Array => encode(transaction, signTransaction({ ...unsigned, ...change } as UnsignedTransaction, key.secret, signatures))
  for (const false_ of [new Uint8Array([1]), signed({}, ben), signed({ network: '0123456789abcdef' }), signed({ fee: 1 }), signed({ op: 1, fee: 0, stamp: 1n })]) expect(await offers.harvest([false_], 'them')).toBe(false)
  for (const fair of [signed({ nonce: 0n }), signed({ time: now + 7_200 }), signed({ time: now - transactionLife - 100 }), signed({})]) expect(await offers.harvest([fair], 'them')).toBe(true)
  expect(offers.pool.size).toBe(1)
})

test('an own one waits, outlives a restart, and is let go when its block is settled', async () => {
  const first = await payment(ledger, ann, ben, now)
  const second = await payment(ledger, ann, ben, now, 5, 1)
  expect(await offers.submit(second.bytes)).toEqual({ ok: true, id: idOf(second.bytes) })
  expect(await offers.submit(first.bytes)).toEqual({ ok: true, id: idOf(first.bytes) })
  expect(offers.waiting(ann.address)).toEqual([first.bytes, second.bytes])
  expect([offers.waiting(ben.address), (await kept()).length]).toEqual([[], 2])
  offers = offersOf()
  await offers.restore()
  expect(offers.pool.own(ann.address).map(({ id }) => id)).toEqual([idOf(first.bytes), idOf(second.bytes)])
  await moves(async () => { await grow(ledger, 'b', { transactions: [first.value] }) })
  expect(inPool()).toEqual([idOf(second.bytes)])
  expect(offers.waiting(ann.address)).toHaveLength(2)
  await moves(async () => { await grow(ledger, 'b'.repeat(ledger.parameters.short - 1)) })
  expect(offers.waiting(ann.address)).toHaveLength(2)
  await moves(async () => { await grow(ledger, 'b') })
  expect([offers.waiting(ann.address), await kept()]).toEqual([[second.bytes], [idOf(second.bytes)]])
})

test('where its block is left it is offered again, also after a restart; those of others come back as well', async () => {
  const base = await copyOf([])
  expect(base.head.header.number).toBe(0)
  const own = await payment(ledger, ann, ben, now)
  const other = await payment(ledger, ben, cy, now)
  await offers.submit(own.bytes)
  const trunk = await grow(await emptyLedger(), 'abc')
  const side = await copyOf(trunk)
  await moves(async () => { await grow(ledger, 'b', { transactions: [own.value, other.value] }) })
  expect([inPool(), offers.waiting(ann.address).length]).toEqual([[], 1])
  const better = await grow(side, 'ca')
  await moves(async () => { await give(ledger, better) })
  expect(ledger.head.root).toBe(side.head.root)
  expect(inPool().toSorted()).toEqual([idOf(own.bytes), idOf(other.bytes)].toSorted())
  expect(offers.pool.own(ann.address)).toHaveLength(1)
  offers = offersOf()
  await offers.restore()
  expect(inPool()).toEqual([idOf(own.bytes)])
})

test('one that went into both branches does not come back', async () => {
  const { value, bytes } = await payment(ledger, ben, cy, now)
  const side = await copyOf(await grow(await emptyLedger(), 'abc'))
  await moves(async () => { await grow(ledger, 'b', { transactions: [value] }) })
  const better = await grow(side, 'c', { transactions: [value] })
  better.push(...await grow(side, 'a'))
  await moves(async () => { await give(ledger, better) })
  expect(inPool()).not.toContain(idOf(bytes))
})

test('taken back it is gone, also where that happens in the middle', async () => {
  const { bytes } = await payment(ledger, ann, ben, now)
  await offers.submit(bytes)
  await offers.withdraw(idOf(bytes))
  expect([inPool(), offers.waiting(ann.address), await kept()]).toEqual([[], [], []])
  await offers.withdraw(idOf(bytes))

  await offers.submit(bytes)
  offers.pool.drop([idOf(bytes)]) // as by a reorganisation
  const judge = ledger.judge.bind(ledger)
  ledger.judge = async (...asked) => {
    await offers.withdraw(idOf(bytes))
    return await judge(...asked)
  }
  await moves(async () => { await give(ledger, [await rescueOf(ledger, 'ben')]) })
  expect([inPool(), offers.waiting(ann.address), await kept()]).toEqual([[], [], []])
})

test('what no block can take any more is let go', async () => {
  const { bytes } = await payment(ledger, ann, ben, now)
  await offers.submit(bytes)
  now += transactionLife
  await moves(async () => { await give(ledger, [await rescueOf(ledger, 'ben')]) })
  expect(await kept()).toHaveLength(1)
  now += 200
  await moves(async () => { await give(ledger, [await rescueOf(ledger, 'ben')]) })
  expect([inPool(), await kept()]).toEqual([[], []])
})

test('what breaks a rule is not taken, and nothing is written', async () => {
  const { value: { signature: _, ...unsigned } } = await payment(ledger, ann, ben, now)
  const used = encode(transaction, signTransaction({ ...unsigned, nonce: 0n }, ann.secret, signatures))
  const { setValues } = memory
  memory.setValues = async () => { throw new Error('nothing is to be written') }
  expect(await offers.submit(used)).toMatchObject({ ok: false, rule: 'tx-nonce' })
  memory.setValues = setValues
  expect(await offers.submit(new Uint8Array([7]))).toMatchObject({ ok: false, rule: 'tx-encoding' })
  const first = await payment(ledger, ann, ben, now)
  await offers.submit(first.bytes)
  const second = await payment(ledger, ann, cy, now)
  expect(await offers.submit(second.bytes)).toMatchObject({ ok: false, rule: 'tx-nonce' })
  expect([await kept(), offers.waiting(ann.address)]).toEqual([[idOf(first.bytes)], [first.bytes]])
})

test('what cannot be written down is shown to nobody', async () => {
  const { bytes } = await payment(ledger, ann, ben, now)
  memory = { ...memory, async setValues() { throw new HoldfastError('storage-full') } }
  offers = offersOf()
  await expect(offers.submit(bytes)).rejects.toMatchObject({ code: 'storage-full' })
  expect([inPool(), offers.waiting(ann.address)]).toEqual([[], []])
})

test('over a ledger that began in the middle own ones wait until a settled state is here', async () => {
  const { bytes, value } = await payment(ledger, ann, ben, now)
  await offers.submit(bytes)
  await moves(async () => { await grow(ledger, 'bbbb', { transactions: [] }) })
  await grow(ledger, 'b', { transactions: [value] })
  const account = ledger.account.bind(ledger)
  const { root } = ledger.head
  ledger.account = async (address, at) => at === undefined || at === root ? await account(address) : await Promise.reject(new HoldfastError('not-found', 'not kept'))
  offers = offersOf()
  await offers.restore()
  expect(offers.waiting(ann.address)).toEqual([bytes])
  expect(judgeTransactionBytes(bytes).ok).toBe(true)
})
