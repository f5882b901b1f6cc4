import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { Item, PeerState, Upload } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { mountApp } from '../support/ui-mount.ts'
import { byRequest, forSale, got, keyInRecord, locked, news, person, running } from '../support/ui-states.ts'

const keyed = `https://holdfast.example/#/get/${forSale.cid}?k=${'B'.repeat(43)}`
const song: Item = { ...got, kind: 'a', cid: forSale.cid, title: forSale.title, members: null, protected: true, link: keyed }
const mine: Item = { ...song, origin: 'shared', reasons: [{ reason: 'own', owner: null, upload: null }] }
const own: Upload = { ...forSale, owner: person.address, own: true }

const open = async (item: Item, published: readonly Upload[], change: Partial<PeerState> = {}) => {
  const mounted = await mountApp({ hash: `#/item/${item.cid}`, state: { ...running, items: [item], uploads: news, identity: person, ...change }, published })
  await page.getByText('Pass it on').click()
  return mounted
}
const copied = (): string[] => {
  const texts: string[] = []
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText: async (text: string) => { texts.push(text); await Promise.resolve() } } })
  return texts
}
const button = (name: string) => page.getByRole('button', { name, exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => {
  document.body.replaceChildren()
  Reflect.deleteProperty(navigator, 'clipboard')
})

test('who sells passes on the publication; the key goes only with who asks for it, and is told what that means', async () => {
  const texts = copied()
  await open(mine, [own])
  await button('Copy link').click()
  await expect.poll(() => texts).toEqual([`${location.href.split('#')[0] ?? ''}#/upload/${own.cid}/${person.address}`])
  expect(button('Copy the link with its key').elements()).toEqual([])
  expect(await faults()).toEqual([])
  await page.getByText('Link with its key', { exact: true }).click()
  await expect.element(page.getByText('Whoever has it needs not buy')).toBeVisible()
  await button('Copy the link with its key').click()
  await expect.poll(() => texts[1]).toBe(keyed)
  expect(await faults()).toEqual([])
})

test('neither does who bought it pass on the key unasked', async () => {
  const texts = copied()
  await open({ ...song, reasons: [{ reason: 'wanted', owner: null, upload: null }] }, [forSale])
  await button('Copy link').click()
  await expect.poll(() => texts).toEqual([`${location.href.split('#')[0] ?? ''}#/upload/${forSale.cid}/${forSale.owner}`])
})

test('an encrypted archive that was fetched for its publication is one of those', async () => {
  const texts = copied()
  await open({ ...song, kind: 'p', cid: byRequest.cid }, [byRequest])
  await button('Copy link').click()
  await expect.poll(() => texts).toEqual([`${location.href.split('#')[0] ?? ''}#/upload/${byRequest.cid}/${byRequest.owner}`])
  await page.getByText('Link with its key', { exact: true }).click()
  await expect.element(page.getByText('Whoever has it can open it')).toBeVisible()
})

test('where the key stands in the ledger there is nothing to hide', async () => {
  await open({ ...song, cid: keyInRecord.cid }, [keyInRecord])
  await expect.element(button('Copy link')).toBeVisible()
  expect(page.getByText('Link with its key').elements()).toEqual([])
})

test('before a block has it, and without a ledger, no link with a key stands open', async () => {
  const texts = copied()
  const { peer } = await open(mine, [])
  await button('Copy link').click()
  const link = `${location.href.split('#')[0] ?? ''}#/upload/${own.cid}/${person.address}`
  await expect.poll(() => texts).toEqual([link])
  peer.set({ uploads: null })
  await button('Copy link').click()
  await expect.poll(() => texts).toEqual([link, link])
})

test('what was got by a link is given on by that link', async () => {
  const texts = copied()
  await open({ ...locked, origin: 'got', job: null, link: keyed }, [forSale])
  await button('Copy link').click()
  await expect.poll(() => texts).toEqual([keyed])
  expect(page.getByText('Link with its key').elements()).toEqual([])
})
