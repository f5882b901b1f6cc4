import { noise } from '../support/bytes.ts'
import { expect, test, type Page } from '../support/people.ts'
import { stockWebTorrent, type Lie } from '../support/stock-webtorrent.ts'

/** The magnet link that stands under the details of the item on show. */
async function magnetOf(page: Page): Promise<string> {
  await page.getByText('Details', { exact: true }).click()
  const magnet = page.getByRole('textbox', { name: 'Magnet link' })
  await expect(magnet).toHaveValue(/^magnet:\?xt=urn:btih:[0-9a-f]{40}/)
  return await magnet.inputValue()
}

test('an unmodified WebTorrent client gets what we share, and gives it on to us', async ({ browser, person }) => {
  const [ada, ben] = [await person(), await person()]
  const file = { name: 'standard.bin', bytes: noise(3_000_000, 'standard') }
  const link = await ada.share([file])
  const stock = await stockWebTorrent(browser)
  expect(await stock.download(await magnetOf(ada.page))).toBe(/#\/get\/([0-9a-f]{64})/.exec(link)?.[1])
  await ada.context.close()
  await ben.get(link)
  await ben.here()
  expect((await ben.saved('standard.bin')).bytes.equals(file.bytes)).toBe(true)
  await stock.close()
})

for (const lie of ['false pieces', 'false info', 'endless bytes'] satisfies Lie[]) {
  test(`from somebody who sends ${lie} nothing is taken, and the honest sharer still gives all of it`, async ({ browser, person }) => {
    const [ada, ben] = [await person(), await person()]
    const file = { name: 'honest.bin', bytes: noise(3_000_000, lie) }
    const link = await ada.share([file])
    const liar = await stockWebTorrent(browser)
    await liar.download(await magnetOf(ada.page))
    await liar.lie(lie)
    await ada.page.goto('./network.json') // Holdfast does not run there
    await ben.get(link)
    await expect.poll(async () => await liar.lies()).toBeGreaterThan(0)
    await expect(ben.page.getByText('Waiting for the sharer').first()).toBeVisible({ timeout: 30_000 })
    await expect(ben.page.getByText('Every byte matches the link.')).toHaveCount(0)
    await ada.page.goto('./#/share')
    await ben.here()
    expect((await ben.saved('honest.bin')).bytes.equals(file.bytes)).toBe(true)
    await liar.close()
  })
}
