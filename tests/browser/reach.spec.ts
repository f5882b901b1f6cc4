import type { Browser, BrowserContext, BrowserContextOptions } from '@playwright/test'
import { noise } from '../support/bytes.ts'
import { expect, personIn, test as base, watch, type Person } from '../support/people.ts'
import { startRelay, type RunningRelay } from '../support/relay.ts'

interface Apart {
  readonly relay: RunningRelay
  /** Somebody whose browser finds no direct way to anybody. */
  person(): Promise<Person>
}

/** People behind networks that let nothing through but the relay, whose circuits carry so much. */
const test = base.extend<{ apart: (relayBytes: string) => Promise<Apart> }>({
  apart: async ({ browser, contextOptions }, use) => {
    const faults: string[] = []
    const ends: (() => Promise<unknown>)[] = []
    await use(async relayBytes => {
      const relay = await startRelay({ args: ['--relay-bytes', relayBytes] })
      ends.unshift(async () => await relay.stop())
      return {
        relay,
        async person() {
          const context = await shutIn(browser, { ...contextOptions, baseURL: relay.url, acceptDownloads: true })
          ends.unshift(async () => { await context.close() })
          watch(context, faults)
          return await personIn(context)
        },
      }
    })
    for (const end of ends) await end()
    expect(faults).toEqual([])
  },
})

/** Its peer connections may use TURN servers alone, and there are none. */
async function shutIn(browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> {
  const context = await browser.newContext(options)
  await context.addInitScript(() => {
    const Native = RTCPeerConnection
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) { super({ ...configuration, iceTransportPolicy: 'relay' }) }
    }
  })
  return context
}

test('where no direct way is found, 5 MB come through the relay, and the page says so', async ({ apart }) => {
  test.setTimeout(120_000)
  const { person } = await apart('64MiB')
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'through the relay.bin', bytes: noise(5_000_000, 'relay') }
  const link = await ada.share([file])
  await ben.get(link)
  await expect(ben.page.getByText(/through a relay/).first()).toBeVisible({ timeout: 60_000 })
  await ben.here()
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})

test('a relay that ends every circuit after 1 MiB is asked for another one, until all is here', async ({ apart }) => {
  test.setTimeout(180_000)
  const { person } = await apart('1MiB')
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'in small pieces.bin', bytes: noise(3_000_000, 'narrow') }
  const link = await ada.share([file])
  await ben.get(link)
  await expect(ben.page.getByRole('button', { name: /^Save / }).first()).toBeVisible({ timeout: 150_000 })
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})
