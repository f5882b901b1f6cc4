import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { noise, sha256Hex } from '../support/bytes.ts'
import { expect, finishSharing, test } from '../support/people.ts'

test('one file, from a tab into another browser, under its own name', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'tide table.pdf', bytes: noise(1_500_000, 'one') }
  const link = await ada.share([file])
  expect(link).toMatch(/#\/get\/[0-9a-f]{64}\?/)
  await ben.get(link)
  await ben.here()
  const saved = await ben.saved(file.name)
  expect(saved.name).toBe(file.name)
  expect(saved.bytes.equals(file.bytes)).toBe(true)
  await expect(ben.page.getByRole('button', { name: /\.tgz$/ })).toHaveCount(0)
})

test('many files: each by itself, and all as one archive', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const files = ['a.txt', 'b.bin', 'c.md'].map((name, i) => ({ name, bytes: i === 1 ? noise(300_000, name) : Buffer.from(`text ${name} `.repeat(5000)) }))
  const link = await ada.share(files, { title: 'Notes from the coast' })
  await ben.get(link)
  await ben.here()
  for (const { name, bytes } of files) expect((await ben.saved(name)).bytes.equals(bytes)).toBe(true)
  const all = await ben.saved('Notes from the coast.tgz')
  expect(all.name).toBe('Notes from the coast.tgz')
  expect(sha256Hex(all.bytes)).toBe(/#\/get\/([0-9a-f]{64})/.exec(link)?.[1])
  expect(gunzipSync(all.bytes).includes('text c.md')).toBe(true)
})

test('a folder with odd names', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const names = ['plain.txt', 'spaces and  more .txt', 'été/naïve café.txt', '日本語/ファイル.txt', '🐚 shell.txt', '.hidden', 'quote\'s & <b>.txt', `deep/${'x/'.repeat(10)}end.txt`, `${'long'.repeat(50)}.txt`, 'empty.txt']
  const root = await mkdtemp(join(tmpdir(), 'holdfast-'))
  for (const name of names) {
    await mkdir(dirname(join(root, 'Odd names', name)), { recursive: true })
    await writeFile(join(root, 'Odd names', name), name === 'empty.txt' ? '' : `in ${name}`)
  }
  await ada.page.getByLabel('Folder to share').setInputFiles(join(root, 'Odd names'))
  const link = await finishSharing(ada.page)
  await rm(root, { recursive: true })
  await ben.get(link)
  await ben.here()
  await expect(ben.page.getByRole('heading', { name: 'Odd names' })).toBeVisible()
  for (const name of names) {
    const { bytes } = await ben.saved(name.slice(name.lastIndexOf('/') + 1))
    expect(bytes.toString()).toBe(name === 'empty.txt' ? '' : `in ${name}`)
  }
})

test('an empty file is a file', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'nothing.dat', bytes: Buffer.alloc(0) }])
  await ben.get(link)
  await ben.here()
  expect(await ben.saved('nothing.dat')).toEqual({ name: 'nothing.dat', bytes: Buffer.alloc(0) })
})

test('the sharer reloads, and goes on giving', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'kept.bin', bytes: noise(2_000_000, 'kept') }
  const link = await ada.share([file])
  await ada.reopen()
  await ben.get(link)
  await ben.here()
  expect((await ben.saved('kept.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('from somebody who got it, after the sharer left', async ({ person }) => {
  const [ada, ben, cleo] = [await person(), await person(), await person()]
  const file = { name: 'passed on.bin', bytes: noise(1_000_000, 'passed') }
  const link = await ada.share([file])
  await ben.get(link, true)
  await ben.here()
  await ada.context.close()
  await cleo.get(link)
  await cleo.here()
  expect((await cleo.saved('passed on.bin')).bytes.equals(file.bytes)).toBe(true)
})

test('whoever said "Not now" gives nothing', async ({ person }) => {
  const [ada, ben, cleo] = [await person(), await person(), await person()]
  const link = await ada.share([{ name: 'mine.bin', bytes: noise(500_000, 'not now') }])
  await ben.get(link, false)
  await ben.here()
  await ada.context.close()
  await cleo.get(link)
  await expect(cleo.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await cleo.page.waitForTimeout(4000)
  await expect(cleo.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await expect(cleo.page.getByRole('button', { name: /^Save / })).toHaveCount(0)
})
