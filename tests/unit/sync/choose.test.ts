import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { encode, limits, type Address } from '../../../src/base/index.ts'
import { transaction, transactionDrift, transactionLife, type Transaction } from '../../../src/ledger/index.ts'
import { Pool, type PoolEntry } from '../../../src/sync/pool/pool.ts'
import { chooseTransactions } from '../../../src/sync/pool/choose.ts'
import { noAccount, type Account } from '../../../src/state/index.ts'
import { TestChain, crowd, somebody, type Somebody } from '../../support/ledger.ts'
import { seeded } from './random-help.ts'

const people = crowd('one of many', 60)
const [ann, ben, cy] = people as [Somebody, Somebody, Somebody]
const away = somebody('away')
let chain: TestChain

beforeAll(async () => { chain = await TestChain.begin({ people, coins: 1_000 }) })

/** One that waits, as the pool would hold it; its signature is nobody's business here. */
let order = 0
const waits = (sender: Somebody, { nonce = 1n, fee = 10, amount = 1, source = 'a peer', own = false, work = null, time = chain.tip.header.time }: {
  nonce?: bigint, fee?: number, amount?: number, source?: string, own?: boolean, work?: number | null, time?: number
} = {}): PoolEntry => {
  const value: Transaction = {
    version: 1, network: chain.network, op: 1, sender: sender.address, nonce, time, fee: work === null ? fee : 0, witness: null, profile: null,
    body: { to: away.address, amount }, stamp: work === null ? null : 1n, signature: new Uint8Array(65),
  }
  const bytes = encode(transaction, value)
  return { id: String(++order), bytes, transaction: value, source, own, order, work: work ?? 0 }
}

const choose = async (entries: readonly PoolEntry[], { own = null, seed = 1, stampedPerBlock = 8, accounts = new Map<Address, Account>() }: {
  own?: Somebody | null, seed?: number, stampedPerBlock?: number, accounts?: ReadonlyMap<Address, Account>
} = {}): Promise<readonly PoolEntry[]> => {
  const chosen = await chooseTransactions(entries, {
    account: async address => accounts.get(address) ?? await chain.state.account({ address }), parameters: { stampedPerBlock }, now: chain.tip.header.time, own: own?.address ?? null, random: seeded(seed),
  })
  return chosen.map(value => entries.find(entry => entry.transaction === value)!)
}

describe('what goes into a block', () => {
  test('the highest fees, the first of equal ones', async () => {
    const all = people.map((person, i) => waits(person, { fee: 10 + i % 7 }))
    const chosen = await choose(all)
    expect(chosen).toHaveLength(limits.blockTransactions)
    expect(chosen).toEqual(all.toSorted((a, b) => b.transaction.fee - a.transaction.fee || a.order - b.order).slice(0, limits.blockTransactions))
  })

  test('own ones before all, sent from here or by who builds', async () => {
    const [dear, sent, built, later] = [waits(ann, { fee: 900 }), waits(ben, { own: true, source: '' }), waits(cy), waits(cy, { nonce: 2n })]
    expect(await choose([dear, later, sent, built], { own: cy })).toEqual([sent, built, later, dear])
  })

  test('of each sender in the order of nonces, from the next of its account on', async () => {
    const all = [3n, 1n, 2n, 5n].map(nonce => waits(ann, { nonce, fee: 10 + Number(nonce) }))
    const gap = waits(ben, { nonce: 2n })
    const middle = waits(cy, { fee: 12 })
    expect((await choose([...all, gap, middle])).map(({ transaction: { sender, nonce } }) => [sender, nonce])).toEqual([[cy.address, 1n], [ann.address, 1n], [ann.address, 2n], [ann.address, 3n]])
    const accounts = new Map([[ann.address, { ...noAccount, balance: 1_000, nonce: 2n }], [ben.address, { ...noAccount, balance: 1_000, nonce: 1n }]])
    expect((await choose([...all, gap], { accounts })).map(({ transaction: { sender, nonce } }) => [sender, nonce])).toEqual([[ann.address, 3n], [ben.address, 2n]])
  })

  test('as far as the sender has the coins', async () => {
    const all = [waits(ann, { amount: 500 }), waits(ann, { nonce: 2n, amount: 470 }), waits(ann, { nonce: 3n, amount: 1 }), waits(ben, { amount: 991 }), waits(away)]
    expect(await choose(all)).toEqual(all.slice(0, 2)) // 510 and 480 of 1,000; the 10 left pay no fee and a coin
  })

  test('in its time', async () => {
    const { time } = chain.tip.header
    const [soon, early, old, expired] = [time + transactionDrift, time + transactionDrift + 1, time - transactionLife, time - transactionLife - 1].map((at, i) => waits(people[i]!, { time: at })) as [PoolEntry, PoolEntry, PoolEntry, PoolEntry]
    expect(await choose([soon, early, old, expired])).toEqual([soon, old])
  })

  test('no more with a stamp than may be, half the hardest, half of one source each', async () => {
    const loud = people.slice(0, 20).map((person, i) => waits(person, { work: 30 + i, source: 'loud' }))
    const quiet = people.slice(20, 26).map((person, i) => waits(person, { work: 22, source: `quiet ${String(i)}` }))
    const drawn = new Set<number>()
    for (let seed = 1; seed <= 60; seed++) {
      const chosen = await choose([...quiet, ...loud], { seed })
      expect(chosen).toHaveLength(8)
      expect(chosen.slice(0, 4).map(({ work }) => work)).toEqual([49, 48, 47, 46])
      const rest = chosen.slice(4)
      expect(new Set(rest.map(({ source }) => source)).size).toBe(4)
      for (const entry of rest) drawn.add(entry.order)
    }
    expect(drawn.size).toBeGreaterThan(15) // by lot: quiet ones, and of the loud one any
    expect(await choose([...quiet, ...loud], { stampedPerBlock: 0 })).toEqual([])
    expect(await choose([...quiet, ...loud], { stampedPerBlock: 1 })).toEqual([loud[19]])
    expect(await choose(loud)).toHaveLength(5) // one source has no more
  })

  test('own ones with a stamp are among those that may be', async () => {
    const mine = [waits(ann, { work: 22 }), waits(ann, { nonce: 2n, work: 22 }), waits(ann, { nonce: 3n, work: 22 }), waits(ann, { nonce: 4n })]
    const others = people.slice(3, 20).map((person, i) => waits(person, { work: 30, source: String(i) }))
    const chosen = await choose([...mine, ...others], { own: ann })
    expect(chosen.slice(0, 4)).toEqual(mine)
    expect(chosen.filter(({ transaction: { stamp } }) => stamp !== null)).toHaveLength(8)
    expect(await choose(mine, { own: ann, stampedPerBlock: 2 })).toEqual(mine.slice(0, 2))
  })

  test('keeps the rules of a block, whatever waits', async () => {
    const wish = fc.record({ sender: fc.nat(11), nonce: fc.integer({ min: 1, max: 6 }), fee: fc.integer({ min: 10, max: 300 }), amount: fc.integer({ min: 1, max: 400 }), work: fc.option(fc.integer({ min: 6, max: 30 })), source: fc.nat(4), own: fc.boolean() })
    await fc.assert(fc.asyncProperty(fc.array(wish, { maxLength: 80 }), fc.nat(8), fc.nat(), async (wishes, stampedPerBlock, seed) => {
      const entries = new Map(wishes.map(({ sender, nonce, source, ...rest }) => [`${String(sender)}/${String(nonce)}`, waits(people[sender]!, { ...rest, nonce: BigInt(nonce), source: String(source) })]))
      const chosen = await choose([...entries.values()], { stampedPerBlock, seed, own: ann })
      expect(chosen.length).toBeLessThanOrEqual(limits.blockTransactions)
      expect(chosen.filter(({ transaction: { stamp } }) => stamp !== null).length).toBeLessThanOrEqual(stampedPerBlock)
      const accounts = new Map<Address, { nonce: bigint, balance: number }>()
      for (const { transaction: { sender, nonce, fee, body } } of chosen) {
        const { nonce: before, balance } = accounts.get(sender) ?? { nonce: 0n, balance: 1_000 }
        expect(nonce).toBe(before + 1n)
        const left = balance - fee - (body as { amount: number }).amount
        expect(left).toBeGreaterThanOrEqual(0)
        accounts.set(sender, { nonce, balance: left })
      }
      // Nobody with a fee waits who could have come.
      if (chosen.length < limits.blockTransactions) {
        for (const { transaction: { sender, nonce, fee, stamp, body } } of entries.values()) {
          const { nonce: before, balance } = accounts.get(sender) ?? { nonce: 0n, balance: 1_000 }
          expect(stamp === null && nonce === before + 1n && fee + (body as { amount: number }).amount <= balance).toBe(false)
        }
      }
    }), { numRuns: 200 })
  })
})

test('what the pool offers makes a block that execution takes', async () => {
  const pool = new Pool()
  const sent = [
    await chain.wiring(ann, ben, 5), await chain.wiring(ann, ben, 6, { nonce: 2n, fee: 40 }), await chain.message(ben, { fee: 30 }), chain.stamped(await chain.message(cy), cy, 7),
    await chain.wiring(people[4]!, ann, 991), await chain.wiring(people[5]!, ann, 1, { nonce: 7n }),
  ]
  for (const each of sent) expect(await pool.add(encode(transaction, each), 'a peer', async () => null)).toBe('new')
  const chosen = await chooseTransactions(pool.entries(), {
    account: async address => await chain.state.account({ address }), parameters: chain.parameters, now: chain.tip.header.time + chain.parameters.rescue, own: null, random: seeded(3),
  })
  expect(chosen).toEqual([sent[3], sent[2], sent[0], sent[1]])
  const after = await chain.judge(await chain.block({ transactions: chosen }))
  expect(after.ok).toBe(true)
})
