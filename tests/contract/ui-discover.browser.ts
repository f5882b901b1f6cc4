import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { byRequest, forSale, keyInRecord, ledger, news, openMaps, ownUpload, running, tidePicture, uploads } from '../support/ui-states.ts'

const open = (published = uploads) => mountApp({ hash: '#/discover', state: { ...running, uploads: news }, published })
const titles = (): string[] => page.getByRole('main').getByRole('heading', { level: 3 }).elements().map(({ textContent }) => textContent.trim())
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(async () => {
  // How somebody looked last is kept while the page lives.
  for (const each of button('Show everything').elements()) await userEvent.click(each)
  for (const each of page.getByRole('button', { name: 'Everything', exact: true }).elements()) await userEvent.click(each)
  document.body.replaceChildren()
})

test('covers with title, publisher, size, price and keepers; each leads to its page', async () => {
  await open()
  await expect.poll(titles).toEqual(uploads.map(({ title }) => title))
  await expect.element(page.getByRole('link', { name: forSale.title })).toHaveAttribute('href', `#/upload/${forSale.cid}/${forSale.owner}`)
  const card = page.getByRole('listitem').filter({ hasText: forSale.title })
  for (const words of ['40 coins', 'T9fWqH…Kx3R. Music, 385 MB', 'Kept by 1 other (1 promised)']) await expect.element(card).toHaveTextContent(words)
  await expect.element(page.getByRole('listitem').filter({ hasText: ownUpload.title })).toHaveTextContent('You. Music')
  expect(page.getByText('author').elements(), 'being first proves nothing').toEqual([])
  expect(await faults()).toEqual([])
  await page.getByRole('link', { name: forSale.title }).click()
  await focused(page.getByRole('heading', { level: 1, name: forSale.title }))
  await expect.element(page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Discover' })).toHaveAttribute('aria-current', 'page')
})

test('searched by words, and by kind, access, owner and missing keepers', async () => {
  await open()
  await page.getByRole('searchbox', { name: 'Search what was published' }).fill('lightship')
  await expect.poll(titles).toEqual([byRequest.title])
  await expect.element(page.getByText('1 publication found')).toBeInTheDocument()
  await page.getByRole('searchbox').fill('')
  await button('Pictures').click()
  await expect.poll(titles).toEqual([tidePicture.title])
  await expect.element(button('Pictures')).toHaveAttribute('aria-pressed', 'true')
  await button('Everything').click()
  await page.getByRole('combobox', { name: 'Who can open it' }).selectOptions('For coins')
  await expect.poll(titles).toEqual([forSale.title])
  await page.getByRole('combobox', { name: 'Who can open it' }).selectOptions('Open to all')
  await expect.poll(titles).toEqual([openMaps, tidePicture, keyInRecord].map(({ title }) => title))
  await page.getByRole('combobox', { name: 'Who can open it' }).selectOptions('Free or not')
  await button('Yours').click()
  await expect.poll(titles).toEqual([ownUpload.title])
  await button('Yours').click()
  await button('Needs keepers').click()
  await expect.poll(() => titles().includes(openMaps.title)).toBe(false)
  await button('Pictures').click()
  await expect.element(page.getByText('Nothing is like that')).toBeVisible()
  expect(await faults()).toEqual([])
  await button('Show everything').click()
  await expect.poll(() => titles().length).toBe(uploads.length)
})

test('what was withdrawn, or found to be wrong, is not listed', async () => {
  const { peer } = await open([{ ...forSale, withdrawn: true }, { ...openMaps, verdict: 'wrong-bytes' }, tidePicture])
  await expect.poll(titles).toEqual([tidePicture.title])
  peer.published = [forSale, tidePicture]
  peer.set({ uploads: { ...news, change: 2, total: 2 } })
  await expect.poll(titles).toEqual([forSale.title, tidePicture.title])
})

test('page by page', async () => {
  await open(Array.from({ length: 70 }, (_, i) => ({ ...openMaps, cid: String(i).padStart(64, '0'), title: `Map ${i}` })))
  await expect.poll(() => titles().length).toBe(60)
  await button('Show more').click()
  await expect.poll(() => titles().length).toBe(70)
  expect(button('Show more').elements()).toEqual([])
})

test('only of those who are followed', async () => {
  const { peer } = await open([forSale, openMaps, tidePicture])
  await expect.poll(() => titles().length).toBe(3)
  expect(button('Followed').elements()).toEqual([])
  peer.set({ follows: [openMaps.owner] })
  await button('Followed').click()
  await expect.poll(titles).toEqual([openMaps.title])
  expect(await faults()).toEqual([])
  await button('Followed').click()
  await expect.poll(() => titles().length).toBe(3)
})

test('pictures of strangers come on a click, those of chosen publishers and one’s own by themselves', async () => {
  const { peer } = await open([forSale, { ...ownUpload, images: [{ ...ownUpload.file, cid: cidOf('b') }] }, tidePicture])
  await expect.poll(() => peer.calls).toEqual([['picture', cidOf('b')]])
  await page.getByRole('button', { name: `Show picture: ${forSale.title}` }).click()
  expect(peer.calls.at(-1)).toEqual(['picture', forSale.images[0]?.cid])
  expect(location.hash, 'the card is not followed').toBe('#/discover')
  await expect.element(page.getByRole('button', { name: `Show picture: ${forSale.title}` })).not.toBeInTheDocument()
  peer.set({ picturesOf: [tidePicture.owner] })
  await expect.poll(() => peer.calls.at(-1)).toEqual(['picture', tidePicture.cid])
})

test('before there is a ledger, and before anything is in it', async () => {
  const { peer } = await mountApp({ hash: '#/discover', state: { ...running, ledger: { phase: 'waiting' }, uploads: null } })
  await expect.element(page.getByText('Waiting for the ledger, which names what was published.')).toBeVisible()
  peer.set({ ledger: { phase: 'failed', problem: { code: 'storage-full', message: 'full', data: {} } } })
  await expect.element(page.getByText('This device has no room left. The ledger cannot be opened')).toBeVisible()
  peer.set({ ledger: { ...ledger, behind: 12 }, uploads: { ...news, total: 0 } })
  await expect.element(page.getByText('Nothing published yet')).toBeVisible()
  await expect.element(page.getByText('12 blocks are still being fetched')).toBeVisible()
})
