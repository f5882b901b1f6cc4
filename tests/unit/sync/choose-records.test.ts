import { describe, expect, test } from 'vitest'
import { encode, limits } from '../../../src/base/index.ts'
import { transaction } from '../../../src/ledger/index.ts'
import { chooseRecords, type RecordRoom } from '../../../src/sync/pool/choose-records.ts'
import { heardAfter } from '../../../src/sync/pool/pool-order.ts'
import { Pool } from '../../../src/sync/pool/pool.ts'
import { RecordPool } from '../../../src/sync/pool/record-pool.ts'
import { TestChain, crowd } from '../../support/ledger.ts'
import { commit, item, reveal, type Wish } from './record-help.ts'

const keysOf = (wishes: readonly Wish[], room?: RecordRoom): readonly string[] => chooseRecords(wishes.map((wish, i) => ({ ...wish, order: i + 1 })), room).map(({ needs }) => needs.key.split('/')[1]!)
const many = (count: number, make: (i: number) => Wish): readonly Wish[] => Array.from({ length: count }, (_, i) => make(i))
const factoid = (name: string): Wish => ({ ...commit(name), needs: { ...commit(name).needs, kind: 'factoid', entry: '' } })

describe('what goes into a block', () => {
  test('is in the order in which one lets the next go on: payments, commits, first entries, entries', () => {
    const wishes = [reveal('more', { chain: 'c' }), reveal('first', { chain: 'c', begins: true }), commit('second', { entry: 'more' }), commit('one', { entry: 'first' }), factoid('pays')]
    expect(keysOf(wishes)).toEqual(['pays', 'second', 'one', 'first', 'more'])
  })

  test('has room for both: neither payments nor reveals keep the other out', () => {
    const [payments, reveals] = [many(100, i => commit(`c${i}`, { payer: `p${i}` })), many(100, i => reveal(`r${i}`, { payer: `q${i}` }))]
    const both = keysOf([...payments, ...reveals])
    expect([both.length, both.filter(key => key.startsWith('c')).length]).toEqual([64, 32])
    expect(keysOf(payments).length).toBe(64)
    expect(keysOf(reveals).length).toBe(64)
    const few = keysOf([...payments, ...reveals.slice(0, 5)])
    expect([few.length, few.filter(key => key.startsWith('r')).length]).toEqual([64, 5])
  })

  test('is of everybody who pays in turn, each in the order theirs came, the dearest first', () => {
    const wishes = [...many(5, i => commit(`ann${i}`, { payer: 'ann', credits: 10 })), commit('ben', { payer: 'ben', credits: 2 }), commit('cy', { payer: 'cy', credits: 3 })]
    expect(keysOf(wishes, { count: 4, bytes: 10_000 })).toEqual(['ann0', 'ann1', 'ben', 'cy'])
    expect(keysOf(wishes, { count: 2, bytes: 10_000 })).toEqual(['ann0', 'cy'])
  })

  test('of one payer is in the order in which it paid, whatever came first, and a block without room for all has those before', () => {
    const wishes = [reveal('third', { time: 30 }), reveal('first', { time: 10 }), reveal('second', { time: 20 }), commit('later', { time: 5 }), commit('sooner', { time: 4 })]
    expect(keysOf(wishes)).toEqual(['sooner', 'later', 'first', 'second', 'third'])
    for (const own of [true, false]) expect(keysOf(wishes.slice(0, 3).map(wish => ({ ...wish, own })), { count: 2, bytes: 10_000 })).toEqual(['first', 'second'])
  })

  test('begins with the own ones', () => {
    const wishes = [...many(9, i => commit(`c${i}`, { payer: `p${i}`, credits: 10 })), commit('own', { more: { own: true } }), reveal('held', { paid: false, more: { own: true } })]
    expect(keysOf(wishes, { count: 2, bytes: 10_000 })).toEqual(['own', 'held'])
  })

  test('waits where its commit waits, and fits the bytes there are', () => {
    const wishes = [commit('dear', { payer: 'p', credits: 5 }), commit('cheap', { entry: 'r' }), reveal('r')]
    expect(keysOf(wishes, { count: 2, bytes: 10_000 })).toEqual(['dear'])
    const long = many(10, i => reveal(`r${i}`, { payer: `p${i}`, size: 10_000 }))
    expect(keysOf(long, { count: 64, bytes: 45_000 }).length).toBe(4)
    expect(keysOf([...long, reveal('short', { payer: 's', worth: 0.001 })], { count: 64, bytes: 40_600 }).at(-1)).toBe('short')
  })
})

test('whoever asks gets transactions and records in the order they came, each once, never more than an answer has room for', async () => {
  const numbers = { last: 10 }
  const [pool, records] = [new Pool(numbers), new RecordPool(numbers)]
  const people = crowd('one of many', 3)
  const chain = await TestChain.begin({ people })
  for (const [i, person] of people.entries()) {
    await pool.add(encode(transaction, await chain.wiring(person, people[0]!, 1)), 'a peer', async () => null)
    records.put(reveal(`r${i}`, { payer: `p${i}`, size: 10_000 + i }))
  }
  const both = { numbers, pool, records }
  const room = { transactions: 50, records: 64, bytes: limits.poolAnswerBytes }
  const all = heardAfter(0, both, room)
  expect([all.next, all.transactions.length, all.records?.map(({ length }) => length)]).toEqual([16, 3, [10_000, 10_001, 10_002]])
  const told: number[] = []
  for (let next = 0; next < 16;) {
    const some = heardAfter(next, both, { ...room, bytes: 10_500 })
    told.push(...some.records?.map(({ length }) => length) ?? [])
    expect(some.next).toBeGreaterThan(next)
    next = some.next
  }
  expect(told).toEqual([10_000, 10_001, 10_002])
  expect(heardAfter(16, both, room)).toEqual({ next: 16, transactions: [] })
  expect(heardAfter(11, both, { ...room, records: 1 })).toMatchObject({ next: 13, records: [item(10_000).bytes] })
})
