import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp, settled } from '../support/ui-mount.ts'
import { entries, factoidAddress, findings, full, longChain, namelessChain, person, recordNews, running, tideChain } from '../support/ui-states.ts'

const open = (hash = '#/records', change: Partial<PeerState> = {}) => mountApp({ hash, state: { ...full, records: recordNews, ...change }, records: true })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })
const heading = (name: string | RegExp, level = 1) => page.getByRole('heading', { level, name })
const numbers = (): string[] => page.getByRole('main').getByRole('link', { name: /^No\. / }).elements().map(({ textContent }) => textContent.trim())

/** What is handed to the browser as a download while `act` runs. */
async function saved(act: () => Promise<void>): Promise<{ blob: Blob, name: string }[]> {
  const made: Blob[] = []
  const names: string[] = []
  const { createObjectURL } = URL
  const { click } = HTMLAnchorElement.prototype
  URL.createObjectURL = blob => {
    made.push(blob as Blob)
    return createObjectURL.call(URL, blob)
  }
  HTMLAnchorElement.prototype.click = function () { names.push(this.download) }
  try {
    await act()
    await expect.poll(() => names.length).toBeGreaterThan(0)
  } finally {
    URL.createObjectURL = createObjectURL
    HTMLAnchorElement.prototype.click = click
  }
  return made.map((blob, i) => ({ blob, name: names[i] ?? '' }))
}

beforeEach(async () => {
  await page.viewport(1280, 860)
  sessionStorage.clear()
})
afterEach(() => { document.body.replaceChildren() })

describe('chains', () => {
  test('mine, followed and all, each leading to its page; what is on its way with its steps', async () => {
    const { peer } = await open()
    await expect.element(button('All 3')).toHaveAttribute('aria-pressed', 'true') // nothing of one's own yet
    await expect.element(page.getByRole('link', { name: 'Tide gauge, Hanstholm', exact: true })).toHaveAttribute('href', `#/records/${tideChain.id}`)
    await expect.element(page.getByRole('listitem').filter({ hasText: 'Chain bbbb…bbbb' })).toHaveTextContent(/1 entry.*not safe yet.*0 of 1 here/)
    await button('Followed').click()
    await expect.element(page.getByRole('link', { name: /^Minutes of every meeting/ })).not.toBeInTheDocument()
    peer.written.add(longChain.id)
    await button('Yours').click()
    await expect.element(page.getByRole('link', { name: /^Minutes of every meeting/ })).toBeVisible()
    const offered = page.getByRole('article', { name: 'An entry of Tide gauge, Hanstholm, 7777…7777' }).filter({ hasText: 'Offered' }).first()
    await expect.element(offered.getByRole('listitem').filter({ hasText: 'Offered' })).toHaveAttribute('aria-current', 'step')
    await expect.element(page.getByRole('article', { name: /^A new chain/ })).toHaveTextContent('Nobody else has it yet.')
    expect(await faults()).toEqual([])
  })

  test('a failure says what was paid and kept, and is forgotten when told to', async () => {
    const { peer } = await open()
    const failed = page.getByRole('article').filter({ hasText: 'No block took it in time' })
    await expect.element(failed).toHaveTextContent('so these are spent: 1 credit')
    await failed.getByRole('button', { name: 'Forget it' }).click()
    await expect.poll(() => peer.calls).toEqual([['forget', 'w-4']])
  })

  test('without a ledger, and in a network without records, it says so', async () => {
    const { peer } = await mountApp({ hash: '#/records', state: { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, records: null } })
    await expect.element(page.getByText('Waiting for the ledger, which holds the records.')).toBeVisible()
    peer.set({ ledger: running.ledger })
    await expect.element(heading('This network keeps no records', 2)).toBeVisible()
    peer.set({ records: { ...recordNews, sending: [] } })
    await expect.element(heading(/^(Nothing is recorded yet|You have not written on a chain yet)$/, 2)).toBeVisible()
  })
})

describe('one chain', () => {
  test('entries page by page: newest, older, first, and to a number', async () => {
    const { peer } = await open(`#/records/${tideChain.id}`)
    await expect.element(heading('Tide gauge, Hanstholm')).toBeVisible()
    await expect.poll(numbers).toEqual(Array.from({ length: 10 }, (_, i) => `No. ${218 - i}`))
    expect(await faults()).toEqual([])
    await expect.poll(() => peer.calls).toEqual([['fetchEntries', entries[214]?.hash]]) // the one whose bytes are not here
    await button('Older').click()
    await expect.poll(() => numbers()[0]).toBe('No. 208')
    await button('First').click()
    await expect.poll(numbers).toEqual(Array.from({ length: 10 }, (_, i) => `No. ${9 - i}`))
    await field('Go to No.').fill('120')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => numbers().at(-1)).toBe('No. 120')
    await page.getByRole('link', { name: 'No. 124', exact: true }).click()
    await focused(heading('No. 124'))
    await page.getByRole('link', { name: 'Tide gauge, Hanstholm', exact: true }).click()
    await expect.poll(() => numbers().at(-1)).toBe('No. 120') // where one was
    await button('Newest').click()
    await expect.poll(() => numbers()[0]).toBe('No. 218')
  })

  test('followed and not; one that is not there', async () => {
    const { peer, app } = await open(`#/records/${longChain.id}`)
    await page.getByRole('switch', { name: 'Follow this chain' }).click()
    await expect.element(page.getByText('You follow this chain')).toBeVisible()
    expect(peer.calls).toContainEqual(['pinChain', longChain.id, true])
    await expect.element(page.getByRole('switch', { name: 'Follow this chain' })).toBeChecked()
    location.hash = `#/records/${cidOf('e')}`
    await settled(app)
    await expect.element(page.getByText('There is no such chain here')).toBeVisible()
  })

  test('a change in the ledger is shown by itself', async () => {
    const { peer } = await open(`#/records/${namelessChain.id}`)
    await expect.element(heading('Chain bbbb…bbbb')).toBeVisible()
    peer.chains = peer.chains.map(chain => chain.id === namelessChain.id ? { ...chain, name: tideChain.name } : chain)
    peer.set({ records: { ...recordNews, change: 2 } })
    await expect.element(heading('Tide gauge, Hanstholm')).toBeVisible()
  })
})

describe('searching', () => {
  test('by a mark, exact or its beginning, at a place, by payer; in hexadecimal; in a chain', async () => {
    const { peer } = await open()
    await page.getByRole('searchbox', { name: 'Search records' }).fill('2026-06-2')
    await expect.element(heading(/entries found$/, 2)).toBeVisible()
    await page.getByText('How to search').click()
    await page.getByRole('combobox', { name: 'The mark' }).selectOptions('exact')
    await expect.element(heading('No entry is like that', 3)).toBeVisible()
    await page.getByRole('searchbox', { name: 'Search records' }).fill('0x52656164696e67')
    await page.getByRole('combobox', { name: 'Where it stands' }).selectOptions('0')
    await expect.element(heading(/entries found$/, 2)).toBeVisible()
    expect(await faults()).toEqual([])
    await field('Paid for by (EC…)').fill('EC9')
    peer.set({})
    await document.querySelector('holdfast-app')!.updateComplete
    await expect.element(field('Paid for by (EC…)')).toHaveValue('EC9') // what is not yet looked for is not lost
    await userEvent.keyboard('{Tab}')
    await expect.poll(() => peer.calls.findLast(([name]) => name === 'searchRecords')).toEqual(['searchRecords', 'Reading', 'exact', 0, 'EC9'])
    await expect.element(heading('No entry is like that', 3)).toBeVisible()
    await page.getByRole('searchbox', { name: 'Search records' }).fill('0xf')
    await expect.element(page.getByText('After 0x there have to be pairs of hexadecimal digits.')).toBeVisible()
    await button('Stop searching').click()
    await expect.element(page.getByRole('group', { name: 'Which of them' })).toBeVisible()
  })

  test('a whole id leads to its chain, a hash to its entry', async () => {
    const { app } = await open()
    await page.getByRole('searchbox', { name: 'Search records' }).fill(longChain.id)
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => location.hash).toBe(`#/records/${longChain.id}`)
    location.hash = '#/records'
    await settled(app)
    await page.getByRole('searchbox', { name: 'Search records' }).fill(entries[12]?.hash ?? '')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => location.hash).toBe(`#/records/${tideChain.id}/12`)
    location.hash = '#/records'
    await settled(app)
    await button('Stop searching').click()
  })
})

describe('one entry', () => {
  test('its marks, its text, where it stands, and its receipt', async () => {
    const { peer } = await open(`#/records/${tideChain.id}/215`)
    await expect.element(page.getByText('"gauge": 2')).toBeVisible()
    await expect.element(page.getByText('Held by 4 other peers')).toBeVisible()
    expect(await faults()).toEqual([])
    const [receipt] = await saved(async () => { await button('Save the receipt').click() })
    expect([receipt?.name, await receipt?.blob.text()]).toEqual(['receipt-aaaaaaaa-215.json', '{"format":"holdfast-receipt/1"}'])
    expect(peer.calls).toEqual([['receipt', entries[215]?.hash]])
    const [bytes] = await saved(async () => { await button('Save the bytes').click() })
    expect(await bytes?.blob.text()).toContain('"gauge": 2')
    peer.quoted = { copies: 2 }
    peer.set({ records: { ...recordNews, change: 3 } })
    await expect.element(page.getByText('Recorded 2 times')).toBeVisible()
  })

  test('no receipt before it is safe; a warning where nobody else has it', async () => {
    await open(`#/records/${tideChain.id}/217`)
    await expect.element(button('Save the receipt')).toBeDisabled()
    await expect.element(page.getByText('Only here, as far as is known')).toBeVisible()
  })

  test('bytes that are no text are told and shown in hexadecimal; what is long is folded', async () => {
    const { app } = await open(`#/records/${tideChain.id}/213`)
    await expect.element(page.getByText('Bytes that are no text, in hexadecimal.')).toBeVisible()
    await button('Show all of it: 3.0 kB').click()
    await expect.poll(() => page.getByLabelText('Content').filter({ hasText: /^0001/ }).first().element().textContent.replaceAll(/\s/g, '').length).toBe(6000)
    location.hash = `#/records/${longChain.id}/3`
    await settled(app)
    await expect.element(button('Show all of it: 6.0 kB')).toBeVisible()
  })

  test('bytes that are not here are asked for once, and again when told to', async () => {
    const { peer } = await open(`#/records/${tideChain.id}/214`)
    await expect.element(page.getByText('Nobody who is here now has its bytes')).toBeVisible()
    peer.elsewhere.set(entries[214]?.hash ?? '', { ...entries[214]!, extIds: [], content: new TextEncoder().encode('come late'), size: 44 })
    await button('Ask again').click()
    await expect.element(page.getByText('come late')).toBeVisible()
    expect(peer.calls.filter(([name]) => name === 'fetchEntries').length).toBe(2)
  })
})

describe('a receipt is checked', () => {
  const offline: PeerState = { ...running, ledger: { phase: 'waiting' }, account: null, wallet: null, threads: null, records: null, connection: { ...running.connection, online: false, peers: [], steps: [] } }

  test('claim by claim, with no network and no ledger', async () => {
    const { peer } = await mountApp({ hash: '#/check', state: offline, records: true })
    await button('Check it').click()
    await expect.element(page.getByText('There is nothing to check yet.')).toBeVisible()
    await field('The receipt').fill('{"format":"holdfast-receipt/1"}')
    await page.getByText('Whose word you take').click()
    await field('Roots you trust').fill('abc')
    await button('Check it').click()
    await expect.element(page.getByText('A root has 64 hexadecimal digits. One of these has not.')).toBeVisible()
    await field('Roots you trust').fill(`0x${cidOf('A')}\n${cidOf('b')}`)
    await button('Check it').click()
    await focused(heading('What came of it', 2))
    await expect.element(page.getByText('It holds together, but nobody vouches for it yet')).toBeVisible()
    expect(page.getByRole('list', { name: 'Claims' }).getByRole('listitem').elements().length).toBe(findings.length)
    expect(peer.calls).toEqual([['verify', '{"format":"holdfast-receipt/1"}', cidOf('a'), cidOf('b')]])
    expect(await faults()).toEqual([])
    peer.findings = findings.map(each => ({ ...each, holds: each.claim !== 'chain-id' }))
    await button('Check it').click()
    await expect.element(page.getByText('This does not hold')).toBeVisible()
    peer.findings = findings.map(each => ({ ...each, holds: true }))
    await button('Check it').click()
    await expect.element(page.getByText('It holds', { exact: true })).toBeVisible()
  })

  test('a file is read as soon as it is there; what is no receipt says so', async () => {
    const { peer } = await mountApp({ hash: '#/check', state: offline, records: true })
    const drop = (file: File) => {
      const transfer = new DataTransfer()
      transfer.items.add(file)
      window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    }
    drop(new File(['{"a receipt": true}'], 'receipt-1.json'))
    await expect.element(page.getByText('receipt-1.json')).toBeVisible()
    await expect.element(heading('What came of it', 2)).toBeVisible()
    expect(peer.calls).toEqual([['verify', '{"a receipt": true}']])
    drop(new File(['a song'], 'song.txt'))
    await expect.element(page.getByText('This is no receipt, nor anything of Factom that can be read.')).toBeVisible()
    await expect.element(heading('What came of it', 2)).not.toBeInTheDocument()
  })
})

describe('in the Wallet', () => {
  test('credits with their price, payments on their way, and both addresses', async () => {
    const { peer } = await open('#/wallet')
    await expect.element(heading('Entry credits: 488', 2)).toBeVisible()
    await expect.element(page.getByText('1 credit costs 3 coins.')).toBeVisible()
    await expect.element(page.getByRole('list', { name: 'Payments on their way' }).getByRole('listitem').filter({ hasText: 'No answer in time' })).toHaveTextContent('The coins are where they were.')
    await button('Forget it: 40 coins back to the account').click()
    expect(peer.calls).toEqual([['forget', 'p-2']])
    await page.getByText('Addresses for records').click()
    await expect.element(page.getByRole('img', { name: 'QR code: your Factoid address' })).toBeVisible()
    await expect.element(page.getByText(factoidAddress)).toBeVisible()
    expect(await faults()).toEqual([])
  })

  test('buying is judged before it is signed', async () => {
    const { peer } = await open('#/wallet')
    await button('Buy entry credits').click()
    const amount = field('How many credits')
    for (const [text, words] of [['', 'There is no number yet.'], ['1.5', 'This is no whole number of credits.'], ['0', 'At least 1 credit.'], ['100000', 'They cost 300,000 coins, and you have 12,466.']] as const) {
      await amount.fill(text)
      await userEvent.keyboard('{Enter}')
      await expect.element(page.getByText(words)).toBeVisible()
      await focused(amount)
    }
    await amount.fill('20')
    await expect.element(page.getByText('60 coins, and the fees on top.')).toBeVisible()
    peer.failure = 'too-large'
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText('There are not enough coins for 20 credits and the fees. Nothing was bought.')).toBeVisible()
    expect(peer.calls).toEqual([['buyCredits', 20]])
  })

  test('coins at the Factoid address come back, or go on', async () => {
    const { peer } = await open('#/wallet')
    await page.getByText('Addresses for records').click()
    await button('Bring back to the account').click()
    await field('How many coins').fill('121')
    await button('Bring them back').click()
    await expect.element(page.getByText('There are 120 at it. Nothing was sent.')).toBeVisible()
    await field('How many coins').fill('100')
    await button('Bring them back').click()
    await expect.element(page.getByText('100 coins are on their way.')).toBeVisible()
    await button('Send from it').click()
    await field('To which address').fill(`Fs${'1'.repeat(50)}`)
    await field('How many coins').fill('5')
    await button('Send them').click()
    await expect.element(page.getByText('This is a secret key, not an address.')).toBeVisible()
    await field('To which address').fill('FA2')
    await field('How many coins').fill('5')
    await button('Send them').click()
    await expect.element(page.getByText('This is no whole address.')).toBeVisible()
    expect(await faults()).toEqual([])
    await field('To which address').fill(factoidAddress)
    peer.failure = 'bad-input'
    await button('Send them').click()
    await expect.element(page.getByText('There is a slip in this address')).toBeVisible()
    expect(peer.calls).toEqual([['sendFactoids', person.address, 100], ['sendFactoids', factoidAddress, 5]])
  })
})
