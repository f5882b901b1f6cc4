import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf, inviteText } from '../support/scripted-peer.ts'
import { mountApp, settled } from '../support/ui-mount.ts'
import { full, ledger, mara, person, running, signe, wallet } from '../support/ui-states.ts'

const open = (change: Partial<PeerState> = {}) => mountApp({ hash: '#/wallet', state: { ...full, ...change } })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const inviteHash = inviteText.slice(inviteText.indexOf('#'))

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('what the person has, and how much of it is not safe yet', async () => {
  const { peer } = await open()
  await expect.element(page.getByRole('region', { name: 'You have' })).toHaveTextContent('12,400')
  await expect.element(page.getByText('54 of them on their way out, in no block yet. 40 of them not safe yet.')).toBeVisible()
  await expect.element(page.getByRole('heading', { name: 'Power: 40' })).toBeVisible()
  peer.set({ wallet: { ...wallet, leaving: 0, unsafe: 0 }, ledger: { ...ledger, behind: 12 } })
  await expect.element(page.getByText('Still fetching 12 blocks: this may be old.')).toBeVisible()
  peer.set({ ledger: { phase: 'waiting' }, account: null, wallet: null })
  await expect.element(page.getByText('Waiting for the ledger')).toBeVisible()
  await expect.element(button('Send')).toBeDisabled()
})

test('whoever looks here first is somebody then', async () => {
  const { peer } = await open({ identity: null })
  await expect.poll(() => peer.calls).toEqual([['ensure']])
})

describe('sending', () => {
  const address = () => page.getByRole('textbox', { name: 'To which address' })
  const amount = () => page.getByRole('textbox', { name: 'How many coins' })

  test('wrong fields are told beside them, and nothing is sent', async () => {
    const { peer } = await open()
    await button('Send').click()
    await focused(page.getByRole('heading', { name: 'Send coins' }))
    await button('Look at it once more').click()
    await expect.element(page.getByText('There is no address yet.')).toBeVisible()
    await focused(address())
    expect(await faults()).toEqual([])
    await address().fill('Tx')
    await expect.element(page.getByText('There is no address yet.')).not.toBeInTheDocument()
    await amount().fill('12347')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('This is no whole address. Nothing was sent; copy all of it and paste it again.')).toBeVisible()
    await expect.element(page.getByText('You have 12,346. Nothing was sent.')).toBeVisible()
    await expect.element(amount()).toHaveAttribute('aria-invalid', 'true')
    expect(amount().element().getAttribute('aria-describedby')?.split(' ').map(id => (amount().element().getRootNode() as ShadowRoot).getElementById(id)?.textContent.trim()).join(' ')).toContain('You have 12,346.')
    await address().fill(person.address)
    await amount().fill('12 346')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('This is your own address. Nothing was sent.')).toBeVisible()
    await expect.element(page.getByText('at most 12,345 can go')).toBeVisible()
    await amount().fill('1.5')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('This is no whole number of coins. Nothing was sent.')).toBeVisible()
    expect(peer.calls).toEqual([])
  })

  test('looked at once more with the fee, sent, and told', async () => {
    const { peer } = await open()
    await button('Send').click()
    await address().fill(` ${mara} `)
    await amount().fill('1,000')
    await userEvent.keyboard('{Enter}')
    await focused(page.getByRole('heading', { name: 'Send 1,000 coins?' }))
    const dialog = page.getByRole('dialog')
    for (const words of [mara, '1,001', '11,345']) await expect.element(dialog.getByText(words, { exact: true })).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Change it').click()
    await expect.element(amount()).toHaveValue('1,000')
    await userEvent.click(button('Look at it once more'))
    await button('Send 1,000 coins').click()
    await expect.element(page.getByText('1,000 coins are on their way.')).toBeVisible()
    expect(peer.calls).toEqual([['send', mara, 1000]])
    await expect.element(dialog).not.toBeInTheDocument()
  })

  test.each([['bad-input', 'There is a slip in this address', 'To which address'], ['too-large', 'You have 12,346. Nothing was sent.', 'How many coins']])('%s leads back to the field it is about', async (code, words, field) => {
    const { peer } = await open()
    await button('Send').click()
    await address().fill(mara)
    await amount().fill('40')
    await userEvent.keyboard('{Enter}')
    peer.failure = code
    await button('Send 40 coins').click()
    await expect.element(page.getByText(words)).toBeVisible()
    await focused(page.getByRole('textbox', { name: field }))
    await expect.element(address()).toHaveValue(mara)
  })

  test('another failure is said in the form, which stays', async () => {
    const { peer } = await open()
    await button('Send').click()
    await address().fill(mara)
    await amount().fill('40')
    await userEvent.keyboard('{Enter}')
    peer.failure = 'locked'
    await button('Send 40 coins').click()
    await expect.element(page.getByRole('dialog').getByText('Locked with your passphrase.')).toBeVisible()
    await expect.element(button('Send 40 coins')).toBeVisible()
  })

  test('before the first coins leave somebody who is not backed up is told', async () => {
    await open({ identity: { ...person, backedUp: null }, wallet: { ...wallet, rows: [] } })
    await button('Send').click()
    await expect.element(page.getByRole('heading', { name: 'You are not backed up' })).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Send without a backup').click()
    await expect.element(address()).toBeVisible()
  })

  test('with a passphrase not given yet nothing can be sent, and it says where to', async () => {
    await open({ identity: { ...person, passphrase: true, locked: true } })
    await expect.element(button('Send')).toBeDisabled()
    await expect.element(button('Receive')).toBeEnabled()
    await expect.element(page.getByRole('link', { name: 'Unlock in Settings' })).toBeVisible()
  })
})

test('the address to copy and to scan', async () => {
  await open()
  await button('Receive').click()
  const dialog = page.getByRole('dialog')
  await expect.element(dialog.getByRole('textbox', { name: 'Your address' })).toHaveValue(person.address)
  await expect.element(dialog.getByRole('img', { name: 'QR code: your address' })).toBeVisible()
  expect(await faults()).toEqual([])
  await userEvent.keyboard('{Escape}')
  await focused(button('Receive'))
})

test('an invite is made, shown with what it is, and taken back', async () => {
  const { peer } = await open()
  await button('Invite link').click()
  await page.getByRole('textbox', { name: 'How many coins' }).fill('0')
  await button('Make the link').click()
  await expect.element(page.getByText('At least 1 coin. Nothing was sent.')).toBeVisible()
  await page.getByRole('textbox', { name: 'How many coins' }).fill('25')
  await button('Make the link').click()
  await expect.element(page.getByRole('dialog').getByRole('textbox', { name: 'Invite link' })).toHaveValue(inviteText)
  await expect.element(page.getByText('Whoever sees the link can take the coins.')).toBeVisible()
  expect(await faults()).toEqual([])
  await button('Close').click()
  await button('Show the link: 25 coins, 2 h ago').click()
  await expect.element(page.getByRole('heading', { name: 'A link with 25 coins' })).toBeVisible()
  await button('Close').click()
  await button('Take back: 25 coins, 2 h ago').click()
  await button('Take them back').click()
  await expect.poll(() => peer.calls).toEqual([['invite', 25], ['claim', inviteHash]])
})

describe('the history', () => {
  const row = (words: string) => page.getByRole('row').filter({ hasText: words })

  test('each line with its stage, and its proof on demand', async () => {
    const { peer } = await open()
    await expect.element(row('To TMara7').first()).toHaveTextContent(/Signing/)
    await expect.element(row('To TMara7').last()).toHaveTextContent('No answer in time. Nothing was spent.')
    await expect.element(row('Block 48,077')).toHaveTextContent(/Safe.*\+3/)
    await button(/^Details: Block 48,077/).click()
    await button('Show the proof').click()
    await expect.element(page.getByText('Verified on this device')).toBeVisible()
    await expect.element(page.getByText('12 nodes, 3.4 kB')).toBeVisible()
    await expect.element(page.getByText(cidOf('2'))).toBeVisible()
    expect(peer.calls).toEqual([['prove', cidOf('5')]])
    expect(await faults()).toEqual([])
    peer.failure = 'not-found'
    await button(/^Details: From T9fWqH…Kx3R, \+40/).click()
    await button('Show the proof').click()
    await expect.element(page.getByText('Nobody who is here now keeps that block')).toBeVisible()
  })

  test('what nobody has yet is taken back, unless somebody has it', async () => {
    const { peer } = await open()
    await button(/^Details: To TMara7…Qp2B, −13/).click()
    peer.failure = 'already-exists'
    await button('Take it back').click()
    await expect.element(page.getByText('Others have it already, so it cannot be taken back.')).toBeVisible()
    await button('Take it back').click()
    await expect.element(page.getByText('It was taken back. Nothing was sent.')).toBeVisible()
    expect(peer.calls).toEqual([['cancel', cidOf('2')], ['cancel', cidOf('2')]])
  })

  test('saved as a file with a line for each', async () => {
    await open()
    const made: Blob[] = []
    const { createObjectURL } = URL
    URL.createObjectURL = blob => {
      made.push(blob as Blob)
      return createObjectURL.call(URL, blob)
    }
    try {
      await button('Save as file').click()
    } finally { URL.createObjectURL = createObjectURL }
    expect((await made[0]?.text())?.trim().split('\r\n').length).toBe(1 + wallet.rows.length)
  })

  test('nothing yet', async () => {
    await open({ wallet: { ...wallet, rows: [], invites: [] } })
    await expect.element(page.getByText('Nothing came or went yet')).toBeVisible()
    expect(button('Save as file').elements()).toEqual([])
  })
})

describe('an opened invite', () => {
  const invited = (state: PeerState = running, amount: number | null = 25) => mountApp({ hash: inviteHash, state, ...amount === null ? {} : { holds: { amount, from: signe, stage: amount > 0 ? 'ready' as const : 'taken' as const } } })

  test('what it holds and from whom; one button, and then the wallet', async () => {
    const { peer } = await invited()
    await expect.element(page.getByRole('heading', { level: 1, name: '25 coins for you' })).toBeVisible()
    await expect.element(page.getByText(signe)).toBeVisible()
    await button('Take 25 coins').click()
    await expect.element(page.getByRole('heading', { level: 1, name: 'Wallet' })).toBeInTheDocument()
    await expect.element(page.getByText('25 coins are on their way to you.')).toBeVisible()
    expect(peer.calls).toEqual([['claim', inviteHash]])
    expect(location.hash).toBe('#/wallet')
  })

  test('taken already, no invite, or the ledger still to come', async () => {
    const { peer, app } = await invited({ ...running, ledger: { phase: 'waiting' }, identity: null, account: null, wallet: null }, 0)
    await expect.element(page.getByText('Waiting for the ledger: somebody has to tell which one this network keeps.')).toBeVisible()
    expect(peer.calls).toEqual([['ensure']])
    peer.set({ ledger, identity: person })
    await expect.element(page.getByText('These coins were taken already')).toBeVisible()
    // They lay in a block that had still to come.
    peer.held.set(inviteHash, { amount: 25, from: signe, stage: 'ready' })
    peer.set({ ledger: { ...ledger, head: { ...ledger.head, root: cidOf('f') } } })
    await expect.element(button('Take 25 coins')).toBeVisible()
    location.hash = '#/invite/abc'
    await settled(app)
    await expect.element(page.getByText('This is no invite')).toBeVisible()
  })

  test('a claim that fails says so and can be tried again', async () => {
    const { peer } = await invited()
    peer.failure = 'timeout'
    await button('Take 25 coins').click()
    await expect.element(page.getByRole('alert').getByText('No answer in time.')).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Take 25 coins').click()
    await expect.poll(() => location.hash).toBe('#/wallet')
  })

  test('a pasted invite leads there too', async () => {
    await mountApp({ hash: '#/get', state: running, holds: { amount: 25, from: signe, stage: 'ready' } })
    await page.getByRole('textbox', { name: 'Paste a link' }).fill(` ${inviteText}`)
    await expect.element(page.getByText('An invite, which holds coins.')).toBeVisible()
    await userEvent.keyboard('{Enter}')
    await expect.element(button('Take 25 coins')).toBeVisible()
  })
})
