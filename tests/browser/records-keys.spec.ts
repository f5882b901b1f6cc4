import { fromHex } from '../../src/base/index.ts'
import { formatAddress } from '../../src/records/index.ts'
import { ledgerOf, noBlocks, stateOf } from '../support/on-ledger.ts'
import { offerAll } from '../support/past-chain.ts'
import { pastOf } from '../support/past-records.ts'
import { accessibilityFaults, expect, test } from '../support/people.ts'

/* Somebody who has keys on Factom brings them here: what lies at their addresses is theirs to use, and each signature is asked for. */

test.use({ ledger: { blockTime: 5, rescue: 30, age: 1_500 } })

test('keys of Factom are brought, pay when the person agrees, and can be taken out again', async ({ person, relay }) => {
  const { beside, blocks, eve } = await pastOf(relay.url)
  const { page } = await person('./#/network')
  await noBlocks(page)
  await offerAll(page, blocks)
  await expect.poll(async () => (await ledgerOf(page))?.head.root).toBe(beside.head.root)
  const [fs, es] = [formatAddress('Fs', eve.secret), formatAddress('Es', eve.secret)]
  const [fa, ec] = [formatAddress('FA', fromHex(eve.address)!), formatAddress('EC', fromHex(eve.publicKey)!)]
  const own = page.getByRole('region', { name: 'Keys of Factom' })

  await test.step('wrong ones are told, right ones show what lies at them', async () => {
    await page.goto('./#/wallet')
    await own.getByRole('button', { name: 'Bring a key' }).click()
    const field = page.getByLabel('Secret key', { exact: true })
    for (const [text, words] of [[`${es.slice(0, -1)}${es.endsWith('a') ? 'b' : 'a'}`, 'its check digits do not fit'], [ec, 'This is an address']] as const) {
      await field.fill(text)
      await page.getByRole('button', { name: 'Bring it here' }).click()
      await expect(page.getByText(words)).toBeVisible()
    }
    for (const [i, text] of [fs, es].entries()) {
      if (i > 0) await own.getByRole('button', { name: 'Bring a key' }).click()
      await field.fill(text)
      await page.getByRole('button', { name: 'Bring it here' }).click()
      await expect(page.getByRole('dialog')).toBeHidden()
    }
    for (const words of [fa, ec, '100 coins', '788 credits']) await expect(own.getByText(words)).toBeVisible()
    await expect(own.getByText('Also valid elsewhere')).toHaveCount(2)
    expect(await accessibilityFaults(page)).toEqual([])
  })

  await test.step('coins leave only after a yes', async () => {
    await own.getByRole('button', { name: /^Bring to the account/ }).click()
    await page.getByRole('textbox', { name: 'How many coins' }).fill('50')
    await page.getByRole('button', { name: 'Look at it once more' }).click()
    await page.getByRole('button', { name: 'Sign and send' }).click()
    await expect.poll(async () => (await stateOf(page, 'records'))?.credits?.sending[0]).toMatchObject({ kind: 'to-account', coins: 50, stage: 'offered' })
  })

  await test.step('so do credits', async () => {
    await page.goto('./#/records/new')
    await page.getByRole('combobox', { name: 'Paid by' }).selectOption(ec)
    await page.getByRole('textbox', { name: 'Mark 1', exact: true }).fill('From an old wallet')
    await expect(page.getByText('777 credits left afterwards.')).toBeVisible()
    await page.getByRole('button', { name: 'Create the chain' }).click()
    await page.getByRole('button', { name: 'Not now' }).click()
    expect((await stateOf(page, 'records'))?.sending).toEqual([])
    await page.getByRole('button', { name: 'Create the chain' }).click()
    await page.getByRole('button', { name: 'Sign and record' }).click()
    await expect.poll(async () => (await stateOf(page, 'records'))?.sending[0]).toMatchObject({ begins: true, credits: 11, stage: 'offered' })
  })

  await test.step('after a start it is still here; it comes out, and goes', async () => {
    await page.goto('./#/wallet')
    await page.reload()
    await own.getByRole('button', { name: /^Export: Entry credits/ }).click()
    await page.getByRole('button', { name: 'Show it' }).click()
    await expect(page.getByRole('textbox', { name: 'Secret key' })).toHaveValue(es)
    await page.getByRole('button', { name: 'Close' }).click()
    await own.getByRole('button', { name: /^Remove: Coins/ }).click()
    await page.getByRole('button', { name: 'Remove the key' }).click()
    await expect(own.getByText(fa)).toBeHidden()
    await expect(own.getByText(ec)).toBeVisible()
  })
})
