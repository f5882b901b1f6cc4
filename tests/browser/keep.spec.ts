import { blocksMost, coinsOf, ledgerOf, somebody, stateOf, type App } from '../support/on-ledger.ts'
import { expect, test, type Page } from '../support/people.ts'
import { damage, storedFile } from '../support/stored-files.ts'

/* Somebody publishes for a keeper, whose device does the rest by itself. Blocks are made by both. */

async function kept(page: Page): Promise<readonly string[]> {
  return (await stateOf(page, 'items')).flatMap(({ kind, state, reasons }) => reasons.map(({ reason }) => `${kind} ${state} ${reason}`))
}

test('offered, it is fetched, checked and accepted by itself; corrupted on the disk it is fetched again', async ({ person, resident }) => {
  test.setTimeout(300_000)
  const [ann, kim] = [await person('./#/network'), await resident('./#/network')]
  const pages = [ann.page, kim.person.page] as const
  const [owner, keeper] = await Promise.all(pages.map(somebody)) as [string, string]
  for (const [i, address] of [owner, keeper].entries()) await expect.poll(async () => await coinsOf(pages[i]!, address).catch(() => 0), { timeout: 2 * blocksMost }).toBeGreaterThan(10)

  await kim.person.page.evaluate(async () => { await document.querySelector<App>('holdfast-app')!.peer.publishing.openKeeping({ pledged: 10 ** 9, price: 0, public: false }) })
  await expect.poll(async () => (await stateOf(ann.page, 'ledger')).phase).toBe('open')
  await expect.poll(async () => (await stateOf(kim.person.page, 'uploads'))?.keeping.open?.status, { timeout: blocksMost }).toBe('active')
  const height = (await ledgerOf(kim.person.page))?.head.number ?? 0
  await expect.poll(async () => (await ledgerOf(ann.page))?.head.number, { timeout: blocksMost }).toBeGreaterThanOrEqual(height)

  await ann.page.evaluate(async address => {
    const bytes = new Uint8Array(900_000)
    for (let at = 0; at < bytes.length; at += 60_000) crypto.getRandomValues(bytes.subarray(at, at + 60_000))
    await document.querySelector<App>('holdfast-app')!.peer.publishing.publish({
      files: [{ file: new File([bytes], 'tides.bin'), path: 'tides.bin' }], covers: [], kind: 'archive', title: 'Tides', about: '', tags: [], protect: true, policy: 'owner', holders: [], keepers: [address], wanted: 1, until: 4,
    })
  }, keeper)
  await expect.poll(async () => await kept(kim.person.page), { timeout: 2 * blocksMost }).toEqual([expect.stringMatching(/^p here (offered|obliged)$/)])
  await expect.poll(async () => (await stateOf(kim.person.page, 'uploads'))?.keeping.open?.count, { timeout: 2 * blocksMost }).toBe(1)
  const [item] = await stateOf(kim.person.page, 'items')
  expect(item).toMatchObject({ title: 'Tides', protected: true, giving: true, reasons: [{ owner, upload: item!.cid }] })
  expect(await stateOf(kim.person.page, 'keeping')).toMatchObject({ removal: null, own: { files: 0 }, here: true })

  await kim.restart('./#/network')
  const { cid } = item!
  await expect.poll(async () => await kept(kim.person.page), { timeout: blocksMost }).toEqual([expect.stringMatching(/^p here (offered|obliged)$/)])
  await damage(kim.person.page, 'p', cid, 300_000)
  await kim.person.page.evaluate(async id => { await document.querySelector<App>('holdfast-app')!.peer.verify(id) }, cid)
  await expect.poll(async () => (await storedFile(kim.person.page, 'p', cid))?.digest, { timeout: blocksMost }).toBe(cid) // away while it comes again
  await expect.poll(async () => await kept(kim.person.page), { timeout: blocksMost }).toEqual([expect.stringMatching(/^p here (offered|obliged)$/)])
})
