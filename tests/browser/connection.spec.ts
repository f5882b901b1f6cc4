import { expect, test, type Page } from '../support/people.ts'

async function connected(page: Page): Promise<void> {
  await expect(page.getByRole('region', { name: 'Connection' })).toContainText('1 peer, 1 direct', { timeout: 30_000 })
}

test('two people find each other through the relay and stay connected without it', async ({ person, relay }) => {
  test.setTimeout(120_000)
  const [ada, ben] = [await person('./#/network'), await person('./#/network')]
  await Promise.all([connected(ada.page), connected(ben.page)])
  await relay.stop()
  await expect(ada.page.getByText('No relay reached').first()).toBeVisible()
  // Longer than libp2p needs to notice a dead connection: the direct one is alive.
  await ada.page.waitForTimeout(12_000)
  await connected(ada.page)
  await relay.start()
  await expect(ada.page.getByText('Place reserved').first()).toBeVisible({ timeout: 40_000 })
  await connected(ada.page)
})

test('each step of the way is told, and the reason where it is stuck', async ({ person, relay }) => {
  const ada = await person()
  await expect(ada.page.getByRole('region', { name: 'Connection' })).toContainText(/no peers yet/i)
  await ada.page.evaluate(async () => { await navigator.serviceWorker.ready }) // all of the app is kept by then
  await relay.stop()
  try {
    await ada.reopen()
    await ada.page.getByRole('region', { name: 'Connection' }).getByRole('button').click()
    await expect(ada.page.getByRole('region', { name: 'Connection' })).toContainText(/does not answer/i)
  } finally { await relay.start() }
})
