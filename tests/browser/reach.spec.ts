import type { BrowserContext } from '@playwright/test'
import { noise } from '../support/bytes.ts'
import { expect, personIn, test as base, watch, type Person } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'

/** What is done to a browser before anybody opens a page in it. */
type Change = (context: BrowserContext) => Promise<void>

/** People of a relay of their own, whose circuits carry so much, each in a browser changed like this. */
const test = base.extend<{ people: (relayBytes: string, change: Change) => Promise<() => Promise<Person>> }>({
  people: async ({ browser, contextOptions }, use) => {
    const faults: string[] = []
    const ends: (() => Promise<unknown>)[] = []
    await use(async (relayBytes, change) => {
      const relay = await startRelay({ args: ['--relay-bytes', relayBytes] })
      ends.unshift(async () => await relay.stop())
      return async () => {
        const context = await browser.newContext({ ...contextOptions, baseURL: relay.url, acceptDownloads: true })
        ends.unshift(async () => { await context.close() })
        watch(context, faults)
        await change(context)
        return await personIn(context)
      }
    })
    for (const end of ends) await end()
    expect(faults).toEqual([])
  },
})

/** Its peer connections may use TURN servers alone, and there are none. */
async function shutIn(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Native = RTCPeerConnection
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) { super({ ...configuration, iceTransportPolicy: 'relay' }) }
    }
  })
}

/** Its network has relays, and no tracker; `told` counts who read so. */
async function trackerless(context: BrowserContext, told: () => void): Promise<void> {
  await context.route('**/network.json', async route => {
    const response = await route.fetch()
    told()
    await route.fulfill({ response, json: { ...await response.json() as object, trackers: [] } })
  })
}

test('where no direct way is found, 5 MB come through the relay, and the page says so', async ({ people }) => {
  test.setTimeout(120_000)
  const person = await people('64MiB', shutIn)
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'through the relay.bin', bytes: noise(5_000_000, 'relay') }
  const link = await ada.share([file])
  await ben.get(link)
  await expect(ben.page.getByText(/through a relay/).first()).toBeVisible({ timeout: 60_000 })
  await ben.here()
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})

test('a relay that ends every circuit after 1 MiB is asked for another one, until all is here', async ({ people }) => {
  test.setTimeout(180_000)
  const person = await people('1MiB', shutIn)
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'in small pieces.bin', bytes: noise(3_000_000, 'narrow') }
  const link = await ada.share([file])
  await ben.get(link)
  await expect(ben.page.getByRole('button', { name: /^Save / }).first()).toBeVisible({ timeout: 150_000 })
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})

test('with no tracker at all a file comes from a peer met through the relay, directly', async ({ people }) => {
  let told = 0
  const person = await people('1MiB', async context => { await trackerless(context, () => { told++ }) })
  const [ada, ben] = [await person(), await person()]
  await expect.poll(() => told).toBeGreaterThanOrEqual(2)
  const file = { name: 'no tracker.bin', bytes: noise(5_000_000, 'no tracker') }
  const link = await ada.share([file])
  await ben.get(link)
  await ben.here()
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})
