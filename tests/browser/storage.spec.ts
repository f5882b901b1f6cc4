import { samplesOf, samplesOfWav, wav } from '../contract/support/recordings.ts'
import { noise } from '../support/bytes.ts'
import { ledgerOf } from '../support/on-ledger.ts'
import { choose, downloaded, expect, personIn, test, watch, type Page, type Person } from '../support/people.ts'
import { damage } from '../support/stored-files.ts'
import { quietPath } from '../support/stored.ts'

/** How much more the origin of this page may store; null takes the limit away. It lasts as long as the page. */
async function roomFor(page: Page, bytes: number | null): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  const { origin } = new URL(page.url())
  const { usage } = await cdp.send('Storage.getUsageAndQuota', { origin })
  await cdp.send('Storage.overrideQuotaForOrigin', bytes === null ? { origin } : { origin, quotaSize: usage + bytes })
}

const full = 'This device has no room left'
const small = { name: 'kept.bin', bytes: noise(200_000, 'kept') }
const large = { name: 'too large.bin', bytes: noise(24_000_000, 'large') }

/** With the app closed: somebody else's doing to what it stored. */
async function whileClosed(person: Person, act: (page: Page) => Promise<void>): Promise<void> {
  await person.page.goto(quietPath)
  await act(person.page)
  await person.page.goto('./')
}

async function clear(page: Page, storageTypes: string): Promise<void> {
  await (await page.context().newCDPSession(page)).send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes })
}

/** A share and a get that find no room, in a window of either kind: what is said, what stays, and how it goes on. */
async function fillsUp(ada: Person, ben: Person): Promise<void> {
  const first = await ada.share([small])
  await roomFor(ada.page, 6_000_000)
  await ada.page.goto('./#/share')
  await choose(ada.page, [large])
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect(ada.page.getByText(full).first()).toBeVisible()
  await ada.page.goto('./#/library')
  await expect(ada.page.getByRole('link', { name: large.name })).toHaveCount(0)
  await expect(ada.page.getByRole('link', { name: small.name })).toBeVisible()
  await roomFor(ada.page, null)
  await ada.page.goto('./#/share')
  const second = await ada.share([large])

  await ben.get(first)
  await ben.here()
  await roomFor(ben.page, 6_000_000)
  await ben.get(second)
  await expect(ben.page.getByText(full).first()).toBeVisible({ timeout: 45_000 })
  await ben.page.goto(first)
  expect((await ben.saved(small.name)).bytes.equals(small.bytes)).toBe(true)
  await ben.page.goto(second)
  await expect(ben.page.getByText(full).first()).toBeVisible()
  await roomFor(ben.page, null)
  await ben.page.getByRole('button', { name: 'Try again' }).click()
  await ben.here()
  expect((await ben.saved(large.name)).bytes.equals(large.bytes)).toBe(true)
}

test('storage full in ordinary windows: said, nothing lost, and it goes on once there is room', async ({ resident }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await resident(), await resident()]
  await fillsUp(ada.person, ben.person)
})

test('storage full in private windows, where the browser throws nothing', async ({ person }) => {
  test.setTimeout(120_000)
  await fillsUp(await person(), await person())
})

test('the browser cleared the files and left the rows: what is gone is said to be gone, and is fetched again', async ({ person, resident }) => {
  const [ada, ben] = [await person(), await resident()]
  const link = await ada.share([small])
  await ben.person.get(link)
  await ben.person.here()
  await whileClosed(ben.person, async page => { await clear(page, 'file_systems') })
  await ben.person.page.goto(link)
  await expect(ben.person.page.getByText('The browser cleared these files').first()).toBeVisible()
  await ben.person.page.getByRole('button', { name: 'Try again' }).click()
  await ben.person.here()
  expect((await ben.person.saved(small.name)).bytes.equals(small.bytes)).toBe(true)
})

test('the browser cleared the rows and left the files: what is there is found again', async ({ person, resident }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await resident(), await person()]
  const link = await ada.person.share([small])
  await whileClosed(ada.person, async page => { await clear(page, 'indexeddb') })
  await ada.person.page.goto('./#/library')
  await ada.person.page.getByRole('link', { name: small.name }).click()
  expect((await ada.person.saved(small.name)).bytes.equals(small.bytes)).toBe(true)
  // That she gives was cleared, too: it begins with her agreement.
  await ada.person.page.getByRole('switch', { name: /^Keep it for others/ }).click()
  await ada.person.page.getByRole('button', { name: 'Agree', exact: true }).click()
  await ben.get(link)
  await ben.here()
  expect((await ben.saved(small.name)).bytes.equals(small.bytes)).toBe(true)
})

test('a stored piece corrupted on disk never leaves, and is fetched again', async ({ person, resident }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await person(), await resident()]
  const file = { name: 'rot.bin', bytes: noise(1_500_000, 'rot') }
  const link = await ada.share([file])
  await ben.person.get(link)
  await ben.person.here()
  const cid = /[0-9a-f]{64}/.exec(link)?.[0] ?? ''
  await whileClosed(ben.person, async page => {
    await damage(page, 'z', cid, 700_000)
  })
  await ada.page.getByRole('switch', { name: 'Sharing', exact: true }).click()
  const cleo = await person()
  await cleo.get(link) // from Ben alone, who finds out
  await ben.person.page.goto(link)
  await expect(ben.person.page.getByText('Waiting for the sharer').first()).toBeVisible({ timeout: 45_000 })
  await ada.page.getByRole('switch', { name: 'Sharing', exact: true }).click()
  for (const each of [ben.person, cleo]) {
    await each.here()
    expect((await each.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
  }
})

test('a browser without OPFS makes FLAC of a recording, publishes it, and saves it as WAV and MP3', async ({ playwright, launchOptions, contextOptions, relay }) => {
  test.setTimeout(180_000) // it loads the decoder three times
  const browser = await playwright.chromium.launch({ ...launchOptions, args: [...launchOptions.args ?? [], '--disable-blink-features=FileSystemAccessOriginPrivate'] })
  try {
    const context = await browser.newContext({ ...contextOptions, baseURL: relay.url, acceptDownloads: true })
    const faults: string[] = []
    watch(context, faults)
    const { page } = await personIn(context)
    expect(await page.evaluate(() => 'getDirectory' in navigator.storage)).toBe(false)
    const song = { rate: 44_100, channels: 2, bits: 16, seconds: 3 } as const
    const samples = samplesOf(song)
    await expect.poll(async () => (await ledgerOf(page))?.name).toBeDefined()
    await choose(page, [{ name: 'Undertow.wav', bytes: Buffer.from(wav(song, samples)) }])
    await page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('button', { name: 'Publish without a backup' }).click()
    await expect(page).toHaveURL(/#\/upload\/[0-9a-f]{64}\/T/, { timeout: 90_000 })
    await page.goto(`./#/item/${/upload\/([0-9a-f]{64})/.exec(page.url())?.[1] ?? ''}`) // where no block is waited for
    const saved = async (format: string) => {
      await page.getByRole('button', { name: 'Save Undertow…', exact: true }).click()
      await page.getByRole('radio', { name: format, exact: true }).check()
      const waiting = page.waitForEvent('download', { timeout: 60_000 })
      await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
      return await downloaded(await waiting)
    }
    const back = samplesOfWav(new Uint8Array((await saved('WAV')).bytes))
    expect(back.samples.length === samples.length && back.samples.every((sample, i) => sample === samples[i])).toBe(true)
    const mp3 = await saved('MP3')
    expect([mp3.name, mp3.bytes.length > 10_000]).toEqual(['Undertow.mp3', true])
    expect(faults).toEqual([])
  } finally {
    await browser.close()
  }
})

test('a browser without OPFS keeps everything in IndexedDB: shared, got, gone on with, saved', async ({ person, playwright, launchOptions, contextOptions, relay }) => {
  test.setTimeout(120_000)
  const browser = await playwright.chromium.launch({ ...launchOptions, args: [...launchOptions.args ?? [], '--disable-blink-features=FileSystemAccessOriginPrivate'] })
  try {
    const context = await browser.newContext({ ...contextOptions, baseURL: relay.url, acceptDownloads: true })
    const faults: string[] = []
    watch(context, faults)
    const [ada, ben] = [await person(), await personIn(context)]
    expect(await ben.page.evaluate(() => 'getDirectory' in navigator.storage)).toBe(false)
    const [mine, theirs] = [{ name: 'mine.bin', bytes: noise(3_000_000, 'mine') }, { name: 'theirs.bin', bytes: noise(20_000_000, 'theirs') }]
    const link = await ben.share([mine])
    await ada.get(link)
    await ada.here()
    expect((await ada.saved(mine.name)).bytes.equals(mine.bytes)).toBe(true)
    await ada.page.goto('./#/share')
    const other = await ada.share([theirs])
    await ben.get(other)
    await expect.poll(async () => await ben.page.getByRole('progressbar').first().evaluate(bar => (bar as HTMLProgressElement).position), { intervals: [50], timeout: 30_000 }).toBeGreaterThan(0.1)
    await ben.reopen()
    await ben.page.goto(other)
    await ben.here()
    expect((await ben.saved(theirs.name)).bytes.equals(theirs.bytes)).toBe(true)
    expect(faults).toEqual([])
  } finally {
    await browser.close()
  }
})
