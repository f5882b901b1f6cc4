import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { OpenLedger, RestReason } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { mountApp } from '../support/ui-mount.ts'
import { ledger, mara, running } from '../support/ui-states.ts'

const open = (change: Partial<OpenLedger> = {}, hash = '#/network') => mountApp({ hash, state: { ...running, ledger: { ...ledger, ...change } } })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const chain = () => page.getByRole('region', { name: 'Chain' })
const alert = { why: 'leaves-safe', tip: { ...ledger.head, root: 'f'.repeat(64), number: 48_190, miner: mara }, forkedAt: 48_020 } as const

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('head, safety root and votes, with what is final', async () => {
  const { peer } = await open()
  for (const words of [/Newest block\s*48,117/, /Settled up to\s*48,111/, /Safe up to\s*48,104\s*heard 11 of 14, 82 % of the weight/, /Known miners\s*63/, /Your coins\s*12,400/, /Answering\s*6 peers\s*via 2 relays/, 'Everything at or below the safety root is final for this device.']) {
    await expect.element(chain()).toHaveTextContent(words)
  }
  await expect.element(page.getByText('Up to date')).toBeVisible()
  await expect.element(page.getByRole('img', { name: /^Time between the last 60 blocks: .* now, 5 min is the aim$/ })).toBeVisible()
  await expect.element(page.getByRole('img', { name: /^Difficulty of the last 60 blocks/ })).toBeVisible()
  await page.getByText('The last blocks', { exact: true }).first().click()
  await expect.element(page.getByRole('row', { name: /^48,117 2 min ago You .* 3$/ })).toBeVisible()
  await page.getByText('Forks seen, 2').click()
  await expect.element(page.getByText('After block 47,002, 7 deep')).toBeVisible()
  await chain().getByText('Exact terms').click()
  await expect.element(chain()).toHaveTextContent('two thirds of the weight')
  expect(await faults()).toEqual([])
  peer.set({ ledger: { ...ledger, blocks: ledger.blocks.slice(-2) } })
  await expect.element(page.getByRole('img', { name: /^Difficulty/ })).not.toBeInTheDocument()
})

test('what to take care of is said where it is so, and only there', async () => {
  const { peer } = await open()
  const cares = ['Weakly supported: perhaps cut off', 'clock is 47 s behind', 'met through one relay', 'only headers are fetched', 'Nothing is final', 'Few answer now']
  for (const words of cares) expect(chain().element().textContent).not.toContain(words)
  peer.set({ ledger: { ...ledger, support: .49, clockAhead: -47, mode: 'headers', answering: { peers: 2, relays: 1 }, safe: { ...ledger.safe, voted: false } } })
  for (const words of cares) await expect.element(chain()).toHaveTextContent(words)
  peer.set({ ledger: { ...ledger, support: 0, votes: { members: 0, heard: 0, weight: 0 } } })
  await expect.element(page.getByText('Weakly supported')).not.toBeInTheDocument()
  peer.set({ ledger: { ...ledger, behind: 3120 } })
  await expect.element(page.getByText('Catching up, 3,120 blocks to go')).toBeVisible()
  await expect.element(page.getByRole('progressbar', { name: 'Catching up' })).toBeVisible()
})

describe('another branch', () => {
  test('is told everywhere, and decided by the person alone', async () => {
    const { peer } = await open({ alert }, '#/library')
    await expect.element(page.getByText('The ledger has another branch, and you have to decide.')).toBeVisible()
    await page.getByRole('link', { name: 'Look at it' }).click()
    await expect.element(page.getByRole('alert').getByText('Another branch leaves what was safe')).toBeVisible()
    await button('Decide…').click()
    await expect.element(page.getByRole('dialog')).toHaveTextContent(/ends at block 48,190.*What was final for this device since then is gone/)
    expect(await faults()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await focused(button('Decide…'))
    expect(peer.calls).toEqual([])
    await button('Decide…').click()
    await button('Stay here').click()
    await expect.element(page.getByText('This device stays where it is.')).toBeVisible()
    await button('Decide…').click()
    await button('Go over').click()
    await expect.poll(() => peer.calls).toEqual([['decideAlert', alert.tip.root, false], ['decideAlert', alert.tip.root, true]])
    peer.set({ ledger })
    await expect.element(button('Decide…')).not.toBeInTheDocument()
  })

  test.each([['too-deep', 'goes deeper than is ever changed'], ['headers-missing', 'cannot be checked']] as const)('%s', async (why, words) => {
    await open({ alert: { ...alert, why, forkedAt: null } })
    await expect.element(page.getByText(words)).toBeVisible()
  })
})

describe('making blocks', () => {
  const mining = (change: Partial<OpenLedger['mining']>) => ({ mining: { ...ledger.mining, consent: 'agreed' as const, ...change } })
  const region = () => page.getByRole('region', { name: 'Making blocks' })

  test('only after a yes to what it is; the switch stops it at once', async () => {
    const { peer } = await open()
    const toggle = page.getByRole('switch', { name: 'Make blocks on this device' })
    await toggle.click()
    await focused(button('Not now'))
    await expect.element(page.getByText('Everybody can see which blocks your address made, and when')).toBeVisible()
    expect(await faults()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.element(toggle).not.toBeChecked()
    await toggle.click()
    await button('Agree').click()
    await expect.poll(() => peer.calls).toEqual([['mine', true]])
    peer.set({ ledger: { ...ledger, ...mining({ rests: null, due: Math.floor(Date.now() / 1000) + 4800, mined: 9 }) } })
    await expect.element(region()).toHaveTextContent(/Blocks are made here now.*Your turn comes in about 1 h (19|20) min.*9 blocks of this chain are yours/)
    await toggle.click()
    await expect.poll(() => peer.calls.at(-1)).toEqual(['mine', false])
  })

  test.each<readonly [RestReason, string]>([
    ['hidden', 'no tab of it is in sight'], ['battery', 'It starts by itself when you plug in.'], ['unknown-power', 'nobody knows whether this device charges'], ['metered', 'the connection is metered'],
    ['no-identity', 'there is no address here yet'], ['locked', 'locked with your passphrase'], ['beginning', 'finding out how the network stands'], ['clock', 'clock is wrong'],
    ['too-young', 'your account has no power yet'], ['behind', '12 blocks to go.'],
  ])('why none are made: %s', async (rests, words) => {
    await open({ ...mining({ rests }), behind: rests === 'behind' ? 12 : 0 })
    await expect.element(region()).toHaveTextContent(words)
  })

  test('asked whether it charges only where the browser does not tell', async () => {
    const { peer } = await open(mining({ rests: 'battery' }))
    const charges = page.getByRole('switch', { name: 'This device charges' })
    await expect.element(charges).not.toBeInTheDocument()
    peer.set({ ledger: { ...ledger, ...mining({ rests: 'unknown-power' }) } })
    await charges.click()
    await expect.poll(() => peer.calls).toEqual([['sayCharging', true]])
    peer.set({ ledger: { ...ledger, ...mining({ rests: null, saidCharging: true }) } })
    await expect.element(charges).toBeChecked()
    await charges.click()
    expect(peer.calls.at(-1)).toEqual(['sayCharging', false])
  })
})
