import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { genesisCoins, type Transaction } from '../../../src/ledger/index.ts'
import { composeBody } from '../../../src/ledger/compose.ts'
import { keys } from '../../../src/state/index.ts'
import { bonded, keeperRow, kept, proofsOf, realRecord } from '../../support/keepers.ts'
import { TestChain, crowd, type Fields } from '../../support/ledger.ts'
import { expectBooksToFit, uploadsIn } from '../../support/upload-books.ts'
import { noChange } from '../../support/uploads.ts'

/* Random lives of an owner and of keepers who prove, forget, leave and come back. What can be executed is; the rest is left out. */
const [owner, ...keepers] = crowd('keeping', 5)
const files = ['one', 'two', 'three'].map(name => realRecord(name))

const wish = fc.record({
  who: fc.nat({ max: keepers.length - 1 }), file: fc.nat({ max: 2 }), pick: fc.nat({ max: 5 }),
  what: fc.constantFrom('publish', 'publish', 'open', 'open', 'accept', 'accept', 'accept', 'accept', 'claim', 'claim', 'ends', 'ends'),
  end: fc.constantFrom('release', 'release', 'release', 'close', 'keepers', 'rent', 'withdraw'),
})
type Wish = typeof wish extends fc.Arbitrary<infer T> ? T : never

async function fulfil(chain: TestChain, { who: w, file, pick, what, end }: Wish, fields: Fields): Promise<Transaction> {
  const [who, record] = [keepers[w]!, files[file]!]
  const { cid } = record.file
  const rent = { each: 3 * pick, periods: 1 + pick, wanted: 1 + pick % 3 }
  const duty = await chain.state.read(keys.duty(who.address, 0))
  const uploads = [what === 'accept' || duty === null ? [cid, owner!.address] as const : duty]
  switch (what === 'ends' ? end : what) {
    case 'publish': return await chain.transaction(3, owner!, { ...record, rent, until: 6 + pick }, fields)
    case 'open': return await bonded(chain, who, 100 + pick, fields)
    case 'accept': return await kept(chain, who, { accept: { uploads } }, fields)
    case 'claim': return await kept(chain, who, { claim: { uploads } }, fields)
    case 'release': return await kept(chain, who, { release: { uploads, reason: pick < 3 ? 'ordinary' : 'lost' } }, fields)
    case 'close': return await kept(chain, who, { close: null }, fields)
    case 'keepers': return await chain.transaction(4, owner!, noChange(cid, { keepers: keepers.slice(pick % 4).map(({ address }) => address) }), fields)
    case 'rent': return await chain.transaction(4, owner!, noChange(cid, { rent }), fields)
    case 'withdraw': return await chain.transaction(4, owner!, noChange(cid, { withdrawn: true }), fields)
  }
}

const lives = fc.record({ period: fc.integer({ min: 2, max: 3 }), honest: fc.nat({ max: 15 }), blocks: fc.array(fc.array(wish, { maxLength: 4 }), { minLength: 25, maxLength: 35 }) })

test('coins stay what they were, lists say what rows say, who proves is never fined, and who does not earns nothing', { timeout: 60_000 }, async () => {
  const done = new Map<string, number>()
  await fc.assert(fc.asyncProperty(lives, async ({ period, honest, blocks }) => {
    let chain = await TestChain.begin({ people: [owner!, ...keepers], coins: 5_000, keeperPeriod: period, keeperBond: 100, ops: [3, 4, 5, 6] })
    const letGo = new Set<string>()
    const proves = keepers.filter((_, i) => (honest >> i & 1) === 1)
    for (const wishes of blocks) {
      const candidates: Transaction[] = []
      for (const who of proves) {
        const audit = await proofsOf(chain, who)
        if (audit !== null) candidates.push(await chain.transaction(6, who, audit))
      }
      for (const wanted of wishes) {
        const first = await fulfil(chain, wanted, {})
        const before = candidates.filter(({ sender }) => sender === first.sender).length
        candidates.push(before === 0 ? first : await fulfil(chain, wanted, { nonce: first.nonce + BigInt(before) }))
      }
      const { header } = await chain.block()
      const { transactions } = await composeBody(chain.state, { ...chain.rulebook, block: '0'.repeat(64), header, parentTime: chain.tip.header.time, isWitness: () => false }, { transactions: candidates, receipts: [], records: [] })
      chain = await chain.extend({ transactions })
      for (const { op, body, sender } of transactions) {
        if (op === 5 && 'release' in body) letGo.add(sender) // what it is asked for of that counts as missed
        const name = op === 5 ? Object.keys(body)[0]! : String(op)
        done.set(name, (done.get(name) ?? 0) + 1)
      }
      expect(chain.state.coins()).toBe(genesisCoins(chain.parameters) + chain.parameters.reward * chain.tip.header.number)
      await expectBooksToFit(chain.state)
      for (const who of keepers) {
        const row = await keeperRow(chain, who)
        if (row === null) continue
        if (proves.includes(who) && !letGo.has(who.address)) expect(row.missed === 0 || row.status === 'closing').toBe(true)
        expect(row.periods).toBeLessThanOrEqual(Math.ceil(chain.tip.header.number / period))
      }
      for (const { cid, row } of uploadsIn(chain.state)) {
        const { rent } = row.publication
        for (const address of row.kept) {
          const duty = (await chain.state.read(keys.kept(cid, owner!.address, address)))!
          const keeper = (await chain.state.read(keys.keeper(address)))!
          expect(duty.claimed).toBeLessThanOrEqual(rent!.periods)
          expect(duty.claimed).toBeLessThanOrEqual(keeper.results.toString(2).replaceAll('0', '').length)
        }
      }
    }
  }), { numRuns: 6 })
  for (const name of ['3', '6', 'open', 'accept', 'claim']) expect(done.get(name) ?? 0, name).toBeGreaterThan(0)
})
