import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { mountApp } from '../support/ui-mount.ts'
import { ledger, news, person, running, sendingUpload } from '../support/ui-states.ts'

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

test('while locked, and before it is known, nothing is told; without a ledger there is nothing to tell', async () => {
  const { peer } = await open({ identity: { ...person, passphrase: true, locked: true } })
  await expect.element(button('Let them')).toBeDisabled()
  peer.set({ identity: person, uploads: { ...news, nameable: null } })
  await expect.element(button('Let them')).toBeDisabled()
  peer.set({ uploads: null })
  await expect.element(button('Let them')).not.toBeInTheDocument()
})
