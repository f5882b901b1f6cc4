import { noise } from '../support/bytes.ts'
import { expect, test, type Page, type Person } from '../support/people.ts'

const cidOf = (link: string) => /#\/get\/([0-9a-f]{64})/.exec(link)?.[1] ?? ''

/** A person whose network has no tracker at all. */
async function withoutTracker(person: (path?: string) => Promise<Person>): Promise<Person> {
  const one = await person('./network.json') // a page of the site that does not start the app
  await one.context.route('**/network.json', async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...await response.json() as object, trackers: [] } })
  })
  await one.page.goto('./')
  return one
}

async function search(page: Page, text: string): Promise<void> {
  await page.goto('./#/get')
  await page.getByRole('textbox', { name: 'Paste a link' }).fill(text)
  await page.getByRole('button', { name: /^(Get|Look|Search|Find)/ }).first().click()
}

test('by content id alone, with no tracker: found among the peers, said by how many, and fetched', async ({ person }) => {
  const [ada, ben] = [await withoutTracker(person), await withoutTracker(person)]
  const file = { name: 'open.bin', bytes: noise(2_000_000, 'find') }
  const link = await ada.share([file], { findable: true })
  await search(ben.page, cidOf(link))
  await expect(ben.page.getByText('1 person says they have it').first()).toBeVisible()
  await ben.get(ben.page.url())
  await ben.here()
  expect((await ben.saved('open.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('what is not offered openly is not found by its content id', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'shy.bin', bytes: noise(100_000, 'shy') }])
  await search(ben.page, cidOf(link))
  await expect(ben.page.getByText('Looking for somebody who has it').first()).toBeVisible()
  await ben.page.waitForTimeout(8000)
  await expect(ben.page.getByText('Looking for somebody who has it').first()).toBeVisible()
})

test('a link works with no tracker: the wire runs over the peers’ own connection', async ({ person }) => {
  const [ada, ben] = [await withoutTracker(person), await withoutTracker(person)]
  const file = { name: 'wire.bin', bytes: noise(5_000_000, 'no tracker') }
  await ben.get(await ada.share([file]))
  await ben.here()
  expect((await ben.saved('wire.bin')).bytes.equals(file.bytes)).toBe(true)
  expect(await ben.page.getByText(/through a relay/i).count()).toBe(0)
})
