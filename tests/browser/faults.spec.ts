import { noise } from '../support/bytes.ts'
import { expect, test, type Page } from '../support/people.ts'

/** Waits until some, but not nearly all, of the transfer on show is through. */
async function midway(page: Page): Promise<void> {
  await expect.poll(async () => await page.getByRole('progressbar').first().evaluate(bar => {
    const { value, max } = bar as HTMLProgressElement
    return max > 0 ? value / max : 0
  }), { intervals: [50], timeout: 30_000 }).toBeGreaterThan(0.15)
}

test('300 MB arrive, and are saved as they were', async ({ person }) => {
  test.setTimeout(240_000)
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'survey.bin', bytes: noise(300_000_000, 'survey') }
  const link = await ada.share([file])
  await ben.get(link)
  await expect(ben.page.getByRole('button', { name: 'Save survey.bin' })).toBeVisible({ timeout: 180_000 })
  expect((await ben.saved('survey.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('a tab killed in the middle of a download goes on where it was', async ({ person }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'half.bin', bytes: noise(40_000_000, 'half') }
  const link = await ada.share([file])
  await ben.get(link)
  await midway(ben.page)
  await ben.reopen()
  await ben.page.goto(link)
  // What had come is still there before anything new can come.
  await expect.poll(async () => await ben.page.getByRole('progressbar').first().evaluate(bar => (bar as HTMLProgressElement).value).catch(() => 0), { intervals: [50] }).toBeGreaterThan(2_000_000)
  await ben.here()
  expect((await ben.saved('half.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('closing asks first while somebody is getting it, and no longer when they have it', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'stay.bin', bytes: noise(30_000_000, 'stay') }])
  await ben.get(link)
  await midway(ben.page)
  const asked = ada.page.waitForEvent('dialog')
  await ada.page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await ben.here()
  await expect(ada.page.getByText('nobody', { exact: true }).first()).toBeVisible()
  const closed = ada.page.waitForEvent('close')
  await ada.page.close({ runBeforeUnload: true })
  await closed
})

test('both browsers are closed in the middle and opened again', async ({ resident }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await resident(), await resident()]
  const file = { name: 'profile.bin', bytes: noise(30_000_000, 'profile') }
  const link = await ada.person.share([file])
  await ben.person.get(link)
  await midway(ben.person.page)
  await Promise.all([ada.restart(), ben.restart()])
  await ben.person.page.goto(link)
  await ben.person.here()
  expect((await ben.person.saved('profile.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('the relay restarts in the middle: the transfer goes on, and new people find each other', async ({ person, relay }) => {
  test.setTimeout(120_000)
  const [ada, ben, cleo] = [await person(), await person(), await person()]
  const file = { name: 'through.bin', bytes: noise(40_000_000, 'through') }
  const link = await ada.share([file])
  await ben.get(link)
  await midway(ben.page)
  await relay.restart()
  await ben.here()
  expect((await ben.saved('through.bin')).bytes.equals(file.bytes)).toBe(true)
  await cleo.get(link)
  await cleo.here()
})

test('where the app was cut off before its worker was kept, that is begun anew by whoever saves', async ({ person }) => {
  const ada = await person()
  const file = { name: 'late.bin', bytes: noise(200_000, 'late') }
  const link = await ada.share([file])
  let scripts = 0
  const ben = await person('./', async context => {
    await context.route('**/service-worker.js', async route => {
      if (scripts++ > 0) await route.continue()
      else await route.fulfill({ contentType: 'text/javascript', body: 'addEventListener("install", event => event.waitUntil(new Promise((_, reject) => setTimeout(reject, 50))))' })
    })
  })
  await ben.get(link)
  await ben.here()
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
  expect(scripts).toBe(2)
})

test('a reload without a connection: everything held is there and can be saved', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'offline.bin', bytes: noise(700_000, 'offline') }
  await ben.get(await ada.share([file]))
  await ben.here()
  await ben.page.evaluate(async () => { await navigator.serviceWorker.ready })
  await ben.context.setOffline(true)
  await ben.page.goto('./#/library')
  await ben.page.reload()
  await ben.page.getByRole('link', { name: 'offline.bin' }).click()
  expect((await ben.saved('offline.bin')).bytes.equals(file.bytes)).toBe(true)
  await ben.page.waitForTimeout(3000) // until the node has begun: it stays with the word
  await expect(ben.page.getByRole('region', { name: 'Connection' })).toContainText(/offline/i)
})

test('a link cut short, a damaged one and something else: each says what it is', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'a.txt', bytes: Buffer.from('abc') }])
  const box = ben.page.getByRole('textbox', { name: 'Paste a link' })
  for (const [text, words] of [[link.slice(0, -6), /cut/i], [link.replace(/s=\d+/, 's=9'), /damaged/i], ['hello', /not a .*link/i]] as const) {
    await box.fill(text)
    await expect(ben.page.getByText(words).first()).toBeVisible()
    await expect(ben.page.getByRole('progressbar')).toHaveCount(0)
  }
  await ben.page.goto(link.slice(0, -6))
  await expect(ben.page.getByText(/cut/i).first()).toBeVisible()
  await box.fill(link)
  await ben.page.getByRole('button', { name: 'Get', exact: true }).click()
  await ben.page.getByRole('button', { name: 'Agree', exact: true }).click()
  await ben.here()
})

test('a link whose file nobody has waits for the sharer, survives a reload and can be cancelled', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'gone.txt', bytes: Buffer.from('soon gone') }])
  await ada.context.close()
  await ben.get(link)
  await expect(ben.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await ben.reopen()
  await ben.page.goto(link)
  await expect(ben.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await ben.page.getByRole('button', { name: /^Cancel/ }).click()
  await expect(ben.page.getByRole('button', { name: 'Get', exact: true })).toBeVisible()
})
