import type { BrowserContext } from '@playwright/test'
import { noise } from '../support/bytes.ts'
import { expect, personIn, test as base, watch, type Page, type Person } from '../support/people.ts'
import { twoRelays, type TwoRelays } from '../support/two-relays.ts'

interface Fixtures { relays: TwoRelays, visitor: (url: string, path?: string) => Promise<Person> }

/** People of two relays: each opens the app at the one they like. */
const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern
  relays: async ({}, use) => {
    const relays = await twoRelays()
    await use(relays)
    await relays.stop()
  },

  visitor: async ({ browser, contextOptions }, use) => {
    const faults: string[] = []
    const contexts: BrowserContext[] = []
    await use(async (baseURL, path = './') => {
      const context = await browser.newContext({ ...contextOptions, baseURL, acceptDownloads: true })
      contexts.push(context)
      watch(context, faults)
      return await personIn(context, path)
    })
    await Promise.all(contexts.map(async context => { await context.close() }))
    expect(faults).toEqual([])
  },
})

const seconds = (begin: number) => `${((Date.now() - begin) / 1000).toFixed(1)} s`

async function reservedAt(page: Page, count: number, timeout: number): Promise<void> {
  await expect(page.getByText('in use', { exact: true })).toHaveCount(count, { timeout })
}

test('two relays: frozen one by one and both, idle and in a transfer, and back', async ({ relays, visitor }, info) => {
  test.setTimeout(300_000)
  const [one, two] = relays.all
  const note = (text: string) => { info.annotations.push({ type: 'measured', description: text }) }
  const [ada, ben] = [await visitor(one.url, './#/network'), await visitor(two.url, './#/network')]
  await Promise.all([ada, ben].map(async ({ page }) => { await reservedAt(page, 2, 30_000) }))
  const direct = async ({ page }: Person) => { await expect(page.getByRole('region', { name: 'Connection' })).toContainText('1 peer, 1 direct', { timeout: 40_000 }) }
  await Promise.all([direct(ada), direct(ben)])

  // One is frozen: the other goes on.
  let begin = Date.now()
  one.signal('SIGSTOP')
  await reservedAt(ada.page, 1, 30_000)
  note(`one frozen, seen after ${seconds(begin)}`)
  one.signal('SIGCONT')
  begin = Date.now()
  await reservedAt(ada.page, 2, 45_000)
  note(`one back, held after ${seconds(begin)}`)

  // Both, in the middle of nothing.
  begin = Date.now()
  for (const relay of relays.all) relay.signal('SIGSTOP')
  await Promise.all([ada, ben].map(async ({ page }) => { await expect(page.getByText('No relay reached').first()).toBeVisible({ timeout: 40_000 }) }))
  note(`both frozen, said after ${seconds(begin)}`)
  await ada.page.waitForTimeout(20_000 - Math.min(20_000, Date.now() - begin))
  await Promise.all([direct(ada), direct(ben)])
  for (const relay of relays.all) relay.signal('SIGCONT')
  begin = Date.now()
  await Promise.all([ada, ben].map(async ({ page }) => { await expect(page.getByText('Place reserved').first()).toBeVisible({ timeout: 60_000 }) }))
  note(`both back, said after ${seconds(begin)}`)

  // Both, in the middle of a transfer, which ends while they are away.
  const file = { name: 'frozen.bin', bytes: noise(60_000_000, 'frozen') }
  await ada.page.goto('./')
  const link = await ada.share([file])
  await ben.get(link.replace(one.url, two.url))
  await expect.poll(async () => await ben.page.getByRole('progressbar').first().evaluate(bar => (bar as HTMLProgressElement).value), { intervals: [50], timeout: 30_000 }).toBeGreaterThan(2_000_000)
  for (const relay of relays.all) relay.signal('SIGSTOP')
  begin = Date.now()
  await ben.here()
  expect((await ben.saved('frozen.bin')).bytes.equals(file.bytes)).toBe(true)
  await ben.page.goto('./#/network')
  await expect(ben.page.getByText('No relay reached').first()).toBeVisible({ timeout: 40_000 })
  await ben.page.waitForTimeout(20_000 - Math.min(20_000, Date.now() - begin))
  for (const relay of relays.all) relay.signal('SIGCONT')
  begin = Date.now()
  await expect(ben.page.getByText('Place reserved').first()).toBeVisible({ timeout: 60_000 })
  note(`both back after a transfer, said after ${seconds(begin)}`)

  // Somebody who was not there.
  const cleo = await visitor(two.url)
  await cleo.get(link.replace(one.url, two.url))
  await cleo.here()
  expect((await cleo.saved('frozen.bin')).bytes.equals(file.bytes)).toBe(true)
  note(`a third person has it ${seconds(begin)} after they were back`)
})
