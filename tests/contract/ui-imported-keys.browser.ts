import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { mountApp } from '../support/ui-mount.ts'
import { full, heldKeys, keyed, mara, person, recordNews } from '../support/ui-states.ts'

const [coins, credits] = [heldKeys[0]!, heldKeys[1]!]
const open = (hash = '#/wallet', change: Partial<PeerState> = {}) => mountApp({ hash, state: { ...full, ...keyed, ...change } })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const keysOf = () => page.getByRole('region', { name: 'Keys of Factom' })

beforeEach(async () => {
  await page.viewport(1280, 860)
  sessionStorage.clear()
})
afterEach(() => { document.body.replaceChildren() })

test('each key with what lies at its address, and that it is valid elsewhere', async () => {
  const { peer } = await open()
  await expect.element(keysOf().getByText(coins.address)).toBeVisible()
  await expect.element(keysOf().getByText('1,200 coins')).toBeVisible()
  await expect.element(keysOf().getByText('40 credits')).toBeVisible()
  expect(keysOf().getByText('Also valid elsewhere').elements()).toHaveLength(2)
  expect(await faults()).toEqual([])
  peer.set({ identity: { ...person, passphrase: true, locked: true, imported: heldKeys } })
  await expect.element(button('Bring a key')).toBeDisabled()
  await expect.element(button('Export: Coins, FA2jK2…RL1Q')).toBeDisabled()
  peer.set({ identity: person, records: null })
  await expect.element(keysOf()).not.toBeInTheDocument()
})

describe('bringing one', () => {
  const field = () => page.getByLabelText('Secret key', { exact: true })

  test.each([
    ['address-checksum', 'its check digits do not fit'], ['address-public', 'This is an address'], ['address-prefix', 'those begin with Fs or Es'], ['address-length', 'which has 52 characters'], ['base58-char', '0, O, I and l are never used'],
  ])('%s is told at the field, in words of its own', async (fault, words) => {
    const { peer } = await open()
    peer.keyFaults.set('wrong', fault)
    await button('Bring a key').click()
    await field().fill('wrong')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('dialog').getByText(words)).toBeVisible()
    await focused(field())
    await expect.element(field()).toHaveAttribute('aria-invalid', 'true')
  })

  test('it is hidden while it is typed, and forgotten when the form is left', async () => {
    const { peer } = await open()
    await button('Bring a key').click()
    await button('Bring it here').click()
    await expect.element(page.getByText('There is no key yet.')).toBeVisible()
    await expect.element(field()).toHaveAttribute('type', 'password')
    expect(await faults()).toEqual([])
    await field().fill('Fs1secret')
    await userEvent.keyboard('{Escape}')
    await button('Bring a key').click()
    await expect.element(field()).toHaveValue('')
    await field().fill(' Es1secret ')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('The key is here. It can pay for records.')).toBeVisible()
    expect(peer.calls).toEqual([['importKey']])
  })
})

test('its secret is shown only after a warning, and it is removed only after a question', async () => {
  const { peer } = await open()
  await button('Export: Coins, FA2jK2…RL1Q').click()
  await expect.element(page.getByText('Whoever sees it has it')).toBeVisible()
  expect(peer.calls).toEqual([])
  await button('Show it').click()
  await expect.element(page.getByRole('textbox', { name: 'Secret key' })).toHaveValue(`Fs1${'z'.repeat(49)}`)
  expect(await faults()).toEqual([])
  await button('Close').click()
  await button('Remove: Entry credits, EC2DKS…gm2r').click()
  await expect.element(page.getByText('Your words do not bring it back')).toBeVisible()
  await button('Keep it').click()
  await button('Remove: Entry credits, EC2DKS…gm2r').click()
  await button('Remove the key').click()
  await expect.poll(() => peer.calls).toEqual([['exportKey', coins.address], ['removeKey', credits.address]])
})

test('coins of it go nowhere before the person agreed to the signature', async () => {
  const { peer } = await open()
  await button('Send: Coins, FA2jK2…RL1Q').click()
  await page.getByRole('textbox', { name: 'To which address' }).fill(mara)
  await page.getByRole('textbox', { name: 'How many coins' }).fill('1201')
  await button('Look at it once more').click()
  await expect.element(page.getByText('There are 1,200 at it. Nothing was sent.')).toBeVisible()
  await page.getByRole('textbox', { name: 'How many coins' }).fill('100')
  await button('Look at it once more').click()
  await focused(page.getByRole('heading', { name: 'Sign once with this key?' }))
  await expect.element(page.getByText('This key is also valid elsewhere')).toBeVisible()
  expect(await faults()).toEqual([])
  await userEvent.keyboard('{Escape}')
  expect(peer.calls).toEqual([])
  await button('Bring to the account: Coins, FA2jK2…RL1Q').click()
  await page.getByRole('textbox', { name: 'How many coins' }).fill('100')
  await button('Look at it once more').click()
  await button('Sign and send').click()
  await expect.element(page.getByText('100 coins are on their way.')).toBeVisible()
  expect(peer.calls).toEqual([['sendFactoids', person.address, 100, coins.address]])
})

test('an entry is paid for by it where it was chosen and the person agreed', async () => {
  const { peer } = await open('#/records/new')
  await page.getByRole('combobox', { name: 'Paid by' }).selectOptions(credits.address)
  await page.getByRole('textbox', { name: 'Mark 1' }).fill('log')
  await expect.element(page.getByText('29 credits left afterwards.')).toBeVisible()
  expect(await faults()).toEqual([])
  await button('Create the chain').click()
  await expect.element(page.getByRole('heading', { name: 'Sign once with this key?' })).toBeVisible()
  await button('Not now').click()
  expect(peer.calls.filter(([name]) => name === 'record')).toEqual([])
  await button('Create the chain').click()
  await button('Sign and record').click()
  await expect.poll(() => peer.calls.filter(([name]) => name === 'record')).toEqual([['record', null, ['log'], '', credits.address]])
})

test('where it has too few credits that is said, and nothing is bought for it', async () => {
  const poor = { ...credits, holds: 3 }
  await open('#/records/new', { records: { ...recordNews, credits: { ...recordNews.credits!, imported: [poor] } } })
  await page.getByRole('combobox', { name: 'Paid by' }).selectOptions(poor.address)
  await page.getByRole('textbox', { name: 'Mark 1' }).fill('log')
  await expect.element(page.getByText('Missing: 8 credits. Buy them for its EC address, or let your own credits pay.')).toBeVisible()
  expect(page.getByRole('button', { name: /^Buy 8/ }).elements()).toEqual([])
})

test('on a narrow page nothing is cut off', async () => {
  await page.viewport(360, 780)
  await open()
  await expect.element(keysOf().getByText(coins.address)).toBeVisible()
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
})
