import { blocksMost, coinsOf, somebody } from '../support/on-ledger.ts'
import { choose, downloaded, expect, test } from '../support/people.ts'

test.use({ ledger: { blockTime: 5, rescue: 30, stampBits: 18 } })
test.setTimeout(240_000) // a few steps that each wait for a block, one in five seconds on average, and one that loads ffmpeg

/** A second of a falling tone, 16 bit, mono. */
function recording(): Buffer {
  const [rate, seconds] = [8000, 1]
  const samples = Buffer.alloc(rate * seconds * 2)
  for (let i = 0; i < rate * seconds; i++) samples.writeInt16LE(Math.round(12_000 * Math.sin(i * 0.2 / (1 + i / rate))), i * 2)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

const cover = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')

test('a track with its cover is published, found by somebody else, fetched, and saved as it was recorded', async ({ person }) => {
  const [ada, bo] = [await person('./#/network'), await person('./#/network')]
  const address = await somebody(ada.page)
  await expect.poll(async () => await coinsOf(ada.page, address), { timeout: blocksMost }).toBeGreaterThan(0)

  await test.step('published, with what it costs said before', async () => {
    await ada.page.goto('./#/share')
    await choose(ada.page, [{ name: 'Low Pressure.wav', bytes: recording() }, { name: 'sleeve.png', bytes: cover }])
    await ada.page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await expect(ada.page.getByRole('radio', { name: 'Music', exact: true })).toBeChecked()
    await expect(ada.page.getByRole('img', { name: 'Picture 1: sleeve.png' })).toBeVisible()
    await expect(ada.page.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue('Low Pressure')
    await ada.page.getByRole('textbox', { name: 'Tags' }).fill('sea')
    await ada.page.getByRole('button', { name: 'Publish', exact: true }).click()
    await ada.page.getByRole('button', { name: 'Publish without a backup' }).click()
    await expect(ada.page).toHaveURL(/#\/upload\/[0-9a-f]{64}\/T/, { timeout: 90_000 })
    await expect(ada.page.getByText('On this device only').first()).toBeVisible({ timeout: blocksMost })
    await expect(ada.page.getByRole('heading', { name: 'Open to all' })).toBeVisible({ timeout: blocksMost })
  })

  await test.step('found by a word, its cover shown when asked for', async () => {
    await bo.page.goto('./#/discover')
    await bo.page.getByRole('searchbox').fill('sea')
    await bo.page.getByRole('link', { name: 'Low Pressure' }).click({ timeout: blocksMost })
    await bo.page.getByRole('button', { name: 'Show picture: Low Pressure' }).click()
    await expect(bo.page.getByRole('img', { name: 'Cover of Low Pressure' })).toBeVisible({ timeout: 45_000 })
  })

  await test.step('fetched, and saved as WAV', async () => {
    await bo.page.getByRole('button', { name: 'Fetch', exact: true }).click()
    await bo.page.getByRole('button', { name: 'Agree', exact: true }).click()
    await bo.page.getByRole('button', { name: 'Save…', exact: true }).click({ timeout: 45_000 })
    await bo.page.getByRole('radio', { name: 'WAV' }).check()
    const waiting = bo.page.waitForEvent('download')
    await bo.page.getByRole('button', { name: 'Save', exact: true }).click()
    const { name, bytes } = await downloaded(await waiting)
    expect(name).toBe('Low Pressure.wav')
    expect(bytes.subarray(-16_000).equals(recording().subarray(-16_000))).toBe(true)
  })
})
