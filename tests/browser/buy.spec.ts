import { samplesOf, samplesOfWav, wav, type Sound } from '../contract/support/recordings.ts'
import { blocksMost, coinsOf, idleSomebody, onBattery, safeCoins, somebody, stateOf, type App } from '../support/on-ledger.ts'
import { downloaded, expect, test } from '../support/people.ts'

/* A track for sale, whose publisher is away: somebody else keeps it and gives out its key. */

test.use({ ledger: { blockTime: 5, rescue: 30 } })

const song: Sound = { rate: 44_100, channels: 2, bits: 16, seconds: 2 }
const samples = samplesOf(song)

test('bought from somebody who is away: the holder gives the key, it opens what the keeper gives, and the words of its publisher bring it back', async ({ person }) => {
  test.setTimeout(360_000) // some ten steps that each wait for a block or for a safety root, of two who make one in five seconds
  const kim = await person('./#/network')
  const bo = await person('./#/network')
  const ann = await person('./#/network', onBattery) // no part of the vote, so that it goes on without her
  const [keeper, owner] = [await somebody(kim.page), await idleSomebody(ann.page)]
  for (const { page } of [kim, bo]) await expect.poll(async () => await safeCoins(page), { timeout: 2 * blocksMost }).toBeGreaterThan(500)

  const upload = await test.step('she publishes it, with a keeper who holds its key', async () => {
    await kim.page.evaluate(async to => {
      const { wallet, publishing } = document.querySelector<App>('holdfast-app')!.peer
      await wallet.send(to, 100)
      await publishing.openKeeping({ pledged: 10 ** 9, price: 0, public: false })
    }, owner)
    await expect.poll(async () => (await stateOf(kim.page, 'uploads'))?.keeping.open?.status, { timeout: blocksMost }).toBe('active')
    await expect.poll(async () => await coinsOf(ann.page, owner).catch(() => 0), { timeout: blocksMost }).toBe(100)
    await ann.page.evaluate(async ({ bytes, holder }) => {
      await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
        files: [{ file: new File([Uint8Array.from(bytes)], 'Undertow.wav'), path: 'Undertow.wav' }], covers: [], kind: 'audio', title: 'Undertow', about: '', tags: [], protect: true,
        policy: { pay: { price: 50, share: 200 } }, holders: [holder], keepers: [holder], wanted: 1, until: 4,
      })
    }, { bytes: [...wav(song, samples)], holder: keeper })
    await expect.poll(async () => (await stateOf(kim.page, 'uploads'))?.keeping.open?.count, { timeout: 2 * blocksMost }).toBe(1)
    await expect.poll(async () => (await stateOf(kim.page, 'items')).map(({ state }) => state), { timeout: blocksMost }).toEqual(['here'])
    const [item] = await stateOf(kim.page, 'items')
    return `./#/upload/${item!.cid}/${owner}`
  })
  const words = await ann.page.evaluate(async () => await document.querySelector<App>('holdfast-app')!.peer.identity.words())
  await ann.context.close()

  await test.step('he buys it, and saves what was recorded', async () => {
    await bo.page.goto(upload)
    await bo.page.getByRole('button', { name: 'Buy for 50 coins' }).click({ timeout: blocksMost })
    await bo.page.getByRole('dialog').getByRole('button', { name: 'Buy for 50 coins' }).click()
    await expect(bo.page.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 3 * blocksMost })
    await bo.page.getByRole('button', { name: 'Fetch', exact: true }).click()
    await bo.page.getByRole('button', { name: 'Agree', exact: true }).click()
    await bo.page.getByRole('button', { name: 'Save…', exact: true }).click({ timeout: 45_000 })
    await bo.page.getByRole('radio', { name: 'WAV' }).check()
    const waiting = bo.page.waitForEvent('download')
    await bo.page.getByRole('button', { name: 'Save', exact: true }).click()
    const back = samplesOfWav(new Uint8Array((await downloaded(await waiting)).bytes))
    expect(back.samples.length === samples.length && back.samples.every((sample, i) => sample === samples[i])).toBe(true)
  })

  await test.step('on a new device her words bring the key back, from the file alone', async () => {
    const again = await person('./#/network', onBattery)
    await again.page.waitForFunction(() => (document.querySelector<App>('holdfast-app') as Partial<App> | null)?.peer?.state.phase === 'running')
    await again.page.evaluate(async phrase => { await document.querySelector<App>('holdfast-app')!.peer.identity.restore({ words: phrase }) }, words.join(' '))
    await again.page.goto(upload)
    await expect(again.page.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 2 * blocksMost })
  })
})
