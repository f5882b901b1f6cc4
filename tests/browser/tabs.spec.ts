import { noise } from '../support/bytes.ts'
import { choose, downloaded, expect, personIn, test, type Page, type Person, type Sent } from '../support/people.ts'

/** Another tab of the same browser. */
async function anotherTab(person: Person, path = './'): Promise<Person> {
  const tab = await personIn(person.context, path)
  await ready(tab.page)
  return tab
}

async function ready(page: Page): Promise<void> {
  await expect(page.getByRole('main')).toBeVisible()
  await expect.poll(async () => (await stateOf(page)).phase).toBe('running')
}

interface Shown { readonly phase: string, readonly leads: boolean, readonly jobs: readonly { state: string, done: number, bytes: number }[], readonly items: readonly { title: string, state: string, received: number }[] }

/** What the page is told of the peer, as soon as its app was handed one. */
async function stateOf(page: Page): Promise<Shown> {
  return await page.evaluate(async () => {
    const peer = () => document.querySelector<HTMLElement & { readonly peer: { readonly state: Shown } | null }>('holdfast-app')?.peer ?? null
    while (peer() === null) await new Promise(done => { setTimeout(done, 20) })
    return peer()!.state
  })
}

/** Follows this tab until it runs the peer: when it leads, when it answers, when the next bytes of a download came, and whether it was ever empty. */
async function watchTurn(page: Page): Promise<() => Promise<{ leads: number, serves: number, moves: number | null, emptied: boolean }>> {
  await page.evaluate(() => {
    const { peer } = document.querySelector('holdfast-app') as unknown as { peer: { state: Shown, subscribe(listener: (state: Shown) => void): void } }
    const had = peer.state.items.length
    const seen = { leads: 0, serves: 0, moves: null as number | null, emptied: false }
    const received = (state: Shown) => state.items.reduce((sum, item) => sum + item.received, 0)
    let before: number | null = null
    new BroadcastChannel('holdfast/network').onmessage = ({ data }: MessageEvent<object>) => { if ('hello' in data) seen.serves = Date.now() }
    peer.subscribe(state => {
      if (state.leads && seen.leads === 0) seen.leads = Date.now()
      if (state.items.length < had || state.phase !== 'running') seen.emptied = true
      if (seen.serves === 0) return
      before ??= received(state) // what had come before, as the new one tells it
      if (received(state) > before && seen.moves === null) seen.moves = Date.now()
    })
    Object.assign(globalThis, { turn: seen })
  })
  return async () => {
    await expect.poll(async () => await page.evaluate(() => (globalThis as unknown as { turn: { serves: number } }).turn.serves), { intervals: [50] }).toBeGreaterThan(0)
    return await page.evaluate(() => (globalThis as unknown as { turn: { leads: number, serves: number, moves: number | null, emptied: boolean } }).turn)
  }
}

/** Waits until some, but not nearly all, of what is under way on show is through. */
async function midway(page: Page): Promise<void> {
  await expect.poll(async () => await page.getByRole('progressbar').first().evaluate(bar => {
    const { value, max } = bar as HTMLProgressElement
    return max > 0 ? value / max : 0
  }), { intervals: [50], timeout: 30_000 }).toBeGreaterThan(0.1)
}

/** Milliseconds from the end of a tab or worker, for the report. */
function note(figures: Readonly<Record<string, number>>): void {
  test.info().annotations.push({ type: 'takeover', description: JSON.stringify(figures) })
}

/** Ends a tab as a crash of its renderer does. */
async function crash(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void session.send('Page.crash').catch(() => {})
  await crashed
}

const endings: Record<string, (page: Page) => Promise<void>> = {
  closed: async page => { await page.close({ runBeforeUnload: false }) },
  crashed: crash,
}

/** A tab that shares `file` and is in the middle of it. */
async function midShare(page: Page, file: Sent): Promise<void> {
  await page.goto('./#/share')
  await choose(page, [file])
  await page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect.poll(async () => (await stateOf(page)).jobs.some(({ done, bytes }) => done > bytes / 20), { intervals: [20], timeout: 30_000 }).toBe(true)
}

test('a second tab shows everything and does everything, and starts no worker of its own', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const first = { name: 'first.txt', bytes: Buffer.from('in the first tab') }
  const link = await ada.share([first])
  const second = await anotherTab(ada, './#/library')
  await expect(second.page.getByRole('link', { name: 'first.txt' })).toBeVisible()
  expect((await stateOf(second.page)).leads).toBe(false)
  expect(second.page.workers()).toEqual([])
  // Shared there, shown here.
  await second.page.goto('./#/share')
  await second.share([{ name: 'second.bin', bytes: noise(300_000, 'second') }])
  await ada.page.goto('./#/library')
  await expect(ada.page.getByRole('link', { name: 'second.bin' })).toBeVisible()
  // A switch moved there moves here.
  await second.page.getByRole('switch', { name: 'Sharing' }).uncheck()
  await expect(ada.page.getByRole('switch', { name: 'Sharing' })).not.toBeChecked()
  await second.page.getByRole('switch', { name: 'Sharing' }).check()
  await expect(ada.page.getByRole('switch', { name: 'Sharing' })).toBeChecked()
  // Fetched and saved in a tab that does not lead.
  const window = await anotherTab(ben)
  expect((await stateOf(window.page)).leads).toBe(false)
  await window.get(link)
  await window.here()
  expect(await window.saved('first.txt')).toEqual(first)
})

for (const [how, end] of Object.entries(endings)) {
  test(`the tab that leads is ${how} in the middle of a download: another takes over, and it goes on`, async ({ person }) => {
    test.setTimeout(120_000)
    const [ada, ben] = [await person(), await person()]
    const file = { name: 'half.bin', bytes: noise(60_000_000, how) }
    const link = await ada.share([file])
    const window = await anotherTab(ben)
    await window.get(link)
    await midway(window.page)
    const turn = await watchTurn(window.page)
    const killed = Date.now()
    await end(ben.page)
    const { leads, serves, emptied } = await turn()
    expect(emptied).toBe(false)
    await window.here()
    const { moves } = await turn()
    note({ leads: leads - killed, serves: serves - killed, moves: (moves ?? 0) - killed })
    expect(serves - killed).toBeLessThan(2000)
    expect((await window.saved('half.bin')).bytes.equals(file.bytes)).toBe(true)
  })
}

/** Both tabs show the job; then `dies` ends, and the job ends well in `lives` with the bytes of the file. Returns when it was ended. */
async function outlives(dies: Page, lives: Person, end: (page: Page) => Promise<void>, file: Sent): Promise<number> {
  const title = file.name
  await expect.poll(async () => (await stateOf(lives.page)).jobs.length).toBe(1)
  await lives.page.goto('./#/library')
  const killed = Date.now()
  await end(dies)
  await expect(lives.page.getByRole('link', { name: title })).toBeVisible({ timeout: 60_000 })
  expect((await stateOf(lives.page)).jobs).toEqual([])
  expect((await savedHere(lives.page)).equals(file.bytes)).toBe(true)
  return killed
}

/** The one member of the one item, saved: the page of one's own share has no button for it. */
async function savedHere(page: Page): Promise<Buffer> {
  const waiting = page.waitForEvent('download')
  await page.evaluate(async () => {
    const { peer } = document.querySelector('holdfast-app') as unknown as { peer: { state: { items: { cid: string }[] }, save(cid: string | undefined, member: number): Promise<void> } }
    await peer.save(peer.state.items[0]?.cid, 0)
  })
  return (await downloaded(await waiting)).bytes
}

for (const [how, end] of Object.entries(endings)) {
  test(`the tab that leads is ${how} in the middle of its own share: another goes on with its files`, async ({ person }) => {
    const ada = await person()
    const window = await anotherTab(ada)
    const file = { name: `of the leader ${how}.bin`, bytes: noise(80_000_000, how) }
    await midShare(ada.page, file)
    const turn = await watchTurn(window.page)
    const killed = await outlives(ada.page, window, end, file)
    expect((await turn()).serves - killed).toBeLessThan(2000)
  })
}

test('the tab that leads is closed in the middle of a share of another: it goes on there', async ({ person }) => {
  const ada = await person()
  const window = await anotherTab(ada)
  const file = { name: 'of the follower.bin', bytes: noise(80_000_000, 'follower') }
  await midShare(window.page, file)
  await outlives(ada.page, window, endings['closed']!, file)
})

test('a tab that does not lead is closed in the middle of its share: the one that leads goes on with it', async ({ person }) => {
  const ada = await person()
  const window = await anotherTab(ada)
  const file = { name: 'of the one that left.bin', bytes: noise(80_000_000, 'left') }
  await midShare(window.page, file)
  await outlives(window.page, ada, endings['closed']!, file)
})

test('a job is cancelled from a tab that does not do it', async ({ person }) => {
  const ada = await person()
  const window = await anotherTab(ada, './#/share')
  await midShare(ada.page, { name: 'unwanted.bin', bytes: noise(200_000_000, 'unwanted') })
  await window.page.getByRole('button', { name: 'Cancel unwanted.bin' }).click()
  for (const { page } of [ada, window]) await expect.poll(async () => (await stateOf(page)).jobs).toEqual([])
  expect((await stateOf(window.page)).items).toEqual([])
})

test('the network worker dies in a tab that lives: it is started anew, and the download goes on', async ({ person }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'restart.bin', bytes: noise(60_000_000, 'restart') }
  const link = await ada.share([file])
  await ben.get(link)
  await midway(ben.page)
  const turn = await watchTurn(ben.page)
  const killed = Date.now()
  await ben.page.workers().find(worker => /network/.test(worker.url()))?.evaluate(() => { self.close() })
  const { serves, emptied } = await turn()
  expect(serves - killed).toBeLessThan(2000)
  expect(emptied).toBe(false)
  await ben.here()
  note({ serves: serves - killed, moves: ((await turn()).moves ?? 0) - killed })
  expect((await ben.saved('restart.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('a tab that is about to be frozen is passed over: the one behind it leads', async ({ person }) => {
  const ada = await person('./#/library')
  await ready(ada.page)
  const frozen = await anotherTab(ada, './#/library')
  const behind = await anotherTab(ada, './#/library')
  await frozen.page.evaluate(() => { document.dispatchEvent(new Event('freeze')) }) // Chromium freezes hidden pages only, and headless ones are never hidden
  await ada.page.close()
  await expect.poll(async () => (await stateOf(behind.page)).leads).toBe(true)
  await behind.page.goto('./#/share')
  await behind.share([{ name: 'meanwhile.txt', bytes: Buffer.from('meanwhile') }])
  await frozen.page.evaluate(() => { document.dispatchEvent(new Event('resume')) })
  await expect(frozen.page.getByRole('link', { name: 'meanwhile.txt' })).toBeVisible()
  await behind.page.close()
  await expect.poll(async () => (await stateOf(frozen.page)).leads).toBe(true)
})

test('three tabs, opened and closed in turn: one leads, always, and each shows what there is', async ({ person }) => {
  const ada = await person('./#/library')
  await ready(ada.page)
  const [second, third] = [await anotherTab(ada, './#/library'), await anotherTab(ada, './#/library')]
  const leading = async (...tabs: Person[]) => await Promise.all(tabs.map(async ({ page }) => (await stateOf(page)).leads))
  expect(await leading(ada, second, third)).toEqual([true, false, false])
  await third.page.goto('./#/share')
  await third.share([{ name: 'from three.txt', bytes: Buffer.from('three') }])
  await ada.page.close()
  await expect.poll(async () => await leading(second, third)).toEqual([true, false])
  const fourth = await anotherTab(ada, './#/library')
  await expect(fourth.page.getByRole('link', { name: 'from three.txt' })).toBeVisible()
  await second.page.close()
  await expect.poll(async () => await leading(third, fourth)).toEqual([true, false])
  await fourth.page.goto('./#/share')
  await fourth.share([{ name: 'from four.txt', bytes: Buffer.from('four') }])
  await third.page.goto('./#/library')
  await expect(third.page.getByRole('link', { name: 'from four.txt' })).toBeVisible()
  await third.page.close()
  await expect.poll(async () => await leading(fourth)).toEqual([true])
  await fourth.page.goto('./#/library')
  await expect(fourth.page.getByRole('link', { name: 'from three.txt' })).toBeVisible()
})
