import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf, restoredAddress } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { full, getting, got, locked, running, shared, trash, withPictures } from '../support/ui-states.ts'

const library = (state: Partial<typeof full> = {}) => mountApp({ hash: '#/library', state: { ...running, items: [got], ...state } })
const settings = (state: Partial<typeof full> = {}) => mountApp({ hash: '#/settings', state: { ...running, ...state } })
const more = (title: string) => page.getByRole('button', { name: `More for ${title}` })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('removed: asked first, kept for seven days, brought back by one press', async () => {
  const { peer } = await library()
  await more(got.title).click()
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: `Remove ${got.title}` }).click()
  await focused(page.getByRole('button', { name: 'Keep it', exact: true }))
  await expect.element(page.getByText('It is kept 7 days in Removed')).toBeVisible()
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => peer.calls).toEqual([['remove', got.cid]])
  await focused(page.getByRole('heading', { level: 1 }))
  peer.set({ items: [] })
  await expect.element(page.getByText(`${got.title} was removed. It is kept 7 days in Removed.`)).toBeVisible()
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['restore', got.cid])
  expect(page.getByRole('button', { name: 'Undo' }).elements()).toEqual([])
})

test('pictures of a publication stand with it, and go and come back with it', async () => {
  const [song, ...pictures] = withPictures
  const { peer } = await library({ items: [...withPictures, got] })
  expect(page.getByRole('row').elements().length).toBe(3) // and the head
  await expect.element(page.getByText('with 2 pictures, 3.3 MB')).toBeVisible()
  expect(await faults()).toEqual([])
  await more(song!.title).click()
  await page.getByRole('button', { name: `Remove ${song!.title}` }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => peer.calls).toEqual(withPictures.map(({ cid }) => ['remove', cid]))
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => peer.calls.slice(3)).toEqual(withPictures.map(({ cid }) => ['restore', cid]))
  peer.set({ items: [...pictures, got] })
  await expect.poll(() => page.getByRole('row').elements().length).toBe(4)
})

test('an item’s pictures have their own pages', async () => {
  await mountApp({ hash: `#/item/${withPictures[0]!.cid}`, state: { ...running, items: withPictures } })
  await page.getByText('Its pictures').click()
  expect(await faults()).toEqual([])
  await page.getByRole('link', { name: 'Picture 2' }).click()
  expect(location.hash).toBe(`#/item/${withPictures[2]!.cid}`)
})

test('the menu of an item by keys alone: opened, walked, closed, back where it began', async () => {
  await library()
  const opener = more(got.title)
  ;(opener.element() as HTMLElement).focus()
  await userEvent.keyboard('{Enter}{Tab}')
  await focused(page.getByRole('button', { name: `Verify ${got.title}` }))
  await userEvent.keyboard('{Tab}')
  await focused(page.getByRole('button', { name: `Pin ${got.title}` }))
  await userEvent.keyboard('{Tab}')
  await focused(page.getByRole('button', { name: `Remove ${got.title}` }))
  await userEvent.keyboard('{Tab}')
  await focused(page.getByRole('button', { name: `Block ${got.title}` }))
  await userEvent.keyboard('{Escape}')
  await focused(opener)
  await expect.element(page.getByText('Deletes it for good and never takes it again.')).not.toBeVisible()
  await userEvent.keyboard('{Enter}{Tab}{Tab}{Tab}{Enter}')
  await focused(page.getByRole('button', { name: 'Keep it', exact: true }))
  await userEvent.keyboard('{Escape}')
  await focused(opener)
})

test('what was still coming is deleted, so nothing is offered back', async () => {
  const { peer } = await library({ items: [getting] })
  await more(getting.title).click()
  await page.getByRole('button', { name: `Remove ${getting.title}` }).click()
  await page.getByRole('button', { name: 'Stop and remove' }).click()
  await expect.poll(() => peer.calls).toEqual([['remove', getting.cid]])
  expect(page.getByRole('button', { name: 'Undo' }).elements()).toEqual([])
})

test('Removed: restored, deleted for good after a question, emptied after another', async () => {
  const { peer } = await library({ trash })
  const [one, two] = trash
  await expect.element(page.getByRole('heading', { name: 'Removed' })).toBeVisible()
  await page.getByRole('button', { name: `Restore ${one?.title ?? ''}` }).click()
  await focused(page.getByRole('heading', { level: 1 }))
  await page.getByRole('button', { name: `Delete now: ${two?.title ?? ''}` }).click()
  await focused(page.getByRole('button', { name: 'Not now' }))
  await userEvent.keyboard('{Escape}')
  await focused(page.getByRole('button', { name: `Delete now: ${two?.title ?? ''}` }))
  await page.getByRole('button', { name: `Delete now: ${two?.title ?? ''}` }).click()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await expect.poll(() => peer.calls).toEqual([['restore', one?.cid], ['discard', two?.cid]])
  await focused(page.getByRole('heading', { level: 1 }))
  await page.getByRole('button', { name: 'Empty Removed' }).click()
  await expect.element(page.getByText('55 MB').last()).toBeVisible()
  await page.getByRole('button', { name: 'Delete for good' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['discard', null])
})

test('verified: what came of it is told wherever the person is by then', async () => {
  const { peer } = await library()
  await more(got.title).click()
  await page.getByRole('button', { name: `Verify ${got.title}` }).click()
  expect(peer.calls).toEqual([['verify', got.cid]])
  peer.set({ items: [{ ...got, state: 'checking' }] })
  await expect.element(page.getByText('Checking')).toBeVisible()
  location.hash = '#/settings'
  peer.set({ items: [got] })
  await expect.element(page.getByText(`${got.title}: every byte is as it should be.`)).toBeVisible()
})

test('blocked only after a question that says what it does', async () => {
  const { peer } = await library()
  await more(got.title).click()
  await page.getByRole('button', { name: `Block ${got.title}` }).click()
  await focused(page.getByRole('button', { name: 'Keep it', exact: true }))
  await expect.element(page.getByText('never taken or given again')).toBeVisible()
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: 'Delete and block' }).click()
  await expect.poll(() => peer.calls).toEqual([['block', got.cid]])
  await focused(page.getByRole('heading', { level: 1 }))
})

test('what is kept for others alone is no fetched one, in its row and in the room it takes', async () => {
  const kept = { ...got, cid: cidOf('3'), title: 'Tide tables', size: 200_000_000, received: 200_000_000, reasons: [{ reason: 'obliged', owner: restoredAddress, upload: cidOf('3') } as const] }
  await library({ ...full, items: [shared, got, kept] })
  await expect.element(page.getByRole('img', { name: 'Yours: 412 MB, Fetched: 385 MB, Kept for others: 200 MB' })).toBeVisible()
  const row = (title: string) => page.getByRole('row').filter({ hasText: title })
  await expect.element(row('Tide tables')).toHaveTextContent('For others')
  await expect.element(row('Tide tables')).not.toHaveTextContent('Fetched')
  await expect.element(row(got.title)).toHaveTextContent('Fetched')
  expect(await faults()).toEqual([])
})

test('marks, and the room it all takes, with what is at risk', async () => {
  const { peer } = await library({ ...full, items: [locked, { ...got, findable: true }] })
  const row = (title: string) => page.getByRole('row').filter({ hasText: title })
  await expect.element(row(locked.title)).toHaveTextContent('Protected')
  await expect.element(row(got.title)).toHaveTextContent('Findable')
  await expect.element(page.getByRole('img', { name: 'Set aside for what is coming: 900 MB, Removed, can be brought back: 55 MB' })).toBeVisible()
  await expect.element(page.getByText('At risk: all 2.3 GB.')).toBeVisible()
  peer.set({ storage: { ...full.storage, persisted: true, driver: 'idb' } })
  await expect.element(page.getByText('At risk')).not.toBeInTheDocument()
  await expect.element(page.getByText('files lie in its database')).toBeVisible()
})

test('rates: set, refused where they make no sense, taken off', async () => {
  const { peer } = await settings()
  const out = page.getByRole('spinbutton', { name: 'Going out, at most' })
  await out.fill('250')
  await userEvent.keyboard('{Tab}')
  await expect.poll(() => peer.calls).toEqual([['setRates', { up: 250_000, down: null }]])
  peer.set({ rates: { up: 250_000, down: null } })
  await page.getByRole('spinbutton', { name: 'Coming in, at most' }).fill('1.5')
  await page.getByRole('combobox', { name: 'Coming in, at most, unit' }).selectOptions('MB')
  await expect.poll(() => peer.calls.at(-1)).toEqual(['setRates', { up: 250_000, down: 1_500_000 }])
  peer.set({ rates: { up: 250_000, down: 1_500_000 } })

  await out.fill('0')
  await userEvent.keyboard('{Tab}')
  await expect.element(page.getByText('At least 65.6 kB/s')).toBeVisible()
  await expect.element(out).toHaveAttribute('aria-invalid', 'true')
  expect(await faults()).toEqual([])
  expect(peer.calls.length).toBe(2)
  await out.fill('')
  await userEvent.keyboard('{Tab}')
  await expect.poll(() => peer.calls.at(-1)).toEqual(['setRates', { up: null, down: 1_500_000 }])
})

test('the rule for metered connections, and what is so now', async () => {
  const { peer } = await settings({ metered: { now: true, rule: 'pause' } })
  await expect.element(page.getByText('This connection is metered, as far as the browser tells: nothing is given now.')).toBeVisible()
  await page.getByRole('switch', { name: 'Give on metered connections too', exact: true }).click()
  expect(peer.calls).toEqual([['setMetered', 'give']])
  peer.set({ metered: { now: true, rule: 'give' } })
  await expect.element(page.getByText('you pay for what is given now')).toBeVisible()
})

test('whether the ledger says which attachments are here is for the person to say, and off at first', async () => {
  const { peer } = await settings()
  const listed = page.getByRole('switch', { name: 'Say in the ledger which attachments I have', exact: true })
  await expect.element(listed).not.toBeChecked()
  await listed.click()
  expect(peer.calls).toEqual([['setListed', true]])
  peer.set({ listed: true })
  await expect.element(listed).toBeChecked()
  expect(await faults()).toEqual([])
})

test('a blocklist is imported with its result in words, and cleared after a question', async () => {
  const { peer } = await settings()
  await expect.element(page.getByText('Nothing is blocked')).toBeVisible()
  await userEvent.upload(page.getByLabelText('Blocklist'), new File([`${'a'.repeat(64)}\n${'b'.repeat(64)}\nnot one\n`], 'list.txt'))
  await expect.element(page.getByText('2 contents were added. 1 line is no content hash and was left out.')).toBeVisible()
  peer.set({ blocked: 2 })
  await expect.element(page.getByText('2 contents and publishers are blocked')).toBeVisible()
  await page.getByRole('button', { name: 'Clear' }).click()
  await focused(page.getByRole('button', { name: 'Keep it', exact: true }))
  await page.getByRole('button', { name: 'Forget it' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['clearBlocklist'])
})

test('relays that links brought can be dropped', async () => {
  const { peer } = await settings({ extraRelays: ['north.example'] })
  await page.getByRole('button', { name: 'Remove north.example' }).click()
  await expect.poll(() => peer.calls).toEqual([['removeRelay', 'north.example']])
  await focused(page.getByRole('heading', { level: 1 }))
})
