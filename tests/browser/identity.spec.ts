import { readFile, writeFile } from 'node:fs/promises'
import type { Locator } from '@playwright/test'
import { noise } from '../support/bytes.ts'
import { enterWords } from '../support/known-people.ts'
import { accessibilityFaults, downloaded, expect, test, type Page } from '../support/people.ts'

const letter = { name: 'letter.txt', bytes: noise(20_000, 'letter') }
const passphrase = 'tide and moon'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const sheet = (page: Page): Locator => page.getByRole('dialog')

/** Goes to Settings and reads the address there. */
async function addressOn(page: Page): Promise<string> {
  await page.goto('./#/settings')
  const address = page.getByText(/^T[1-9A-HJ-NP-Za-km-z]{33}$/)
  await expect(address).toBeVisible()
  return await address.innerText()
}

/** Backs up by the words, as somebody does who writes them down. */
async function writeDown(page: Page): Promise<readonly string[]> {
  await button(page, 'Back up now').click()
  await sheet(page).getByRole('button', { name: 'Show the words' }).click()
  await expect(sheet(page).getByRole('listitem')).toHaveCount(12)
  const words = await sheet(page).getByRole('listitem').allInnerTexts()
  await button(page, 'I have written them down').click()
  for (const field of await sheet(page).getByRole('textbox').all()) {
    const place = Number(/\d+/.exec(await field.evaluate(input => (input as HTMLInputElement).labels?.[0]?.textContent ?? ''))?.[0])
    await field.fill(words[place - 1] ?? '')
  }
  await button(page, 'Confirm').click()
  await expect(page.getByText('Backed up. Keep the paper')).toBeVisible()
  return words
}

async function saveFile(page: Page): Promise<{ readonly name: string, readonly bytes: Buffer }> {
  await button(page, 'Save a file').click()
  await page.getByLabel('New passphrase').fill(passphrase)
  await page.getByLabel('The same again').fill(passphrase)
  const waiting = page.waitForEvent('download')
  await button(page, 'Save the file').click()
  const file = await downloaded(await waiting)
  await expect(page.getByText('In a file')).toBeVisible()
  return file
}

async function look(page: Page, path: string, secret: string): Promise<void> {
  await page.getByLabel('Backup file', { exact: true }).setInputFiles(path)
  await page.getByLabel('Passphrase of the file').fill(secret)
  await button(page, 'Look whose it is').click()
}

test('backed up by words in one browser, the same person in another', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const address = await addressOn(ada.page)
  await expect(ada.page.getByText('Not backed up')).toBeVisible()
  expect(await accessibilityFaults(ada.page)).toEqual([])
  const second = await ada.context.newPage()
  expect(await addressOn(second)).toBe(address)
  const words = await writeDown(ada.page)
  await expect(ada.page.getByText('Not backed up')).toHaveCount(0)
  await expect(second.getByText('Not backed up')).toHaveCount(0) // told, not asked again

  const other = await addressOn(ben.page)
  expect(other).not.toBe(address)
  await button(ben.page, 'I have words to enter').click()
  const field = ben.page.getByLabel('Your words, in order')
  await field.fill(words.with(3, 'holdfast').join(' '))
  await button(ben.page, 'Look whose it is').click()
  await expect(ben.page.getByText('word 4 “holdfast”')).toBeVisible()
  await field.fill(words.map((word, i) => `${String(i + 1)}. ${word.toUpperCase()}`).join('\n'))
  await button(ben.page, 'Look whose it is').click()
  await expect(sheet(ben.page).getByText(address)).toBeVisible()
  await expect(sheet(ben.page).getByText(other)).toBeVisible() // what is lost by it, never backed up
  await button(ben.page, 'Replace').click()
  await expect(ben.page.getByText('Restored.')).toBeVisible()
  expect(await addressOn(ben.page)).toBe(address)
  await ben.reopen()
  expect(await addressOn(ben.page)).toBe(address)
})

test('a backup file opens with its passphrase alone, whole or not at all, and brings the keys of files', async ({ person }, info) => {
  const [ada, ben, cleo] = [await person(), await person(), await person()]
  const link = await ben.share([letter], { protect: true })
  await ada.get(link)
  await ada.here()
  const address = await addressOn(ada.page)
  const { name, bytes } = await saveFile(ada.page)
  expect(name).toBe(`holdfast-backup-${address.slice(0, 6)}.json`)
  const [good, bad] = [info.outputPath(name), info.outputPath('damaged.json')]
  await writeFile(good, bytes)
  await writeFile(bad, (await readFile(good, 'utf8')).replace(/"data": "(..)/, '"data": "AA'))

  await addressOn(cleo.page)
  await button(cleo.page, 'Restore…').click()
  await cleo.page.getByRole('radio', { name: 'A backup file' }).check()
  await look(cleo.page, bad, passphrase)
  await expect(sheet(cleo.page).getByText('This is no whole backup file')).toBeVisible()
  await look(cleo.page, good, 'tide and moo')
  await expect(sheet(cleo.page).getByText('This is not the passphrase')).toBeVisible()
  await look(cleo.page, good, passphrase)
  await expect(sheet(cleo.page).getByText('the key of 1 protected file')).toBeVisible()
  await button(cleo.page, 'Replace').click()
  await expect(cleo.page.getByText('The key of 1 file was added.')).toBeVisible()
  expect(await addressOn(cleo.page)).toBe(address)

  // The key came with the backup: the content id is enough to get the file and to open it.
  const [, cid] = /#\/get\/([0-9a-f]{64})/.exec(link) ?? []
  await cleo.get(`./#/get/${cid ?? ''}`)
  await cleo.here()
  expect((await cleo.saved(letter.name)).bytes.equals(letter.bytes)).toBe(true)
})

test('a passphrase locks the person, not the files; words help whoever forgot it', async ({ person }) => {
  const ada = await person()
  const address = await addressOn(ada.page)
  const words = await writeDown(ada.page)
  await button(ada.page, 'Set up a passphrase').click()
  await ada.page.getByLabel('New passphrase').fill(passphrase)
  await ada.page.getByLabel('The same again').fill(passphrase)
  await button(ada.page, 'Lock').click()
  await expect(button(ada.page, 'Change the passphrase')).toBeVisible()

  await ada.reopen()
  await ada.share([letter], { protect: true }) // needs no secret of the person
  expect(await addressOn(ada.page)).toBe(address)
  await expect(button(ada.page, 'Show the words')).toBeDisabled()
  await button(ada.page, 'Unlock with the passphrase').click()
  await ada.page.getByLabel('Passphrase', { exact: true }).fill('tide and moo')
  await ada.page.keyboard.press('Enter')
  await expect(ada.page.getByText('This is not the passphrase')).toBeVisible()
  await ada.page.keyboard.press('Escape')

  await enterWords(ada.page, 'zoo '.repeat(11) + 'wrong')
  await expect(button(ada.page, 'Set up a passphrase')).toBeVisible()
  expect(await addressOn(ada.page)).not.toBe(address)
  await enterWords(ada.page, words.join(' '))
  await expect(ada.page.getByText(address)).toBeVisible()
  await button(ada.page, 'Show the words').click()
  await sheet(ada.page).getByRole('button', { name: 'Show the words' }).click()
  expect(await sheet(ada.page).getByRole('listitem').allInnerTexts()).toEqual(words)
})
