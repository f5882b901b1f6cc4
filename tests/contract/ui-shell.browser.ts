import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { mountApp } from '../support/ui-mount.ts'
import { full, getting, got, running, shared, stuck } from '../support/ui-states.ts'

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => {
  document.body.replaceChildren()
  delete document.documentElement.dataset['theme']
})

test('the check for accessibility sees a fault inside a shadow root', async () => {
  const host = document.createElement('div')
  host.attachShadow({ mode: 'open' }).append(document.createElement('button'))
  document.body.append(host)
  expect((await faults()).join()).toContain('button-name')
})

test('the connection in words, and its steps with their reasons', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: running })
  const region = page.getByRole('region', { name: 'Connection' })
  await expect.element(region).toHaveTextContent('7 peers, 5 direct')
  peer.set({ connection: stuck })
  await expect.element(region).toHaveTextContent('No relay reached')
  await region.getByRole('button').click()
  await expect.element(page.getByText('The relay does not answer')).toBeVisible()
  expect(await faults()).toEqual([])
  await page.getByRole('link', { name: 'Open Network' }).click()
  await focused(page.getByRole('heading', { level: 1, name: 'Network' }))
  expect(document.title).toBe('Network · Holdfast')
})

test('the dialogs are clean too', async () => {
  await mountApp({ hash: `#/item/${shared.cid}`, state: { ...running, items: [shared] } })
  await page.getByRole('button', { name: 'Remove' }).click()
  await expect.element(page.getByText('The only copy known')).toBeVisible()
  expect(await faults()).toEqual([])
})

test('only the places that are built, the present one marked, reached by keys alone', async () => {
  await mountApp({ hash: '#/share', state: running })
  const places = page.getByRole('navigation', { name: 'Places' }).getByRole('listitem').elements().map(({ textContent }) => textContent.trim())
  expect(places).toEqual(['Share', 'Get', 'Library', 'Discover', 'Threads', 'Wallet', 'Records', 'Network', 'Settings'])
  await userEvent.keyboard('{Tab}')
  await focused(page.getByRole('button', { name: 'Skip to content' }))
  await userEvent.keyboard('{Enter}')
  await focused(page.getByRole('main'))
  await page.getByRole('link', { name: 'Library' }).click()
  await expect.element(page.getByRole('link', { name: 'Library' })).toHaveAttribute('aria-current', 'page')
})

test('the one switch stops all giving; the theme follows the peer', async () => {
  const { peer } = await mountApp({ hash: '#/settings', state: running })
  await page.getByRole('switch', { name: 'Sharing' }).click()
  await page.getByRole('combobox', { name: 'Theme' }).selectOptions('dark')
  await expect.poll(() => peer.calls).toEqual([['setSharing', false], ['setTheme', 'dark']])
  peer.set({ theme: 'dark' })
  await expect.poll(() => document.documentElement.dataset['theme']).toBe('dark')
})

test('a switch stays as it was left while an older state is drawn; refused, it goes back', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: running })
  const sharing = page.getByRole('switch', { name: 'Sharing' })
  let answer = Promise.withResolvers<void>()
  vi.spyOn(peer, 'setSharing').mockImplementation(() => answer.promise)
  const drawn = async (state: Parameters<typeof peer.set>[0]): Promise<void> => {
    peer.set(state)
    await document.querySelector('holdfast-app')!.updateComplete
  }
  await sharing.click()
  await drawn({ sharing: true }) // from before
  await expect.element(sharing).not.toBeChecked()
  answer.resolve()
  await answer.promise
  await drawn({ sharing: true }) // of another tab, on its way while this was done
  await expect.element(sharing).not.toBeChecked()
  await drawn({ sharing: false })
  await expect.element(sharing).not.toBeChecked()
  await drawn({ sharing: true }) // turned on elsewhere
  await expect.element(sharing).toBeChecked()
  answer = Promise.withResolvers()
  await sharing.click()
  await expect.element(sharing).not.toBeChecked()
  answer.reject(new Error('not now'))
  await expect.element(sharing).toBeChecked()
  await expect.element(page.getByRole('alert')).toBeVisible()
})

test.each([[360, 640], [1280, 700]])('no words cover the end of a page for ever, at %i by %i', async (width, height) => {
  await page.viewport(width, height)
  const { peer } = await mountApp({ hash: '#/settings', state: running })
  const app = document.querySelector('holdfast-app')!.shadowRoot!
  peer.set({ connection: { ...running.connection, online: false }, updateReady: true })
  await expect.element(page.getByText('You are offline')).toBeVisible()
  await expect.poll(() => {
    scrollTo(0, document.documentElement.scrollHeight)
    const [main, toasts] = [app.querySelector('main')!, app.querySelector('holdfast-toasts')!.shadowRoot!.querySelector('.toasts')!]
    return toasts.getBoundingClientRect().top - (main.getBoundingClientRect().bottom - Number.parseFloat(getComputedStyle(main).paddingBlockEnd))
  }).toBeGreaterThanOrEqual(0)
})

test('a switch that was turned in vain shows how it is', async () => {
  await mountApp({ hash: '#/share', state: running })
  const sharing = page.getByRole('switch', { name: 'Sharing' })
  const input = sharing.element() as HTMLInputElement
  input.click()
  expect(input.checked).toBe(false)
  await expect.element(sharing).toBeChecked() // the peer said done, and nothing changed
})

test('a tab that does not lead looks the same and says which one does', async () => {
  const { peer } = await mountApp({ hash: '#/network', state: running })
  await expect.element(page.getByText('This tab leads')).toBeVisible()
  peer.set({ leads: false })
  await expect.element(page.getByText('Another tab leads')).toBeVisible()
  expect(page.getByRole('navigation', { name: 'Places' }).getByRole('link').elements().length).toBe(10)
})

test('while one tab takes over from another, the connection still reads sensibly', async () => {
  await mountApp({ hash: '#/share', state: { ...running, leads: false, connection: { ...stuck, steps: [] } } })
  const region = page.getByRole('region', { name: 'Connection' })
  await expect.element(region).toHaveTextContent('Reaching a relay')
  await region.getByRole('button').click()
  await expect.element(page.getByText('One moment: the connection is being taken up.')).toBeVisible()
})

test('on a metered connection every place says that nothing is given, unless the rule is another', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: { ...running, metered: { now: true, rule: 'pause' } } })
  await expect.element(page.getByText('On a metered connection: nothing is given.')).toBeVisible()
  peer.set({ metered: { now: true, rule: 'give' } })
  await expect.element(page.getByText('On a metered connection: nothing is given.')).not.toBeInTheDocument()
})

test.each([
  ['secure-context', 'https://'], ['storage', 'Private windows'], ['workers', 'workers are missing'],
] as const)('without %s it says what to do', async (missing, words) => {
  await mountApp({ hash: '#/share', state: { ...running, phase: 'unsupported', missing } })
  await expect.element(page.getByText(words)).toBeVisible()
})

test('a new version is offered and never forced', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: { ...running, updateReady: true } })
  await page.getByRole('button', { name: 'Later' }).click()
  await expect.element(page.getByText('A new version is ready.')).not.toBeInTheDocument()
  expect(peer.calls).toEqual([])
})

test('progress is said at quarters, no more often than every five seconds', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'performance'] })
  try {
    const { app, peer } = await mountApp({ hash: '#/library', state: { ...running, items: [{ ...getting, received: 0 }] } })
    const said = (): string | undefined => app.shadowRoot?.querySelector('.shell > [role=status]')?.textContent
    const receive = async (received: number): Promise<void> => {
      peer.set({ items: [{ ...getting, received }] })
      await app.updateComplete
    }
    await receive(0)
    await receive(100_000_000)
    expect(said()).toBe('Low Pressure: 25 %')
    await receive(200_000_000)
    expect(said()).toBe('Low Pressure: 25 %')
    vi.advanceTimersByTime(10_000)
    await app.updateComplete
    expect(said()).toBe('Low Pressure: 50 %')
  } finally {
    vi.useRealTimers()
  }
})

test('Library: what is held and what can be done about each', async () => {
  const { peer } = await mountApp({ hash: '#/library', state: { ...full, items: [shared, { ...got, giving: false }, getting] } })
  await expect.element(page.getByText('2.3 GB held')).toBeVisible()
  await expect.element(page.getByText('Only copy known')).toBeVisible()
  await page.getByRole('button', { name: 'Ask the browser to keep it' }).click()
  await page.getByRole('button', { name: `Stop sharing ${shared.title}` }).click()
  await page.getByRole('button', { name: `Share ${got.title} again` }).click()
  await page.getByRole('button', { name: `Pause ${getting.title}` }).click()
  await expect.poll(() => peer.calls).toEqual([['persist'], ['give', shared.cid, false], ['give', got.cid, true], ['pause', getting.cid]])
  await page.getByRole('link', { name: shared.title }).click()
  await expect.element(page.getByRole('textbox', { name: 'Link' })).toBeVisible()
})

test('names from others stay text', async () => {
  const title = '<img src=x onerror=alert(1)>\u202Egpj.exe'
  await mountApp({ hash: '#/library', state: { ...running, items: [{ ...got, title }] } })
  const link = page.getByRole('link', { name: '<img' }).element()
  expect(link.querySelector('bdi')?.textContent).toBe(title)
  expect(link.querySelector('img')).toBeNull()
})

test('on a phone the rest of the places is behind More, which closes by itself and by Esc', async () => {
  await page.viewport(360, 860)
  await mountApp({ hash: '#/share', state: full })
  const places = page.getByRole('navigation', { name: 'Places' })
  const more = places.getByRole('button', { name: 'More places' })
  expect(places.getByRole('link').elements().map(link => link.textContent.trim().replaceAll(/\s+/g, ' '))).toEqual(['Share', 'Get', 'Library', 'Discover'])
  await expect.element(more).toHaveAccessibleName('More places 2 unread')
  await more.click()
  await expect.poll(() => places.getByRole('link').elements().length).toBe(9)
  expect(await faults()).toEqual([])
  await userEvent.keyboard('{Tab}')
  await focused(places.getByRole('link', { name: 'Threads 2 unread' }))
  await userEvent.keyboard('{Tab}')
  await focused(places.getByRole('link', { name: 'Wallet' }))
  await userEvent.keyboard('{Escape}')
  await focused(more)
  await userEvent.keyboard('{Enter}{Tab}{Tab}{Enter}')
  await focused(page.getByRole('heading', { level: 1, name: 'Wallet' }))
  await expect.element(places.getByRole('button', { name: 'More places, now in Wallet' })).toHaveAttribute('aria-current', 'true')
  expect(places.getByRole('link').elements().length).toBe(4)
})
