import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Address } from '../../../src/base/index.ts'
import { genesisCoins, type Rule, type Transaction } from '../../../src/ledger/index.ts'
import type { UploadRow } from '../../../src/state/index.ts'
import { composeBody } from '../../../src/ledger/compose.ts'
import { Execution } from '../../../src/ledger/execute.ts'
import { TestChain, MapState, crowd, must, type Fields, type Somebody } from '../../support/ledger.ts'
import { boxOfSomebody, fileOf, holderOf, keeperOpened, keyOf, noChange, plainRecord, sealedOn, secretOf, songRecord } from '../../support/uploads.ts'
import { expectBooksToFit, purchasesIn, uploadsIn } from '../../support/upload-books.ts'

/** Random lives of people who publish, keep and buy. What can be executed is, the rest is left out; who buys and settles looks around first, or hardly anything would be bought. */
const people = crowd('life', 5)
const names = ['one', 'two', 'three', 'four']
const songs = ['red', 'blue', 'green']

const index = fc.nat({ max: people.length - 1 })
const wish = fc.record({
  who: index, whom: index, other: index,
  what: fc.constantFrom('plain', 'plain', 'song', 'song', 'song', 'policy', 'holders', 'keepers', 'rent', 'until', 'withdraw', 'readers', 'open', 'open', 'accept', 'accept', 'release', 'buy', 'buy', 'buy', 'grant', 'grant', 'grant', 'cheat', 'cheat', 'settle', 'settle', 'complain', 'complain', 'wire'),
  name: fc.nat({ max: 3 }), pick: fc.nat({ max: 5 }), each: fc.constantFrom(0, 0, 7), until: fc.integer({ min: 1, max: 3 }),
})
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never

const price = 100

async function fulfil(chain: TestChain, { who: w, whom: v, other: o, what, name: n, pick, each, until }: Wish, fields: Fields): Promise<Transaction> {
  const [who, whom, other] = [people[w]!, people[v]!, people[o]!]
  const song = fileOf(songs[n % 3]!).cid
  const own = pick % 2 === 0 ? song : fileOf(names[n]!).cid
  const [sale, deal] = [pickOf(uploadsIn(chain.state).filter(({ row }) => 'pay' in row.publication.policy && !row.withdrawn), n), pickOf(purchasesIn(chain.state).filter(({ granted }) => !granted || what !== 'grant' && what !== 'cheat'), n + pick)]
  const traded = { cid: deal?.cid ?? song, owner: deal?.owner ?? whom.address, buyer: deal?.buyer ?? other.address }
  const mine = pickOf(uploadsIn(chain.state), n + pick)
  const [owner, ours] = pick === 5 || mine === undefined ? [who, own] : [named(mine.owner), mine.cid]
  const [seller, buyer] = [named(traded.owner), named(traded.buyer)]
  const grantOf = async (key = keyOf(traded.cid)) => ({ ...traded, ...await sealedOn(chain, { cid: traded.cid, owner: traded.owner, to: buyer, box: boxOfSomebody(buyer, 'x'), key }) })
  const rent = { each, periods: 1, wanted: 1 + pick % 2 }
  const policy = [{ owner: null }, { list: [other.address] }, { pay: { price, share: 100 } }, { pay: { price: price + 1, share: 500 } }, { pay: { price, share: 0 } }, { list: [] }][pick]!
  switch (what) {
    case 'plain': return await chain.transaction(3, who, plainRecord(names[n]!, { until, rent: pick < 4 ? rent : null }), fields)
    case 'song': return await chain.transaction(3, who, songRecord(songs[n % 3]!, policy, { until, rent: pick < 3 ? rent : null, holders: pick % 2 === 0 ? [await holderOf(chain, song, who, other)] : [] }), fields)
    case 'policy': return await chain.transaction(4, owner, noChange(ours, { policy }), fields)
    case 'holders': return await chain.transaction(4, owner, noChange(ours, { holders: pick === 0 ? [] : await Promise.all([whom, other].slice(pick % 2).map(async to => await holderOf(chain, ours, owner, to))) }), fields)
    case 'keepers': return await chain.transaction(4, owner, noChange(ours, { keepers: pick < 2 ? [] : [whom.address, other.address].slice(pick % 2) }), fields)
    case 'rent': return await chain.transaction(4, owner, noChange(ours, { rent }), fields)
    case 'until': return await chain.transaction(4, owner, noChange(ours, { until }), fields)
    case 'withdraw': return await chain.transaction(4, owner, noChange(ours, { withdrawn: true, until: pick < 2 ? until : null }), fields)
    case 'readers': return await chain.transaction(4, owner, noChange(ours, { allow: [whom.address], deny: pick < 3 ? [other.address] : [] }), fields)
    case 'open': return await chain.transaction(5, who, { open: { bond: pick, pledged: 1000 * pick, price: 0, box: boxOfSomebody(who), public: true } }, fields)
    case 'accept': return await chain.transaction(5, who, { accept: { uploads: [[ours, owner.address]] } }, fields)
    case 'release': return await chain.transaction(5, who, { release: { uploads: [[ours, owner.address]], reason: pick < 3 ? 'ordinary' : 'lost' } }, fields)
    case 'buy': return await chain.transaction(8, who, { cid: sale?.cid ?? song, owner: sale?.owner ?? whom.address, price: priceOf(sale?.row) + (pick === 5 ? 1 : 0), box: boxOfSomebody(who, 'x') }, fields)
    case 'grant': return await chain.transaction(9, pick < 4 ? seller : who, await grantOf(), fields)
    case 'cheat': return await chain.transaction(9, pick < 4 ? seller : who, await grantOf(keyOf('no')), fields)
    case 'settle': return await chain.transaction(10, who, { ...traded, secret: null }, fields)
    case 'complain': return await chain.transaction(10, pick < 5 ? buyer : who, { ...traded, secret: secretOf(buyer, 'x') }, fields)
    case 'wire': return await chain.wiring(who, whom, 1 + pick, fields)
  }
}

const pickOf = <T>(all: readonly T[], i: number): T | undefined => all[i % Math.max(1, all.length)]
const named = (address: Address): Somebody => people.find(person => person.address === address) ?? people[0]!
const priceOf = (row: UploadRow | undefined): number => row !== undefined && 'pay' in row.publication.policy ? row.publication.policy.pay.price : price

/** What those of the block of one sender come to, each with the nonce it has if all before it stand. */
async function candidatesOf(chain: TestChain, wishes: readonly Wish[]): Promise<readonly Transaction[]> {
  const made: Transaction[] = []
  for (const wanted of wishes) {
    const first = await fulfil(chain, wanted, {})
    // Also the nonce without those before: one that is refused takes nobody along.
    const same = made.filter(({ sender }) => sender === first.sender)
    for (const nonce of new Set([first.nonce, ...same.map(each => each.nonce + 1n)])) made.push(await fulfil(chain, wanted, { nonce }))
  }
  return made
}

const lives = fc.record({ blocks: fc.array(fc.array(wish, { minLength: 3, maxLength: 7 }), { minLength: 10, maxLength: 16 }), period: fc.integer({ min: 2, max: 5 }), coins: fc.constantFrom(150, 10_000) })

test('coins stay what they were, lists say what rows say, and the root is that of the rows', { timeout: 60_000 }, async () => {
  const done = new Map<number, number>()
  await fc.assert(fc.asyncProperty(lives, async ({ blocks, period, coins }) => {
    let chain = await TestChain.begin({ people, coins, keeperPeriod: period, minimumFee: 1, ops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
    chain = await chain.extend({ transactions: await Promise.all(people.map(async who => await keeperOpened(chain, who, 3000))) })
    chain = await chain.extend({ transactions: await Promise.all(people.slice(0, 3).map(async (who, i) => await chain.transaction(3, who, songRecord(songs[i]!, { pay: { price, share: 100 } }, { holders: [await holderOf(chain, fileOf(songs[i]!).cid, who, people[3]!)] })))) })
    for (const wishes of blocks) {
      const before = uploadsIn(chain.state)
      const { header } = await chain.block()
      const { transactions } = await composeBody(chain.state, { ...chain.rulebook, block: '0'.repeat(64), header, parentTime: chain.tip.header.time, isWitness: () => false }, { transactions: await candidatesOf(chain, wishes), receipts: [], records: [] })
      chain = await chain.extend({ transactions })
      const { state, tip: { header: { number } }, parameters } = chain
      for (const { op } of transactions) done.set(op, (done.get(op) ?? 0) + 1)

      expect(state.coins()).toBe(genesisCoins(parameters) + parameters.reward * number)
      await expectBooksToFit(state)
      const left = new Set(uploadsIn(state).map(({ cid, owner }) => `${cid}/${owner}`))
      const gone = before.filter(({ cid, owner }) => !left.has(`${cid}/${owner}`))
      expect(gone.length).toBeLessThanOrEqual(8)
      for (const { row } of gone) expect(row.until).toBeLessThan(number)
    }
    const fresh = await MapState.of([...chain.state.rows].map(([name, value]) => ({ key: new TextEncoder().encode(name), value })).toReversed())
    expect(fresh.digest).toEqual(chain.state.digest)
  }), { numRuns: 8 })
  for (const op of [3, 4, 5, 8, 9, 10]) expect(done.get(op) ?? 0, `operation ${op}`).toBeGreaterThan(2)
})

test('a transaction that is refused leaves no trace', async () => {
  const refused = new Set<Rule>()
  await fc.assert(fc.asyncProperty(fc.array(wish, { minLength: 12, maxLength: 16 }), async wishes => {
    let chain = await TestChain.begin({ people, keeperPeriod: 2 })
    for (const wanted of wishes) {
      const transaction = await fulfil(chain, wanted, {})
      const { header } = await chain.block()
      const begun = async (): Promise<Execution> => must(await Execution.begin(chain.state, { ...chain.rulebook, block: '0'.repeat(64), header, parentTime: chain.tip.header.time, isWitness: () => false }))
      const [one, two] = [await begun(), await begun()]
      const refusal = await one.execute(transaction, 0)
      if (refusal === null) {
        chain = await chain.extend({ transactions: [transaction] })
        continue
      }
      refused.add(refusal.rule)
      expect(must(await one.end()).changes()).toEqual(must(await two.end()).changes())
    }
  }), { numRuns: 6 })
  expect(refused.size).toBeGreaterThan(5)
})
