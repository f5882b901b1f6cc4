import type { BrowserContext } from '@playwright/test'
import type { OpenLedger } from '../../src/peer/ledger-api.ts'
import { decodeCbor } from '../../src/base/index.ts'
import { askWorker } from '../support/ask-worker.ts'
import { expect, test, type Page } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

interface Battery extends EventTarget { charging: boolean }
type Staged = typeof globalThis & { testBattery: Battery, testAwake: Set<unknown> }

const ledger = async (page: Page) => await askWorker<OpenLedger>(page, 'ledger', 'state')
const mining = async (page: Page) => {
  const { phase, mining: state, head } = await ledger(page)
  return phase === 'open' ? { ...state, head: head.number } : null
}

/** A battery that a test plugs in and out, in place of the machine's; and the wake locks that are held, counted. */
async function staged(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    if (!isSecureContext) return // the page before the first
    const awake = new Set<unknown>()
    Object.assign(globalThis, { testAwake: awake })
    navigator.wakeLock.request = async () => {
      const lock = { release: async () => { awake.delete(lock); await Promise.resolve() } }
      awake.add(lock)
      return await Promise.resolve(lock as unknown as WakeLockSentinel)
    }
    const battery = Object.assign(new EventTarget(), { charging: true, level: 1, chargingTime: 0, dischargingTime: Infinity })
    Object.assign(globalThis, { testBattery: battery })
    Object.defineProperty(navigator, 'getBattery', { value: async () => await Promise.resolve(battery) })
  })
}

/** Plugs it in or out; how many ms later the miner's thread is gone. */
async function plug(page: Page, charging: boolean): Promise<number> {
  return await page.evaluate(async on => {
    const begin = performance.now()
    const { testBattery } = globalThis as Staged
    testBattery.charging = on
    testBattery.dispatchEvent(new Event('chargingchange'))
    const mines = async () => ((await navigator.locks.query()).held ?? []).some(({ name }) => name === 'holdfast/miner-worker')
    if (on) return 0
    while (await mines()) await new Promise(done => { setTimeout(done, 10) })
    return performance.now() - begin
  }, charging)
}

const awake = async (page: Page) => await page.evaluate(() => (globalThis as Staged).testAwake.size)

/** Records of the devices this one has met, as they came. */
async function metRecords(page: Page): Promise<readonly Uint8Array[]> {
  const records = await page.evaluate(async () => {
    const settle = async <T>(request: IDBRequest<T>): Promise<T> => await new Promise((done, fail) => {
      request.onsuccess = () => { done(request.result) }
      request.onerror = () => { fail(request.error ?? new Error('no reason')) }
    })
    const database = await settle(indexedDB.open('holdfast'))
    const rows = await settle(database.transaction('peers').objectStore('peers').getAll()) as { record: Uint8Array }[]
    database.close()
    return rows.map(({ record }) => [...record])
  })
  return records.map(record => Uint8Array.from(record))
}

function accountOf(record: Uint8Array): string | null {
  const judged = decodeCbor(record)
  return judged.ok ? (judged.value as { account?: { address: string } }).account?.address ?? null : null
}

/** As the browser shows and hides a tab. */
async function show(page: Page, on: boolean): Promise<void> {
  await page.evaluate(visible => {
    Object.defineProperty(document, 'visibilityState', { value: visible ? 'visible' : 'hidden', configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, on)
}

test('a lone tab mines by itself, rests within a second where a condition is lost, and goes on', async ({ person }) => {
  test.setTimeout(180_000) // blocks come every ten seconds on average, and each after a minute at the latest
  const relay = await startRelay({ args: ['--no-anchor'] }) // nobody else is there, and nobody's chain
  const { page, context } = await person(`${relay.url}#/network`)
  await staged(context)
  await page.reload()
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 35_000 }).toBeNull()
  expect(await askWorker(page, 'keys', 'identity')).toMatchObject({ backedUp: null, locked: false }) // made silently, as blocks need one
  await expect.poll(async () => (await mining(page))?.mined, { timeout: 70_000 }).toBeGreaterThan(0)
  const { head, blocks, mining: { consent }, trusting } = await ledger(page)
  expect([head.miner, blocks.at(-1)?.miner]).toEqual(Array.from({ length: 2 }).fill((await askWorker<{ address: string }>(page, 'keys', 'identity')).address))
  expect([consent, trusting]).toEqual(['agreed', true])

  expect(await awake(page)).toBe(1)

  expect(await plug(page, false)).toBeLessThan(1000)
  await expect.poll(async () => await awake(page), { timeout: 1000 }).toBe(0)
  expect(await mining(page)).toMatchObject({ rests: 'battery', due: null })
  const { head: before } = await ledger(page)
  await page.waitForTimeout(3_000) // what was signed before has come to its time
  const { head: after } = await ledger(page)
  expect(after.number - before.number).toBeLessThanOrEqual(1)
  await page.waitForTimeout(15_000)
  expect((await ledger(page)).head.number).toBe(after.number)

  await plug(page, true)
  await expect.poll(async () => (await mining(page))?.rests).toBeNull()
  await expect.poll(async () => (await mining(page))?.head, { timeout: 70_000 }).toBeGreaterThan(after.number)

  await show(page, false)
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 1000 }).toBe('hidden')
  const other = await context.newPage() // another tab of the same browser, in sight
  await other.goto(`${relay.url}#/network`)
  await expect.poll(async () => (await mining(page))?.rests).toBeNull()
  await other.close()
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 1000 }).toBe('hidden')
  await show(page, true)
  await expect.poll(async () => (await mining(page))?.rests).toBeNull()

  await askWorker(page, 'ledger', 'consentToMining', false)
  expect(await mining(page)).toMatchObject({ rests: 'declined', consent: 'declined' })
  await page.reload()
  await expect.poll(async () => (await mining(page))?.rests, { timeout: 20_000 }).toBe('declined')
  await relay.stop()
})

test('two people on one network have one chain, which both make, and neither says a word unasked', async ({ person }) => {
  test.setTimeout(240_000) // as above, and a newcomer takes no turn before it has heard the others
  const [anna, ben] = [await person('./#/network'), await person('./#/network')]
  const pages = [anna.page, ben.page]
  for (const page of pages) await expect.poll(async () => (await ledger(page)).phase, { timeout: 30_000 }).toBe('open')
  // Both have blocks on the chain of the other.
  for (const page of pages) await expect.poll(async () => (await mining(page))?.mined, { timeout: 120_000 }).toBeGreaterThan(0)
  const addresses = await Promise.all(pages.map(async page => (await askWorker<{ address: string }>(page, 'keys', 'identity')).address))
  expect(new Set(addresses).size).toBe(2)
  await expect.poll(async () => {
    const chains = await Promise.all(pages.map(async page => (await ledger(page)).blocks))
    const both = chains.every(blocks => addresses.every(address => blocks.some(({ miner }) => miner === address)))
    const at = chains[0]?.at(-3)
    return both && at !== undefined && JSON.stringify(chains[1]?.find(({ number }) => number === at.number)) === JSON.stringify(at)
  }, { timeout: 120_000 }).toBe(true)
  for (const [i, page] of pages.entries()) {
    // The record that says whose device the other is may come after the one from before it was known.
    await expect.poll(async () => (await metRecords(page)).map(accountOf), { timeout: 60_000 }).toContain(addresses[1 - i])
    const { sent, last } = await askWorker<{ sent: { frames: number, unasked: number }, last: { direction: string, kind: string, protocol: string }[] }>(page, 'network', 'frames')
    expect(sent.unasked).toBe(0)
    const answered = last.filter(({ direction, kind, protocol }) => direction === 'out' && kind === 'reply' && protocol === '/holdfast/state/1/local')
    expect(answered.length).toBeGreaterThan(0)
    await page.getByText('Details', { exact: true }).click()
    await expect(page.getByText(/^0 of \d+ frames$/)).toBeVisible()
  }
})

test('on a line paid by the byte a tab makes no blocks and keeps to headers, and others prove what accounts hold', async ({ person }) => {
  test.setTimeout(180_000) // as above
  const rich = await person('./#/network')
  await expect.poll(async () => (await mining(rich.page))?.mined, { timeout: 120_000 }).toBeGreaterThan(1)
  const { address } = await askWorker<{ address: string }>(rich.page, 'keys', 'identity')
  const poor = await person('./#/network')
  await poor.context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { type: 'cellular', saveData: false }) })
  })
  await poor.page.reload()
  await expect.poll(async () => (await mining(poor.page))?.rests, { timeout: 30_000 }).toBe('metered')
  await expect.poll(async () => (await ledger(poor.page)).mode).toBe('headers')
  await expect.poll(async () => (await ledger(poor.page)).head.number, { timeout: 60_000 }).toBeGreaterThan(1)
  await expect.poll(async () => (await askWorker<{ balance: number }>(poor.page, 'ledger', 'account', address).catch(() => null))?.balance, { timeout: 60_000 }).toBeGreaterThan(0)
})
