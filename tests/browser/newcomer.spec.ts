import { ledgerOf as parametersOf } from '../../src/net/index.ts'
import { ledgerInMemory } from '../support/mine.ts'
import { blocksMost, coinsOf, ledgerOf, noBlocks, somebody } from '../support/on-ledger.ts'
import { makeBlocks, offerAll } from '../support/past-chain.ts'
import { expect, test } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30, epoch: 10, activeWindow: 40, range: 60, age: 1_000 } })
test.setTimeout(120_000)

test('who comes to a chain longer than its range begins in the middle of it, and makes blocks on it', async ({ person, relay }) => {
  const parameters = parametersOf(await (await fetch(`${relay.url}network.json`)).json())
  if (parameters === null) throw new Error('the relay tells of no ledger')
  const beside = await ledgerInMemory(parameters)
  const blocks = await makeBlocks(beside, 150)
  const ada = await person('./#/network')
  await noBlocks(ada.page)
  await offerAll(ada.page, blocks)
  expect((await ledgerOf(ada.page))?.head.root).toBe(beside.head.root)

  const bo = await person('./#/network')
  await expect.poll(async () => (await ledgerOf(bo.page))?.blocks.some(({ number }) => number === 150), { timeout: blocksMost }).toBe(true)
  const [first] = blocks // long before anything that was fetched
  expect(await coinsOf(bo.page, first!.miner.address)).toBe((await beside.account(first!.miner.address)).balance)

  const address = await somebody(bo.page)
  await expect.poll(async () => (await ledgerOf(ada.page))?.head.miner, { timeout: blocksMost }).toBe(address)
  await expect.poll(async () => await coinsOf(ada.page, address)).toBeGreaterThan(0)
  await expect.poll(async () => (await (await fetch(`${relay.url}health`)).json() as { anchor: { height: number } }).anchor.height, { timeout: blocksMost }).toBeGreaterThan(150)
})
