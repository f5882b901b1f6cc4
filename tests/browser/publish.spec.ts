import { askWorker } from '../support/ask-worker.ts'
import { ledgerOf } from '../support/on-ledger.ts'
import { choose, downloaded, expect, test, type Page } from '../support/people.ts'
import { startRelay } from '../support/relay.ts'
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
        if (entry.kind === 'directory') await walk(entry, `${path}${entry.name}/`)
        else found.push(path + entry.name)
      }
    }
    await walk(await (await navigator.storage.getDirectory()).getDirectoryHandle('holdfast'), '')
    return found.sort()
  })
}

test('a recording is published from a tab, and leaves it as FLAC, WAV and MP3', async ({ person }) => {
  test.setTimeout(180_000)
  const { page, context } = await person()
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
  // The decoder is kept since it was first used.
  await context.setOffline(true)
  expect(await saved(page, 'WAV')).toEqual(wave)
  await context.setOffline(false)
  await expect.poll(async () => (await filesOf(page)).filter(path => path.startsWith('tmp/')), { timeout: 20_000 }).toEqual([])
})

interface Told { readonly jobs?: readonly { readonly state: string, readonly problem: { readonly code: string } | null }[] }

interface LedgerTold { readonly uploads?: { readonly total: number, readonly sending: readonly unknown[] } | null }

/** By what is shown of a job: its step, or one after it where that was over too soon to be seen. */
const steps = [['transcoding', /Step [234] of 4|All of it is ready/], ['encrypting', /Step [34] of 4|All of it is ready/], ['seeding', /Step 4 of 4|All of it is ready/], ['telling the ledger', /All of it is ready/]] as const

for (const [step, words] of steps) {
  test(`a tab that dies while ${step} leaves all or nothing`, async ({ person }) => {
    test.setTimeout(180_000)
    const relay = await startRelay() // of its own: what was published in another test would be counted
    const ada = await person(relay.url)
    await begin(ada.page)
    await Promise.race([ada.page.getByText(words).first().waitFor({ timeout: 90_000 }), ada.page.waitForURL(/#\/upload\//, { timeout: 90_000 })])
    await ada.reopen()
    const { page } = ada
    await expect.poll(async () => (await ledgerOf(page))?.name).toBeDefined()
    // What was cut off is told and gone; what was ready is published by the new tab.
    await expect.poll(async () => {
      const { jobs = [] } = await askWorker<Told>(page, 'network', 'snapshot')
      const files = await filesOf(page)
      const { uploads } = await askWorker<LedgerTold>(page, 'ledger', 'snapshot')
      const total = (uploads?.total ?? 0) + (uploads?.sending.length ?? 0)
      const whole = jobs.length === 0 && total >= 1 && files.filter(path => path.endsWith('.flac.tdf')).length === 1
      const nothing = jobs.length === 1 && jobs[0]?.problem?.code === 'publish-interrupted' && total === 0 && files.every(path => !/\.(?:flac|tdf|png)$|processing/.test(path))
      return whole || nothing ? 'whole or nothing' : { jobs: jobs.map(({ state, problem }) => [state, problem?.code]), files, total }
    }, { timeout: 60_000 }).toBe('whole or nothing')
    expect((await filesOf(page)).filter(path => path.startsWith('tmp/processing'))).toEqual([])
    await relay.stop()
  })
}
