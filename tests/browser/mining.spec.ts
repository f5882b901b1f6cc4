import type { BrowserContext } from '@playwright/test'
import type { OpenLedger } from '../../src/peer/ledger-api.ts'
import { askWorker } from '../support/ask-worker.ts'
import { expect, test, type Page } from '../support/people.ts'

interface Battery extends EventTarget { charging: boolean }
type WithBattery = typeof globalThis & { testBattery: Battery }

const ledger = async (page: Page) => await askWorker<OpenLedger>(page, 'ledger', 'state')
const mining = async (page: Page) => {
  const { phase, mining: state, head } = await ledger(page)
  return phase === 'open' ? { ...state, head: head.number } : null
}

/** A battery that a test plugs in and out, in place of the machine's. */
async function withBattery(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const battery = Object.assign(new EventTarget(), { charging: true, level: 1, chargingTime: 0, dischargingTime: Infinity })
    Object.assign(globalThis, { testBattery: battery })
    Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.resolve(battery) })
  })
}

/** Plugs it in or out; how many ms later the miner's thread is gone. */
async function plug(page: Page, charging: boolean): Promise<number> {
  return await page.evaluate(async on => {
    const begin = performance.now()
    const { testBattery } = globalThis as WithBattery
    testBattery.charging = on
    testBattery.dispatchEvent(new Event('chargingchange'))
    const mines = async () => ((await navigator.locks.query()).held ?? []).some(({ name }) => name === 'holdfast/miner-worker')
    while (!on && await mines()) await new Promise(done => { setTimeout(done, 10) })
    return performance.now() - begin
  }, charging)
}

test('a lone tab mines by itself, rests within a second where a condition is lost, and goes on', async ({ person }) => {
  const { page, context } = await person('./#/network')
  await withBattery(context)
  await page.reload()
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 35_000 }).toBeNull()
  expect(await askWorker(page, 'keys', 'identity')).toMatchObject({ backedUp: null, locked: false }) // made silently, as blocks need one
  await expect.poll(async () => (await mining(page))?.mined, { timeout: 70_000 }).toBeGreaterThan(0)
  const { head, blocks, mining: { consent }, trusting } = await ledger(page)
  expect([head.miner, blocks.at(-1)?.miner]).toEqual(Array.from({ length: 2 }).fill((await askWorker<{ address: string }>(page, 'keys', 'identity')).address))
  expect([consent, trusting]).toEqual(['agreed', true])

  expect(await plug(page, false)).toBeLessThan(1000)
  expect(await mining(page)).toMatchObject({ rests: 'battery', due: null })
  const { head: before } = await ledger(page)
  await page.waitForTimeout(12_000) // a block time, and what was signed before has come to its time
  const { head: after } = await ledger(page)
  expect(after.number - before.number).toBeLessThanOrEqual(1)
  await page.waitForTimeout(12_000)
  expect((await ledger(page)).head.number).toBe(after.number)

  await plug(page, true)
  await expect.poll(async () => await mining(page), { timeout: 70_000 }).toMatchObject({ rests: null, head: after.number + 1 })

  await askWorker(page, 'ledger', 'consentToMining', false)
  expect(await mining(page)).toMatchObject({ rests: 'declined', consent: 'declined' })
  await page.reload()
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 20_000 }).toBe('declined')
})
