import { keeping, keepingOf } from '../support/keeper-pages.ts'
import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, ledgerOf, onBattery, stateOf, type App } from '../support/on-ledger.ts'
import { expect, test } from '../support/people.ts'

/* One upload with a rent, and two who keep it, on a network that settles each of them every ten blocks. All they do they do by themselves; its publisher alone makes blocks. */

const [publisher, first, second] = await Promise.all([knownPerson('Ann'), knownPerson('Kim'), knownPerson('Kay')])
const [bond, each, periods] = [100, 40, 12]

test.use({ ledger: { blockTime: 5, rescue: 30, epoch: 4, activeWindow: 40, keeperPeriod: 10, keeperBond: bond, keeperBondPerGiB: 0, allocations: coinsFor([publisher, first, second], 2_000) } })

/** A period, whatever is left of the one that runs, and a few blocks. */
const periodMost = 3 * blocksMost

test('two keepers prove by themselves what they keep and are paid; who is away for a period loses its rent and nothing else', async ({ person }) => {
  test.setTimeout(600_000) // five periods of ten blocks, of one person who makes one in five seconds
  const ann = (await person('./#/library')).page
  const [kim, kay] = [(await person('./#/library', onBattery)).page, (await person('./#/library', onBattery)).page]
  await Promise.all([become(ann, publisher), become(kim, first), become(kay, second)])

  await test.step('they become keepers, with a bond', async () => {
    await Promise.all([[kim, first] as const, [kay, second] as const].map(async ([page, { address }]) => {
      await expect.poll(async () => await coinsOf(page, address).catch(() => 0), { timeout: blocksMost }).toBe(2_000)
      await page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.publishing.openKeeping({ pledged: 10 ** 8, price: 0, public: false }) })
      await expect.poll(async () => ({ ...await keeping(page), head: (await ledgerOf(page))?.head.number, sending: (await stateOf(page, 'uploads'))?.sending }), { timeout: 2 * blocksMost }).toMatchObject({ status: 'active', bond })
    }))
  })

  const cid = await test.step('what is published is accepted by both', async () => {
    await ann.evaluate(async ({ keepers, coins }) => {
      const bytes = Array.from({ length: 12 }, () => crypto.getRandomValues(new Uint8Array(60_000)))
      await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
        files: [{ file: new File(bytes, 'tides.bin'), path: 'tides.bin' }], covers: [], kind: 'archive', title: 'Tides', about: '', tags: [], protect: true, policy: 'owner', holders: [], keepers, wanted: 2, each: coins, until: 12,
      })
    }, { keepers: [first.address, second.address], coins: each })
    for (const page of [kim, kay]) await expect.poll(async () => (await keeping(page))?.count, { timeout: 3 * blocksMost }).toBe(1)
    return (await stateOf(kim, 'items'))[0]!.cid
  })
  const kept = async () => await keepingOf(ann, { cid, owner: publisher.address })

  await test.step('they show what they are asked for, a period is paid, and they claim it', async () => {
    expect(await kept()).toMatchObject({ wanted: 2, free: 0, rent: { each, periods, wanted: 2 } })
    for (const page of [kim, kay]) {
      await expect.poll(async () => (await keeping(page))?.period?.picks.every(({ state }) => state === 'answered'), { timeout: periodMost }).toBe(true)
      await expect.poll(async () => (await keeping(page))?.rent.paid ?? 0, { timeout: 2 * periodMost }).toBeGreaterThanOrEqual(each)
    }
    expect((await kept())!.escrow).toBeLessThanOrEqual(2 * periods * each - 2 * each)
  })

  await test.step('one of them is closed for a period', async () => {
    await kay.goto('about:blank')
    await expect.poll(async () => (await kept())?.keepers.find(({ address }) => address === second.address)?.missed ?? 0, { timeout: 2 * periodMost }).toBeGreaterThan(0)
    await kay.goto('./#/library')
    await expect.poll(async () => await keeping(kay), { timeout: 2 * periodMost }).toMatchObject({ missed: 0, results: expect.arrayContaining([false]) }) // first it knows what it knew
    expect(await keeping(kay)).toMatchObject({ status: 'active', bond, burned: 0, count: 1 })
    expect(await keeping(kim)).toMatchObject({ status: 'active', bond, missed: 0 })
    await expect.poll(async () => (await keeping(kim))!.rent.paid - (await keeping(kay))!.rent.paid, { timeout: blocksMost }).toBeGreaterThanOrEqual(each)
  })
})
