import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf, restoredAddress } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { full, got, job, locked, person, running, said, shared, threadName, threads, waiting } from '../support/ui-states.ts'

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const open = (hash = '#/threads', change: Partial<PeerState> = {}) => mountApp({ hash, state: { ...full, ...change } })
const reply = () => page.getByRole('textbox', { name: 'Reply' })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(async () => {
  // What was typed and not sent is kept from place to place; another test begins with nothing.
  for (const field of page.getByRole('textbox').elements()) await userEvent.clear(field)
  document.body.replaceChildren()
})

test('the list: unread, muted, looked through by words', async () => {
  await open()
  const list = page.getByRole('list', { name: 'Threads' })
  await expect.element(list.getByRole('link').first()).toHaveTextContent(/microphones.*2 unread/)
  await expect.element(list.getByRole('link').last()).toHaveTextContent(/eel talks.*Muted/)
  await expect.element(page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: /Threads/ })).toHaveAccessibleName('Threads 2 unread')
  const search = page.getByRole('searchbox', { name: 'Search threads' })
  await search.fill('lock MONDAY')
  await expect.poll(() => list.getByRole('link').elements().length).toBe(1)
  await expect.element(page.getByText('1 of 3')).toBeVisible()
  await search.fill('nothing like it')
  await expect.element(page.getByText('No thread has all of these words')).toBeVisible()
  expect(await faults()).toEqual([])
})

test('small files of what is on show begin to come, but not in a thread that was muted', async () => {
  const { peer } = await open(`#/thread/${threadName}`)
  await expect.poll(() => peer.begun).toEqual(said.flatMap(({ id, attachment }) => attachment === null ? [] : [id]))
  document.body.replaceChildren()
  const muted = await open(`#/thread/${threadName}`, { threads: { threads: threads.map(each => ({ ...each, muted: true })), unread: 0 } })
  await expect.element(page.getByRole('list', { name: 'Messages' })).toBeVisible()
  expect(muted.peer.begun).toEqual([])
})

test('a thread: who said what, own unfinished words with their stage, and then it has been seen', async () => {
  const { peer } = await open()
  await page.getByRole('link', { name: /microphones/ }).click()
  await focused(page.getByRole('heading', { level: 1, name: 'Which microphones survive salt?' }))
  expect(document.title).toBe('Which microphones survive salt? · Holdfast')
  const posts = page.getByRole('list', { name: 'Messages' }).getByRole('article')
  await expect.poll(() => posts.elements().length).toBe(said.length)
  expect(posts.elements().map(post => /Offered|Failed|Safe/.exec(post.textContent)?.[0] ?? '')).toEqual(['', '', '', 'Offered', 'Failed'])
  await expect.poll(() => peer.calls).toEqual([['seen', threadName]])
  await expect.element(page.getByRole('link', { name: 'Get pier-wax-test.flac' })).toHaveAttribute('href', expect.stringMatching(/^#\/get\/4/))
  await button(/^Details of what T9fWqH…Kx3R wrote/).click()
  await button('Show the proof').click()
  await expect.element(page.getByText('Verified: signed by its author, and in this block')).toBeVisible()
  expect(await faults()).toEqual([])
  await button('Mute Which microphones survive salt?').click()
  expect(peer.calls.slice(1)).toEqual([['proveMessage', cidOf('2')], ['mute', threadName, true]])
  peer.set({ threads: { threads: threads.map(thread => ({ ...thread, muted: true })), unread: 0 } })
  await expect.element(button('Unmute Which microphones survive salt?')).toBeVisible()
})

test('a long thread begins with its end', async () => {
  const { peer } = await open()
  peer.said.set(threadName, Array.from({ length: 130 }, (_, i) => ({ ...said[1]!, id: String(i).padStart(64, '0'), text: `word ${i}` })))
  await page.getByRole('link', { name: /microphones/ }).click()
  const posts = page.getByRole('list', { name: 'Messages' }).getByRole('article')
  await expect.poll(() => posts.elements().length).toBe(100)
  await button('Show earlier ones, 30 more').click()
  await expect.element(posts.first()).toHaveTextContent('word 0')
})

test('a reply: who reads it, what it costs, how much room is left', async () => {
  const { peer } = await open(`#/thread/${threadName}`)
  await expect.element(page.getByText('Everybody can read this, for ever.')).toBeVisible()
  await expect.element(button('Send, about 3 s of work')).toBeVisible()
  peer.cost = { fee: 1, seconds: 0 }
  peer.set({ account: { balance: 5, nonce: 32n, mined: 9n, power: 40n } })
  await expect.element(button('Send, 1 coin')).toBeVisible()
  await button('Send, 1 coin').click()
  await expect.element(page.getByText('There is nothing written yet.')).toBeVisible()
  await reply().fill('é'.repeat(501))
  await expect.element(page.getByText('2 bytes too long')).toBeVisible()
  await button('Send, 1 coin').click()
  await expect.element(page.getByText('2 bytes too long. Nothing was sent; what you wrote is kept.')).toBeVisible()
  await focused(reply())
  expect(await faults()).toEqual([])
  await reply().fill('Trying it.')
  await expect.element(page.getByText('990 bytes left')).toBeVisible()
  peer.failure = 'rate-limited'
  await button('Send, 1 coin').click()
  await expect.element(page.getByText(/Asked too often\..*What you wrote is kept\./)).toBeVisible()
  await button('Send, 1 coin').click()
  await expect.element(reply()).toHaveValue('')
  expect(peer.calls.filter(([name]) => name === 'reply')).toEqual([['reply', threadName, 'Trying it.', null], ['reply', threadName, 'Trying it.', null]])
})

test('what was typed is kept while the person looks elsewhere; failed words can be used again', async () => {
  await open(`#/thread/${threadName}`)
  await reply().fill('half a thought')
  location.hash = '#/wallet'
  await expect.element(page.getByRole('heading', { name: 'History' })).toBeVisible()
  location.hash = `#/thread/${threadName}`
  await expect.element(reply()).toHaveValue('half a thought')
  await button('Use these words again').click()
  await expect.element(reply()).toHaveValue('And the cable?')
  await focused(reply())
})

test('a new thread needs a title, and is where the person is afterwards', async () => {
  const { peer } = await open('#/threads/new', { identity: null })
  peer.cost = { fee: null, seconds: 0 }
  peer.set({ account: { balance: 0, nonce: 0n, mined: 0n, power: 0n } })
  await button('Send, free').click()
  await expect.element(page.getByText('A thread needs a title. Nothing was sent.')).toBeVisible()
  await focused(page.getByRole('textbox', { name: 'Title' }))
  await page.getByRole('textbox', { name: 'Title' }).fill(' Fog bells ')
  await page.getByRole('textbox', { name: 'First message' }).fill('Who has recordings?')
  await button('Send, free').click()
  await expect.poll(() => location.hash).toBe(`#/thread/${restoredAddress}/0`)
  expect(peer.calls).toEqual([['ensure'], ['openThread', 'Fog bells', 'Who has recordings?', null]])
})

test('what is attached is fetched from the thread, for what its message says, and shows how far it is', async () => {
  const { peer } = await open(`#/thread/${threadName}`, { consent: 'agreed' })
  const { cid, infohash, size, link, said: name } = said[2]!.attachment!
  peer.links.set(link, { ok: true, value: { cid, infohash, size, kind: 'a', key: null, name: 'pier-wax-test.flac', relays: [] } })
  peer.set({ threads: { threads, unread: 0 } })
  const post = page.getByRole('article').filter({ hasText: 'the same pier' })
  await post.getByRole('button', { name: 'Get pier-wax-test.flac' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['get', cid, name])
  expect(location.hash).toBe(`#/thread/${threadName}`)

  const coming = { ...waiting, cid, infohash, size }
  for (const [item, words] of [
    [coming, 'looking for somebody who has it'], [{ ...coming, state: 'getting', received: size / 4, sources: 1 }, '25 % here, from 1 person'], [{ ...coming, state: 'getting', received: size / 2, sources: 3 }, '50 % here, from 3 people'],
    [{ ...coming, received: size / 2 }, '50 % here, looking for somebody who has it'], [{ ...coming, state: 'checking' }, 'being checked'], [{ ...coming, state: 'paused', received: size / 2 }, 'stopped at 50 %'],
    [{ ...coming, state: 'failed', problem: { code: 'storage-full', message: '', data: {} } }, 'This device has no room left'], [{ ...coming, state: 'here' }, 'on this device'],
  ] as const) {
    peer.set({ items: [item] })
    await expect.element(post.getByText(words)).toBeVisible()
    expect(post.getByRole('button', { name: 'Cancel pier-wax-test.flac' }).elements().length).toBe(item.state === 'here' ? 0 : 1)
  }
  expect(await faults()).toEqual([])
  peer.set({ items: [coming] })
  await post.getByRole('button', { name: 'Cancel pier-wax-test.flac' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['remove', cid])
})

test('what was found to be false is said with the message, and is not offered again', async () => {
  const { peer } = await open(`#/thread/${threadName}`)
  const { said: name } = said[2]!.attachment!
  const post = page.getByRole('article').filter({ hasText: 'the same pier' })
  await expect.element(post.getByText('Get')).toBeVisible()
  peer.set({ falseAttachments: [name!.from] })
  await expect.element(post.getByText('What this message says of the file is false')).toBeVisible()
  expect(post.getByText('Get', { exact: true }).elements().length).toBe(0)
  expect(await faults()).toEqual([])
})

test('attached: only what everybody may fetch without a key', async () => {
  const { peer } = await open(`#/thread/${threadName}`, { items: [shared, { ...got, giving: false }, { ...locked, cid: cidOf('0'), title: 'Under a key' }] })
  await button('Attach').click()
  const dialog = page.getByRole('dialog')
  expect(dialog.getByRole('radio').elements().length).toBe(1)
  await expect.element(dialog.getByText('They see your IP address while they do.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
  await expect.element(dialog.getByText('Choose one of them first, or share a new file.')).toBeVisible()
  expect(await faults()).toEqual([])
  await dialog.getByRole('radio').click()
  await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
  await button(`Leave out ${shared.title}`).click()
  await button('Attach').click()
  await dialog.getByRole('radio').click()
  await dialog.getByRole('button', { name: 'Attach', exact: true }).click()
  await button('Send, about 3 s of work').click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['reply', threadName, '', shared.cid])
})

test('a new file is shared first and then attached; its job can be stopped', async () => {
  const { peer } = await open(`#/thread/${threadName}`, { items: [] })
  const choose = async (): Promise<void> => {
    await button('Attach').click()
    await userEvent.upload(page.getByLabelText('Files to share and attach'), new File(['x'], 'bell.wav'))
  }
  await choose()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['share', ['bell.wav'], 'bell.wav', { protect: false, findable: false }])
  peer.set({ jobs: [{ ...job, title: 'bell.wav' }] })
  await expect.element(page.getByRole('progressbar', { name: 'bell.wav' })).toBeVisible()
  await reply().fill('Listen.')
  expect(await faults()).toEqual([])
  await expect.element(button('Send, about 3 s of work')).toHaveAttribute('aria-disabled', 'true')
  await button('Cancel bell.wav').click()
  expect(peer.calls.at(-1)).toEqual(['cancelJob', 'job-1'])
  await expect.element(page.getByRole('progressbar')).not.toBeInTheDocument()
  await choose()
  peer.set({ jobs: [], items: [{ ...shared, job: 'job-1', title: 'bell.wav' }] })
  await expect.element(button('Leave out bell.wav')).toBeVisible()
  await button('Send, about 3 s of work').click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['reply', threadName, 'Listen.', shared.cid])
})

test('without a ledger, or locked, it says what it waits for', async () => {
  const { peer } = await open('#/threads/new', { ledger: { phase: 'waiting' } })
  await expect.element(page.getByText('Waiting for the ledger; then it can be sent.')).toBeVisible()
  peer.set({ ledger: running.ledger, identity: { ...person, passphrase: true, locked: true } })
  await expect.element(page.getByRole('link', { name: 'Unlock in Settings' })).toBeVisible()
  await expect.element(button('Send, about 3 s of work')).toBeDisabled()
})

test('words of others stay text', async () => {
  const title = '<img src=x onerror=alert(1)>\u202Egpj.exe'
  await open('#/threads', { threads: { threads: threads.slice(0, 1).map(thread => ({ ...thread, title })), unread: 0 } })
  const link = page.getByRole('link', { name: '<img' }).element()
  expect(link.querySelector('bdi')?.textContent).toBe(title)
  expect(link.querySelector('img')).toBeNull()
})
