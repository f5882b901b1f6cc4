import type { BrowserContext } from '@playwright/test'
import { blocksMost, ledgerOf, noBlocks, somebody } from '../support/on-ledger.ts'
import { expect, test, type Page } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30 } })

/** What a test changes in place of the machine and the person's window. */
interface Standing { charging: boolean, type: string, visible: boolean }
type WithStanding = typeof globalThis & { stands: (change: Partial<Standing>) => void }

/** A battery, a line and a window that a test changes. */
async function withStanding(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const battery = Object.assign(new EventTarget(), { charging: true, level: 1, chargingTime: 0, dischargingTime: Infinity })
    const line = Object.assign(new EventTarget(), { type: 'wifi', saveData: false })
    let visible = true
    Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.resolve(battery) })
    Object.defineProperty(navigator, 'connection', { value: line })
    Object.defineProperty(document, 'visibilityState', { get: () => visible ? 'visible' : 'hidden' })
    const stands = (change: Partial<Standing>) => {
      if (change.charging !== undefined) {
        battery.charging = change.charging
        battery.dispatchEvent(new Event('chargingchange'))
      }
      if (change.type !== undefined) {
        line.type = change.type
        line.dispatchEvent(new Event('change'))
      }
      if (change.visible === undefined) return
      visible = change.visible
      document.dispatchEvent(new Event('visibilitychange'))
    }
    Object.assign(globalThis, { stands })
  })
}

/** Changes how things stand. */
async function stand(page: Page, change: Partial<Standing>): Promise<void> {
  await page.evaluate(wanted => { (globalThis as WithStanding).stands(wanted) }, change)
}

/** The same, where a condition is lost; how many ms later the miner's thread is gone. */
async function lose(page: Page, change: Partial<Standing>): Promise<number> {
  return await page.evaluate(async wanted => {
    const runs = async () => ((await navigator.locks.query()).held ?? []).some(({ name }) => name === 'holdfast/miner-worker')
    if (!await runs()) throw new Error('no blocks are made')
    const begin = performance.now()
    ;(globalThis as WithStanding).stands(wanted)
    while (await runs()) await new Promise(done => { setTimeout(done, 10) })
    return performance.now() - begin
  }, change)
}

const mining = async (page: Page) => (await ledgerOf(page))?.mining
const status = (page: Page) => page.getByRole('region', { name: 'Making blocks' }).getByRole('status')

async function mines(page: Page): Promise<void> {
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 35_000 }).toBeNull()
  await expect(status(page)).toContainText('Blocks are made here now')
}

test('no blocks are made within a second of a condition that is lost, and the page says which', async ({ person }) => {
  const { page, context } = await person('./#/network')
  await withStanding(context)
  await page.reload()
  await mines(page)

  const conditions = [
    { lost: { charging: false }, back: { charging: true }, rests: 'battery', words: 'Waiting: running on battery' },
    { lost: { type: 'cellular' }, back: { type: 'wifi' }, rests: 'metered', words: 'Waiting: the connection is metered' },
    { lost: { visible: false }, back: { visible: true }, rests: 'hidden', words: 'Waiting: no tab of it is in sight' },
  ] as const
  for (const { lost, back, rests, words } of conditions) {
    expect(await lose(page, lost)).toBeLessThan(1000)
    expect(await mining(page)).toMatchObject({ rests, consent: 'agreed' })
    await expect(status(page)).toContainText(words)
    await stand(page, back)
    await mines(page)
  }

  await noBlocks(page)
  await expect.poll(async () => await mining(page), { timeout: 1000 }).toMatchObject({ rests: 'declined', consent: 'declined' })
  await page.reload()
  await expect.poll(async () => (await mining(page))?.rests).toBe('declined')
  await page.getByRole('switch', { name: 'Make blocks on this device' }).click()
  await page.getByRole('button', { name: 'Agree', exact: true }).click()
  await mines(page)
})

test('who rests on battery makes none of the blocks that others go on to make, and comes back with power', async ({ person }) => {
  test.setTimeout(240_000) // some ten blocks, one in five seconds on average
  const [ada, bo] = [await person('./#/network'), await person('./#/network')]
  await withStanding(ada.context)
  await ada.page.reload()
  await mines(ada.page)
  await mines(bo.page)
  const address = await somebody(ada.page)
  await lose(ada.page, { charging: false })
  const after = (await ledgerOf(ada.page))!.head.number + 1 // what she had signed by then comes to its time
  await expect.poll(async () => (await ledgerOf(bo.page))?.head.number, { timeout: 2 * blocksMost }).toBeGreaterThan(after + 3)
  const { blocks } = (await ledgerOf(bo.page))!
  expect(blocks.filter(({ number, miner }) => number > after && miner === address)).toEqual([])
  await expect.poll(async () => (await ledgerOf(ada.page))?.head.number).toBeGreaterThan(after + 3) // she follows all the same

  await stand(ada.page, { charging: true })
  await mines(ada.page)
  await expect.poll(async () => (await ledgerOf(bo.page))?.blocks.some(({ number, miner }) => number > after && miner === address), { timeout: 2 * blocksMost }).toBe(true)
})
