import { readFile } from 'node:fs/promises'
import { blocksMost, ledgerOf, onBattery, somebody, stateOf, type App } from '../support/on-ledger.ts'
import { accessibilityFaults, expect, personIn, test, type Page } from '../support/people.ts'

/* Chains and entries: written by one, read and checked by others, and by somebody who never saw the network. */

test.use({ ledger: { blockTime: 5, rescue: 30 } })

async function credits(page: Page): Promise<number> {
  return (await stateOf(page, 'records'))?.credits?.credits ?? 0
}

/** Buys entry credits in the Wallet and waits until they are there. */
async function buyCredits(page: Page, number: number): Promise<void> {
  await page.goto('./#/wallet')
  await expect.poll(async () => (await stateOf(page, 'account'))?.balance ?? 0, { timeout: 2 * blocksMost }).toBeGreaterThan(10 * number)
  await page.getByRole('button', { name: 'Buy entry credits' }).click()
  await page.getByRole('textbox', { name: 'How many credits' }).fill(String(number))
  await page.getByRole('button', { name: `Buy ${number} credits` }).click()
  await expect(page.getByRole('heading', { name: `Entry credits: ${number}` })).toBeVisible({ timeout: 2 * blocksMost })
}

async function beginChain(page: Page, marks: readonly string[], content: string): Promise<string> {
  await page.goto('./#/records/new')
  for (const [i, mark] of marks.entries()) {
    if (i > 0) await page.getByRole('button', { name: 'Add a mark' }).click()
    await page.getByRole('textbox', { name: `Mark ${i + 1}`, exact: true }).fill(mark)
  }
  await page.getByRole('textbox', { name: 'Content' }).fill(content)
  await page.getByRole('button', { name: 'Create the chain' }).click()
  await expect(page).toHaveURL(/#\/records\/[0-9a-f]{64}$/)
  return new URL(page.url()).hash
}

async function addEntry(page: Page, mark: string, content: string): Promise<void> {
  await page.getByRole('form', { name: 'Add an entry' }).getByRole('button', { name: 'Add a mark' }).click()
  await page.getByRole('textbox', { name: 'Mark 1', exact: true }).fill(mark)
  await page.getByRole('textbox', { name: 'Content' }).fill(content)
  await page.getByRole('button', { name: 'Add entry', exact: true }).and(page.locator('.primary')).click()
  await expect(page.getByRole('textbox', { name: 'Content' })).toHaveValue('')
}

/** Gives a file to the page that checks receipts. */
async function checkReceipt(page: Page, name: string, text: string): Promise<void> {
  await page.getByLabel('Receipt file').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

test('a chain is written by one, read, searched and checked by another, and its receipt by somebody who never saw the network', async ({ person, browser, contextOptions, relay }) => {
  test.setTimeout(420_000) // a dozen steps that each wait for a block or for a safety root, of two who make one in five seconds
  const ada = await person('./#/network')
  const bo = await person('./#/network')
  for (const { page } of [ada, bo]) await somebody(page)
  await buyCredits(ada.page, 40)

  const chain = await test.step('she begins a chain and adds to it', async () => {
    const hash = await beginChain(ada.page, ['Tide gauge', 'Hanstholm'], 'From now on, twice a day.')
    await expect(ada.page.getByRole('heading', { level: 1, name: 'Tide gauge, Hanstholm' })).toBeVisible({ timeout: 2 * blocksMost })
    for (const [day, high] of [['2026-06-20', '1.84'], ['2026-06-21', '1.80'], ['2026-07-01', '1.71']] as const) await addEntry(ada.page, day, `{ "high": ${high} }`)
    await expect(ada.page.getByRole('row').filter({ hasText: 'No. 3' })).toContainText('Safe', { timeout: 3 * blocksMost })
    expect(await credits(ada.page)).toBe(40 - 11 - 3)
    expect(await accessibilityFaults(ada.page)).toEqual([])
    return hash
  })

  const { receipt, root } = await test.step('he reads it, finds what he looks for, and saves a receipt', async () => {
    await bo.page.goto('./#/records')
    await bo.page.getByRole('link', { name: 'Tide gauge, Hanstholm' }).click()
    await expect(bo.page.getByText('{ "high": 1.84 }')).toBeVisible({ timeout: blocksMost })
    await bo.page.getByRole('searchbox', { name: 'Search in this chain' }).fill('2026-06-2')
    await expect(bo.page.getByRole('heading', { name: '2 entries found' })).toBeVisible()
    await bo.page.getByText('How to search').click()
    await bo.page.getByRole('combobox', { name: 'The mark' }).selectOption('exact')
    await bo.page.getByRole('searchbox', { name: 'Search in this chain' }).fill('0x323032362d30362d3231') // 2026-06-21
    await expect(bo.page.getByRole('heading', { name: '1 entry found' })).toBeVisible()
    await bo.page.getByRole('link', { name: 'No. 2', exact: true }).click()
    await expect(bo.page.getByText('{ "high": 1.80 }')).toBeVisible()
    await expect(bo.page.getByRole('button', { name: 'Save the receipt' })).toBeEnabled({ timeout: 2 * blocksMost })
    const ledger = await stateOf(bo.page, 'ledger') // a root from when it was safe already: the receipt leads up to that one too
    const waiting = bo.page.waitForEvent('download')
    await bo.page.getByRole('button', { name: 'Save the receipt' }).click()
    const download = await waiting
    expect(download.suggestedFilename()).toMatch(/^receipt-[0-9a-f]{8}-2\.json$/)
    return { receipt: await readFile(await download.path(), 'utf8'), root: ledger.phase === 'open' ? ledger.safe.root : '' }
  })

  await test.step('his own device vouches for it', async () => {
    await bo.page.goto('./#/check')
    await checkReceipt(bo.page, 'receipt.json', receipt)
    await expect(bo.page.getByText('It holds', { exact: true })).toBeVisible()
  })

  await test.step('without the network it is checked as well, and a foreign entry in it is refused', async () => {
    const context = await browser.newContext({ ...contextOptions, baseURL: relay.url })
    await context.routeWebSocket(/.*/, async socket => { await socket.close() })
    await context.route('**/network.json', async route => { await route.abort() })
    const cleo = await personIn(context)
    await cleo.page.evaluate(async () => { await navigator.serviceWorker.ready })
    await context.unrouteAll()
    await context.setOffline(true)
    await cleo.page.goto('./#/check')
    await cleo.page.reload()
    await expect(cleo.page.getByRole('heading', { level: 1, name: 'Check a receipt' })).toBeVisible()
    await checkReceipt(cleo.page, 'receipt.json', receipt)
    await expect(cleo.page.getByText('It holds together, but nobody vouches for it yet')).toBeVisible()
    await cleo.page.getByText('Whose word you take').click()
    await cleo.page.getByRole('textbox', { name: 'Roots you trust' }).fill(root)
    await cleo.page.getByRole('button', { name: 'Check it' }).click()
    await expect(cleo.page.getByText('It holds', { exact: true })).toBeVisible()
    expect(await accessibilityFaults(cleo.page)).toEqual([])

    const { entry } = JSON.parse(receipt) as { readonly entry: string }
    const foreign = entry.replace(Buffer.from('1.80').toString('hex'), Buffer.from('9.99').toString('hex'))
    expect(foreign).not.toBe(entry)
    await checkReceipt(cleo.page, 'foreign.json', receipt.replace(entry, foreign))
    await expect(cleo.page.getByText('This does not hold')).toBeVisible()
    expect((await stateOf(cleo.page, 'connection')).peers).toEqual([])
    await context.close()
  })
  expect(chain).toContain('#/records/')
})

test('a tab killed between commit and reveal: opened again it goes on, and is paid once', async ({ person }) => {
  test.setTimeout(300_000) // some six steps that each wait for a block, and one for a safety root
  const ada = await person('./#/network')
  await somebody(ada.page)
  await buyCredits(ada.page, 30)
  await beginChain(ada.page, ['Killed between the two'], 'and here all the same')
  await expect.poll(async () => {
    const [sending] = (await stateOf(ada.page, 'records'))?.sending ?? []
    return sending === undefined ? null : { spent: sending.spent, block: sending.block }
  }, { timeout: 2 * blocksMost, intervals: [50] }).toEqual({ spent: true, block: null })
  await ada.reopen()
  await ada.page.goto('./#/records')
  await expect(ada.page.getByRole('link', { name: 'Killed between the two' })).toBeVisible({ timeout: 2 * blocksMost })
  await ada.page.getByRole('link', { name: 'Killed between the two' }).click()
  await expect(ada.page.getByText('and here all the same')).toBeVisible()
  await expect(ada.page.getByRole('row').filter({ hasText: 'No. 0' })).toContainText('Safe', { timeout: 2 * blocksMost })
  expect((await ledgerOf(ada.page))?.votes.members).toBe(1) // nobody's weight but hers: who left with a third would hold it up for minutes
  expect(await credits(ada.page)).toBe(30 - 11)

  await test.step('what was typed and not sent is there after a reload', async () => {
    await ada.page.getByRole('textbox', { name: 'Content' }).fill('half a thought')
    await ada.page.reload()
    await expect(ada.page.getByRole('textbox', { name: 'Content' })).toHaveValue('half a thought')
  })
})

test('who makes no blocks writes as well, with coins that were sent; the same entry twice is two copies', async ({ person }) => {
  test.setTimeout(360_000) // some ten steps that each wait for a block, of one who makes one in five seconds
  const kim = await person('./#/network')
  await somebody(kim.page)
  const ada = await person('./#/wallet', onBattery)
  const address = await somebody(ada.page)
  await expect.poll(async () => (await stateOf(kim.page, 'account'))?.balance ?? 0, { timeout: 2 * blocksMost }).toBeGreaterThan(500)
  await kim.page.evaluate(async to => { await document.querySelector<App>('holdfast-app')!.peer.wallet.send(to, 300) }, address)
  await buyCredits(ada.page, 20)
  await beginChain(ada.page, ['Twice'], '')
  await expect(ada.page.getByRole('heading', { level: 1, name: 'Twice' })).toBeVisible({ timeout: 2 * blocksMost })
  await addEntry(ada.page, 'again', 'and again')
  await expect(ada.page.getByRole('link', { name: 'No. 1', exact: true })).toBeVisible({ timeout: 2 * blocksMost })
  await ada.page.getByRole('button', { name: 'Add a mark' }).click()
  await ada.page.getByRole('textbox', { name: 'Mark 1', exact: true }).fill('again')
  await ada.page.getByRole('textbox', { name: 'Content' }).fill('and again')
  await expect(ada.page.getByText('The very same entry is there already. This makes a second copy.')).toBeVisible()
  await ada.page.getByRole('button', { name: 'Add entry', exact: true }).and(ada.page.locator('.primary')).click()
  await ada.page.getByRole('link', { name: 'No. 2', exact: true }).click({ timeout: 2 * blocksMost })
  await expect(ada.page.getByText('Recorded 2 times')).toBeVisible()
  expect(await credits(ada.page)).toBe(20 - 11 - 2)
})
