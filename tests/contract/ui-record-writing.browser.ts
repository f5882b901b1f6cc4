import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import { dropDraft } from '../../src/ui/record-draft.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp, settled } from '../support/ui-mount.ts'
import { full, longChain, person, poorNews, recordNews, recordSending, tideChain } from '../support/ui-states.ts'

const open = (hash = '#/records', change: Partial<PeerState> = {}) => mountApp({ hash, state: { ...full, records: recordNews, ...change }, records: true })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => {
  document.body.replaceChildren()
  for (const chain of [null, tideChain.id, longChain.id]) dropDraft(chain)
})

describe('writing', () => {
  test('a chain: nothing without a mark, the cost as it is written, and then its page', async () => {
    const { peer } = await open('#/records/new')
    await expect.element(page.getByText('from 11 credits')).toBeVisible()
    await button('Create the chain').click()
    await expect.element(page.getByText('A chain needs a mark that names it. Nothing was recorded.')).toBeVisible()
    await focused(field('Mark 1'))
    expect(await faults()).toEqual([])
    await field('Mark 1').fill('Tide gauge')
    await button('Add a mark').click()
    await focused(field('Mark 2'))
    await field('Mark 2').fill('Ærø')
    await field('Content').fill('From now on.')
    await expect.element(page.getByText('31 of 1,024 bytes.')).toBeVisible()
    await expect.element(page.getByText('477 credits left afterwards.')).toBeVisible()
    await button('Create the chain').click()
    await expect.poll(() => location.hash).toBe(`#/records/${cidOf('9')}`)
    expect(peer.calls).toContainEqual(['record', null, ['Tide gauge', 'Ærø'], 'From now on.'])
    location.hash = '#/records/new'
    await expect.element(field('Content')).toHaveValue('')
  })

  test('bytes as marks, wrong ones told; marks removed', async () => {
    const { peer } = await open(`#/records/${tideChain.id}`)
    await button('Add a mark').click()
    await field('Mark 1').fill('Æ')
    await button('Mark 1 as hexadecimal, 0x').click()
    await expect.element(field('Mark 1')).toHaveValue('c386')
    await field('Mark 1').fill('c38')
    await expect.element(page.getByText('This is no row of pairs of hexadecimal digits.')).toBeVisible()
    await button('Add entry').click()
    await focused(field('Mark 1'))
    await expect.element(page.getByText('One of the marks is no hexadecimal number. Nothing was recorded.')).toBeVisible()
    await field('Mark 1').fill('c386')
    await button('Mark 1 as hexadecimal, 0x').click()
    await expect.element(field('Mark 1')).toHaveValue('Æ')
    await button('Add a mark').click()
    await field('Mark 2').fill('gone')
    await button('Remove mark 2').click()
    await focused(field('Mark 1'))
    await button('Add entry').click()
    await expect.poll(() => peer.calls).toContainEqual(['record', tideChain.id, ['Æ'], ''])
    await expect.element(page.getByText('Your entry is kept and on its way.')).toBeVisible()
  })

  test('what is written outlives the page, for each chain its own', async () => {
    await open(`#/records/${tideChain.id}`)
    await field('Content').fill('High water 04:12')
    document.body.replaceChildren()
    const { app } = await open(`#/records/${longChain.id}`)
    await expect.element(field('Content')).toHaveValue('')
    location.hash = `#/records/${tideChain.id}`
    await settled(app)
    await expect.element(field('Content')).toHaveValue('High water 04:12')
    await expect.element(page.getByText('1 credit', { exact: true })).toBeVisible()
  })

  test('a file as the content, and one that is too large', async () => {
    const { peer } = await open(`#/records/${tideChain.id}`)
    const input = () => page.getByLabelText('File to record').element() as HTMLInputElement
    const choose = async (file: File) => {
      const transfer = new DataTransfer()
      transfer.items.add(file)
      input().files = transfer.files
      input().dispatchEvent(new Event('change'))
    }
    await choose(new File(['x'.repeat(10_241)], 'long.txt'))
    await expect.element(page.getByText('long.txt has 10,241 bytes, and an entry has room for 10,240 beside its marks.')).toBeVisible()
    await choose(new File(['high water'], 'tide.txt'))
    await expect.element(page.getByText('tide.txt')).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Add entry').click()
    await expect.poll(() => peer.calls).toContainEqual(['record', tideChain.id, [], 'high water'])
  })

  test('missing credits are told with their price and bought there; what waits is recorded all the same', async () => {
    const { peer } = await open('#/records/new', { records: poorNews })
    await field('Mark 1').fill('Tide gauge')
    await expect.element(page.getByText('Missing: 9 credits, for 21 coins with the fees.')).toBeVisible()
    await button('Create the chain').click()
    await expect.element(page.getByText('There are not enough credits. Nothing was recorded; what you wrote is kept.')).toBeVisible()
    await button('Buy 9 credits').click()
    await expect.element(field('How many credits')).toHaveValue('9')
    expect(await faults()).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Buy 9 credits' }).click()
    await expect.element(page.getByText('9 credits are on their way.')).toBeVisible()
    expect(peer.calls).toContainEqual(['buyCredits', 9])
    peer.set({ records: { ...poorNews, change: 2, credits: { ...poorNews.credits!, sending: [{ wish: 'p', kind: 'buy-credits', coins: 39, credits: 9, stage: 'offered', problem: null }] } } })
    await expect.element(page.getByText('On their way: 9 credits. What you record now waits for them.')).toBeVisible()
    await button('Create the chain').click()
    await expect.poll(() => location.hash).toBe(`#/records/${cidOf('9')}`)
  })

  test.each([['already-exists', 'This chain is there already'], ['locked', 'Locked with your passphrase']])('%s is said, and nothing is lost', async (code, words) => {
    const { peer } = await open('#/records/new')
    await field('Mark 1').fill('Tide gauge')
    peer.failure = code
    await button('Create the chain').click()
    await expect.element(page.getByText(words)).toBeVisible()
    await expect.element(field('Mark 1')).toHaveValue('Tide gauge')
  })

  test('one that failed is written again', async () => {
    const { peer } = await open(`#/records/${tideChain.id}`, { records: { ...recordNews, sending: [] } })
    await field('Content').fill('High water 04:12')
    await button('Add entry').click()
    await expect.poll(() => peer.calls).toContainEqual(['record', tideChain.id, [], 'High water 04:12'])
    peer.set({ records: { ...recordNews, change: 4, sending: [{ ...recordSending, entryHash: cidOf('8'), stage: 'failed', problem: { code: 'timeout', message: 'late', data: {} } }] } })
    await button('Write it again').click()
    await expect.element(field('Content')).toHaveValue('High water 04:12')
    expect(peer.calls).toContainEqual(['forget', 'w-1'])
  })

  test('whoever writes first becomes somebody; nobody signs while it is locked', async () => {
    const { peer } = await open('#/records/new', { identity: null })
    await field('Mark 1').fill('Tide gauge')
    await button('Create the chain').click()
    await expect.poll(() => peer.calls.map(([name]) => name)).toEqual(['ensure', 'record'])
    document.body.replaceChildren()
    await open('#/records/new', { identity: { ...person, passphrase: true, locked: true } })
    await expect.element(button('Create the chain')).toBeDisabled()
  })
})
