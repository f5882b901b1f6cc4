import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { mountApp } from '../support/ui-mount.ts'
import { ledger, mara, news, person, running, sendingUpload, signe } from '../support/ui-states.ts'

const open = async (change: Partial<PeerState> = {}) => await mountApp({ hash: '#/settings', state: { ...running, ledger, identity: person, uploads: news, ...change } })
const button = (name: string) => page.getByRole('button', { name, exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('somebody lets publishers name them as a holder', async () => {
  const { peer } = await open()
  await button('Let them').click()
  await expect.poll(() => peer.calls).toEqual([['becomeNameable']])
  peer.set({ uploads: { ...news, sending: [{ ...sendingUpload, op: 7, cid: null, stage: 'stamping' }] } })
  await expect.element(button('Let them')).not.toBeInTheDocument()
  expect(await faults()).toEqual([])
  peer.set({ uploads: { ...news, nameable: true } })
  await expect.element(page.getByText('Publishers can have you give out keys in their stead, while a tab is open here.')).toBeVisible()
  expect(await faults()).toEqual([])
})

test('how often it is looked, and whether all of it is read each day', async () => {
  const { peer } = await open({ uploads: null })
  const every = page.getByRole('combobox', { name: 'Look for what is to be kept' })
  await expect.element(every).toHaveValue('60000')
  await every.selectOptions('Every hour')
  await page.getByRole('switch', { name: 'Read all of it once a day' }).click()
  await expect.poll(() => peer.calls).toEqual([['setReconcile', 3_600_000], ['setRechecks', false]])
  peer.set({ looks: { every: 15_000, daily: false } })
  await expect.element(page.getByRole('option', { name: 'Every 15 s' })).toBeInTheDocument()
  await expect.element(page.getByRole('switch', { name: 'Read all of it once a day' })).not.toBeChecked()
  expect(await faults()).toEqual([])
})

test('whom the person follows is listed, and let go', async () => {
  const { peer } = await open({ follows: [mara, signe] })
  expect(page.getByRole('button', { name: 'No longer follow' }).elements().length).toBe(2)
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: /^No longer follow T9fW/ }).click()
  await expect.poll(() => peer.calls).toEqual([['follow', signe, false]])
  await focused(page.getByRole('heading', { name: 'Kept for others' }))
  peer.set({ follows: [] })
  await expect.element(page.getByText('People you follow')).not.toBeInTheDocument()
})

test('while locked, and before it is known, nothing is told; without a ledger there is nothing to tell', async () => {
  const { peer } = await open({ identity: { ...person, passphrase: true, locked: true } })
  await expect.element(button('Let them')).toBeDisabled()
  peer.set({ identity: person, uploads: { ...news, nameable: null } })
  await expect.element(button('Let them')).toBeDisabled()
  peer.set({ uploads: null })
  await expect.element(button('Let them')).not.toBeInTheDocument()
})
