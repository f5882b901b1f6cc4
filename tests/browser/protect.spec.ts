import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { noise, sha256Hex } from '../support/bytes.ts'
import { expect, test, type Page } from '../support/people.ts'

const cidOf = (link: string) => /#\/get\/([0-9a-f]{64})/.exec(link)?.[1] ?? ''

/** The bytes of an item as they are stored and given to others. */
async function stored(page: Page, cid: string): Promise<Buffer> {
  const text = await page.evaluate(async url => {
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    let binary = ''
    for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768))
    return btoa(binary)
  }, `./content/archives/${cid}`)
  return Buffer.from(text, 'base64')
}

/** The link with another key and the checksum that belongs to it. */
function rekeyed(link: string): string {
  const fragment = link.slice(link.indexOf('#')).replace(/k=(.)/, (_, first: string) => `k=${first === 'A' ? 'B' : 'A'}`).replace(/&c=.*$/, '')
  return `${link.slice(0, link.indexOf('#'))}${fragment}&c=${createHash('sha256').update(fragment).digest('hex').slice(0, 8)}`
}

test('protected: only the link opens it, the address forgets the key, what lies and travels is encrypted', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const files = [{ name: 'letter.txt', bytes: Buffer.from('nobody else is to read this. '.repeat(9000)) }, { name: 'picture.bin', bytes: noise(3_000_000, 'protected') }]
  const link = await ada.share(files, { title: 'For you alone', protect: true })
  expect(link).toMatch(/#\/get\/[0-9a-f]{64}\?k=[\w-]{43}&/)
  await expect(ada.page.getByText('Protected', { exact: true }).first()).toBeVisible()

  await ben.page.goto(link)
  await expect(ben.page.getByRole('heading', { name: 'For you alone' })).toBeVisible()
  await expect.poll(() => ben.page.url()).not.toContain('k=')
  await ben.page.reload() // the address alone has no key, the device has
  await expect(ben.page.getByRole('heading', { name: 'For you alone' })).toBeVisible()
  await ben.get(ben.page.url())
  await ben.here()
  for (const { name, bytes } of files) expect((await ben.saved(name)).bytes.equals(bytes)).toBe(true)
  const all = await ben.saved('For you alone.tgz')
  expect(gunzipSync(all.bytes).includes('nobody else is to read this.')).toBe(true)

  const bytes = await stored(ben.page, cidOf(link))
  expect(sha256Hex(bytes)).toBe(cidOf(link))
  expect(bytes.subarray(0, 4).toString()).toBe('PK\u0003\u0004')
  expect(bytes.includes('nobody else') || bytes.includes('letter.txt')).toBe(false)
  const key = /k=([\w-]{43})/.exec(link)?.[1] ?? ''
  expect(bytes.includes(key) || bytes.includes(Buffer.from(key, 'base64url'))).toBe(false)
  await unzips(bytes)
})

async function unzips(bytes: Buffer): Promise<void> {
  if (spawnSync('unzip', ['-v']).status !== 0) return // checked in the unit tests of TDF, which say so where there is none
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-tdf-'))
  await writeFile(join(folder, 'file.tdf'), bytes)
  expect(execFileSync('unzip', ['-t', join(folder, 'file.tdf')]).toString()).toContain('No errors detected')
  await rm(folder, { recursive: true })
}

test('a wrong key is told before anything comes out; the right link goes on with what came', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'secret.bin', bytes: noise(1_000_000, 'wrong key') }
  const link = await ada.share([file], { protect: true })
  await ben.get(rekeyed(link))
  await expect(ben.page.getByText(/its key does not open the file/).first()).toBeVisible()
  await expect(ben.page.getByRole('button', { name: /^Save / })).toHaveCount(0)
  await ada.context.close()
  await ben.page.goto('./#/get')
  await ben.page.goto(link)
  await ben.page.getByRole('button', { name: /Try again|^Get$/ }).first().click()
  await ben.here() // from what came: nobody has it any more
  expect((await ben.saved(file.name)).bytes.equals(file.bytes)).toBe(true)
})

test('a protected link that was cut says so', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'a.txt', bytes: Buffer.from('abc') }], { protect: true })
  await ben.page.goto(link.slice(0, -7))
  await expect(ben.page.getByText(/cut/i).first()).toBeVisible()
  await ben.page.goto(link.replace(/k=[\w-]{10}/, 'k='))
  await expect(ben.page.getByText(/damaged/i).first()).toBeVisible()
})
