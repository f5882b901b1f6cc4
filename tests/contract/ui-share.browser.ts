import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { got, job, locked, running, shared } from '../support/ui-states.ts'
import { views } from '../support/ui-views.ts'

const count = (role: string, name: string): number => page.getByRole(role, { name }).elements().length
const view = (name: string) => views[name] ?? { hash: '#/share', state: running }

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('files become a link: chosen, titled, shared, watched, ready', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: running })
  await userEvent.upload(page.getByLabelText('Files to share'), [new File(['one'], 'one.txt'), new File(['two'], 'two.txt')])
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('2 files, ready to share')
  await focused(page.getByRole('heading', { level: 1 }))
  await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('2 files')
  expect(count('button', 'Share'), 'nothing else is called like the one act').toBe(1)

  await page.getByRole('textbox', { name: 'Title' }).fill('Two things')
  await page.getByRole('button', { name: 'Share' }).click()
  await expect.poll(() => peer.calls).toEqual([['share', ['one.txt', 'two.txt'], 'Two things', { protect: false, findable: false }]])
  await expect.element(page.getByText('Beginning…')).toBeVisible()
  expect(count('textbox', 'Link'), 'no field for links of others while ours is awaited').toBe(0)

  peer.set({ jobs: [{ ...job, title: 'Two things' }] })
  await expect.element(page.getByRole('progressbar', { name: 'Two things' })).toBeVisible()
  await expect.element(page.getByText('713 MB of 3.1 GB')).toBeVisible()
  await page.getByRole('button', { name: 'Cancel Two things' }).click()
  expect(peer.calls.at(-1)).toEqual(['cancelJob', 'job-1'])

  peer.set({ jobs: [], items: [{ ...shared, title: 'Two things', job: 'job-1' }] })
  await expect.element(page.getByRole('textbox', { name: 'Link' })).toHaveValue(shared.link)
  expect(location.hash).toBe(`#/item/${cidOf('7')}`)
  await focused(page.getByRole('heading', { level: 1 }))
  expect(document.title).toBe('Two things · Holdfast')
})

test('a failed job says why and goes when dismissed', async () => {
  const { peer } = await mountApp(view('share-jobs'))
  await expect.element(page.getByText('letters/three.txt')).toBeVisible()
  await page.getByRole('button', { name: 'Dismiss Letters' }).click()
  expect(peer.calls).toEqual([['dismissJob', 'job-2']])
})

test('a refusal names the paths, and what is left can still be shared', async () => {
  const { peer } = await mountApp(view('share-refused'))
  await expect.element(page.getByRole('button', { name: 'Share' })).toBeDisabled()
  await expect.element(page.getByText('Some names cannot be saved everywhere')).toBeVisible()
  peer.refusal = null
  await page.getByRole('button', { name: 'Leave these out' }).click()
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('28 files, ready to share')
  await page.getByRole('button', { name: 'Share' }).click()
  await expect.poll(() => (peer.calls[0]?.[1] as string[] | undefined)?.includes('file 4')).toBe(false)
})

test('a share that fails to begin loses nothing', async () => {
  const { peer } = await mountApp(view('share-setup'))
  peer.share = () => Promise.reject(Object.assign(new Error('full'), { code: 'storage-full' }))
  await page.getByRole('button', { name: 'Share' }).click()
  await expect.element(page.getByRole('alert')).toHaveTextContent('This device has no room left')
  await expect.element(page.getByRole('textbox', { name: 'Title' })).toHaveValue('3 files')
})

test('what is about to be shared survives a look elsewhere', async () => {
  await mountApp(view('share-setup'))
  location.hash = '#/library'
  await focused(page.getByRole('heading', { level: 1, name: 'Library' }))
  location.hash = '#/share'
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('3 files, ready to share')
})

test('the ready link: one field called Link, copied, shown as a code, stopped and begun again', async () => {
  const { peer } = await mountApp({ hash: `#/item/${shared.cid}`, state: { ...running, items: [shared] } })
  expect(count('textbox', 'Link')).toBe(1)
  await page.getByRole('textbox', { name: 'Link' }).click()
  await focused(page.getByRole('textbox', { name: 'Link' }))
  let copied = ''
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: (text: string) => { copied = text; return Promise.resolve() } } })
  await page.getByRole('button', { name: 'Copy link' }).click()
  expect(copied).toBe(shared.link)
  await expect.element(page.getByText('Copied').first()).toBeInTheDocument()
  await expect.element(page.getByRole('img', { name: 'QR code' })).toBeVisible()
  await expect.element(page.getByText('2 people are taking it now.')).toBeVisible()
  await expect.element(page.getByRole('progressbar', { name: 'Person 1' })).toBeVisible()
  await page.getByRole('button', { name: 'Stop sharing' }).click()
  expect(peer.calls.at(-1)).toEqual(['give', shared.cid, false])
  peer.set({ items: [{ ...shared, giving: false, receivers: [] }] })
  await page.getByRole('button', { name: 'Share again' }).click()
  expect(peer.calls.at(-1)).toEqual(['give', shared.cid, true])
})

test('something that was fetched and is shared anew shows its link too', async () => {
  await mountApp({ hash: `#/item/${got.cid}`, state: { ...running, items: [{ ...got, job: 'job-1' }] } })
  await expect.element(page.getByRole('textbox', { name: 'Link' })).toHaveValue(got.link)
})

test('files can be let go anywhere on the page, and the zone says how many', async () => {
  await mountApp({ hash: '#/share', state: running })
  const transfer = new DataTransfer()
  transfer.items.add(new File(['x'], 'plain.txt'))
  window.dispatchEvent(new DragEvent('dragover', { dataTransfer: transfer, cancelable: true }))
  await expect.element(page.getByText('Let go to add 1 file')).toBeVisible()
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }))
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('1 file, ready to share')
})

test('protected and findable are chosen by keys, passed on, and what both together mean is said', async () => {
  const { peer } = await mountApp(view('share-setup'))
  const protect = page.getByRole('checkbox', { name: 'Protect with a key', exact: true })
  const findable = page.getByRole('checkbox', { name: 'Findable by content id', exact: true })
  await expect.element(protect).not.toBeChecked()
  await expect.element(findable).not.toBeChecked()
  await expect.element(protect).toHaveAccessibleDescription(/reaches no server/)
  await page.getByRole('textbox', { name: 'Title' }).click()
  await userEvent.keyboard('{Tab}')
  await focused(protect)
  await userEvent.keyboard(' {Tab}')
  await focused(findable)
  expect(page.getByText('Together: the content id finds only the encrypted file.').elements()).toEqual([])
  await userEvent.keyboard(' ')
  await expect.element(page.getByText('Together: the content id finds only the encrypted file.')).toBeVisible()
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: 'Share' }).click()
  await expect.poll(() => peer.calls.at(-1)?.at(-1)).toEqual({ protect: true, findable: true })

  await userEvent.upload(page.getByLabelText('Files to share'), [new File(['one'], 'one.txt')])
  await expect.element(protect, { message: 'as the last one of this session' }).toBeChecked()
  await expect.element(findable, { message: 'never unasked' }).not.toBeChecked()
})

test('what the system hands over is about to be shared at once, wherever the app is', async () => {
  const { peer } = await mountApp({ hash: '#/library', state: running })
  peer.set({ incoming: [{ file: new File(['x'], 'from elsewhere.txt'), path: 'from elsewhere.txt' }] })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('1 file, ready to share')
  await expect.element(page.getByText('from elsewhere.txt').first()).toBeVisible()
  expect(peer.state.incoming).toEqual([])
  peer.set({ incoming: [{ file: new File(['y'], 'another.txt'), path: 'another.txt' }] })
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('2 files, ready to share')
})

test('a protected link: said to be so, nothing but the link, no facts that mislead', async () => {
  const { peer } = await mountApp({ hash: `#/item/${locked.cid}`, state: { ...running, items: [locked] } })
  await expect.element(page.getByText('Protected', { exact: true })).toBeVisible()
  await expect.element(page.getByText('Whoever has the link has the files for ever')).toBeVisible()
  await page.getByText('Details').click()
  await expect.element(page.getByText('Encrypted: AES-256-GCM, in an OpenTDF file')).toBeVisible()
  expect(page.getByText('Infohash').elements()).toEqual([])
  expect(count('textbox', 'Magnet link')).toBe(0)
  await expect.element(page.getByRole('textbox', { name: 'Content id' })).toHaveValue(locked.cid)
  await page.getByRole('switch', { name: 'Findable by content id', exact: true }).click()
  expect(peer.calls).toEqual([['setFindable', locked.cid, true]])
  peer.set({ items: [{ ...locked, findable: true }] })
  await expect.element(page.getByText('Findable', { exact: true })).toBeVisible()
  expect(await faults()).toEqual([])
})

test('while the key is being unsealed there is no link, and that is said', async () => {
  const { peer } = await mountApp({ hash: `#/item/${locked.cid}`, state: { ...running, items: [{ ...locked, link: '' }] } })
  await expect.element(page.getByText('Opening the key that is kept on this device.')).toBeVisible()
  expect(count('textbox', 'Link')).toBe(0)
  expect(page.getByRole('img', { name: 'QR code' }).elements()).toEqual([])
  expect(page.getByText('Link ready').elements()).toEqual([])
  peer.set({ items: [locked] })
  await expect.element(page.getByRole('textbox', { name: 'Link' })).toHaveValue(locked.link)
})
