import { kept } from '../support/keeper-pages.ts'
import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, onBattery, stateOf, type App } from '../support/on-ledger.ts'
import { expect, test, type Page } from '../support/people.ts'

/* One publication and those it is offered to, whose devices do their part by themselves. Its publisher alone makes blocks. */

const [publisher, ...keepers] = await Promise.all([knownPerson('Ann'), knownPerson('Kim'), knownPerson('Lee'), knownPerson('Kay')])
const addresses = keepers.map(({ address }) => address)

test.use({ ledger: { blockTime: 5, rescue: 30, epoch: 4, activeWindow: 40, allocations: coinsFor([publisher, ...keepers], 20) } }) // what was let go leaves the disk after an epoch

const promised = ['Tides here obliged', '1 accepted']

test('of three keepers two who are there take an offer at once, who was away when he is back; who is left out later clears it away', async ({ person }) => {
  test.setTimeout(300_000) // some eight steps that each wait for a block, of one person who makes one in five seconds
  const ann = await person('./#/library')
  const [kim, lee, kay] = await Promise.all(keepers.map(async () => (await person('./#/library', onBattery)).page)) as [Page, Page, Page]
  await Promise.all([become(ann.page, publisher), ...[kim, lee, kay].map(async (page, i) => { await become(page, keepers[i]!) })])

  await test.step('they become keepers', async () => {
    await Promise.all([kim, lee, kay].map(async (page, i) => {
      await expect.poll(async () => await coinsOf(page, addresses[i]!).catch(() => 0), { timeout: blocksMost }).toBe(20)
      await page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.publishing.openKeeping({ pledged: 10 ** 9, price: 0, public: false }) })
      await expect.poll(async () => (await stateOf(page, 'uploads'))?.keeping.open?.status, { timeout: 2 * blocksMost }).toBe('active')
    }))
  })

  const cid = await test.step('it is published while one of them is away; the others fetch, check and accept it, though neither looks by itself for an hour', async () => {
    await Promise.all([kim, lee].map(async page => { await page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.setReconcile(3_600_000) }) }))
    await kay.goto('about:blank')
    await ann.page.evaluate(async to => {
      const bytes = crypto.getRandomValues(new Uint8Array(60_000))
      await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
        files: [{ file: new File([bytes], 'tides.bin'), path: 'tides.bin' }], covers: [], kind: 'archive', title: 'Tides', about: '', tags: [], protect: true, policy: 'owner', holders: [], keepers: to, wanted: 3, until: 4,
      })
    }, addresses)
    await Promise.all([kim, lee].map(async page => { await expect.poll(async () => await kept(page), { timeout: 3 * blocksMost }).toEqual(promised) }))
    return (await stateOf(kim, 'items'))[0]!.cid
  })

  await test.step('he who was away finds it when he is back', async () => {
    await kay.goto('./#/library')
    await expect.poll(async () => await kept(kay), { timeout: 3 * blocksMost }).toEqual(promised)
    await ann.page.goto(`./#/upload/${cid}/${publisher.address}`)
    await expect(ann.page.getByText('Kept by 3 others (3 promised)')).toBeVisible({ timeout: blocksMost })
  })

  await test.step('left out by its owner, one lets it go; the others keep it', async () => {
    await ann.page.getByText('Change it', { exact: true }).click()
    await ann.page.getByRole('button', { name: 'Who is asked to keep it' }).click()
    await ann.page.getByRole('textbox', { name: 'Addresses asked to keep it' }).fill(addresses.slice(1).join('\n'))
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Change it', exact: true }).click()
    await expect.poll(async () => await kept(kim), { timeout: 3 * blocksMost }).toEqual(['0 accepted'])
    expect((await stateOf(kim, 'trash')).map(({ title }) => title)).toEqual(['Tides'])
    for (const page of [lee, kay]) expect(await kept(page)).toEqual(promised)
    await expect(ann.page.getByText('Kept by 2 others (2 promised)')).toBeVisible({ timeout: blocksMost })
  })
})
