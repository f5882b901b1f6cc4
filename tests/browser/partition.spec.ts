import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import { formatLink, parseLink } from '../../src/content/index.ts'
import type { Ledger } from '../../src/ledger/index.ts'
import { ledgerOf as parametersOf } from '../../src/net/index.ts'
import { ledgerInMemory, type Mined } from '../support/mine.ts'
import { blocksMost, ledgerOf, noBlocks, oneHead, somebody } from '../support/on-ledger.ts'
import { makeBlocks, offerAll } from '../support/past-chain.ts'
import { expect, networkFile, personIn, test as base, watch, type JourneyLedger, type Page, type Person } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

/** Two people of one network, each at a relay of their own that knows nothing of the other. */
interface Apart {
  readonly ada: Person
  readonly bo: Person
  /** A ledger of the same network. */
  beside(): Promise<Ledger>
  /** Ada gives something away, and Bo opens its link, which names her relay too. */
  meet(): Promise<void>
}

const test = base.extend<{ apart: (ledger: JourneyLedger) => Promise<Apart> }>({
  apart: async ({ browser, contextOptions }, use) => {
    const faults: string[] = []
    const ends: (() => Promise<unknown>)[] = []
    await use(async ledger => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-network-'))
      ends.unshift(async () => { await rm(folder, { recursive: true }) })
      const args = ['--network', await networkFile(folder, ledger)]
      const [one, two] = await Promise.all([startRelay({ args }), startRelay({ args })])
      const visit = async (baseURL: string) => {
        const context: BrowserContext = await browser.newContext({ ...contextOptions, baseURL, acceptDownloads: true })
        ends.unshift(async () => { await context.close() })
        watch(context, faults)
        return await personIn(context, './#/network')
      }
      ends.unshift(one.stop, two.stop)
      const [ada, bo] = [await visit(one.url), await visit(two.url)]
      return {
        ada, bo,
        async beside() {
          const parameters = parametersOf(await (await fetch(`${one.url}network.json`)).json())
          if (parameters === null) throw new Error('the relay tells of no ledger')
          return await ledgerInMemory(parameters)
        },
        async meet() {
          await ada.page.goto('./#/share')
          const link = parseLink(await ada.share([{ name: 'limpet.txt', bytes: Buffer.from('It comes home.') }]))
          if (!link.ok || link.value.infohash === null) throw new Error('a share has a whole link')
          await bo.page.goto(formatLink({ ...link.value, relays: [new URL(one.url).host] }))
          await bo.page.getByRole('button', { name: 'Get', exact: true }).click()
          for (const answer of ['Agree', 'Use it']) await bo.page.getByRole('button', { name: answer, exact: true }).click()
          await bo.here()
          for (const { page } of [ada, bo]) await page.goto('./#/network')
        },
      }
    })
    for (const end of ends) await end()
    expect(faults).toEqual([])
  },
})

const chain = (page: Page) => page.getByRole('region', { name: 'Chain' })

async function headOf({ page }: Person): Promise<number> {
  return (await ledgerOf(page))?.head.number ?? 0
}

async function giveTo({ page }: Person, blocks: readonly Mined[]): Promise<void> {
  await offerAll(page, blocks)
}

test('two halves that make blocks apart have one head when they meet', async ({ apart }) => {
  test.setTimeout(240_000) // four blocks and more in each half, one in five seconds on average
  const { ada, bo, beside, meet } = await apart({ blockTime: 5, rescue: 12, age: 150 }) // each half has a small part of the power there was: its first blocks are rescues
  const past = await makeBlocks(await beside(), 20, { seconds: 6 }) // of others, whose word on what is safe nobody has
  for (const each of [ada, bo]) await giveTo(each, past)
  for (const each of [ada, bo]) await expect.poll(async () => await headOf(each), { timeout: blocksMost }).toBeGreaterThan(23)
  expect((await ledgerOf(ada.page))?.head.root).not.toBe((await ledgerOf(bo.page))?.head.root)

  await meet()
  const { number } = await oneHead([ada.page, bo.page], 24)
  const forks = (await Promise.all([ada, bo].map(async ({ page }) => (await ledgerOf(page))?.forks ?? []))).flat()
  expect(forks.filter(({ at, depth, taken }) => at === 20 && depth > 3 && taken)).toHaveLength(1)
  const makers = await Promise.all([ada, bo].map(async ({ page }) => await somebody(page)))
  await expect.poll(async () => {
    const state = await ledgerOf(ada.page)
    return makers.every(maker => state?.blocks.some(block => block.number > number && block.miner === maker))
  }, { timeout: 2 * blocksMost }).toBe(true)
  await oneHead([ada.page, bo.page], number)
})

test('a deep fork goes to the side of those who were active, not to the one of more difficulty', async ({ apart }) => {
  test.setTimeout(120_000)
  const { ada, bo, beside, meet } = await apart({ blockTime: 5, rescue: 30, short: 3, epoch: 4, activeWindow: 8, age: 1_000 })
  const [strange, active] = [await beside(), await beside()]
  for (const { page } of [ada, bo]) await noBlocks(page)
  const past = await makeBlocks(active, 20, { rescues: true })
  for (const { header, body, time } of past) await strange.offer(header, body, time)
  const hers = await makeBlocks(strange, 6, { pool: 'stranger', seconds: 5 })
  const his = await makeBlocks(active, 6, { rescues: true })
  await giveTo(ada, [...past, ...hers])
  await giveTo(bo, [...past, ...his])
  expect((await ledgerOf(ada.page))?.head.root).toBe(strange.head.root)
  expect((await ledgerOf(bo.page))?.head.root).toBe(active.head.root)
  expect(strange.head.header.difficulty).toBeGreaterThan(active.head.header.difficulty)

  await meet()
  expect((await oneHead([ada.page, bo.page], 26)).root).toBe(active.head.root)
  expect((await ledgerOf(ada.page))?.forks).toMatchObject([{ at: 20, depth: 6, taken: true }])
  await ada.page.getByText('Forks seen, 1').click()
  await expect(ada.page.getByText('After block 20, 6 deep')).toBeVisible()
})

test('who would have to leave what was safe is asked first, makes blocks all the while, and goes where told', async ({ apart }) => {
  test.setTimeout(240_000) // some fifteen blocks, one in five seconds on average
  const { ada, bo, meet } = await apart({ blockTime: 5, rescue: 30 })
  for (const { page } of [ada, bo]) await expect.poll(async () => (await ledgerOf(page))?.safe.number, { timeout: 2 * blocksMost }).toBeGreaterThan(0)
  const alert = bo.page.getByRole('alert').filter({ hasText: 'Another branch leaves what was safe' })
  const asked = async (rests: string | null) => {
    await expect.poll(async () => await ledgerOf(bo.page), { timeout: blocksMost }).toMatchObject({ alert: { why: 'leaves-safe', forkedAt: 0 }, mining: { rests } })
    await expect(alert).toContainText('The other branch ends at block')
    await expect(chain(bo.page)).toContainText(/Safe up to\s*[1-9]/)
    await alert.getByRole('button', { name: 'Decide…' }).click()
  }

  // Her branch is the better one by far, and he was away too long to make up for it: blocks may take times that are past, as far as a rescue is.
  await noBlocks(bo.page)
  const { time } = (await ledgerOf(bo.page))!.head
  await expect.poll(async () => (await headOf(ada) - await headOf(bo)) > 8 && Date.now() / 1000 > time + 40, { timeout: 2 * blocksMost }).toBe(true)
  await meet()
  await expect(alert).toBeVisible({ timeout: blocksMost })
  await bo.page.getByRole('switch', { name: 'Make blocks on this device' }).click()
  await bo.page.getByRole('button', { name: 'Agree', exact: true }).click()

  await asked(null)
  await bo.page.getByRole('button', { name: 'Stay here', exact: true }).click()
  await expect(bo.page.getByText('This device stays where it is.')).toBeVisible()
  await expect(alert).toBeHidden()
  const before = await headOf(ada)
  await expect.poll(async () => await headOf(ada), { timeout: blocksMost }).toBeGreaterThan(before + 1)
  await expect.poll(async () => await ledgerOf(bo.page)).toMatchObject({ alert: null, mining: { rests: null } }) // a block that comes is a moment in between

  await noBlocks(bo.page) // or his branch might become the better one while he thinks
  await bo.page.reload() // what was said is not remembered
  await asked('declined')
  await bo.page.getByRole('button', { name: 'Go over', exact: true }).click()
  await expect(bo.page.getByText('This device goes over to the other branch.')).toBeVisible()
  await oneHead([ada.page, bo.page], before)
})
