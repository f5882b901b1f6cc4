import type { LoggedFrame } from '../../src/peer/frame-log.ts'
import { keys, type Visit } from '../../src/state/index.ts'
import { askWorker } from '../support/ask-worker.ts'
import { noise } from '../support/bytes.ts'
import { blocksMost, onBattery, provedRows, somebody } from '../support/on-ledger.ts'
import { expect, test, type Page, type Person } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30, stampBits: 18 } })
test.setTimeout(240_000) // some steps that each wait for a block, one in five seconds on average

/** A network without any tracker. */
async function withoutTracker(page: Page): Promise<void> {
  await page.context().route('**/network.json', async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...await response.json() as object, trackers: [] } })
  })
}

async function begin(one: Person): Promise<void> {
  await withoutTracker(one.page)
  await one.page.goto('./#/threads')
}

/** Writes the first message of a thread, with something of the Library. */
async function open(page: Page, title: string, file: string): Promise<void> {
  await page.goto('./#/threads/new')
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('First message').fill('It is in here.')
  await page.getByRole('button', { name: 'Attach', exact: true }).click()
  await page.getByRole('radio', { name: new RegExp(file) }).check()
  await page.getByRole('dialog').getByRole('button', { name: 'Attach', exact: true }).click()
  await page.getByRole('button', { name: /^Send, / }).click()
  await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible()
}

const attached = (page: Page) => page.getByRole('article').filter({ hasText: 'It is in here.' })

/** Somebody who gives on what they have opens a thread: its small file begins to come with no click. */
async function openThread(page: Page, title: string): Promise<void> {
  await askWorker(page, 'network', 'consent', 'agreed')
  await page.goto('./#/threads')
  await page.getByRole('link', { name: new RegExp(title) }).click({ timeout: blocksMost })
}

async function percentHere(page: Page): Promise<number> {
  return Number(/(\d+) % here/.exec(await attached(page).innerText())?.[1] ?? 0)
}

/** The logs of all blocks of somebody, proved from the head of this device's ledger. */
async function logsOf(page: Page, address: string): Promise<readonly Visit[]> {
  const { mined } = await askWorker<{ mined: bigint }>(page, 'ledger', 'account', address)
  const logs = Array.from({ length: Math.min(40, Number(mined)) }, (_, i) => keys.minedAttachments(address, mined - BigInt(i)))
  return (await provedRows(page, logs)).flatMap(log => log ?? [])
}

test('with no tracker an attachment comes by sections, goes on after a reload, and is told of in the server’s next block', async ({ person }) => {
  const [ada, bo] = [await person('./network.json'), await person('./network.json', onBattery)]
  const film = { name: 'film.bin', bytes: noise(9_000_000, 'film') }
  for (const one of [ada, bo]) await begin(one)
  const [addressOfAda, addressOfBo] = [await somebody(ada.page), await (async () => {
    await askWorker(bo.page, 'keys', 'ensureIdentity')
    return await somebody(bo.page)
  })()]
  await ada.page.goto('./')
  await ada.share([film])
  await open(ada.page, 'A film of the harbour', film.name)

  await test.step('the thread is opened, and it comes by itself', async () => {
    await bo.page.goto('./#/settings')
    await bo.page.getByRole('switch', { name: 'Say in the ledger which attachments I have' }).click()
    await askWorker(bo.page, 'network', 'setRates', { up: null, down: 400_000 })
    await openThread(bo.page, 'A film of the harbour')
    await expect.poll(async () => await percentHere(bo.page), { timeout: 60_000 }).toBeGreaterThan(15)
    const { last } = await askWorker<{ last: readonly LoggedFrame[] }>(bo.page, 'network', 'frames')
    const sections = last.filter(({ protocol, direction, kind }) => protocol.startsWith('/holdfast/content/1/') && direction === 'in' && kind === 'reply')
    expect(sections.length).toBeGreaterThan(4)
  })

  await test.step('after a reload it goes on from what came, with nobody asking', async () => {
    const before = await percentHere(bo.page)
    await bo.reopen()
    await bo.page.goto('./#/threads')
    await bo.page.getByRole('link', { name: /A film of the harbour/ }).click()
    await expect.poll(async () => await percentHere(bo.page), { timeout: 60_000 }).toBeGreaterThanOrEqual(before - 10)
    expect(await percentHere(bo.page)).toBeLessThan(100)
    await askWorker(bo.page, 'network', 'setRates', { up: null, down: null })
    await expect(attached(bo.page).getByText('on this device')).toBeVisible({ timeout: 60_000 })
    await attached(bo.page).getByRole('link', { name: `Open ${film.name}` }).click()
    await bo.here()
    expect((await bo.saved(film.name)).bytes.equals(film.bytes)).toBe(true)
  })

  await test.step('who has it now stands in the log of a block of whoever gave it, as it was agreed', async () => {
    await expect.poll(async () => (await logsOf(ada.page, addressOfAda)).map(({ visitor, percent }) => [visitor, percent]), { timeout: blocksMost + 45_000 }).toContainEqual([addressOfBo, 100])
  })
})

test('a false root is found out, shown with the message, and the file is what its content id says all the same', async ({ person }) => {
  const [ada, bo] = [await person('./network.json'), await person('./network.json', onBattery)]
  const song = { name: 'song.bin', bytes: noise(1_500_000, 'song') }
  for (const one of [ada, bo]) await begin(one)
  await somebody(ada.page)
  await ada.page.goto('./')
  const link = await ada.share([song])
  const [, cid = ''] = /#\/get\/([0-9a-f]{64})/.exec(link) ?? []
  const [, infohash = ''] = /[?&]i=([0-9a-f]{40})/.exec(link) ?? []
  const [, size = ''] = /[?&]s=(\d+)/.exec(link) ?? []
  await askWorker(ada.page, 'ledger', 'openThread', 'a wish', 'A song of the harbour', 'It is in here.', { root: 'ab'.repeat(32), size: Number(size), cid, infohash, title: song.name, type: 'z' })
  await openThread(bo.page, 'A song of the harbour')
  const told = () => attached(bo.page).getByText('What this message says of the file is false')
  await expect(told()).toBeVisible({ timeout: 60_000 })
  await expect(attached(bo.page).getByText('on this device')).toBeVisible()
  await bo.reopen()
  await bo.page.goto('./#/threads')
  await bo.page.getByRole('link', { name: /A song of the harbour/ }).click()
  await expect(told()).toBeVisible()
})
