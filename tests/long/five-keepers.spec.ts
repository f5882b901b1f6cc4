import { noise } from '../support/bytes.ts'
import { becomeKeeper, earned, forgetLedger, keeping, keepingOf, loseFiles, traceOf, watchItem } from '../support/keeper-pages.ts'
import { become, coinsFor, knownPerson, type Known } from '../support/known-people.ts'
import { blocksMost, ledgerOf, onBattery, provedRows, stateOf, type App } from '../support/on-ledger.ts'
import { expect, test, type Person } from '../support/people.ts'
import { keys } from '../../src/state/index.ts'

/*
 * One upload with a rent for three keepers, and five whom it is offered to, on a network that settles each of them every sixteen blocks. All they do they do by themselves. Somebody who
 * keeps nothing makes the blocks, so that its publisher can leave.
 */

const known = async (...names: readonly string[]): Promise<Known[]> => await Promise.all(names.map(knownPerson))
const [[publisher, reader], five] = [await known('Ann', 'Bo') as [Known, Known], await known('Kim', 'Kay', 'Ken', 'Kit', 'Kea')]
const [coins, bond, each, wanted, periods, period] = [5_000, 100, 40, 3, 24, 16]

test.use({ ledger: { blockTime: 5, rescue: 30, epoch: 4, activeWindow: 40, keeperPeriod: period, keeperBond: bond, keeperBondPerGiB: 0, allocations: coinsFor([publisher, ...five], coins) } })

/** A period, whatever is left of the one that runs, and a few blocks. */
const periodMost = 3 * blocksMost

interface Keeper extends Person { readonly address: string }

/** Notes each other thing that is read, from `begin` to `end`: what lasts for a period is over while something else is waited for. */
function noted<T>(read: () => Promise<T>) {
  const seen: T[] = []
  const ending = new AbortController()
  let reading = Promise.resolve()
  const run = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      const now = await read()
      if (now !== seen.at(-1)) seen.push(now)
      await new Promise(done => { setTimeout(done, 500) })
    }
  }
  return {
    seen,
    begin() {
      reading = run()
      reading.catch(() => {}) // who waits for its end is told
    },
    async end() {
      ending.abort()
      await reading
    },
  }
}

test('of five keepers one is away for a period and one loses its files: who has no place yet takes one over, and the file outlives its publisher and two of them', async ({ person }) => {
  test.setTimeout(1_500_000) // some twelve periods of sixteen blocks, of one person who makes one in two to five seconds
  const maker = (await person('./#/network')).page
  const ann = await person('./#/library', onBattery)
  const keepers: Keeper[] = []
  for (const { address } of five) keepers.push(Object.assign(await person('./#/library', onBattery), { address }))
  await become(ann.page, publisher)
  for (const [i, { page }] of keepers.entries()) await become(page, five[i]!)

  const file = noise(700_000, 'tides')
  const owner = publisher.address
  let cid = ''
  const kept = async () => await keepingOf(maker, { cid, owner })
  const places = async () => (await kept())?.keepers.map(({ address }) => address) ?? []
  const missedBy = async ({ address }: Keeper) => (await kept())?.keepers.find(keeper => keeper.address === address)?.missed ?? 0
  const rowOf = async ({ address }: Keeper) => (await provedRows(maker, [keys.keeper(address)]))[0] ?? null
  /** Periods since then that were not paid. */
  const unpaid = async ({ page }: Keeper, then: { readonly periods: number, readonly coins: number }) => {
    const now = await keeping(page)
    return now === null ? null : now.periods - then.periods - (earned(now) - then.coins) / each
  }
  const standing = async ({ page }: Keeper) => {
    const now = await keeping(page)
    return { periods: now!.periods, coins: earned(now!) }
  }

  await test.step('five become keepers, with a bond', async () => {
    await Promise.all(keepers.map(async ({ page, address }) => { await becomeKeeper(page, address, coins) }))
    expect(await provedRows(maker, five.map(({ address }) => keys.keeper(address)))).toMatchObject(five.map(() => ({ status: 'active', bond, count: 0 })))
  })

  await test.step('what is offered to all of them three accept by themselves; its publisher closes for good', async () => {
    const offers = five.map(({ address }) => address).toSorted()
    await expect.poll(async () => await ann.page.evaluate(async most => (await document.querySelector<App>('holdfast-app')!.peer.publishing.rankKeepers({ bytes: 800_000, protected: true, each: most })).map(({ address }) => address), each).then(ranked => ranked.toSorted()), { timeout: blocksMost }).toEqual(offers)
    await ann.page.evaluate(async ({ base64, asked, key, rent }) => {
      const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
      await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
        files: [{ file: new File([bytes], 'tides.bin'), path: 'tides.bin' }], covers: [], kind: 'archive', title: 'Tides', about: '', tags: [], protect: true,
        policy: { list: [key] }, holders: asked, keepers: asked, wanted: rent.wanted, each: rent.each, until: rent.periods,
      })
    }, { base64: file.toString('base64'), asked: offers, key: reader.address, rent: { wanted, each, periods } })
    const found = async () => await maker.evaluate(async () => (await document.querySelector<App>('holdfast-app')!.peer.publishing.search({ text: 'Tides', kind: null, owner: null, own: false, from: 0, most: 1 })).uploads[0]?.cid)
    await expect.poll(async () => cid = await found() ?? '', { timeout: 2 * blocksMost }).not.toBe('')
    await expect.poll(async () => (await places()).length, { timeout: 3 * blocksMost }).toBe(wanted)
    expect(await kept()).toMatchObject({ wanted, free: 0, rent: { each, periods, wanted }, escrow: each * periods * wanted })
    await ann.context.close()
  })

  const first = await places()
  const [brief, lost, steady] = first.map(address => keepers.find(keeper => keeper.address === address)!) as [Keeper, Keeper, Keeper]
  const course = noted(async () => (await rowOf(lost))?.status)
  const spare = keepers.filter(({ address }) => !first.includes(address))

  await test.step('each of the three proves a period and is paid; who came too late has no duty and no failure', async () => {
    for (const { page } of [brief, lost, steady]) {
      await expect.poll(async () => { const now = await keeping(page); return now === null ? 0 : earned(now) }, { timeout: 2 * periodMost }).toBeGreaterThanOrEqual(each)
    }
    for (const { page } of spare) {
      expect(await keeping(page)).toMatchObject({ status: 'active', count: 0, missed: 0, bond })
      expect((await stateOf(page, 'uploads'))?.sending.filter(({ problem }) => problem !== null)).toEqual([])
    }
  })

  await test.step('one closes for a period: it loses the rent of that period and nothing else. With it one closes whose files are gone', async () => {
    const [thenBrief, thenSteady] = [await standing(brief), await standing(steady)]
    await brief.page.goto('about:blank')
    await loseFiles(lost.page)
    await lost.page.goto('about:blank')
    course.begin()
    await expect.poll(async () => await missedBy(brief), { timeout: 2 * periodMost }).toBe(1)
    await brief.page.goto('./#/library')
    await expect.poll(async () => await keeping(brief.page), { timeout: 2 * periodMost }).toMatchObject({ missed: 0, results: expect.arrayContaining([false]) }) // first it knows what it knew
    const back = await keeping(brief.page)
    expect(back).toMatchObject({ status: 'active', bond, burned: 0, count: 1 })
    expect(back?.results.filter(proved => !proved)).toHaveLength(1)
    await expect.poll(async () => await unpaid(brief, thenBrief), { timeout: blocksMost }).toBe(1)
    await expect.poll(async () => await unpaid(steady, thenSteady), { timeout: blocksMost }).toBe(0)
    expect(await keeping(steady.page)).toMatchObject({ status: 'active', bond, missed: 0, count: 1 })
  })

  const heir = await test.step('whose files are gone is away after two periods, and another takes its place by itself', async () => {
    await expect.poll(() => course.seen, { timeout: 2 * periodMost }).toContain('away')
    await expect.poll(async () => await places(), { timeout: 2 * blocksMost }).not.toContain(lost.address)
    const now = await places()
    expect(now).toHaveLength(wanted)
    const next = spare.find(({ address }) => now.includes(address))!
    expect(await kept()).toMatchObject({ free: 0 })
    await expect.poll(async () => await keeping(next.page), { timeout: blocksMost }).toMatchObject({ status: 'active', count: 1 })
    expect(await traceOf(next.page, cid)).not.toBeNull()
    return next
  })

  await test.step('one begins with an empty ledger: nothing of what it promised is let go, and it proves and is paid again', async () => {
    const since = (await provedRows(maker, [keys.kept(cid, owner, steady.address)]))[0]?.since
    const trace = await traceOf(steady.page, cid)
    expect(trace).not.toBeNull()
    await forgetLedger(steady.page)
    const { number } = (await ledgerOf(maker))!.head
    await steady.page.goto('./#/library')
    const departures = await watchItem(steady.page, cid)
    await expect.poll(async () => (await ledgerOf(steady.page))?.head.number ?? 0, { timeout: 2 * blocksMost }).toBeGreaterThan(number)
    await expect.poll(async () => {
      const { begin, picks } = (await keeping(steady.page))?.period ?? { begin: 0, picks: [] }
      return begin > number && picks.length > 0 && picks.every(({ state }) => state === 'answered')
    }, { timeout: 2 * periodMost }).toBe(true)
    const then = await standing(steady)
    await expect.poll(async () => (await standing(steady)).coins, { timeout: periodMost }).toBeGreaterThan(then.coins)
    expect(await departures()).toEqual([])
    expect(await traceOf(steady.page, cid)).toEqual(trace)
    expect((await provedRows(maker, [keys.kept(cid, owner, steady.address)]))[0]?.since).toBe(since)
    expect(await keeping(steady.page)).toMatchObject({ status: 'active', bond, count: 1, lost: 0 })
  })

  await test.step('whose files are gone is gone itself after three: a tenth of its bond is burned, and it has no duty', async () => {
    await expect.poll(async () => await rowOf(lost), { timeout: periodMost }).toMatchObject({ status: 'gone', missed: 3, bond: bond - bond / 10, count: 0 })
    await course.end()
    expect(course.seen).toEqual(['active', 'away', 'gone'])
    expect(await provedRows(maker, [keys.burned])).toEqual([bond / 10])
    expect((await places()).toSorted()).toEqual([brief, steady, heir].map(({ address }) => address).toSorted())
  })

  await test.step('started again it is told so, and is asked for nothing', async () => {
    await lost.page.goto('./#/library')
    await expect.poll(async () => await keeping(lost.page), { timeout: 2 * blocksMost }).toMatchObject({ status: 'gone', burned: bond / 10, count: 0, period: null })
    await lost.context.close()
  })

  await test.step('every coin of the rent lies in escrow or was paid for a period', async () => {
    const paid = async () => (await provedRows(maker, five.map(({ address }) => keys.account(address)))).reduce((sum, row) => sum + (row!.balance + Number(row!.nonce) + bond - coins), 0) // a coin each transaction
    await expect.poll(async () => [await paid(), (await kept())!.escrow].reduce((sum, amount) => sum + amount, 0), { timeout: blocksMost }).toBe(each * periods * wanted)
    expect(await paid()).toBeGreaterThan(0)
    expect(await paid() % each).toBe(0)
  })

  await test.step('two more close for good; somebody new gets the key and all of its bytes from those who are left', async () => {
    for (const { context } of [brief, steady]) await context.close()
    const bo = await person(`./#/upload/${cid}/${owner}`, onBattery)
    await become(bo.page, reader)
    await bo.page.getByRole('button', { name: 'Ask for the key' }).click({ timeout: 2 * blocksMost })
    await expect(bo.page.getByText('Encrypted; you have the key')).toBeVisible({ timeout: 2 * blocksMost })
    await bo.page.getByRole('button', { name: 'Fetch', exact: true }).click()
    await bo.page.getByRole('button', { name: 'Agree', exact: true }).click()
    await bo.page.getByRole('link', { name: 'Open its files' }).click({ timeout: 2 * blocksMost })
    expect((await bo.saved('tides.bin')).bytes.equals(file)).toBe(true)
  })
})
