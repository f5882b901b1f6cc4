import type { BrowserContext } from '@playwright/test'
import { ledgerOf as parametersOf } from '../../src/net/index.ts'
import { ledgerInMemory } from '../support/mine.ts'
import { coinsOf, ledgerOf, noBlocks } from '../support/on-ledger.ts'
import { makeBlocks, offerAll } from '../support/past-chain.ts'
import { expect, test, type Page } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30, age: 1_500 } })

const chain = (page: Page) => page.getByRole('region', { name: 'Chain' })

/** A line that is paid by the byte, as browsers on phones tell of it. */
async function onMeteredLine(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { type: 'cellular', saveData: false }) })
  })
}

test('a tab that was closed for 200 blocks catches up within seconds; who comes on a metered line has balances proved', async ({ person, resident, relay }) => {
  test.setTimeout(120_000) // three people, and 250 blocks made for them
  const parameters = parametersOf(await (await fetch(`${relay.url}network.json`)).json())
  if (parameters === null) throw new Error('the relay tells of no ledger')
  const beside = await ledgerInMemory(parameters)
  const early = await makeBlocks(beside, 30)
  const { root: earlyRoot } = beside.head
  const late = await makeBlocks(beside, 200)

  const [ada, bo] = [await person('./#/network'), await resident('./#/network')]
  for (const { page } of [ada, bo.person]) await noBlocks(page)
  await offerAll(ada.page, early)
  await expect.poll(async () => (await ledgerOf(bo.person.page))?.head.root).toBe(earlyRoot)

  await bo.restart('./', async () => { await offerAll(ada.page, late) })
  expect((await ledgerOf(ada.page))?.head.root).toBe(beside.head.root)
  const { page } = bo.person
  await page.goto('./#/network')
  await expect.poll(async () => (await ledgerOf(page))?.head.root).toBe(beside.head.root)
  await expect(chain(page)).toContainText(/Newest block\s*230/)
  const { miner } = late.at(-1)!
  const { balance } = await beside.account(miner.address)
  expect(await coinsOf(page, miner.address)).toBe(balance)

  const cy = await person('./#/network')
  await onMeteredLine(cy.context)
  await cy.page.reload()
  await expect.poll(async () => await ledgerOf(cy.page)).toMatchObject({ mode: 'headers', head: { number: 230 } })
  await expect(chain(cy.page)).toContainText('What is said of accounts is proved by others.')
  const { miner: earlier } = late.at(-2)! // what the newest block did is named by no header yet
  const before = await beside.account(earlier.address, beside.head.parent ?? undefined)
  expect(before.balance).toBeGreaterThan(0)
  expect(await coinsOf(cy.page, earlier.address)).toBe(before.balance)
})
