import { samplesOf, samplesOfWav, wav, type Sound } from '../contract/support/recordings.ts'
import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, onBattery, stateOf, type App } from '../support/on-ledger.ts'
import { downloaded, expect, test } from '../support/people.ts'

/* A track for sale, whose publisher is away: somebody else keeps it and gives out its key. */

const [publisher, keeper, buyer] = await Promise.all([knownPerson('Ann'), knownPerson('Kim'), knownPerson('Bo')])

test.use({ ledger: { blockTime: 5, rescue: 30, allocations: coinsFor([publisher, keeper, buyer], 500) } })

const song: Sound = { rate: 44_100, channels: 2, bits: 16, seconds: 2 }
const samples = samplesOf(song)

test('bought from somebody who is away: the holder gives the key, it opens what the keeper gives, and the words of its publisher bring it back', async ({ person }) => {
  test.setTimeout(300_000) // some eight steps that each wait for a block or for a safety root, of two who make one in five seconds
  const kim = await person('./#/network')
  const bo = await person('./#/network')
  const ann = await person('./#/network', onBattery) // no part of the vote, so that it goes on without her
  await Promise.all([become(ann.page, publisher), become(kim.page, keeper), become(bo.page, buyer)])

  const upload = await test.step('she publishes it, with a keeper who holds its key', async () => {
    for (const [page, { address }] of [[kim.page, keeper], [ann.page, publisher]] as const) await expect.poll(async () => await coinsOf(page, address).catch(() => 0), { timeout: blocksMost }).toBeGreaterThan(400)
    await kim.page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.publishing.openKeeping({ pledged: 10 ** 9, price: 0, public: false }) })
    await expect.poll(async () => (await stateOf(kim.page, 'uploads'))?.keeping.open?.status, { timeout: 2 * blocksMost }).toBe('active')
    await ann.page.evaluate(async ({ bytes, holder }) => {
      await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
        files: [{ file: new File([Uint8Array.from(bytes)], 'Undertow.wav'), path: 'Undertow.wav' }], covers: [], kind: 'audio', title: 'Undertow', about: '', tags: [], protect: true,
        policy: { pay: { price: 50, share: 200 } }, holders: [holder], keepers: [holder], wanted: 1, until: 4,
      })
    }, { bytes: [...wav(song, samples)], holder: keeper.address })
    await expect.poll(async () => (await stateOf(kim.page, 'uploads'))?.keeping.open?.count, { timeout: 2 * blocksMost }).toBe(1)
    await expect.poll(async () => (await stateOf(kim.page, 'items')).map(({ state }) => state), { timeout: blocksMost }).toEqual(['here'])
    const [item] = await stateOf(kim.page, 'items')
    return `./#/upload/${item!.cid}/${publisher.address}`
  })
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
    await become(again.page, publisher)
    await again.page.goto(upload)
    await expect(again.page.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 2 * blocksMost })
  })
})
