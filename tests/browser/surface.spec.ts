import { noise } from '../support/bytes.ts'
import { accessibilityFaults, choose, expect, test } from '../support/people.ts'

test('every place is accessible, light and dark, wide and narrow', async ({ person }) => {
  const ada = await person()
  await ada.share([{ name: 'a.txt', bytes: Buffer.from('for all to see') }, { name: 'b.txt', bytes: noise(20_000, 'b') }], { title: 'Two texts' })
  const ready = ada.page.url()
  for (const colorScheme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme })
    for (const width of [1280, 360]) {
      await ada.page.setViewportSize({ width, height: 800 })
      for (const place of [ready, './#/share', './#/get', './#/library', './#/network', './#/settings']) {
        await ada.page.goto(place)
        await expect(ada.page.getByRole('heading', { level: 1 })).toBeVisible()
        expect(await accessibilityFaults(ada.page), `${place} ${colorScheme} ${String(width)}`).toEqual([])
      }
    }
  }
})

test('by keyboard alone: share, and open the link', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  await ada.page.getByLabel('Files to share').setInputFiles({ name: 'keys.txt', mimeType: 'text/plain', buffer: Buffer.from('typed') })
  const share = ada.page.getByRole('button', { name: 'Share', exact: true })
  await expect(share).toBeEnabled() // not before the peer runs
  await share.focus()
  await ada.page.keyboard.press('Enter')
  const link = await ada.page.getByRole('textbox', { name: 'Link', exact: true }).inputValue()
  await ben.page.getByRole('textbox', { name: 'Paste a link' }).focus()
  await ben.page.keyboard.insertText(link)
  await ben.page.keyboard.press('Tab')
  await expect(ben.page.getByRole('button', { name: 'Get', exact: true })).toBeFocused()
  await ben.page.keyboard.press('Enter')
  await expect(ben.page.getByRole('button', { name: 'Not now' })).toBeFocused()
  await ben.page.keyboard.press('Enter')
  await ben.here()
})

test('stop sharing, share again; the header switch stops everything', async ({ person }) => {
  const [ada, ben] = [await person(), await person()]
  const link = await ada.share([{ name: 'shy.txt', bytes: noise(100_000, 'shy') }])
  await ada.page.getByRole('button', { name: /^Stop sharing/ }).click()
  await expect(ada.page.getByRole('button', { name: /^Share again/ })).toBeVisible()
  await ben.get(link)
  await expect(ben.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await ada.page.getByRole('switch', { name: 'Sharing' }).click()
  await ada.page.getByRole('button', { name: /^Share again/ }).click()
  await ben.page.waitForTimeout(3000)
  await expect(ben.page.getByText('Waiting for the sharer').first()).toBeVisible()
  await ada.page.getByRole('switch', { name: 'Sharing' }).click()
  await ben.here()
})

test('what may not be shared is refused with its reason', async ({ person }) => {
  const { page } = await person()
  await page.getByLabel('Files to share').setInputFiles([{ name: 'Notes.txt', mimeType: 'text/plain', buffer: Buffer.from('1') }, { name: 'notes.TXT', mimeType: 'text/plain', buffer: Buffer.from('2') }])
  await expect(page.getByText(/notes\.TXT/i).first()).toBeVisible()
  await expect(page.getByText('Some names are the same')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeDisabled()
  await page.getByRole('button', { name: 'Leave these out' }).click()
  await expect(page.getByRole('button', { name: 'Share', exact: true })).toBeEnabled()
})

test('a share cancelled under way makes room for the next', async ({ person }) => {
  const ada = await person()
  await choose(ada.page, [{ name: 'long.txt', bytes: Buffer.from('compressible '.repeat(6_000_000)) }])
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  await expect.poll(async () => await ada.page.getByRole('progressbar', { name: 'long.txt' }).evaluate(bar => (bar as HTMLProgressElement).value)).toBeGreaterThan(1_000_000)
  await ada.page.getByRole('button', { name: 'Cancel long.txt' }).click()
  await expect(ada.page.getByRole('progressbar')).toHaveCount(0)
  await ada.page.goto('./#/share')
  await ada.share([{ name: 'short.txt', bytes: Buffer.from('quick') }])
})

test('a tab killed while it packs says so, and asks for the files again', async ({ person }) => {
  const ada = await person()
  await choose(ada.page, Array.from({ length: 4 }, (_, i) => ({ name: `${String(i)}.txt`, bytes: Buffer.from('compressible '.repeat(1_500_000)) })))
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click()
  // It packs once its job is written down; a tab that dies before has begun nothing.
  await expect.poll(async () => await ada.page.getByRole('progressbar', { name: '4 files' }).evaluate(bar => (bar as HTMLProgressElement).value)).toBeGreaterThan(0)
  await ada.reopen()
  await expect(ada.page.getByText(/closed before/i).first()).toBeVisible()
  await ada.page.getByRole('button', { name: 'Dismiss 4 files' }).click()
  await expect(ada.page.getByText(/closed before/i)).toHaveCount(0)
})

test('the app can be installed', async ({ person }) => {
  const { page, context } = await person()
  const session = await context.newCDPSession(page)
  const { errors, url } = await session.send('Page.getAppManifest')
  expect(errors).toEqual([])
  expect(url).toMatch(/manifest\.webmanifest$/)
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors')
  expect(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito')).toEqual([])
})
