import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { keys } from '../../src/state/index.ts'
import { samplesOf, wav, type Sound } from '../contract/support/recordings.ts'
import { noise } from '../support/bytes.ts'
import { becomeKeeper, kept } from '../support/keeper-pages.ts'
import { become, coinsFor, enterWords, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, ledgerOf, onBattery, provedRows, spent, stateOf, type App } from '../support/on-ledger.ts'
import { choose, expect, test, type Page, type Sent } from '../support/people.ts'
import { fetchIt, picturesOf, publish, publishedOn, savedBy } from '../support/publish-pages.ts'
import { farApart, flacOf, folderOf, mp3Of, pictureOf, pixelsIn, sameSamples, samplesIn } from '../support/recorded.ts'
import { damage, storedFile } from '../support/stored-files.ts'
import { quietPath } from '../support/stored.ts'

/*
 * All of publishing, keeping and buying in one network: a publisher, three keepers whose devices do their part by themselves, and a listener, who makes the blocks. Periods are of sixteen blocks:
 * so long a purchase waits for its key.
 */

const [publisher, first, second, third, listener] = await Promise.all([knownPerson('Ann'), knownPerson('Kim'), knownPerson('Lee'), knownPerson('Kay'), knownPerson('Bo')])
const [coins, reward, price] = [1_000, 1_000, 300]

test.use({ ledger: { blockTime: 5, rescue: 30, epoch: 4, activeWindow: 40, reward, keeperPeriod: 16, allocations: coinsFor([publisher, first, second, third, listener], coins) } }) // what was let go leaves the disk after an epoch

const song: Sound = { rate: 44_100, channels: 2, bits: 16, seconds: 2 }
const fine: Sound = { rate: 96_000, channels: 2, bits: 24, seconds: 2 }
const titles = ['Breakers', 'Harbour', 'Session', 'Undertow']
/** What a keeper holds who accepted these. */
const promised = (...names: readonly string[]) => [...names.map(name => `${name} here obliged`), `${names.length} accepted`]

/** How it is kept, as its publisher chooses in the form: by the three who are there, for as long as can be. */
async function askKeepers(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Keepers you name', exact: true }).check()
  await page.getByRole('button', { name: 'Name the first 3', exact: true }).click({ timeout: blocksMost })
  await page.getByRole('spinbutton', { name: 'How many periods it stands' }).fill('52')
}

/** Whom its publisher has give out the key. */
async function nameHolder(page: Page, address: string): Promise<void> {
  await page.getByText('Who gives out the key', { exact: true }).click()
  await page.getByRole('textbox', { name: 'Others who give it out in your stead' }).fill(address)
}

async function sell(page: Page): Promise<void> {
  await page.getByRole('radio', { name: 'Whoever pays', exact: true }).check()
  await page.getByRole('textbox', { name: 'Price in coins' }).fill(String(price))
}

async function buy(page: Page): Promise<void> {
  await page.getByRole('button', { name: `Buy for ${price} coins` }).click({ timeout: blocksMost })
  await page.getByRole('dialog').getByRole('button', { name: `Buy for ${price} coins` }).click()
}

test('five people: published, kept, missed and found, left out, damaged, bought, paid back, refused, and recovered by the phrase', async ({ person }) => {
  test.setTimeout(1_500_000) // some fifteen steps that each wait for blocks, of one person who makes one in five seconds
  const [samples, fineSamples] = [samplesOf(song), samplesOf(fine)]
  const [recording, fineRecording] = [Buffer.from(wav(song, samples)), wav(fine, fineSamples)]
  const [mp3, flac] = [await mp3Of(recording), await flacOf(fineRecording)]
  const [jpeg, png, inside, beside] = [await pictureOf('64x48', 'jpg'), await pictureOf('60x60', 'png'), await pictureOf('72x54', 'jpg'), await pictureOf('50x40', 'png')]
  const members = { 'notes.txt': Buffer.from('Low water at six.\n'.repeat(200)), 'takes/first.mp3': mp3, 'takes/raw/room.bin': noise(300_000, 'room') }

  const bo = (await person('./#/network')).page
  const ann = await person('./#/library', onBattery)
  const [kim, lee, kay] = [await person('./#/library', onBattery), await person('./#/library', onBattery), await person('./#/library', onBattery)]
  const keepers = [[kim.page, first], [lee.page, second], [kay.page, third]] as const
  for (const [page, who] of [[bo, listener], [ann.page, publisher], ...keepers] as const) await become(page, who)
  const head = async (page: Page) => (await ledgerOf(page))?.head.number ?? 0
  const uploadOf = (cid: string) => `./#/upload/${cid}/${publisher.address}`

  await test.step('three become keepers; one of them loses the connection', async () => {
    await Promise.all(keepers.map(async ([page, { address }]) => { await becomeKeeper(page, address, coins) }))
    // Neither looks by itself for an hour: what they take, they take from the event alone.
    for (const { page } of [kim, lee]) await page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.setReconcile(3_600_000) })
    await kay.page.evaluate(async () => { await navigator.serviceWorker.ready })
    await kay.context.setOffline(true)
    await kay.page.reload()
    await expect.poll(async () => (await stateOf(kay.page, 'connection')).online).toBe(false)
  })

  const cids = await test.step('a WAV, an MP3, a FLAC of 24 bits at 96 kHz and a folder are published, with a JPEG and a PNG on them', async () => {
    const { page } = ann
    await expect.poll(async () => await coinsOf(page, publisher.address).catch(() => 0), { timeout: blocksMost }).toBe(coins)
    await expect.poll(async () => (await provedRows(page, keepers.map(([, { address }]) => keys.keeper(address)))).map(row => row?.status), { timeout: blocksMost }).toEqual(['active', 'active', 'active'])
    const track = async (files: readonly Sent[], choices: () => Promise<void>): Promise<string> => {
      await page.goto('./#/share')
      await choose(page, files)
      await page.getByRole('radio', { name: 'Publish', exact: true }).check()
      await expect(page.getByRole('radio', { name: 'Music', exact: true })).toBeChecked()
      await choices()
      await askKeepers(page)
      return await publish(page)
    }
    const Undertow = await track([{ name: 'Undertow.wav', bytes: recording }, { name: 'front.jpg', bytes: jpeg }], async () => {
      await sell(page)
      await nameHolder(page, third.address)
    })
    const Harbour = await track([{ name: 'Harbour.mp3', bytes: mp3 }], async () => { await sell(page) })
    const Breakers = await track([{ name: 'Breakers.flac', bytes: flac }, { name: 'front.png', bytes: png }], async () => {
      await page.getByRole('radio', { name: 'People you choose', exact: true }).check()
      await page.getByRole('textbox', { name: 'Their addresses' }).fill(first.address)
      await nameHolder(page, second.address)
    })
    const folder = await folderOf('Session', members)
    await page.goto('./#/share')
    await page.getByLabel('Folder to share').setInputFiles(folder)
    await page.getByRole('radio', { name: 'Publish', exact: true }).check()
    await page.getByRole('radio', { name: 'Only you', exact: true }).check()
    await page.getByLabel('Pictures to add').setInputFiles([{ name: 'front.jpg', mimeType: 'image/jpeg', buffer: inside }, { name: 'back.png', mimeType: 'image/png', buffer: beside }])
    await askKeepers(page)
    const Session = await publish(page)
    await rm(dirname(folder), { recursive: true })
    return { Undertow, Harbour, Breakers, Session }
  })

  await test.step('two keepers fetch, verify and accept all of it by themselves, from the event alone', async () => {
    for (const { page } of [kim, lee]) await expect.poll(async () => await kept(page), { timeout: 4 * blocksMost }).toEqual(promised(...titles))
  })

  await test.step('the third, offline, missed the event; back again its loop finds all of it', async () => {
    expect((await stateOf(kay.page, 'connection')).peers).toEqual([])
    expect(await kept(kay.page)).toEqual(promised())
    const missed = await head(bo)
    expect(await head(kay.page)).toBeLessThan(missed)
    await kay.context.setOffline(false)
    await expect.poll(async () => await kept(kay.page), { timeout: 4 * blocksMost }).toEqual(promised(...titles))
    await ann.page.goto(uploadOf(cids.Undertow))
    await expect(ann.page.getByText('Kept by 3 others (3 promised)')).toBeVisible({ timeout: blocksMost })
  })

  await test.step('the pictures with them are PNG: a PNG to the pixel, a JPEG as it looks', async () => {
    const uploads = await publishedOn(kay.page, false)
    const of = async (title: string) => await picturesOf(kay.page, uploads.find(upload => upload.title === title)!)
    const [[front], [shore], [one, two], none] = [await of('Undertow'), await of('Breakers'), await of('Session'), await of('Harbour')]
    for (const [shown, sent] of [[front, jpeg], [one, inside]] as const) expect(await farApart(shown!, sent)).toBeLessThan(4)
    for (const [shown, sent] of [[shore, png], [two, beside]] as const) expect((await pixelsIn(shown!)).equals(await pixelsIn(sent))).toBe(true)
    expect(none).toEqual([])
  })

  await test.step('one is left out by the owner, and clears away what it kept; the others keep it', async () => {
    await ann.page.getByText('Change it', { exact: true }).click()
    await ann.page.getByRole('button', { name: 'Who is asked to keep it' }).click()
    await ann.page.getByRole('textbox', { name: 'Addresses asked to keep it' }).fill([second, third].map(({ address }) => address).join('\n'))
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Change it', exact: true }).click()
    await expect.poll(async () => await kept(kim.page), { timeout: 4 * blocksMost }).toEqual(promised(...titles.filter(title => title !== 'Undertow')))
    expect((await stateOf(kim.page, 'trash')).map(({ title }) => title)).toEqual(['Undertow', 'Undertow']) // the track and its picture
    for (const { page } of [lee, kay]) expect(await kept(page)).toEqual(promised(...titles))
    await expect(ann.page.getByText('Kept by 2 others (2 promised)')).toBeVisible({ timeout: blocksMost })
  })

  await ann.context.close()

  await test.step('a file that was damaged on the disk is fetched again', async () => {
    await lee.page.goto(quietPath)
    await damage(lee.page, 'a', cids.Undertow, 100_000)
    await lee.page.goto('./#/library')
    await lee.page.getByRole('button', { name: 'More for Undertow', exact: true }).click()
    await lee.page.getByRole('button', { name: 'Verify Undertow', exact: true }).click()
    await expect.poll(async () => (await storedFile(lee.page, 'a', cids.Undertow))?.digest, { timeout: blocksMost }).toBe(cids.Undertow) // away while it comes again
    await expect.poll(async () => await kept(lee.page), { timeout: blocksMost }).toEqual(promised(...titles))
  })

  await test.step('with the owner’s tab closed a listener buys; a holder grants; he saves FLAC, with the samples of the WAV, and MP3', async () => {
    await bo.goto(uploadOf(cids.Undertow))
    await buy(bo)
    await expect(bo.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 3 * blocksMost })
    await expect.poll(async () => (await provedRows(bo, [keys.access(cids.Undertow, publisher.address, listener.address)]))[0]?.purchase?.grant?.by, { timeout: 2 * blocksMost }).toBe(third.address)
    await fetchIt(bo)
    await expect(bo.getByRole('button', { name: 'Save…', exact: true })).toBeVisible({ timeout: blocksMost })
    const lossless = await savedBy(bo, 'Save…', 'FLAC')
    expect([lossless.name, lossless.bytes.subarray(0, 4).toString()]).toEqual(['Undertow.flac', 'fLaC'])
    expect(sameSamples((await samplesIn(lossless.bytes, 16)).samples, samples)).toBe(true)
    const small = await savedBy(bo, 'Save…', 'MP3')
    expect(small.name).toBe('Undertow.mp3')
    expect(small.bytes.length).toBeLessThan(lossless.bytes.length)
    expect((await samplesIn(small.bytes, 16)).samples.length).toBeGreaterThanOrEqual(samples.length)
  })

  await test.step('a purchase that nobody grants is paid back, though keepers have the file', async () => {
    const before = await spent(bo, listener.address, reward)
    await bo.goto(uploadOf(cids.Harbour))
    await buy(bo)
    await expect(bo.getByText('Paid; waiting for the key')).toBeVisible({ timeout: blocksMost })
    expect(await spent(bo, listener.address, reward)).toBeGreaterThan(before + price / 2) // he who makes the blocks earns the fees of the keepers meanwhile
    await expect(bo.getByText('Your coins came back')).toBeVisible({ timeout: 4 * blocksMost })
    await expect.poll(async () => await spent(bo, listener.address, reward), { timeout: blocksMost }).toBeLessThanOrEqual(before)
  })

  await test.step('a stranger is refused, by the ledger and by who holds the key, with the reason', async () => {
    const because = bo.getByText('Your address is not among those who get it.')
    await bo.goto(uploadOf(cids.Breakers))
    await expect(bo.getByText('You do not get the key')).toBeVisible()
    await expect(because).toBeVisible()
    await bo.evaluate(async name => { await document.querySelector<App>('holdfast-app')!.peer.publishing.askKey(name) }, { cid: cids.Breakers, owner: publisher.address })
    await expect(bo.getByText('Waiting for someone who can give the key')).toBeVisible()
    await expect(because).toBeVisible()
  })

  await test.step('on a new device the owner enters the phrase: all keys are there again, and every byte', async () => {
    const { page } = await person('./#/settings', onBattery)
    await enterWords(page, publisher.words)
    await expect(page.getByText('Restored.')).toBeVisible()
    await page.goto('./#/share')
    await expect.poll(async () => (await page.getByRole('region', { name: 'Published by you' }).getByRole('link').allInnerTexts()).toSorted(), { timeout: 2 * blocksMost }).toEqual(titles)
    for (const cid of Object.values(cids)) {
      await page.goto(uploadOf(cid))
      await expect(page.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 3 * blocksMost })
    }
    await fetchIt(page)
    await page.getByRole('link', { name: 'Open its files' }).click({ timeout: blocksMost })
    for (const [path, bytes] of Object.entries(members)) {
      const name = path.slice(path.lastIndexOf('/') + 1)
      expect((await savedBy(page, `Save ${name}`)).bytes.equals(bytes)).toBe(true)
    }
    const back = async (cid: string, bits: 16 | 24) => {
      await page.goto(uploadOf(cid))
      await page.getByRole('button', { name: 'Fetch', exact: true }).click()
      await expect(page.getByRole('button', { name: 'Save…', exact: true })).toBeVisible({ timeout: blocksMost })
      return await samplesIn((await savedBy(page, 'Save…', 'FLAC')).bytes, bits)
    }
    expect(sameSamples((await back(cids.Undertow, 16)).samples, samples)).toBe(true)
    const deep = await back(cids.Breakers, 24)
    expect([deep.bits, sameSamples(deep.samples, fineSamples)]).toEqual([24, true])
    expect(sameSamples((await back(cids.Harbour, 16)).samples, (await samplesIn(mp3, 16)).samples)).toBe(true)
  })
})
