import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { HoldfastError } from '../../src/base/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import type { ScriptedPeer } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { running } from '../support/ui-states.ts'

type Store = typeof running.store

const at = (store: Partial<Store> = {}, canPickFolder = true): Promise<{ peer: ScriptedPeer }> => mountApp({ hash: '#/settings', state: { ...running, canPickFolder, store: { ...running.store, ...store } } })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (name: string | RegExp) => page.getByRole('textbox', { name })
const asked = (peer: ScriptedPeer) => peer.calls.filter(([name]) => ['choose', 'chooseOwn', 'stop', 'retry', 'allow'].includes(String(name)))

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('a bucket is named, tried, and taken; what is missing is said first', async () => {
  const { peer } = await at()
  await button('In a cloud store').click()
  await expect.element(page.getByRole('dialog')).toBeVisible()
  await expect.element(page.getByText('there has to be room for the largest', { exact: false })).toBeVisible()
  await expect.element(page.getByText(location.origin)).toBeVisible()
  expect(await faults()).toEqual([])
  await button('Try it and move there').click()
  await expect.element(page.getByText('This is needed.')).toBeVisible()
  await userEvent.fill(field(/^Bucket/), 'music')
  await userEvent.fill(field(/^Region/), 'eu-west-1')
  await userEvent.fill(field(/^Access key ID/), 'AKIA')
  const secret = page.getByLabelText('Secret')
  await userEvent.fill(secret, 'shh')
  expect(secret.element().getAttribute('type')).toBe('password')
  peer.storeProblem = new HoldfastError('store-cors', 'closed')
  await button('Try it and move there').click()
  await expect.element(page.getByText('The cloud store does not let web pages in', { exact: false })).toBeVisible()
  expect(await faults()).toEqual([])
  peer.storeProblem = null
  await button('Try it and move there').click()
  await expect.element(page.getByRole('dialog')).not.toBeInTheDocument()
  const call = ['choose', 's3://music?region=eu-west-1', { keyId: 'AKIA', secret: 'shh' }]
  expect(asked(peer)).toEqual([call, call])
  await button('In a cloud store').click()
  expect((page.getByLabelText('Secret').element() as HTMLInputElement).value).toBe('')
})

test.each([
  ['gs', { 'Bucket': 'b', 'Access ID of an HMAC key': 'GOOG1', 'Secret': 's' }, ['choose', 'gs://b', { keyId: 'GOOG1', secret: 's' }]],
  ['azblob', { 'Storage account': 'acc', 'Container': 'c', 'Folder in it (may be empty)': 'in/it', 'SAS token': '?sv=1&sig=2' }, ['choose', 'azblob://c?storage_account=acc&prefix=in%2Fit', { sas: '?sv=1&sig=2' }]],
] as const)('a bucket of %s', async (cloud, filled, call) => {
  const { peer } = await at()
  await button('In a cloud store').click()
  await page.getByLabelText('Kind of store').selectOptions(cloud)
  for (const [label, text] of Object.entries(filled)) await userEvent.fill(page.getByLabelText(label, { exact: true }), text)
  await button('Try it and move there').click()
  await expect.poll(() => asked(peer)).toEqual([call])
})

test('a folder that was picked is chosen, and one that was not is none', async () => {
  const { peer } = await at()
  await button('In a folder').click()
  expect(asked(peer)).toEqual([])
  peer.picked = 'file://picked-1/Holdfast'
  await button('In a folder').click()
  await expect.poll(() => asked(peer)).toEqual([['choose', 'file://picked-1/Holdfast', null]])
})

test('where no folder can be picked none is offered', async () => {
  await at({}, false)
  await expect.element(button('In a cloud store')).toBeVisible()
  await expect.element(button('In a folder')).not.toBeInTheDocument()
})

test('a move shows how far it is, and can be stopped', async () => {
  const { peer } = await at({ moving: { url: 's3://music', done: 250_000_000, total: 1_000_000_000 } })
  const moving = page.getByRole('progressbar', { name: 'Moving your files' })
  await expect.element(moving).toBeVisible()
  expect((moving.element() as HTMLProgressElement).position).toBe(.25)
  await expect.element(page.getByText('250 MB of 1.0 GB are there.', { exact: false })).toBeVisible()
  await expect.element(button('In a cloud store')).not.toBeInTheDocument()
  expect(await faults()).toEqual([])
  await button('Stop moving').click()
  expect(asked(peer)).toEqual([['stop']])
})

test('a store that is away is told of, with what can be done', async () => {
  const { peer } = await at({ url: 's3://music', driver: 's3', problem: { code: 'store-refused', message: 'x', data: {} } })
  await expect.element(page.getByText('The cloud store refuses')).toBeVisible()
  await button('Try again').click()
  peer.set({ store: { url: 'file://picked-1/Holdfast', driver: 'file', moving: null, problem: { code: 'storage-permission', message: 'x', data: {} } } })
  await button('Ask the browser for the folder').click()
  expect(asked(peer)).toEqual([['retry'], ['allow']])
  await expect.element(page.getByText('once after each start', { exact: false }).first()).toBeVisible()
  expect(await faults()).toEqual([])
})

test('back into this browser only after a yes', async () => {
  const { peer } = await at({ url: 's3://music', driver: 's3' })
  await expect.element(page.getByText('s3://music')).toBeVisible()
  await button('In this browser').click()
  expect(asked(peer)).toEqual([])
  await button('Move it').click()
  await expect.poll(() => asked(peer)).toEqual([['chooseOwn']])
})
