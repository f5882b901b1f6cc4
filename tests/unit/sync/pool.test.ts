import { beforeAll, describe, expect, test } from 'vitest'
import { encode, limits } from '../../../src/base/index.ts'
import { transaction, transactionId, transactionLife, type Refusal, type Transaction } from '../../../src/ledger/index.ts'
import { heardAfter, type PoolOrder } from '../../../src/sync/pool/pool-order.ts'
import { Pool, type PoolCaps } from '../../../src/sync/pool/pool.ts'
import { RecordPool } from '../../../src/sync/pool/record-pool.ts'
import { TestChain, crowd, somebody } from '../../support/ledger.ts'

const [ann, ben, cy] = [somebody('ann'), somebody('ben'), somebody('cy')]
const people = [ann, ben, cy, ...crowd('one of many', 12)]
const fine = async () => null
const bytesOf = (value: Transaction) => encode(transaction, value)
const caps: PoolCaps = { paid: 6, stamped: 3, sourcePaid: 4, sourceStamped: 2, sender: 3 }
let chain: TestChain

/** A payment of somebody, by nonce and fee. */
const pays = async (sender = ann, nonce = 1n, fee = 10, amount = 1) => await chain.wiring(sender, cy, amount, { nonce, fee })
const add = async (pool: Pool, value: Transaction, source = 'a peer') => {
  const pooled = await pool.add(bytesOf(value), source, fine)
  return typeof pooled === 'string' ? pooled : pooled.rule
}
/** Pools by themselves, and the numbers of each. */
const numbersOf = new WeakMap<Pool, PoolOrder>()
const poolFrom = (last = 0): Pool => {
  const numbers = { last }
  const pool = new Pool(numbers)
  numbersOf.set(pool, numbers)
  return pool
}
const since = (pool: Pool, cursor: number, transactions: number) => {
  const numbers = numbersOf.get(pool)!
  return heardAfter(cursor, { numbers, pool, records: new RecordPool(numbers) }, { transactions, records: 9, bytes: limits.poolAnswerBytes })
}
const ids = (pool: Pool) => pool.entries().map(({ id }) => id)

beforeAll(async () => { chain = await TestChain.begin({ people }) })

describe('what comes into the pool', () => {
  test('is there once, whoever brings it', async () => {
    const pool = new Pool()
    const one = await pays()
    expect(await add(pool, one)).toBe('new')
    expect(await add(pool, one, 'another peer')).toBe('known')
    expect(pool.size).toBe(1)
    expect(pool.has(transactionId(one))).toBe(true)
    expect(pool.entries()).toMatchObject([{ id: transactionId(one), transaction: one, source: 'a peer', own: false, order: 1, work: 0 }])
  })

  test('is what it says it is, and what the ledger takes', async () => {
    const pool = new Pool()
    expect(await pool.add(Uint8Array.of(1, 2, 3), 'a peer', fine)).toMatchObject({ rule: 'tx-encoding' })
    expect(await pool.add(new Uint8Array(limits.transactionBytes + 1), 'a peer', fine)).toMatchObject({ rule: 'tx-encoding' })
    const refused: Refusal = { ok: false, rule: 'tx-fee', detail: 'too little' }
    const seen: Transaction[] = []
    const one = await pays()
    expect(await pool.add(bytesOf(one), 'a peer', async value => { seen.push(value); return refused })).toBe(refused)
    expect(seen).toEqual([one])
    expect(pool.size).toBe(0)
  })

  test('is judged once where it comes twice at a time', async () => {
    const pool = new Pool()
    const one = await pays()
    expect(await Promise.all([add(pool, one), add(pool, one, 'another peer')])).toEqual(['new', 'known'])
    const [two, dearer] = [await pays(ann, 2n), await pays(ann, 2n, 11)]
    expect(await Promise.all([add(pool, dearer), add(pool, two)])).toEqual(['new', 'tx-nonce'])
    expect(pool.size).toBe(2)
  })

  test('of a sender and nonce the one with the highest fee, the first of equal ones', async () => {
    const pool = new Pool()
    const [first, other, dearer] = [await pays(), await pays(ann, 1n, 10, 2), await pays(ann, 1n, 11)]
    await add(pool, first)
    expect(await add(pool, other)).toBe('tx-nonce')
    expect(await add(pool, dearer)).toBe('new')
    expect(ids(pool)).toEqual([transactionId(dearer)])
    expect(await add(pool, first)).toBe('tx-nonce')
    expect(await add(pool, await pays(ben))).toBe('new')
  })

  test('never takes the place of an own one with its nonce, wherever it comes from', async () => {
    const pool = new Pool()
    const [mine, dearer] = [await pays(), await pays(ann, 1n, 500)]
    await add(pool, mine, '')
    expect(await add(pool, dearer)).toBe('tx-nonce')
    expect(await add(pool, dearer, '')).toBe('tx-nonce')
    pool.drop([transactionId(mine)])
    expect(await add(pool, dearer, '')).toBe('new')
  })

  test('becomes an own one where it is sent from here as well', async () => {
    const pool = new Pool()
    const one = await pays()
    await add(pool, one)
    expect(pool.own(ann.address)).toEqual([])
    expect(await add(pool, one, '')).toBe('known')
    expect(pool.own(ann.address)).toMatchObject([{ id: transactionId(one), own: true, source: '', order: 1 }])
    expect(await add(pool, one)).toBe('known')
    expect(pool.own(ann.address)).toHaveLength(1)
  })
})

describe('where there is no room', () => {
  test('the lowest fee goes for a higher one, of equal ones the last; own ones never', async () => {
    const pool = new Pool({ last: 0 }, { ...caps, sourcePaid: 99 })
    const there = await Promise.all([10, 12, 10, 14, 15, 16].map(async (fee, i) => await pays(people[i], 1n, fee)))
    for (const [i, each] of there.entries()) await add(pool, each, i === 0 ? '' : 'a peer')
    expect(await add(pool, await pays(people[7], 1n, 10))).toBe('full')
    expect(await add(pool, await pays(people[7], 1n, 11))).toBe('new') // for the third
    expect(pool.has(transactionId(there[2]!))).toBe(false)
    expect(await add(pool, await pays(people[8], 1n, 13))).toBe('new')
    expect(await add(pool, await pays(people[9], 1n, 12))).toBe('full') // the first would be cheaper, but is an own one
    expect(await add(pool, await pays(people[9], 1n, 10), '')).toBe('new')
    expect([pool.size, pool.has(transactionId(there[0]!)), pool.has(transactionId(there[1]!))]).toEqual([6, true, false])
  })

  test('nothing goes where all are own', async () => {
    const pool = new Pool({ last: 0 }, caps)
    for (const person of people.slice(0, 6)) await add(pool, await pays(person), '')
    expect(await add(pool, await pays(people[6], 1n, 999))).toBe('full')
    expect(await add(pool, await pays(people[6]), '')).toBe('full')
  })

  test('one in the place of another, with more to pay, needs no more room', async () => {
    const pool = new Pool({ last: 0 }, caps)
    for (const [i, person] of people.slice(0, 6).entries()) await add(pool, await pays(person, 1n, 20 + i), person.name)
    const dearer = await pays(people[5], 1n, 30)
    expect(await add(pool, dearer)).toBe('new')
    expect([pool.size, pool.noncesOf(ann.address), pool.has(transactionId(dearer))]).toEqual([6, [1n], true])
  })

  test('one source has its share, in which its own lowest fee goes', async () => {
    const pool = new Pool({ last: 0 }, caps)
    const there = await Promise.all(people.slice(0, 4).map(async person => await pays(person, 1n, 20)))
    for (const each of there) await add(pool, each, 'loud')
    expect(await add(pool, await pays(people[5], 1n, 20), 'loud')).toBe('full')
    expect(await add(pool, await pays(people[5], 1n, 10), 'quiet')).toBe('new')
    expect(await add(pool, await pays(people[6], 1n, 30), 'loud')).toBe('new')
    expect([pool.size, pool.has(transactionId(there[3]!))]).toEqual([5, false])
  })

  test('one sender has its share, in which its highest nonce goes', async () => {
    const pool = new Pool({ last: 0 }, caps)
    for (const nonce of [5n, 3n, 4n]) await add(pool, await pays(ann, nonce))
    expect(await add(pool, await pays(ann, 6n, 999))).toBe('full')
    expect(await add(pool, await pays(ann, 2n))).toBe('new')
    expect(pool.noncesOf(ann.address)).toEqual([2n, 3n, 4n])
    expect(await add(pool, await pays(ann, 3n, 11))).toBe('new') // in the place of another, not beside it
    expect(pool.noncesOf(ann.address)).toEqual([2n, 3n, 4n])
    expect(await add(pool, await pays(ben, 9n))).toBe('new')
  })

  test('an own one of a sender does not go for a nonce before it', async () => {
    const pool = new Pool({ last: 0 }, caps)
    await add(pool, await pays(ann, 3n))
    await add(pool, await pays(ann, 4n), '')
    await add(pool, await pays(ann, 5n), '')
    expect(await add(pool, await pays(ann, 2n))).toBe('new')
    expect(pool.noncesOf(ann.address)).toEqual([2n, 4n, 5n])
  })

  test('those with a stamp have room of their own, in which the least work goes', async () => {
    const pool = new Pool({ last: 0 }, caps)
    const stamped = async (i: number, bits: number) => chain.stamped(await pays(people[i]), people[i]!, bits)
    const there = [await stamped(0, 7), await stamped(1, 6), await stamped(2, 9)]
    for (const [i, each] of there.entries()) expect(await add(pool, each, `peer ${String(i)}`)).toBe('new')
    for (const person of people.slice(3, 9)) await add(pool, await pays(person), person.name)
    expect(pool.size).toBe(9)
    expect(pool.entries().map(({ work }) => work).slice(0, 3)).toEqual([7, 6, 9])
    expect(await add(pool, await stamped(9, 6))).toBe('full')
    expect(await add(pool, await stamped(9, 8))).toBe('new')
    expect(pool.has(transactionId(there[1]!))).toBe(false)
    expect(await add(pool, await stamped(10, 11), 'peer 0')).toBe('new') // for the first
    expect(pool.has(transactionId(there[0]!))).toBe(false)
    expect(pool.size).toBe(9)
  })
})

describe('whoever asks again and again', () => {
  test('gets each once, in the order they came', async () => {
    const pool = poolFrom()
    const there = await Promise.all(people.slice(0, 7).map(async person => await pays(person)))
    for (const each of there.slice(0, 5)) await add(pool, each)
    const first = since(pool, 0, 2)
    expect(first).toEqual({ next: 2, transactions: there.slice(0, 2).map(bytesOf) })
    pool.drop([transactionId(there[2]!)])
    const second = since(pool, first.next, 2)
    expect(second).toEqual({ next: 5, transactions: there.slice(3, 5).map(bytesOf) })
    expect(since(pool, second.next, 2)).toEqual({ next: 5, transactions: [] })
    for (const each of there.slice(5)) await add(pool, each)
    pool.drop([transactionId(there[6]!)])
    expect(since(pool, second.next, 9)).toEqual({ next: 7, transactions: [bytesOf(there[5]!)] })
    expect(since(pool, 7, 9)).toEqual({ next: 7, transactions: [] })
  })

  test('of own ones it is known whether anybody was given them', async () => {
    const pool = poolFrom()
    const [own, other] = [await pays(ann), await pays(ben)]
    await add(pool, own, '')
    await add(pool, other)
    expect([pool.given, pool.wasGiven(transactionId(own))]).toEqual([0, false])
    since(pool, 0, 9)
    expect([pool.given, pool.wasGiven(transactionId(own)), pool.wasGiven(transactionId(other))]).toEqual([1, true, false])
    pool.drop([transactionId(own)])
    expect([pool.given, pool.wasGiven(transactionId(own))]).toEqual([0, false])
  })

  test('begins anew where we did', async () => {
    const pool = poolFrom()
    const one = await pays()
    await add(pool, one)
    expect(since(pool, 500, 9)).toEqual({ next: 1, transactions: [bytesOf(one)] })
    const later = poolFrom(1_000)
    expect(since(later, 0, 9)).toEqual({ next: 1_000, transactions: [] })
    await add(later, one)
    expect(since(later, 500, 9)).toEqual({ next: 1_001, transactions: [bytesOf(one)] })
  })
})

test('what is too old for any block goes, own ones as well', async () => {
  const pool = new Pool()
  const { time } = chain.tip.header
  const [old, own, young] = [await pays(), await pays(ben), await chain.wiring(cy, ann, 1, { time: time + 1 })]
  await add(pool, old)
  await add(pool, own, '')
  await add(pool, young)
  expect(pool.expire(time + transactionLife)).toEqual([])
  expect(pool.expire(time + transactionLife + 1).map(({ id }) => id)).toEqual([old, own].map(transactionId))
  expect(ids(pool)).toEqual([transactionId(young)])
  expect([pool.noncesOf(ann.address), pool.own(ben.address)]).toEqual([[], []])
})

test('own ones come in the order of their nonces', async () => {
  const pool = new Pool()
  for (const nonce of [10n, 9n, 2n]) await add(pool, await pays(ann, nonce), '')
  await add(pool, await pays(ann, 3n))
  expect(pool.own(ann.address).map(entry => entry.transaction.nonce)).toEqual([2n, 9n, 10n])
  expect(pool.noncesOf(ann.address)).toEqual([2n, 3n, 9n, 10n])
})

test('what a block could not take is not tried again for a while, longer each time; own ones are', async () => {
  const pool = new Pool()
  const [one, own] = [await pays(), await pays(ben)]
  await add(pool, one)
  await add(pool, own, '')
  const [theirs, mine] = [transactionId(one), transactionId(own)]
  const at = (now: number) => pool.candidates(now).map(({ id }) => id)
  expect(at(0)).toEqual([theirs, mine])
  for (const [from, rest] of [[0, 10], [100, 20], [200, 40]] as const) {
    pool.setAside([theirs, mine, 'nobody knows'], from, 10)
    expect([at(from), at(from + rest - 1), at(from + rest)]).toEqual([[mine], [mine], [theirs, mine]])
  }
  pool.drop([theirs])
  await add(pool, one)
  pool.setAside([theirs], 300, 10)
  expect(at(310)).toEqual([mine, theirs])
  expect(pool.size).toBe(2)
})

test('what an account has gone past goes, whichever of its transactions it was', async () => {
  const pool = new Pool()
  for (const nonce of [1n, 2n, 3n]) await add(pool, await pays(ann, nonce), nonce === 1n ? '' : 'a peer')
  await add(pool, await pays(ben))
  pool.dropUsed(ann.address, 2n)
  expect([pool.noncesOf(ann.address), pool.noncesOf(ben.address)]).toEqual([[3n], [1n]])
})
