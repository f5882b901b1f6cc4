import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { bomb, found, getting, got, relayed, running, stuck, wrongKey } from '../support/ui-states.ts'
import { keyText, linkText, relayText } from '../support/ui-views.ts'

const item = (one: typeof getting, more = {}) => ({ hash: `#/item/${one.cid}`, state: { ...running, items: [one], ...more } })
const agreed = { ...running, consent: 'agreed' as const }
const get = () => page.getByRole('button', { name: 'Get', exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('a link with a key is shown at once; once the peer runs the key is sealed and leaves the address', async () => {
  const { peer } = await mountApp({ hash: keyText, state: { ...agreed, phase: 'starting' } })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Low Pressure')
  await expect.element(page.getByText('Protected', { exact: true })).toBeVisible()
  await expect.element(get()).toBeDisabled()
  expect(location.hash).toBe(keyText)
  expect(peer.calls).toEqual([])

  const entries = history.length
  peer.set({ phase: 'running' })
  await expect.poll(() => location.hash).toBe(`#/get/${cidOf('a')}`)
  expect(history.length, 'the key is in no earlier entry either').toBe(entries)
  expect(peer.calls).toEqual([['open', cidOf('a')]])
  await expect.element(page.getByRole('heading', { level: 1 }), { message: 'before the peer tells of it' }).toHaveTextContent('Low Pressure')
  peer.set({ opened: [{ ...found, cid: cidOf('a'), kind: 'p', name: 'Low Pressure' }] })
  expect(await faults()).toEqual([])

  await get().click()
  await expect.poll(() => peer.calls).toEqual([['open', cidOf('a')], ['get', cidOf('a')]])
  peer.set({ opened: [], items: [{ ...getting, protected: true }] })
  await expect.element(page.getByRole('progressbar', { name: 'Low Pressure' })).toBeVisible()
  expect(peer.calls.length, 'nothing is searched for').toBe(2)
})

test('a key that cannot be sealed stays in the address, and it is said', async () => {
  const { peer } = await mountApp({ hash: keyText, state: { ...agreed, phase: 'starting' } })
  let tries = 0
  peer.open = () => { tries++; return Promise.reject(Object.assign(new Error('x'), { code: 'storage-full' })) }
  peer.set({ phase: 'running' })
  await expect.element(page.getByRole('alert')).toHaveTextContent('no room left')
  peer.set({})
  expect([location.hash, tries]).toEqual([keyText, 1])
})

test('after a reload the opened link is found by its content id', async () => {
  const { peer } = await mountApp({ hash: `#/get/${cidOf('a')}`, state: { ...agreed, phase: 'starting' } })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Opening what this device holds')
  peer.set({ phase: 'running', opened: [{ ...found, cid: cidOf('a'), kind: 'p', name: 'Low Pressure' }] })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Low Pressure')
  await expect.element(get()).toBeEnabled()
  expect(peer.calls).toEqual([])
})

test('a pasted link with a key never shows it in the address', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: agreed })
  await page.getByRole('textbox', { name: 'Paste a link' }).fill(`https://holdfast.example/${keyText}`)
  await expect.element(page.getByText('Protected', { exact: true })).toBeVisible()
  await get().click()
  await expect.poll(() => peer.calls).toEqual([['open', cidOf('a')], ['get', cidOf('a')]])
  await expect.poll(() => location.hash).toBe(`#/get/${cidOf('a')}`)
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Low Pressure')
})

test('the system opens the app with a link: it is as if it had been opened', async () => {
  await mountApp({ hash: `#/get?u=${encodeURIComponent(`web+holdfast:${linkText.slice(2)}`)}`, state: running })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Low Pressure')
})

test('a content id alone: looked for while the page is open, found, asked about, fetched', async () => {
  const { peer } = await mountApp({ hash: '#/get', state: { ...agreed, connection: stuck } })
  await page.getByRole('textbox', { name: 'Paste a link' }).fill(found.cid)
  await expect.element(page.getByText('A content id alone.')).toBeVisible()
  await get().click()
  await focused(page.getByRole('heading', { level: 1, name: 'Looking for somebody who has it' }))
  await expect.poll(() => peer.calls).toEqual([['search', found.cid]])
  await expect.element(page.getByText('No relay is reached')).toBeVisible()
  peer.set({ connection: running.connection, searches: [{ cid: found.cid, link: null, vouchers: 0, since: 0 }] })
  await expect.element(page.getByText('Asking 7 peers')).toBeVisible()

  peer.set({ searches: [{ cid: found.cid, link: found, vouchers: 3, since: 0 }] })
  await expect.element(page.getByText('3 people say they have it').first()).toBeVisible()
  await focused(page.getByRole('heading', { level: 1, name: 'Found, without a title' }))
  await expect.element(page.getByRole('heading', { name: 'This is 1.2 GB. Fetch it?' })).toBeVisible()
  await get().click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['get', found.cid])
  peer.set({ items: [{ ...getting, cid: found.cid }] })
  await expect.element(page.getByRole('progressbar')).toBeVisible()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['endSearch', found.cid])
  await focused(page.getByRole('heading', { level: 1 }))
})

test('leaving the page ends the search; what is small is not asked about', async () => {
  const { peer } = await mountApp({ hash: `#/get/${found.cid}`, state: { ...agreed, searches: [{ cid: found.cid, link: { ...found, size: 64 * 1024 ** 2 }, vouchers: 1, since: 0 }] } })
  await expect.element(page.getByText('1 person says they have it').first()).toBeVisible()
  expect(page.getByText('Fetch it?').elements()).toEqual([])
  location.hash = '#/library'
  await expect.poll(() => peer.calls).toEqual([['search', found.cid], ['endSearch', found.cid]])
  location.hash = `#/get/${cidOf('0')}`
  await expect.poll(() => peer.calls.at(-1)).toEqual(['search', cidOf('0')])
  location.hash = `#/get/${cidOf('1')}`
  await expect.poll(() => peer.calls.slice(-2)).toEqual([['endSearch', cidOf('0')], ['search', cidOf('1')]])
})

test('relays of a link are asked about one by one, and only those agreed to are used', async () => {
  const { peer } = await mountApp({ hash: relayText, state: agreed })
  await get().click()
  await expect.element(page.getByText('This link asks to use the relay north.example.')).toBeVisible()
  await focused(page.getByRole('button', { name: 'Go on without it' }))
  expect(await faults()).toEqual([])
  await userEvent.keyboard('{Escape}')
  await expect.element(page.getByText('This link asks to use the relay south.example:8443.')).toBeVisible()
  expect(peer.calls).toEqual([])
  await page.getByRole('button', { name: 'Use it' }).click()
  await expect.poll(() => peer.calls).toEqual([['get', cidOf('a'), 'south.example:8443']])
})

test('a relay agreed to before is not asked about again', async () => {
  const { peer } = await mountApp({ hash: relayText, state: { ...agreed, extraRelays: ['north.example', 'south.example:8443'] } })
  await get().click()
  await expect.poll(() => peer.calls).toEqual([['get', cidOf('a'), 'north.example', 'south.example:8443']])
})

test('through a relay is said and explained; what is whole can be saved while the rest comes', async () => {
  const { peer } = await mountApp(item(relayed))
  await expect.element(page.getByText('Through a relay, slower')).toBeVisible()
  await expect.element(page.getByText('not what. A direct line')).toBeVisible()
  expect(page.getByRole('button', { name: /^Save/ }).elements().length).toBe(1)
  expect(page.getByText('still coming').elements().length).toBe(2)
  await page.getByRole('button', { name: 'Save Slack water.flac' }).click()
  expect(peer.calls).toEqual([['save', relayed.cid, 0]])
  peer.set({ items: [{ ...relayed, relayed: false, readable: 102_001_024 }] })
  await expect.element(page.getByRole('button', { name: 'Save disc 2/Slack water.flac' })).toBeVisible()
  await expect.element(page.getByText('Through a relay, slower')).not.toBeInTheDocument()
})

test('all files into a folder, and what came of it', async () => {
  const { peer } = await mountApp(item(got, { canPickFolder: true }))
  await page.getByRole('button', { name: 'Save as folder' }).click()
  await expect.element(page.getByText('3 files saved in the folder “Slack water”.')).toBeVisible()
  expect(peer.calls).toEqual([['saveFolder', got.cid]])
  await page.getByRole('button', { name: 'Close' }).click()
  await expect.element(page.getByText('saved in the folder')).not.toBeInTheDocument()
  peer.saveFolder = () => Promise.resolve(null)
  await page.getByRole('button', { name: 'Save as folder' }).click()
  await expect.element(page.getByRole('button', { name: 'Save as folder' })).toBeEnabled()
  expect(page.getByText('saved in the folder').elements(), 'none was chosen').toEqual([])
})

test('a folder that takes long shows how far it is, and can be stopped', async () => {
  const { peer } = await mountApp(item(got, { canPickFolder: true }))
  const total = (got.members ?? []).reduce((sum, { size }) => sum + size, 0)
  peer.saveFolder = async (_cid, { signal, onProgress }) => {
    onProgress(total / 2)
    await new Promise(done => { signal.addEventListener('abort', done) })
    return { folder: 'Slack water', files: 1 }
  }
  await page.getByRole('button', { name: 'Save as folder' }).click()
  await expect.element(page.getByRole('progressbar', { name: 'Saving the files' })).toHaveAttribute('max', '100')
  await expect.poll(() => (page.getByRole('progressbar', { name: 'Saving the files' }).element() as HTMLProgressElement).value).toBe(50)
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: 'Stop saving' }).click()
  await expect.element(page.getByText('Stopped: 1 file saved in the folder “Slack water”.')).toBeVisible()
  await focused(page.getByRole('button', { name: 'Save as folder' }))
})

test('an archive that would fill the disk is opened only when asked to', async () => {
  const { peer } = await mountApp(item(bomb, { canPickFolder: true }))
  await expect.element(page.getByText('It unpacks to more than 100 times its size')).toBeVisible()
  expect(page.getByRole('button', { name: 'Save as folder' }).elements()).toEqual([])
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: 'Look inside all the same' }).click()
  expect(peer.calls).toEqual([['unpackAnyway', bomb.cid]])
  peer.set({ items: [{ ...bomb, bomb: false, members: got.members }] })
  await expect.element(page.getByRole('button', { name: 'Save disc 2/Slack water.flac' })).toBeVisible()
  await focused(page.getByRole('heading', { level: 1 }))
})

test('a key that does not fit is told as a damaged link', async () => {
  await mountApp(item(wrongKey))
  await expect.element(page.getByText('The link is damaged: its key does not open the file')).toBeVisible()
})
