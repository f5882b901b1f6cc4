import { noise } from '../support/bytes.ts'
import { makeNextVersion, type NextVersion } from '../support/next-version.ts'
import { expect, test, type Page } from '../support/people.ts'

let next: NextVersion

test.beforeAll(async () => { next = await makeNextVersion('9.9.9') })
test.afterAll(async () => { await next.remove() })

/** What the browser does by itself at a visit and once a day. */
async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update() })
}

/** The scripts of the document, by name. */
async function scripts(page: Page): Promise<string[]> {
  return await page.evaluate(() => Array.from(document.scripts, ({ src }) => src.slice(src.lastIndexOf('/') + 1)))
}

/** Marks the document on show, to tell it from the one after a reload. */
async function mark(page: Page): Promise<void> {
  await page.evaluate(() => { Object.assign(globalThis, { sameDocument: true }) })
}

async function isMarked(page: Page): Promise<boolean> {
  return await page.evaluate(() => 'sameDocument' in globalThis)
}

async function reloaded(page: Page): Promise<void> {
  await page.waitForFunction(() => !('sameDocument' in globalThis))
}

async function precached(page: Page): Promise<string[]> {
  return await page.evaluate(async () => {
    const names = (await caches.keys()).filter(name => name.includes('precache'))
    const requests = await Promise.all(names.map(async name => await (await caches.open(name)).keys()))
    return requests.flat().map(({ url }) => new URL(url).pathname)
  })
}

/** Until all of this version is kept and its worker runs: one that is cut off while it fetches begins anew at the next visit. */
async function kept(page: Page): Promise<void> {
  await page.evaluate(async () => { await navigator.serviceWorker.ready })
  expect(await precached(page)).toContainEqual(expect.stringContaining(next.oldScript))
}

async function shownVersion(page: Page): Promise<string> {
  await page.goto('./#/settings')
  return await page.getByRole('region', { name: 'About' }).innerText()
}

test('a new version waits for the person; work goes on before, and after the reload', async ({ person, relay }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'kept on.bin', bytes: noise(3_000_000, 'update') }
  const link = await ada.share([file])
  await kept(ada.page)
  await mark(ada.page)
  await relay.stop()
  try {
    await relay.start(next.dist)
    await lookForUpdate(ada.page)
    await expect(ada.page.getByText('A new version is ready.')).toBeVisible()

    // Nothing was reloaded, and what the old version does goes on.
    expect(await isMarked(ada.page)).toBe(true)
    await ben.get(link)
    await ben.here()
    expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
    expect(await isMarked(ada.page)).toBe(true)
    expect(await precached(ada.page)).toContainEqual(expect.stringContaining(next.oldScript))

    await ada.page.getByRole('button', { name: 'Reload', exact: true }).click()
    await reloaded(ada.page)
    await expect.poll(async () => await shownVersion(ada.page)).toContain(next.version)
    await expect.poll(async () => await precached(ada.page)).not.toContainEqual(expect.stringContaining(next.oldScript))
    expect(await precached(ada.page)).toContainEqual(expect.stringContaining(next.newScript))

    // The new version offline: all of it was fetched before it took over.
    await ada.context.setOffline(true)
    await ada.page.reload()
    await expect.poll(async () => await shownVersion(ada.page)).toContain(next.version)
    await ada.context.setOffline(false)
    await ada.page.goto('./#/library')
    await expect(ada.page.getByText(file.name).first()).toBeVisible()
  } finally {
    await relay.restart()
  }
})

test('another tab has taken the new version: this one says so, and reloads when it is told to', async ({ person, relay }) => {
  const ada = await person()
  await kept(ada.page)
  const other = await ada.context.newPage()
  await other.goto('./#/settings')
  for (const page of [ada.page, other]) await mark(page)
  await relay.stop()
  try {
    await relay.start(next.dist)
    await lookForUpdate(ada.page)
    await ada.page.getByRole('button', { name: 'Reload', exact: true }).click()
    await reloaded(ada.page)
    await expect.poll(async () => await scripts(ada.page)).toContain(next.newScript)
    await expect(other.getByText('A new version is ready.').first()).toBeVisible()
    expect(await isMarked(other)).toBe(true)
    await other.getByRole('button', { name: 'Reload', exact: true }).click()
    await reloaded(other)
    await expect.poll(async () => await scripts(other)).toContain(next.newScript)
  } finally {
    await relay.restart()
  }
})
