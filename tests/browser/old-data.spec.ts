import { readdirSync } from 'node:fs'
import { goldenFiles } from '../support/golden.ts'
import { expect, test, type Person, type Sent } from '../support/people.ts'
import { loadOrigin, quietPath, readStored } from '../support/stored.ts'

/** What each version of the schema left in a browser, made by the app that wrote it. */
for (const version of readdirSync('tests/fixtures/stores')) {
  test(`a store of schema ${version}: everything is there, is given on, and what was under way goes on`, async ({ person, resident }) => {
    const owner = await resident(quietPath)
    await loadOrigin(owner.person.page, await readStored(`tests/fixtures/stores/${version}/store.json`))
    await holds(owner.person)
    await owner.restart() // what the new version wrote is read again

    const ben = await person()
    await openItem(owner.person, goldenFiles.sharedTitle)
    await ben.get(await owner.person.page.getByRole('textbox', { name: 'Link', exact: true }).inputValue())
    await ben.here()
    await saves(ben, goldenFiles.shared)

    // The same files make the same link: whoever shares them again gives what was missing.
    const cleo = await person()
    const link = await cleo.share([goldenFiles.coming])
    await openItem(owner.person, goldenFiles.coming.name)
    expect(link).toContain(/[0-9a-f]{64}/.exec(owner.person.page.url())?.[0] ?? 'no content id')
    await owner.person.here()
    await saves(owner.person, [goldenFiles.coming])
  })
}

async function holds(owner: Person): Promise<void> {
  const { page } = owner
  await page.goto('./#/library')
  const rows = page.getByRole('row')
  await expect(rows.filter({ hasText: goldenFiles.sharedTitle })).toContainText('Yours')
  await expect(rows.filter({ hasText: goldenFiles.got.name })).toContainText('Fetched')
  await expect(rows.filter({ hasText: goldenFiles.coming.name })).toContainText(/\d of 40 MB|MB of 40/)
  await openItem(owner, goldenFiles.sharedTitle)
  await page.getByText('The files in it').click()
  await saves(owner, goldenFiles.shared)
  await openItem(owner, goldenFiles.got.name)
  await saves(owner, [goldenFiles.got])
  await page.goto('./#/share')
  await expect(page.getByText('The tab was closed before the link was made').first()).toBeVisible()
}

async function saves(by: Person, files: readonly Sent[]): Promise<void> {
  for (const { name, bytes } of files) expect((await by.saved(name)).bytes.equals(bytes)).toBe(true)
}

async function openItem({ page }: Person, title: string): Promise<void> {
  await page.goto('./#/library')
  await page.getByRole('link', { name: title }).click()
}
