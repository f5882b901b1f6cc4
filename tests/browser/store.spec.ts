import { sectionBytes, sectionsRoot } from '../../src/content/index.ts'
import { askWorker } from '../support/ask-worker.ts'
import { noise, sha256Hex } from '../support/bytes.ts'
import { startAzure, startS3, type Emulator } from '../support/emulators.ts'
import { expect, test, type Page } from '../support/people.ts'
import { openBucket } from '../../src/store/index.ts'

/** Keys of what lies in a store, as somebody else with its keys sees it. */
async function keysIn(store: Emulator, prefix: string): Promise<string[]> {
  const bucket = await openBucket(store.url(prefix), store.credentials)
  const keys: string[] = []
  for await (const { key } of bucket.list()) keys.push(key)
  return keys
}

/** What a message says of a file that somebody else finds in that store. */
async function sectionsIn(store: Emulator, prefix: string, key: string): Promise<{ readonly root: string, readonly size: number }> {
  const bytes = await (await openBucket(store.url(prefix), store.credentials)).readAll(key)
  const length = sectionBytes(bytes.length)
  const digests: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += length) digests.push(Buffer.from(sha256Hex(bytes.subarray(at, at + length)), 'hex'))
  return { root: await sectionsRoot(digests), size: bytes.length }
}

/** Files in the app's own bucket. */
async function ownFiles(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const count = async (folder: FileSystemDirectoryHandle): Promise<number> => {
      let files = 0
      for await (const entry of folder.values()) files += entry.kind === 'file' ? 1 : await count(entry)
      return files
    }
    return await count(await (await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast')).getDirectoryHandle('content'))
  })
}

async function settings(page: Page): Promise<void> {
  await page.evaluate(() => { location.hash = '#/settings' })
  await expect(page.getByRole('heading', { name: 'Where files are kept' })).toBeVisible()
}

test('files move into a cloud store, are given and saved from there, and come back', async ({ person }) => {
  const store = await startS3()
  try {
    const ada = await person()
    const { page } = ada
    const bytes = noise(1_700_000, 'kept in the cloud')
    const link = await ada.share([{ name: 'tide.bin', bytes }])
    const [, cid = ''] = /#\/get\/([0-9a-f]{64})/.exec(link) ?? []
    await settings(page)
    await page.getByRole('button', { name: 'In a cloud store' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Bucket').fill('tests')
    await dialog.getByLabel('Address').fill(`http://127.0.0.1:${String(store.front.port)}`)
    await dialog.getByLabel('Folder in it').fill('ada')
    const keys = store.credentials as { keyId: string, secret: string }
    await dialog.getByLabel('Access key ID').fill(keys.keyId)
    await dialog.getByLabel('Secret').fill('not-this-one')
    await page.getByRole('button', { name: 'Try it and move there' }).click()
    await expect(page.getByText('The cloud store refuses', { exact: false })).toBeVisible()
    await dialog.getByLabel('Secret').fill(keys.secret)
    await page.getByRole('button', { name: 'Try it and move there' }).click()
    await expect(page.getByText('In the cloud: s3://tests', { exact: false })).toBeVisible()
    await expect(page.getByText('In the cloud: s3://tests', { exact: false })).toBeVisible()
    await expect.poll(async () => await keysIn(store, 'ada')).toEqual([`archives/${cid.slice(0, 2)}/${cid.slice(2, 4)}/${cid}.tgz`])
    await expect.poll(async () => await ownFiles(page)).toBe(0)

    const ben = await person()
    await ben.get(link, false)
    await ben.here()
    expect((await ben.saved('tide.bin')).bytes.equals(bytes)).toBe(true)

    await ada.reopen()
    await ada.page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    const digest = async (path: string): Promise<string> => await ada.page.evaluate(async url => {
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await (await fetch(url)).arrayBuffer()))
      return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('')
    }, path)
    expect([await digest(`./save/${cid}/0`), await digest(`./content/archives/${cid}`)]).toEqual([sha256Hex(bytes), cid])
    expect(await askWorker(ada.page, 'network', 'sections', cid)).toEqual(await sectionsIn(store, 'ada', `archives/${cid.slice(0, 2)}/${cid.slice(2, 4)}/${cid}.tgz`))
    const part = await ada.page.evaluate(async id => {
      const response = await fetch(`./content/archives/${id}`, { headers: { range: 'bytes=1000000-1000009' } })
      return { status: response.status, range: response.headers.get('content-range'), length: (await response.arrayBuffer()).byteLength }
    }, cid)
    expect(part).toMatchObject({ status: 206, length: 10 })

    await ada.share([{ name: 'second.bin', bytes: noise(300_000, 'second') }])
    await expect.poll(async () => (await keysIn(store, 'ada')).length).toBe(2)
    expect(await ownFiles(ada.page)).toBe(0)
    store.front.up = false
    expect(await ada.page.evaluate(async id => await fetch(`./content/archives/${id}`).then(async response => await response.arrayBuffer()).then(() => 'whole', () => 'cut'), cid)).toBe('cut')
    store.front.up = true

    await settings(ada.page)
    await ada.page.getByRole('button', { name: 'In this browser' }).click()
    await ada.page.getByRole('button', { name: 'Move it' }).click()
    await expect(ada.page.getByText('In this browser,', { exact: false })).toBeVisible()
    await expect.poll(async () => await keysIn(store, 'ada')).toEqual([])
    expect(await ownFiles(ada.page)).toBe(2)
  } finally { await store.stop() }
})

test('a tab that dies in the middle of a move goes on with it', async ({ person }) => {
  const store = await startAzure()
  try {
    const ada = await person()
    const names = ['one', 'two', 'three']
    for (const name of names) await ada.share([{ name: `${name}.bin`, bytes: noise(400_000, name) }])
    store.front.slowMs = 700
    // The form is for the cloud itself; that of an emulator has an address of its own.
    await ada.page.evaluate(async ([url, keys]) => {
      const app = document.querySelector('holdfast-app') as unknown as { peer: { store: { choose(url: string, keys: object): Promise<void> } } }
      await app.peer.store.choose(url, keys)
    }, [store.url('ada'), store.credentials] as const)
    await expect.poll(async () => (await keysIn(store, 'ada')).length, { intervals: [100] }).toBeGreaterThan(0)
    await ada.reopen()
    store.front.slowMs = 0
    await expect.poll(async () => (await keysIn(store, 'ada')).length).toBe(3)
    await expect.poll(async () => await ownFiles(ada.page)).toBe(0)
    await settings(ada.page)
    await expect(ada.page.getByText('In the cloud: azblob://tests', { exact: false })).toBeVisible()
  } finally { await store.stop() }
})
