import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Upload } from '../../src/peer/index.ts'
import { samplesOf, samplesOfWav, wav, type Sound } from '../contract/support/recordings.ts'
import { noise } from '../support/bytes.ts'
import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf } from '../support/on-ledger.ts'
import { choose, expect, test } from '../support/people.ts'
import { picturesOf, publish, publishedOn, savedBy } from '../support/publish-pages.ts'
import { farApart, flacOf, folderOf, mp3Of, pictureOf, pixelsIn, sameSamples, samplesIn } from '../support/recorded.ts'

/* What people have, and what it is once it was published: each comes out again as what it should. */

const publisher = await knownPerson('Ann')

test.use({ ledger: { blockTime: 5, rescue: 30, allocations: coinsFor([publisher], 20) } }) // two pictures take a fee

const song: Sound = { rate: 44_100, channels: 2, bits: 16, seconds: 2 }
const fine: Sound = { rate: 96_000, channels: 2, bits: 24, seconds: 2 }

test('an MP3, a FLAC of 24 bits at 96 kHz and a folder, with a JPEG and a PNG on them, come out as what they were', async ({ person }) => {
  test.setTimeout(300_000) // it loads the decoder several times over
  const [samples, fineSamples] = [samplesOf(song), samplesOf(fine)]
  const [mp3, flac] = [await mp3Of(wav(song, samples)), await flacOf(wav(fine, fineSamples))]
  const [jpeg, png] = [await pictureOf('64x48', 'jpg'), await pictureOf('60x60', 'png')]
  const { page } = await person()
  await become(page, publisher) // whose words are written down already, so that nothing asks for a backup
  await expect.poll(async () => await coinsOf(page, publisher.address).catch(() => 0), { timeout: blocksMost }).toBe(20)

  const track = async (name: string, bytes: Buffer, cover: { readonly name: string, readonly bytes: Buffer }): Promise<string> => {
    await page.goto('./#/share')
    await choose(page, [{ name, bytes }, cover])
    await page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await expect(page.getByRole('radio', { name: 'Music', exact: true })).toBeChecked()
    await expect(page.getByRole('img', { name: `Picture 1: ${cover.name}` })).toBeVisible()
    return await publish(page)
  }

  await test.step('an MP3: what it sounds like is kept sample by sample', async () => {
    await track('Undertow.mp3', mp3, { name: 'front.jpg', bytes: jpeg })
    await expect(page.getByRole('button', { name: 'Save…', exact: true })).toBeVisible({ timeout: blocksMost })
    const out = await savedBy(page, 'Save…', 'FLAC')
    expect([out.name, out.bytes.subarray(0, 4).toString()]).toEqual(['Undertow.flac', 'fLaC'])
    const [heard, kept] = [await samplesIn(mp3, 16), await samplesIn(out.bytes, 16)]
    expect(heard.samples.length).toBe(samples.length)
    expect(sameSamples(kept.samples, heard.samples)).toBe(true)
  })

  await test.step('a FLAC: every sample of its 24 bits', async () => {
    await track('Breakers.flac', flac, { name: 'front.png', bytes: png })
    await expect(page.getByRole('button', { name: 'Save…', exact: true })).toBeVisible({ timeout: blocksMost })
    const out = await savedBy(page, 'Save…', 'FLAC')
    expect(out.name).toBe('Breakers.flac')
    const kept = await samplesIn(out.bytes, 24)
    expect(kept.bits).toBe(24)
    expect(sameSamples(kept.samples, fineSamples)).toBe(true)
  })

  await test.step('a folder: its files by their names, music in it also in other formats', async () => {
    const [whole, live] = [wav(song, samples), wav(song, samples)]
    for (const at of [4, 40]) new DataView(live.buffer).setUint32(at, 0xffff_ffff, true) // as of a recorder that could not go back to write how long it is
    const members = { 'notes.txt': Buffer.from('Low water at six.\n'.repeat(200)), 'takes/Undertow.mp3': mp3, 'takes/raw/room.bin': noise(300_000, 'room'), 'takes/cut.wav': whole.subarray(0, -100_000), 'takes/live.wav': live }
    const folder = await folderOf('Session', members)
    await page.goto('./#/share')
    await page.getByLabel('Folder to share').setInputFiles(folder)
    await page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await page.getByRole('radio', { name: 'Everybody, with its key beside it' }).check()
    await page.getByLabel('Pictures to add').setInputFiles([{ name: 'front.jpg', mimeType: 'image/jpeg', buffer: jpeg }, { name: 'back.png', mimeType: 'image/png', buffer: png }])
    await expect(page.getByRole('img', { name: 'Picture 2: back.png' })).toBeVisible()
    await publish(page)
    await page.getByRole('link', { name: 'Open its files' }).click({ timeout: blocksMost })
    for (const [path, bytes] of Object.entries(members)) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const out = await savedBy(page, `Save ${name}`)
      expect([out.name, out.bytes.equals(bytes)]).toEqual([name, true])
    }
    const kept = samplesOfWav(new Uint8Array((await savedBy(page, 'Other formats of Undertow.mp3', 'WAV')).bytes))
    expect(kept).toEqual(await samplesIn(mp3, 24)) // what a decoder of MP3 gives is finer than 16 bits
    expect((await samplesIn((await savedBy(page, 'Other formats of live.wav', 'FLAC')).bytes, 16)).samples).toEqual(samples)
    await page.getByRole('button', { name: 'Other formats of cut.wav' }).click()
    await page.getByRole('radio', { name: 'MP3', exact: true }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('dialog').getByText('This recording is cut off. There is less of it than it says itself')).toBeVisible()
    await page.getByRole('button', { name: 'Not now', exact: true }).click()
    await rm(dirname(folder), { recursive: true })
  })

  await test.step('their pictures are PNG: a PNG to the pixel, a JPEG as it looks', async () => {
    await expect.poll(async () => (await publishedOn(page, true)).map(({ kind, title }) => `${kind} ${title}`), { timeout: blocksMost }).toEqual(['archive Session', 'audio Breakers', 'audio Undertow'])
    const [session, breakers, undertow] = await publishedOn(page, true) as [Upload, Upload, Upload]
    const [front, back] = await picturesOf(page, session) as [Buffer, Buffer]
    expect((await pixelsIn(back)).equals(await pixelsIn(png))).toBe(true)
    expect(front.readUInt32BE(16)).toBe(64)
    expect(await farApart(front, jpeg)).toBeLessThan(4)
    expect([undertow.images.map(({ cid }) => cid), breakers.images.map(({ cid }) => cid)]).toEqual([[session.images[0]!.cid], [session.images[1]!.cid]])
  })
})
