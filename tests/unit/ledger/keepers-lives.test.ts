import { expect, test } from 'vitest'
import { keys } from '../../../src/state/index.ts'
import { bonded, keeperRow, kept, nowOf, proofsOf, realRecord } from '../../support/keepers.ts'
import { TestChain, must, somebody, type Somebody } from '../../support/ledger.ts'

/* Whole lives of keepers on short periods: who sleeps, who is on holiday, who is everybody at once. A period has 7 blocks, the days of a week. */
const week = 7
const [ann, ben, cleo] = ['Ann', 'Ben', 'Cleo'].map(somebody) as [Somebody, Somebody, Somebody]
const [each, bond, fee] = [50, 1_000, 10]
const record = realRecord('a year of tides', { rent: { each, periods: 52, wanted: 1 }, until: 52 }, 5_000)
const upload = [record.file.cid, ann.address] as const

async function begin(people: readonly Somebody[] = [ann, ben, cleo]): Promise<TestChain> {
  return await TestChain.begin({ people, coins: 100_000, reward: 0, keeperPeriod: week, keeperBond: bond, range: 30, ops: [1, 3, 4, 5, 6] })
}

/** Ben keeps what Ann publishes. */
async function keeping(chain: TestChain): Promise<TestChain> {
  const begun = await chain.extend({ transactions: [await bonded(chain, ben, bond), await chain.transaction(3, ann, record)] })
  return await begun.extend({ transactions: [await kept(begun, ben, { accept: { uploads: [upload] } })] })
}

/** So many days, on which Ben shows what he is asked for whenever he is there and something waits. */
async function days(chain: TestChain, count: number, isThere: (day: number) => boolean): Promise<TestChain> {
  let grown = chain
  for (let i = 0; i < count; i++) {
    const day = grown.tip.header.number + 1
    const proofs = isThere(day) && day % week !== 0 ? await proofsOf(grown, ben) : null // on the day that settles him it is too late
    grown = await grown.extend({ transactions: proofs === null ? [] : [await grown.transaction(6, ben, proofs)] })
  }
  return grown
}

test('a laptop that is closed from Friday to Monday, for a year: no burn, no lost rent', async () => {
  const chain = await days(await keeping(await begin()), 40 * week, day => [2, 3, 4].includes(day % week))
  const row = (await keeperRow(chain, ben))!
  expect(row).toMatchObject({ status: 'active', missed: 0, bond })
  expect(row.results).toBe(2n ** BigInt(row.periods) - 1n)
  expect(await chain.state.read(keys.burned)).toBeNull()
  const before = (await chain.state.account(ben)).balance
  const paid = await chain.extend({ transactions: [await kept(chain, ben, { claim: { uploads: [upload] } })] })
  expect((await paid.state.account(ben)).balance).toBe(before - fee + row.periods * each)
})

test('two weeks of holiday: two rents, no burn', async () => {
  const early = await days(await keeping(await begin()), 5 * week - 3, () => true) // up to the day before a period begins
  const away = await days(early, 2 * week, () => false)
  const back = await days(away, 5 * week, () => true)
  const row = (await keeperRow(back, ben))!
  expect(row).toMatchObject({ status: 'active', missed: 0, bond })
  expect(row.results.toString(2).replaceAll('1', '')).toHaveLength(2)
  expect(await back.state.read(keys.burned)).toBeNull()
})

test('an owner who is all keepers, too, has no more than before', async () => {
  const everybody = [ann, ben, cleo]
  let chain = await begin(everybody)
  const before = chain.state.coins()
  const own = realRecord('mine', { rent: { each, periods: 5, wanted: 2 } })
  const name = [own.file.cid, ann.address] as const
  chain = await chain.extend({ transactions: [await bonded(chain, ben, bond), await bonded(chain, cleo, bond), await chain.transaction(3, ann, own)] })
  chain = await chain.extend({ transactions: await Promise.all([ben, cleo].map(async who => await kept(chain, who, { accept: { uploads: [name] } }))) })
  for (let day = 0; day < 6 * week; day++) {
    const shows = await Promise.all([ben, cleo].map(async who => [who, await proofsOf(chain, who)] as const))
    chain = await chain.extend({ transactions: await Promise.all(shows.flatMap(([who, proofs]) => proofs === null ? [] : [chain.transaction(6, who, proofs)])) })
  }
  chain = await chain.extend({ transactions: await Promise.all([ben, cleo].map(async who => await kept(chain, who, { claim: { uploads: [name] } }))) })
  const held = await Promise.all(everybody.map(async who => (await chain.state.account(who)).balance))
  const bonds = await Promise.all([ben, cleo].map(async who => (await keeperRow(chain, who))!.bond))
  const escrow = await chain.state.read(keys.escrow(...name)) ?? 0
  const theirs = [...held, ...bonds, escrow].reduce((sum, coins) => sum + coins, 0)
  expect(theirs).toBeLessThan(before)
  expect(chain.state.coins()).toBe(before)
})

test('a file that is published with a root of other bytes binds nobody who looks, and fines who does not', async () => {
  const lie = { ...record, file: { ...record.file, audit: '00'.repeat(32) } }
  let chain = await begin()
  chain = await chain.extend({ transactions: [await bonded(chain, ben, bond), await chain.transaction(3, ann, lie)] })
  chain = await chain.extend({ transactions: [await kept(chain, ben, { accept: { uploads: [upload] } })] })
  while (((await nowOf(chain, ben))?.picks.length ?? 0) === 0) chain = await chain.extend()
  expect(await chain.try({ transactions: [await chain.transaction(6, ben, (await proofsOf(chain, ben))!)] })).toMatchObject({ rule: 'audit-proof' })
  // It may be let go at any time: what was picked of it counts as missed once, and costs no bond.
  chain = await chain.extend({ transactions: [await kept(chain, ben, { release: { uploads: [upload], reason: 'ordinary' } })] })
  chain = await chain.grow(3 * week)
  expect(await keeperRow(chain, ben)).toMatchObject({ status: 'active', missed: 0, bond })
})

test('two branches over the block that settles ask for different leaves, and a proof for one is none on the other', async () => {
  const big = realRecord('many leaves', { rent: { each, periods: 20, wanted: 1 } }, 300_000)
  const name = [big.file.cid, ann.address] as const
  let chain = await begin()
  chain = await chain.extend({ transactions: [await bonded(chain, ben, bond), await chain.transaction(3, ann, big)] })
  chain = await chain.extend({ transactions: [await kept(chain, ben, { accept: { uploads: [name] } })] })
  while ((chain.tip.header.number + 1) % week !== 0) chain = await chain.extend()
  const [one, other] = await Promise.all(['x', 'y'].map(async miner => await chain.extend({ miner: somebody(miner) }))) as [TestChain, TestChain]
  const audit = await one.transaction(6, ben, (await proofsOf(one, ben))!)
  expect((await one.try({ transactions: [audit] })).ok).toBe(true)
  expect(await other.try({ transactions: [audit] })).toMatchObject({ rule: 'audit-proof' })
  // Refused there it costs nothing, and what the other branch asks for is shown with the same nonce.
  expect(must(await other.try({ transactions: [await other.transaction(6, ben, (await proofsOf(other, ben))!)] })).tip.header.number).toBe(other.tip.header.number + 1)
})
