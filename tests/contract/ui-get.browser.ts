import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { failed, getting, got, paused, running, single, waiting } from '../support/ui-states.ts'
import { linkText } from '../support/ui-views.ts'

const item = (one: typeof getting, more = {}) => ({ hash: `#/item/${one.cid}`, state: { ...running, items: [one], ...more } })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('an opened link: title and size first, consent, then it comes, whatever the answer', async () => {
  const { peer } = await mountApp({ hash: linkText, state: running })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Low Pressure')
  await expect.element(page.getByText('Files, 385 MB')).toBeVisible()
  expect(page.getByRole('button', { name: 'Get' }).elements().length).toBe(1)
  expect(peer.calls).toEqual([])

  await page.getByRole('button', { name: 'Get' }).click()
  await focused(page.getByRole('button', { name: 'Not now' }))
  await page.getByRole('button', { name: 'Agree' }).click()
  await expect.poll(() => peer.calls).toEqual([['consent', true], ['get', cidOf('a')]])

  peer.set({ consent: 'agreed', items: [getting] })
  await expect.element(page.getByRole('progressbar', { name: 'Low Pressure' })).toBeVisible()
  await focused(page.getByRole('heading', { level: 1 }))
  expect(location.hash).toBe(linkText)
})

test('Esc is "Not now", and it is asked again the next time', async () => {
  const { peer } = await mountApp({ hash: linkText, state: { ...running, consent: 'declined' } })
  await page.getByRole('button', { name: 'Get' }).click()
  await focused(page.getByRole('button', { name: 'Not now' }))
  await userEvent.keyboard('{Escape}')
  await expect.poll(() => peer.calls).toEqual([['consent', false], ['get', cidOf('a')]])
})

test('whoever agreed is not asked again', async () => {
  const { peer } = await mountApp({ hash: linkText, state: { ...running, consent: 'agreed' } })
  await page.getByRole('button', { name: 'Get' }).click()
  await expect.poll(() => peer.calls).toEqual([['get', cidOf('a')]])
})

test('a pasted link shows what it names; a bad one says what is wrong with it', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: { ...running, consent: 'agreed' } })
  const field = page.getByRole('textbox', { name: 'Paste a link' })
  await field.fill('7'.repeat(63))
  await expect.element(page.getByText('This is no whole content id.')).toBeVisible()
  await expect.element(field).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('button', { name: 'Get' }).click()
  expect(peer.calls).toEqual([])
  await field.fill(`https://holdfast.example/${linkText}`)
  await expect.element(page.getByText('Low Pressure')).toBeVisible()
  await page.getByRole('button', { name: 'Get' }).click()
  await expect.poll(() => peer.calls).toEqual([['get', cidOf('a')]])
  await expect.poll(() => location.hash).toBe(linkText)
})

test('a link that was cut short says so and leaves a field for the whole one', async () => {
  const { peer } = await mountApp({ hash: '#/get', state: running })
  peer.links.set('#/get/77', { ok: false, code: 'link-cut', reason: 'no c' })
  location.hash = '#/get/77'
  await expect.element(page.getByText('This link was cut short')).toBeVisible()
  await expect.element(page.getByRole('textbox', { name: 'Paste a link' })).toBeVisible()
})

test('on its way: bytes, rates, time left; paused and gone on with; cancelled after a question', async () => {
  const { peer } = await mountApp(item(getting))
  for (const words of ['218 MB of 385 MB', '3.2 MB/s', '400 kB/s', '52 s', '2 people']) await expect.element(page.getByText(words, { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Pause' }).click()
  peer.set({ items: [{ ...paused, cid: getting.cid }] })
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('button', { name: 'Cancel' }).click()
  await focused(page.getByRole('button', { name: 'Keep it' }))
  await page.getByRole('button', { name: 'Stop and remove' }).click()
  await expect.poll(() => peer.calls).toEqual([['pause', getting.cid], ['resume', getting.cid], ['remove', getting.cid]])
  await expect.poll(() => location.hash).toBe('#/library')
})

test('nobody who has it is here: it waits for the sharer and says for what', async () => {
  await mountApp(item({ ...waiting, tracker: 'unreachable' }))
  await expect.element(page.getByRole('heading', { name: 'Waiting for the sharer' })).toBeVisible()
  await expect.element(page.getByText('does not answer')).toBeVisible()
  await expect.element(page.getByRole('progressbar', { name: waiting.title })).not.toHaveAttribute('value')
})

test('a failure says what happened and what was kept', async () => {
  const { peer } = await mountApp(item(failed))
  await expect.element(page.getByText('This device has no room left')).toBeVisible()
  await expect.element(page.getByText('218 MB of 385 MB kept on this device.')).toBeVisible()
  await page.getByRole('button', { name: 'Try again' }).click()
  expect(peer.calls).toEqual([['resume', failed.cid]])
})

test('several files: each is saved under its name, the archive under its title', async () => {
  const { peer } = await mountApp(item(got, { canPick: true }))
  await page.getByRole('button', { name: 'Save Seed library 2026.tgz' }).click()
  await page.getByRole('button', { name: 'Save Slack water.flac', exact: true }).click()
  await page.getByRole('button', { name: 'Save disc 2/Slack water.flac' }).click()
  await page.getByRole('button', { name: 'Save as…' }).click()
  expect(peer.calls).toEqual([['save', got.cid, null], ['save', got.cid, 0], ['save', got.cid, 1], ['saveAs', got.cid, null]])
})

test('one file is saved as itself and only so', async () => {
  const { peer } = await mountApp(item(single))
  expect(page.getByRole('button', { name: 'Save' }).elements().length).toBe(1)
  await page.getByRole('button', { name: 'Save Sleeve.jpg' }).click()
  expect(peer.calls).toEqual([['save', single.cid, 0]])
})

test('ten thousand files are listed a part at a time', async () => {
  const members = Array.from({ length: 10_000 }, (_, i) => ({ path: `part ${i}.bin`, size: i, offset: i * 512 }))
  await mountApp(item({ ...got, members }))
  expect(page.getByRole('listitem').elements().length).toBeLessThan(300)
  await page.getByRole('button', { name: 'Show more' }).click()
  await expect.element(page.getByRole('button', { name: 'Save part 399.bin' })).toBeInTheDocument()
})

test('keeping for others begins with agreement', async () => {
  const { peer } = await mountApp(item({ ...got, giving: false }))
  await page.getByRole('switch', { name: 'Keep it for others' }).click()
  await page.getByRole('button', { name: 'Not now' }).click()
  await expect.element(page.getByRole('switch', { name: 'Keep it for others' })).not.toBeChecked()
  expect(peer.calls).toEqual([])
  await page.getByRole('switch', { name: 'Keep it for others' }).click()
  await page.getByRole('button', { name: 'Agree' }).click()
  await expect.poll(() => peer.calls).toEqual([['consent', true], ['give', got.cid, true]])
})
