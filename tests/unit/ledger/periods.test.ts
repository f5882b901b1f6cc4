import { describe, expect, test } from 'vitest'
import type { Assignment } from '../../../src/content/index.ts'
import type { Keep, Transaction } from '../../../src/ledger/index.ts'
import { payRent } from '../../../src/ledger/uploads/rent.ts'
import { StateView, keys } from '../../../src/state/index.ts'
import { bonded, keeperRow, kept, nowOf, proofsOf, realRecord } from '../../support/keepers.ts'
import { TestChain, somebody, type Somebody } from '../../support/ledger.ts'
import { expectBooksToFit } from '../../support/upload-books.ts'
import { noChange } from '../../support/uploads.ts'

/* Ann publishes; the others keep. A period has 4 blocks, a bond 1,000 coins, a rent 50 a period; fees are 10. */
const [ann, ben, cleo, dan] = ['Ann', 'Ben', 'Cleo', 'Dan'].map(somebody) as [Somebody, Somebody, Somebody, Somebody]
const [period, bond, each, coins, fee] = [4, 1_000, 50, 100_000, 10]
const books = realRecord('books', { rent: { each, periods: 10, wanted: 1 } })
const cid = books.file.cid

type Step = (chain: TestChain) => Promise<Transaction>
const says = (who: Somebody, what: Keep): Step => async chain => await kept(chain, who, what)
const accepts = (who: Somebody, content = cid): Step => says(who, { accept: { uploads: [[content, ann.address]] } })
const claims = (who: Somebody, content = cid): Step => says(who, { claim: { uploads: [[content, ann.address]] } })
const releases = (who: Somebody, content = cid): Step => says(who, { release: { uploads: [[content, ann.address]], reason: 'ordinary' } })
const changes = (change: Partial<Assignment>, content = cid): Step => async chain => await chain.transaction(4, ann, noChange(content, change))
const publishes = (record = books): Step => async chain => await chain.transaction(3, ann, record)
const opens = (who: Somebody, coinsOfIt = bond): Step => async chain => await bonded(chain, who, coinsOfIt)

/** A block for each step. */
async function through(chain: TestChain, ...steps: readonly Step[]): Promise<TestChain> {
  let grown = chain
  for (const step of steps) grown = await grown.extend({ transactions: [await step(grown)] })
  return grown
}

/** So many blocks in which these show what they are asked for as soon as they are. */
async function live(chain: TestChain, blocks: number, ...who: readonly Somebody[]): Promise<TestChain> {
  let grown = chain
  for (let i = 0; i < blocks; i++) {
    const transactions: Transaction[] = []
    for (const keeper of who) {
      const proofs = await proofsOf(grown, keeper)
      if (proofs !== null) transactions.push(await grown.transaction(6, keeper, proofs))
    }
    grown = await grown.extend({ transactions })
  }
  return grown
}

async function begin(changed: Parameters<typeof TestChain.begin>[0] = {}): Promise<TestChain> {
  return await TestChain.begin({ people: [ann, ben, cleo, dan], coins, reward: 0, keeperPeriod: period, keeperBond: bond, range: 60, ops: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ...changed })
}

/** Ben keeps Ann's books, from some block of a period that runs. */
const keeping = await live(await through(await begin(), opens(ben), publishes(), accepts(ben)), period, ben)
const balance = async (chain: TestChain, { address }: Somebody): Promise<number> => (await chain.state.account({ address })).balance
const escrow = async (chain: TestChain): Promise<number | null> => await chain.state.read(keys.escrow(cid, ann.address))
const duty = async (chain: TestChain, { address }: Somebody) => await chain.state.read(keys.kept(cid, ann.address, address))
/** Grown until a block settles this keeper. */
async function settled(chain: TestChain, who: Somebody, ...living: readonly Somebody[]): Promise<TestChain> {
  const index = (await keeperRow(chain, who))!.index
  let grown = await live(chain, 1, ...living)
  while (grown.tip.header.number % period !== index % period) grown = await live(grown, 1, ...living)
  return grown
}

describe('a period', () => {
  test('is settled once in so many blocks, in a block of the keeper\'s own, and asks for leaves it has', async () => {
    const chain = await through(await begin(), opens(ben), opens(cleo), opens(dan), publishes(), accepts(ben))
    const seen = new Map<string, number[]>()
    let grown = chain
    for (let i = 0; i < 3 * period; i++) {
      grown = await live(grown, 1, ben)
      for (const who of [ben, cleo, dan]) if ((await nowOf(grown, who))?.settled === grown.tip.header.number) seen.set(who.name, [...seen.get(who.name) ?? [], grown.tip.header.number])
    }
    for (const [index, who] of [ben, cleo, dan].entries()) {
      const blocks = seen.get(who.name) ?? []
      expect(blocks.map(number => number % period)).toEqual([index, index, index])
    }
    const now = await nowOf(grown, ben)
    expect(now?.picks.length).toBeGreaterThan(0)
    for (const pick of now?.picks ?? []) expect([pick.cid, pick.owner, pick.leaf < 3]).toEqual([cid, ann.address, true])
    expect((await nowOf(grown, cleo))?.picks).toEqual([]) // keeps nothing
    expect(await keeperRow(grown, cleo)).toMatchObject({ status: 'active', missed: 0, results: 0b111n, periods: 3 })
  })

  test('is drawn from what the block before did not know', async () => {
    const big = realRecord('big', { rent: { each: 0, periods: 10, wanted: 1 } }, 200_000)
    const chain = await through(await begin(), opens(ben), publishes(big), accepts(ben, big.file.cid))
    const drawn = new Set<string>()
    let grown = chain
    for (let i = 0; i < 6; i++) {
      grown = await settled(grown, ben, ben)
      drawn.add(JSON.stringify((await nowOf(grown, ben))?.picks.map(({ leaf }) => leaf)))
    }
    expect(drawn.size).toBe(6)
    // The same block by another miner asks for other leaves.
    const before = grown.at((await nowOf(grown, ben))!.settled - 1)
    const others = await Promise.all([somebody('x'), somebody('y')].map(async miner => (await nowOf(await before.extend({ miner }), ben))?.picks))
    expect(others[0]).not.toEqual(others[1])
  })

  test('that is proved earns the rent, once claimed', async () => {
    const chain = await settled(await settled(keeping, ben, ben), ben, ben)
    const before = await balance(chain, ben)
    const paid = await through(chain, claims(ben))
    const periods = (await duty(paid, ben))!.claimed
    expect(periods).toBeGreaterThanOrEqual(2)
    expect(await balance(paid, ben)).toBe(before - fee + periods * each)
    expect(await escrow(paid)).toBe((10 - periods) * each)
    expect(await balance(await through(paid, claims(ben)), ben)).toBe(before - 2 * fee + periods * each)
  })

  test('that runs when a duty begins earns nothing', async () => {
    const chain = await settled(await live(await through(await begin(), opens(ben), publishes()), 2 * period), ben)
    const late = await settled(await through(chain, accepts(ben)), ben, ben)
    expect(await balance(await through(late, claims(ben)), ben)).toBe(await balance(late, ben) - fee)
    const whole = await settled(late, ben, ben)
    expect(await balance(await through(whole, claims(ben)), ben)).toBe(await balance(whole, ben) - fee + each)
  })

  test('may be proved in parts', async () => {
    const chain = await settled(keeping, ben, ben)
    const [now, proofs] = [await nowOf(chain, ben), await proofsOf(chain, ben)]
    expect(now?.answered).toBe(0)
    const [first, ...rest] = proofs!.proofs
    const shows = (some: typeof rest): Step => async grown => await grown.transaction(6, ben, { settled: now!.settled, proofs: some })
    const part = await through(chain, shows([first!]))
    expect((await nowOf(part, ben))?.answered).toBe(1)
    const whole = await through(part, shows(rest))
    expect((await nowOf(whole, ben))?.answered).toBe(2 ** now!.picks.length - 1)
    // What was shown already takes nothing along: with it, or instead of it, the rest is good.
    for (const some of [[first!], [{ ...first!, bytes: first!.bytes.map(byte => byte ^ 1) }, ...rest]]) expect((await nowOf(await through(part, shows(some)), ben))?.answered).toBe(some.length === 1 ? 1 : 2 ** now!.picks.length - 1)
  })
})

describe('a keeper who shows nothing', () => {
  test('loses the rent of a period, then its places, then a tenth of its bond', async () => {
    const one = await settled(await settled(keeping, ben, ben), ben)
    expect(await keeperRow(one, ben)).toMatchObject({ status: 'active', missed: 1, bond })
    const two = await settled(one, ben)
    expect(await keeperRow(two, ben)).toMatchObject({ status: 'away', missed: 2, bond })
    const three = await settled(two, ben)
    expect(await keeperRow(three, ben)).toMatchObject({ status: 'gone', missed: 3, bond: bond - 100 })
    expect(await three.state.read(keys.burned)).toBe(100)
    expect(await nowOf(three, ben)).toBeNull()
    expect(three.state.coins()).toBe(4 * coins)
    for (const step of [accepts(ben), opens(ben)]) expect((await three.try({ transactions: [await step(three)] })).ok).toBe(false)
  })

  test('is forgiven by the first period it proves', async () => {
    const away = await settled(await settled(await settled(keeping, ben, ben), ben), ben)
    expect(await keeperRow(away, ben)).toMatchObject({ status: 'away' })
    const back = await settled(away, ben, ben)
    expect(await keeperRow(back, ben)).toMatchObject({ status: 'active', missed: 0, bond })
    const paid = await through(back, claims(ben))
    expect((await duty(paid, ben))?.claimed).toBeLessThan((await keeperRow(paid, ben))!.periods - 1) // what was missed is not paid
  })

  test('gives its place to another while it is away', async () => {
    const away = await settled(await settled(await settled(await through(keeping, opens(cleo)), ben, ben), ben), ben)
    const taken = await through(away, accepts(cleo))
    expect((await taken.state.read(keys.upload(cid, ann.address)))?.kept).toEqual([cleo.address])
    expect(await keeperRow(taken, ben)).toMatchObject({ count: 0, load: 0 })
    expect(await taken.try({ transactions: [await accepts(dan)(await through(taken, opens(dan)))] })).toMatchObject({ ok: false })
    await expectBooksToFit(taken.state)
  })
})

describe('what a keeper need not show', () => {
  const picked = async (): Promise<TestChain> => {
    const chain = await settled(keeping, ben, ben)
    expect((await nowOf(chain, ben))?.answered).toBe(0)
    return chain
  }

  test.each([['withdraws', [changes({ withdrawn: true })]], ['gives to others', [opens(cleo), changes({ keepers: [cleo.address] })]]] as const)('is what its owner %s', async (_name, steps) => {
    const chain = await settled(await through(await picked(), ...steps), ben)
    expect(await keeperRow(chain, ben)).toMatchObject({ status: 'active', missed: 0, count: 0 })
  })

  test('is not what it lets go by itself', async () => {
    const chain = await settled(await through(await picked(), releases(ben)), ben)
    expect(await keeperRow(chain, ben)).toMatchObject({ missed: 1, count: 0 })
  })

  test('is what is past its time', async () => {
    const brief = realRecord('brief', { rent: { each, periods: 2, wanted: 1 }, until: 3 })
    let chain = await through(await begin(), opens(ben), publishes(brief), accepts(ben, brief.file.cid))
    const { until } = (await chain.state.read(keys.upload(brief.file.cid, ann.address)))!
    while (chain.tip.header.number < until - 1) chain = await live(chain, 1, ben)
    chain = await live(chain, 2 * period)
    expect(await keeperRow(chain, ben)).toMatchObject({ status: 'active', missed: 0, count: 0 })
  })
})

describe('rent', () => {
  test('of whole periods is paid when a duty ends, however it ends', async () => {
    const chain = await settled(await settled(keeping, ben, ben), ben, ben)
    const owed = await balance(await through(chain, claims(ben)), ben) - await balance(chain, ben) + fee
    expect(owed).toBeGreaterThanOrEqual(2 * each)
    expect(await balance(await through(chain, releases(ben)), ben) - await balance(chain, ben) + fee).toBe(owed)
    for (const change of [{ withdrawn: true }, { rent: { each: 1, periods: 1, wanted: 1 } }]) {
      const after = await through(chain, changes(change))
      expect(await balance(after, ben) - await balance(chain, ben)).toBe(owed)
      expect(await balance(after, ann)).toBe(await balance(chain, ann) - fee + (await escrow(chain))! - owed - ('rent' in change ? 1 : 0))
    }
  })

  test('ends with the periods that were promised', async () => {
    const short = realRecord('short', { rent: { each, periods: 2, wanted: 1 } })
    const name = short.file.cid
    let chain = await through(await begin(), opens(ben), publishes(short), accepts(ben, name))
    chain = await live(chain, 6 * period, ben)
    const paid = await through(chain, claims(ben, name))
    expect(await balance(paid, ben)).toBe(await balance(chain, ben) - fee + 2 * each)
    expect(await paid.state.read(keys.escrow(name, ann.address))).toBeNull()
    expect(await keeperRow(paid, ben)).toMatchObject({ count: 0, status: 'active' })
    await expectBooksToFit(paid.state)
  })

  test.each([
    ['what the last 64 periods were', { periods: 200, results: 0xaaaa_aaaa_aaaa_aaaan }, { next: 0, claimed: 0 }, 10_000, 32],
    ['no more than was promised', { periods: 200, results: 2n ** 64n - 1n }, { next: 0, claimed: 0 }, 10_000, 52],
    ['no more than was promised, with what was paid', { periods: 200, results: 2n ** 64n - 1n }, { next: 0, claimed: 50 }, 10_000, 2],
    ['nothing twice', { periods: 5, results: 0b11111n }, { next: 3, claimed: 3 }, 10_000, 2],
    ['nothing of a period that did not begin with it', { periods: 5, results: 0b11111n }, { next: 6, claimed: 0 }, 10_000, 0],
    ['whole periods alone, as far as there are coins', { periods: 5, results: 0b11111n }, { next: 0, claimed: 0 }, 3 * each + each - 1, 3],
  ])('pays %s', async (_name, keeper, before, coinsThere, paid) => {
    const chain = await settled(keeping, ben, ben)
    const view = new StateView(chain.state)
    const [row, key] = [(await view.get(keys.keeper(ben.address)))!, keys.kept(cid, ann.address, ben.address)]
    view.set(keys.keeper(ben.address), { ...row, ...keeper })
    view.set(key, { ...(await view.get(key))!, ...before })
    await view.get(keys.escrow(cid, ann.address))
    view.set(keys.escrow(cid, ann.address), coinsThere)
    const had = (await view.get(keys.account(ben.address)))!.balance
    const isLast = await payRent(view, [cid, ann.address], ben.address, { ...books, rent: { each, periods: 52, wanted: 1 } })
    const left = coinsThere - paid * each
    expect([(await view.get(keys.account(ben.address)))!.balance - had, await view.get(keys.escrow(cid, ann.address))]).toEqual([paid * each, left])
    expect(isLast).toBe(before.claimed + paid === 52 || left < each)
    expect(await view.get(key)).toMatchObject({ next: Math.max(before.next, keeper.periods), claimed: before.claimed + paid })
  })
})

describe('closing', () => {
  test('ends all duties, and frees the bond at the second settling', async () => {
    const closing = await through(await settled(keeping, ben, ben), says(ben, { close: null }))
    expect(await keeperRow(closing, ben)).toMatchObject({ status: 'closing', bond })
    const one = await settled(closing, ben)
    expect(await keeperRow(one, ben)).toMatchObject({ status: 'closing', bond, count: 0 })
    const before = await balance(one, ben)
    const two = await settled(one, ben)
    expect([await keeperRow(two, ben), await balance(two, ben), await two.state.read(keys.keepers.total)]).toEqual([null, before + bond, null])
    await expectBooksToFit(two.state)
    expect((await two.try({ transactions: [await opens(ben)(two)] })).ok).toBe(true)
  })

  test('leaves what was earned, and the place to others', async () => {
    const earned = await settled(await settled(keeping, ben, ben), ben, ben)
    const closing = await through(earned, opens(cleo), says(ben, { close: null }))
    const [before, owed] = [await balance(closing, ben), (await balance(await through(earned, claims(ben)), ben)) - await balance(earned, ben) + fee]
    const taken = await through(closing, accepts(cleo))
    expect(await balance(taken, ben)).toBe(before + owed)
    expect((await taken.state.read(keys.upload(cid, ann.address)))?.kept).toEqual([cleo.address])
  })

  test('takes what is left of the bond of one who is gone', async () => {
    let chain = await settled(keeping, ben, ben)
    for (let i = 0; i < 4; i++) chain = await settled(chain, ben)
    expect(await keeperRow(chain, ben)).toMatchObject({ status: 'gone', bond: 900, count: 0 })
    chain = await through(chain, says(ben, { close: null }))
    const before = await balance(chain, ben)
    chain = await settled(await settled(chain, ben), ben)
    expect([await balance(chain, ben), await keeperRow(chain, ben), await chain.state.read(keys.burned)]).toEqual([before + 900, null, 100])
  })

  test('moves another keeper to the free place, whose period is longer once and never shorter', async () => {
    const chain = await through(await begin(), opens(ben), opens(cleo), opens(dan), publishes(), accepts(dan), says(ben, { close: null }))
    const begun: number[] = []
    let grown = chain
    for (let i = 0; i < 10 * period; i++) {
      grown = await live(grown, 1, dan)
      const now = await nowOf(grown, dan)
      if (now !== null && begun.at(-1) !== now.settled) begun.push(now.settled)
    }
    const lengths = begun.slice(1).map((number, i) => number - begun[i]!)
    expect((await keeperRow(grown, dan))?.index).toBe(0)
    expect(Math.min(...lengths)).toBe(period)
    expect(lengths.filter(length => length > period)).toHaveLength(1)
    expect(Math.max(...lengths)).toBeLessThan(2 * period)
    expect(await keeperRow(grown, dan)).toMatchObject({ status: 'active', missed: 0 })
  })
})
