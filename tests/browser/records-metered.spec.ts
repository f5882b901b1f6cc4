import { ledgerOf, noBlocks } from '../support/on-ledger.ts'
import { offerAll } from '../support/past-chain.ts'
import { pastOf } from '../support/past-records.ts'
import { accessibilityFaults, expect, test } from '../support/people.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf } from '../support/records.ts'

/* Somebody on a line that is paid by the byte keeps no states: what stands in a chain is proved by others, and bytes come as they are looked at. */

test.use({ ledger: { blockTime: 5, rescue: 30, age: 1_500 } })

test('on a metered line a chain is read by proofs of others, and by those of a relay alone where its author is gone', async ({ person, relay }) => {
  test.setTimeout(120_000) // two people, the second begins twice
  const { blocks, block, eve, now } = await pastOf(relay.url)
  const name = 'Tide gauge'
  const chain = chainNamed(name)
  const [first, ...rest] = [firstEntryOf(name, { content: 'From now on, twice a day.' }), entryOf(chain, { extIds: ['2026-06-20'], content: '{ "high": 1.84 }' }), entryOf(chain, { extIds: ['2026-06-21'], content: '{ "high": 1.80 }' })]
  await block({ records: [commitToChain(first, eve, { time: now() }), first, ...rest.flatMap(entry => [commitTo(entry, eve, { time: now() }), entry])] })
  const quiet = 'The author sleeps'
  const alone = firstEntryOf(quiet, { content: 'Only a relay has this.' })
  await block({ records: [commitToChain(alone, eve, { time: now() }), alone] })
  await block() // which names the state with the chain
  await block()

  const ada = await person('./#/network')
  await noBlocks(ada.page)
  await offerAll(ada.page, blocks)
  const cy = await person('./#/network')
  await cy.context.addInitScript(() => {
    Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { type: 'cellular', saveData: false }) })
  })
  await cy.page.reload()
  await expect.poll(async () => await ledgerOf(cy.page)).toMatchObject({ mode: 'headers', head: { number: 7 } })

  await cy.page.goto(`./#/records/${chain}`)
  await expect(cy.page.getByText('Chain, 3 entries')).toBeVisible()
  await expect(cy.page.getByText('{ "high": 1.80 }')).toBeVisible()
  await expect(cy.page.getByRole('heading', { level: 1, name })).toBeVisible()
  await cy.page.getByRole('link', { name: 'No. 1', exact: true }).click()
  await expect(cy.page.getByText('{ "high": 1.84 }')).toBeVisible()
  expect(await accessibilityFaults(cy.page)).toEqual([])
  await cy.page.goto('./#/records')
  await expect(cy.page.getByRole('link', { name })).toBeVisible()

  await expect.poll(async () => (await (await fetch(`${relay.url}health`)).json() as { readonly anchor: { readonly height: number } }).anchor.height).toBe(7)
  await ada.context.close()
  await cy.page.goto(`./#/records/${chainNamed(quiet)}`)
  await expect(cy.page.getByText('Only a relay has this.')).toBeVisible()
  expect(await ledgerOf(cy.page)).toMatchObject({ mode: 'headers' }) // all the time
})
