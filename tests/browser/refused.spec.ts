import { become, coinsFor, knownPerson } from '../support/known-people.ts'
import { blocksMost, coinsOf, onBattery, spent, stateOf, type App } from '../support/on-ledger.ts'
import { expect, test, type Page } from '../support/people.ts'

/* Whom a key is not given to, and what becomes of coins for a key that nobody gives. The buyer alone makes blocks. */

const [publisher, buyer] = await Promise.all([knownPerson('Ann'), knownPerson('Bo')])
const [reward, price] = [1_000, 50]

test.use({ ledger: { blockTime: 5, rescue: 30, reward, keeperPeriod: 10, allocations: coinsFor([publisher, buyer], 100) } }) // so many blocks a purchase waits for its key

async function publish(page: Page, title: string, policy: { readonly list: readonly string[] } | { readonly pay: { readonly price: number, readonly share: number } }): Promise<void> {
  await page.evaluate(async order => {
    await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
      files: [{ file: new File([order.title], 'words.txt'), path: 'words.txt' }], covers: [], kind: 'archive', about: '', tags: [], protect: true, holders: [], keepers: [], wanted: null, until: 20, ...order,
    })
  }, { title, policy })
}

test('a stranger is told why he gets no key, a friend gets it once that is safe; coins for a key that nobody gives come back', async ({ person }) => {
  test.setTimeout(300_000) // some six steps that each wait for blocks, of one person who makes one in five seconds
  const [bo, ann] = [await person('./#/discover'), await person('./#/library', onBattery)]
  await Promise.all([become(bo.page, buyer), become(ann.page, publisher)])
  const [{ page }, owner] = [bo, publisher.address]

  await test.step('she publishes something for friends, and something for sale', async () => {
    await expect.poll(async () => await coinsOf(ann.page, owner).catch(() => 0), { timeout: blocksMost }).toBe(100)
    await publish(ann.page, 'For sale', { pay: { price, share: 100 } })
    await publish(ann.page, 'For friends', { list: [] })
    for (const title of ['For sale', 'For friends']) await expect(page.getByRole('link', { name: title })).toBeVisible({ timeout: 2 * blocksMost })
  })

  await test.step('the ledger tells him that it is not for him; who holds the key gives it when his access is safe', async () => {
    await page.getByRole('link', { name: 'For friends' }).click()
    await expect(page.getByText('You do not get the key')).toBeVisible()
    await expect(page.getByText('Your address is not among those who get it.')).toBeVisible()
    const cid = /upload\/([0-9a-f]{64})/.exec(page.url())?.[1] ?? ''
    await page.evaluate(async name => { await document.querySelector<App>('holdfast-app')!.peer.publishing.askKey(name) }, { cid, owner })
    await expect(page.getByText('Waiting for someone who can give the key')).toBeVisible()
    await expect(page.getByText('Your address is not among those who get it.')).toBeVisible()
    await ann.page.evaluate(async ([name, friend]) => { await document.querySelector<App>('holdfast-app')!.peer.publishing.change(name, { allow: [friend] }) }, [{ cid, owner }, buyer.address] as const)
    const [young, has] = [page.getByText('Your access is too young for them to rely on'), page.getByText('Encrypted; you have the key')]
    await expect(young.or(has)).toBeVisible({ timeout: blocksMost }) // where the vote comes with the block, nobody has to tell him
    await expect(has).toBeVisible({ timeout: 2 * blocksMost })
  })

  await test.step('he buys what she is not there to give the key of; his coins come back', async () => {
    await ann.context.close()
    await page.goto('./#/discover')
    const before = await spent(page, buyer.address, reward)
    await page.getByRole('link', { name: 'For sale' }).click()
    await page.getByRole('button', { name: `Buy for ${price} coins` }).click()
    await page.getByRole('dialog').getByRole('button', { name: `Buy for ${price} coins` }).click()
    await expect(page.getByText('Paid; waiting for the key')).toBeVisible({ timeout: blocksMost })
    await expect.poll(async () => await spent(page, buyer.address, reward), { timeout: blocksMost }).toBe(before + price) // the fee is back with the next block
    await expect(page.getByText('Your coins came back')).toBeVisible({ timeout: 3 * blocksMost })
    await expect.poll(async () => await spent(page, buyer.address, reward), { timeout: blocksMost }).toBe(before)
    expect((await stateOf(page, 'uploads'))?.sending.filter(({ problem }) => problem !== null)).toEqual([])
  })
})
