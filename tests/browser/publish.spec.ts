import { ledgerOf } from '../support/on-ledger.ts'
import { choose, downloaded, expect, test, type Page } from '../support/people.ts'
import { samplesOf, samplesOfWav, wav, type Sound } from '../contract/support/recordings.ts'

const song: Sound = { rate: 96_000, channels: 2, bits: 24, seconds: 3 }
const samples = samplesOf(song)
const bytes = Buffer.from(wav(song, samples))

async function begin(page: Page, name = 'Harbour.wav', content = bytes): Promise<void> {
  await expect.poll(async () => (await ledgerOf(page))?.name).toBeDefined()
  await choose(page, [{ name, bytes: content }])
  await page.getByRole('radio', { name: 'Publish', exact: true }).click()
  await expect(page.getByRole('radio', { name: 'Music', exact: true })).toBeChecked()
  await page.getByRole('radio', { name: 'Only you', exact: true }).click()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByRole('button', { name: 'Publish without a backup', exact: true }).click()
}

async function saved(page: Page, format: string): Promise<{ name: string, bytes: Buffer }> {
  await page.getByRole('button', { name: 'Save…', exact: true }).click()
  await page.getByRole('radio', { name: format, exact: true }).click()
  const waiting = page.waitForEvent('download', { timeout: 60_000 })
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  return await downloaded(await waiting)
}

/** Every file below our folder of the OPFS. */
async function filesOf(page: Page): Promise<readonly string[]> {
  return await page.evaluate(async () => {
    const found: string[] = []
    const walk = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const entry of folder.values()) {
        if (entry.kind === 'directory') await walk(entry as FileSystemDirectoryHandle, `${path}${entry.name}/`)
        else found.push(path + entry.name)
      }
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast'), '')
    return found.sort()
  })
}

test('a recording is published from a tab, and leaves it as FLAC, WAV and MP3', async ({ person }) => {
  test.setTimeout(180_000)
  const { page } = await person()
  await begin(page)
  await expect(page).toHaveURL(/#\/upload\/[0-9a-f]{64}\//, { timeout: 90_000 })
  const cid = /upload\/([0-9a-f]{64})/.exec(page.url())?.[1] ?? ''
  expect((await filesOf(page)).filter(path => /processing|\.tdf|images/.test(path))).toEqual([`content/audio/${cid.slice(0, 2)}/${cid.slice(2, 4)}/${cid}.flac.tdf`])
  const wave = await saved(page, 'WAV')
  expect(wave.name).toBe('Harbour.wav')
  const back = samplesOfWav(new Uint8Array(wave.bytes))
  expect(back.bits).toBe(24)
  expect(back.samples.length === samples.length && back.samples.every((sample, i) => sample === samples[i])).toBe(true)
  const flac = await saved(page, 'FLAC')
  expect([flac.name, flac.bytes.subarray(0, 4).toString('latin1')]).toEqual(['Harbour.flac', 'fLaC'])
  const mp3 = await saved(page, 'MP3')
  expect([mp3.name, mp3.bytes.length > 10_000]).toEqual(['Harbour.mp3', true])
  const kept = await saved(page, 'As it is kept')
  expect(kept.name).toBe('Harbour.flac.tdf')
  await expect.poll(async () => (await filesOf(page)).filter(path => path.startsWith('tmp/')), { timeout: 20_000 }).toEqual([])
})
