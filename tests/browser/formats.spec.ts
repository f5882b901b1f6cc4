import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Upload } from '../../src/peer/index.ts'
import { samplesOf, samplesOfWav, wav, type Sound } from '../contract/support/recordings.ts'
import { noise, sha256Hex } from '../support/bytes.ts'
import { coreMakes } from '../support/core.ts'
import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, type App } from '../support/on-ledger.ts'
import { choose, downloaded, expect, test, type Page } from '../support/people.ts'

/* What people have, and what it is once it was published: each comes out again as what it should. */

const publisher = await knownPerson('Ann')

test.use({ ledger: { blockTime: 5, rescue: 30, allocations: coinsFor([publisher], 20) } }) // two pictures take a fee

const song: Sound = { rate: 44_100, channels: 2, bits: 16, seconds: 2 }
const fine: Sound = { rate: 96_000, channels: 2, bits: 24, seconds: 2 }

const samplesIn = async (file: Uint8Array, codec: 'pcm_s16le' | 'pcm_s24le') => samplesOfWav(new Uint8Array(await coreMakes(['-i', '/made-of', '-c:a', codec, '-f', 'wav'], file)))
const pixelsIn = async (file: Uint8Array) => await coreMakes(['-i', '/made-of', '-pix_fmt', 'rgb24', '-f', 'rawvideo'], file)
const picture = async (size: string, ...codec: readonly string[]) => await coreMakes(['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=1`, '-frames:v', '1', ...codec])

async function saved(page: Page, button: string, format: string | null = null): Promise<{ readonly name: string, readonly bytes: Buffer }> {
  const waiting = page.waitForEvent('download', { timeout: 60_000 })
  await page.getByRole('button', { name: button, exact: true }).click()
  if (format !== null) {
    await page.getByRole('radio', { name: format, exact: true }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
  }
  return await downloaded(await waiting)
}

/** Presses Publish; the content id of what was made. */
async function publish(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  await expect(page).toHaveURL(/#\/upload\/[0-9a-f]{64}\/T/, { timeout: 90_000 })
  return /upload\/([0-9a-f]{64})/.exec(page.url())?.[1] ?? ''
}

async function published(page: Page): Promise<readonly Upload[]> {
  return await page.evaluate(async () => (await document.querySelector<App>('holdfast-app')!.peer.publishing.search({ text: '', kind: null, owner: null, own: true, from: 0, most: 9 })).uploads)
}

/** Pictures of an upload, as the app gives them to anybody. */
async function picturesOf(page: Page, { images }: Upload): Promise<readonly Buffer[]> {
  const files: Buffer[] = []
  for (const { cid } of images) {
    const bytes = Buffer.from(await page.evaluate(async id => Array.from(new Uint8Array(await (await fetch(new URL(`content/images/${id}`, document.baseURI))).arrayBuffer())), cid))
    expect([sha256Hex(bytes), bytes.subarray(1, 4).toString()]).toEqual([cid, 'PNG'])
    files.push(bytes)
  }
  return files
}

test('an MP3, a FLAC of 24 bits at 96 kHz and a folder, with a JPEG and a PNG on them, come out as what they were', async ({ person }) => {
  test.setTimeout(300_000) // it loads the decoder several times over
  const [samples, fineSamples] = [samplesOf(song), samplesOf(fine)]
  const [mp3, flac] = [await coreMakes(['-i', '/made-of', '-c:a', 'libmp3lame', '-b:a', '192k', '-f', 'mp3'], wav(song, samples)), await coreMakes(['-i', '/made-of', '-c:a', 'flac', '-f', 'flac'], wav(fine, fineSamples))]
  const [jpeg, png] = [await picture('64x48', '-pix_fmt', 'yuvj444p', '-c:v', 'mjpeg', '-q:v', '2', '-f', 'mjpeg'), await picture('60x60', '-pix_fmt', 'rgb24', '-c:v', 'png', '-f', 'image2pipe')]
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
    const out = await saved(page, 'Save…', 'FLAC')
    expect([out.name, out.bytes.subarray(0, 4).toString()]).toEqual(['Undertow.flac', 'fLaC'])
    const [heard, kept] = [await samplesIn(mp3, 'pcm_s16le'), await samplesIn(out.bytes, 'pcm_s16le')]
    expect(heard.samples.length).toBe(samples.length)
    expect(Buffer.from(kept.samples.buffer).equals(Buffer.from(heard.samples.buffer))).toBe(true)
  })

  await test.step('a FLAC: every sample of its 24 bits', async () => {
    await track('Breakers.flac', flac, { name: 'front.png', bytes: png })
    await expect(page.getByRole('button', { name: 'Save…', exact: true })).toBeVisible({ timeout: blocksMost })
    const out = await saved(page, 'Save…', 'FLAC')
    expect(out.name).toBe('Breakers.flac')
    const kept = await samplesIn(out.bytes, 'pcm_s24le')
    expect(kept.bits).toBe(24)
    expect(Buffer.from(kept.samples.buffer).equals(Buffer.from(fineSamples.buffer))).toBe(true)
  })

  await test.step('a folder: its files by their names, music in it also in other formats', async () => {
    const [whole, live] = [wav(song, samples), wav(song, samples)]
    for (const at of [4, 40]) new DataView(live.buffer).setUint32(at, 0xffff_ffff, true) // as of a recorder that could not go back to write how long it is
    const members = { 'notes.txt': Buffer.from('Low water at six.\n'.repeat(200)), 'takes/Undertow.mp3': mp3, 'takes/raw/room.bin': noise(300_000, 'room'), 'takes/cut.wav': whole.subarray(0, -100_000), 'takes/live.wav': live }
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-folder-'))
    for (const [path, bytes] of Object.entries(members)) {
      await mkdir(dirname(join(folder, 'Session', path)), { recursive: true })
      await writeFile(join(folder, 'Session', path), bytes)
    }
    await page.goto('./#/share')
    await page.getByLabel('Folder to share').setInputFiles(join(folder, 'Session'))
    await page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await page.getByRole('radio', { name: 'Everybody, with its key beside it' }).check()
    await page.getByLabel('Pictures to add').setInputFiles([{ name: 'front.jpg', mimeType: 'image/jpeg', buffer: jpeg }, { name: 'back.png', mimeType: 'image/png', buffer: png }])
    await expect(page.getByRole('img', { name: 'Picture 2: back.png' })).toBeVisible()
    await publish(page)
    await page.getByRole('link', { name: 'Open its files' }).click({ timeout: blocksMost })
    for (const [path, bytes] of Object.entries(members)) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      const out = await saved(page, `Save ${name}`)
      expect([out.name, out.bytes.equals(bytes)]).toEqual([name, true])
    }
    const kept = samplesOfWav(new Uint8Array((await saved(page, 'Other formats of Undertow.mp3', 'WAV')).bytes))
    expect(kept).toEqual(await samplesIn(mp3, 'pcm_s24le')) // what a decoder of MP3 gives is finer than 16 bits
    expect((await samplesIn((await saved(page, 'Other formats of live.wav', 'FLAC')).bytes, 'pcm_s16le')).samples).toEqual(samples)
    await page.getByRole('button', { name: 'Other formats of cut.wav' }).click()
    await page.getByRole('radio', { name: 'MP3', exact: true }).check()
    await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('dialog').getByText('This recording is cut off. There is less of it than it says itself')).toBeVisible()
    await page.getByRole('button', { name: 'Not now', exact: true }).click()
    await rm(folder, { recursive: true })
  })

  await test.step('their pictures are PNG: a PNG to the pixel, a JPEG as it looks', async () => {
    await expect.poll(async () => (await published(page)).map(({ kind, title }) => `${kind} ${title}`), { timeout: blocksMost }).toEqual(['archive Session', 'audio Breakers', 'audio Undertow'])
    const [session, breakers, undertow] = await published(page) as [Upload, Upload, Upload]
    const [front, back] = await picturesOf(page, session) as [Buffer, Buffer]
    expect((await pixelsIn(back)).equals(await pixelsIn(png))).toBe(true)
    const [shown, seen] = [await pixelsIn(front), await pixelsIn(jpeg)]
    expect(front.readUInt32BE(16)).toBe(64)
    expect(shown.reduce((sum, value, i) => sum + Math.abs(value - seen[i]!), 0) / seen.length).toBeLessThan(4) // decoders of JPEG round as they like
    expect([undertow.images.map(({ cid }) => cid), breakers.images.map(({ cid }) => cid)]).toEqual([[session.images[0]!.cid], [session.images[1]!.cid]])
  })
})
