import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import '../../src/ui/tokens/page.css'
import { publishDraft } from '../../src/ui/draft.ts'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { kelda, rankedKeepers } from '../support/keeping-states.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { job, keeper, keptItem, mara, news, ownUpload, person, running, sendingUpload, shared, signe, uploads } from '../support/ui-states.ts'
import { views } from '../support/ui-views.ts'

const view = (name: string) => views[name] ?? { hash: '#/share', state: running }
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const radio = (name: string) => page.getByRole('radio', { name, exact: true })
const field = (name: string) => page.getByRole('textbox', { name, exact: true })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('a track is published: proposed as music, named, put up for sale, kept by named keepers, and its page opened', async () => {
  const { peer } = await mountApp({ hash: '#/share', state: running })
  peer.proposal = { kind: 'audio', title: 'Harbour at 4 a.m.', problem: null }
  peer.cost = { fee: 2, seconds: 0 }
  await userEvent.upload(page.getByLabelText('Files to share'), [new File(['x'.repeat(5000)], 'harbour.wav')])
  await expect.element(radio('Share by link')).toBeChecked()
  await radio('Publish').click()
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('1 file, to be published')
  await expect.element(radio('Music')).toBeChecked()
  await expect.element(field('Title')).toHaveValue('Harbour at 4 a.m.')
  await expect.element(page.getByText('The fee is 2 coins')).toBeVisible()
  await field('About it').fill('One night\non the pier.')
  await field('Tags').fill('sea, field recording')
  await radio('Whoever pays').click()
  await field('Price in coins').fill('40')
  await page.getByText('Who gives out the key').click()
  await field('Others who give it out in your stead').fill(mara)
  await radio('Keepers you name').click()
  await field('Their addresses').fill(`${signe}\n${mara}`)
  expect(await faults()).toEqual([])
  await button('Publish').click()
  await expect.poll(() => peer.calls).toEqual([['publish', ['harbour.wav'], [], {
    kind: 'audio', title: 'Harbour at 4 a.m.', about: 'One night on the pier.', tags: ['sea', 'field recording'], protect: true,
    policy: { pay: { price: 40, share: 100 } }, holders: [mara], keepers: [signe, mara], wanted: 2, until: 13,
  }]])

  peer.set({ jobs: [{ ...job, title: 'Harbour at 4 a.m.', publish: { stage: 'transcoding', kind: 'audio' } }] })
  await expect.element(page.getByText('Step 2 of 4: making lossless FLAC of it')).toBeVisible()
  await expect.element(page.getByRole('progressbar', { name: 'Harbour at 4 a.m.' })).toBeVisible()
  await button('Cancel Harbour at 4 a.m.').click()
  expect(peer.calls.at(-1)).toEqual(['cancelJob', 'job-1'])
  peer.set({ jobs: [{ ...job, title: 'Harbour at 4 a.m.', publish: { stage: 'complete', kind: 'audio' } }], uploads: { ...news, total: 0, change: 2, sending: [{ ...sendingUpload, title: 'Harbour at 4 a.m.', pulled: false }] } })
  await expect.poll(() => location.hash).toBe(`#/upload/${cidOf('d')}/${person.address}`)
  await expect.element(page.getByRole('heading', { level: 1, name: 'Harbour at 4 a.m.' })).toBeVisible()
  await expect.element(page.getByText('Nobody has taken it over yet; keep a tab open.')).toBeVisible()
})

test('keepers are picked from the best, beside typed addresses, and those who want more than is offered are counted', async () => {
  const { peer } = await mountApp(view('publish-keepers'))
  const best = page.getByRole('group', { name: 'Keepers, the best first' })
  await expect.element(best.getByText('wants 5 coins a period; 4.2 GB free; proved 12 of 12')).toBeVisible()
  expect(best.getByRole('checkbox', { checked: true }).elements().length).toBe(2)
  await expect.element(page.getByText('104 coins are set aside; what nobody earns comes back to you. 1 of 2 want more, and will not take it.')).toBeVisible()
  await field('Coins for each of them and period').fill('5')
  await expect.element(page.getByText('All of them take that.')).toBeVisible()
  await best.getByRole('checkbox').nth(2).click()
  await expect.element(field('Their addresses')).toHaveValue([mara, kelda, signe].join('\n'))
  await best.getByRole('checkbox').first().click()
  await field('Their addresses').fill(`${kelda}\n${signe} nobody`)
  await expect.element(page.getByText('“nobody” is no whole address.')).toBeVisible()
  await best.getByRole('checkbox').nth(1).click()
  await expect.element(field('Their addresses')).toHaveValue(`${signe}\nnobody`) // to be seen to
  expect(await faults()).toEqual([])
  await button('Name the first 16').click()
  expect(best.getByRole('checkbox', { checked: true }).elements().length).toBe(16)
  await expect.element(best.getByRole('checkbox').last()).toBeDisabled()
  await button('Publish').click()
  await expect.poll(() => peer.calls.at(-1)?.[3]).toMatchObject({ keepers: rankedKeepers.slice(0, 16).map(({ address }) => address), wanted: 3, each: 5 })
})

test('keepers are ranked for what is known of it, anew when that is another size or the choice is opened again, and not while it is written about', async () => {
  const { peer } = await mountApp({ ...view('publish-keepers'), publish: publishDraft })
  expect(peer.rankings).toEqual([])
  await radio('Keepers you name').click()
  await expect.poll(() => peer.rankings).toEqual([{ bytes: 1_000, protected: true, each: null }])
  await field('Title').fill('Another title')
  await field('Their addresses').fill(mara)
  expect(peer.rankings.length).toBe(1)
  peer.ranked = rankedKeepers.slice(0, 1)
  await userEvent.upload(page.getByLabelText('Pictures to add'), [new File(['x'.repeat(2_000)], 'sleeve.png', { type: 'image/png' })])
  await expect.poll(() => peer.rankings.at(-1)).toEqual({ bytes: 3_000, protected: true, each: null })
  await expect.element(button('Name the first 1')).toBeVisible()
  await radio('A file as it is').click()
  await expect.poll(() => peer.rankings.at(-1)).toMatchObject({ protected: false })
  const before = peer.rankings.length
  await radio('Volunteers').click()
  await radio('Keepers you name').click()
  await expect.poll(() => peer.rankings.length).toBe(before + 1)
})

test('where keepers cannot be ranked it is said, and addresses are named all the same', async () => {
  const { peer } = await mountApp({ ...view('publish-keepers'), publish: publishDraft, ranked: [] })
  await radio('Keepers you name').click()
  await expect.element(page.getByText('No active keeper has room for it now.')).toBeVisible()
  await field('Their addresses').fill(mara)
  await button('Publish').click()
  await expect.poll(() => peer.calls.at(-1)?.[3]).toMatchObject({ keepers: [mara], wanted: 1 })
})

test('when the job is gone before anything is heard of the ledger, the file it made leads on, not its cover', async () => {
  const { peer } = await mountApp(view('publish'))
  await button('Publish').click()
  await expect.poll(() => peer.calls.length).toBe(1)
  peer.set({ jobs: [{ ...job, publish: { stage: 'complete', kind: 'audio' } }] })
  await expect.element(page.getByText('All of it is ready. Now the network is told.')).toBeVisible()
  const file = { ...shared, kind: 'a' as const, cid: cidOf('d'), title: 'Night ferry', job: 'job-1', members: null, reasons: [{ reason: 'own' as const, owner: null, upload: null }] }
  peer.set({ jobs: [], items: [{ ...file, kind: 'i', cid: cidOf('e') }, file] })
  await expect.poll(() => location.hash).toBe(`#/upload/${cidOf('d')}/${person.address}`)
  await expect.element(page.getByRole('heading', { level: 1, name: 'Night ferry' })).toBeVisible()
  await expect.element(page.getByText('On this device only')).toBeVisible()
})

test('what is missing or wrong is told beside its field, and nothing is begun', async () => {
  const { peer } = await mountApp(view('publish'))
  await radio('Whoever pays').click()
  await field('Percent for whoever gives the key').fill('80')
  await expect.element(page.getByText('From 0 to 50 percent.')).toBeVisible()
  expect(page.getByText('There is no price yet.').elements()).toEqual([])
  await button('Publish').click()
  await expect.element(page.getByText('There is no price yet.')).toBeVisible()
  await focused(field('Price in coins'))
  await expect.element(field('Price in coins')).toHaveAttribute('aria-invalid', 'true')
  expect(await faults()).toEqual([])
  await radio('Only you').click()
  await page.getByText('Who gives out the key').click()
  await field('Others who give it out in your stead').fill('nobody')
  await page.getByText('Who gives out the key').click()
  await button('Publish').click()
  await focused(field('Others who give it out in your stead'))
  await expect.element(page.getByText('“nobody” is no whole address.')).toBeVisible()
  expect(peer.calls).toEqual([])
})

test('before the first publication a backup is asked for, with a way on', async () => {
  const { peer } = await mountApp(view('publish-poor'))
  await expect.element(page.getByText('Not backed up')).toBeVisible()
  await button('Publish').click()
  const dialog = page.getByRole('dialog')
  await expect.element(dialog.getByRole('heading', { name: 'Back up before you publish?' })).toBeVisible()
  await expect.element(dialog.getByRole('link', { name: 'Back up now' })).toHaveAttribute('href', '#/settings')
  expect(await faults()).toEqual([])
  await dialog.getByRole('button', { name: 'Not now' }).click()
  expect(peer.calls).toEqual([])
  await button('Publish').click()
  await dialog.getByRole('button', { name: 'Publish without a backup' }).click()
  await expect.poll(() => peer.calls.map(([name]) => name)).toEqual(['publish'])
})

test('who published before and is not backed up is not stopped again, only told', async () => {
  const { peer } = await mountApp({ ...view('publish-poor'), published: [ownUpload] })
  await expect.element(page.getByText('Not backed up')).toBeVisible()
  await button('Publish').click()
  await expect.poll(() => peer.calls.map(([name]) => name)).toEqual(['publish'])
})

test('whoever has no address is somebody before the job begins', async () => {
  const { peer } = await mountApp({ ...view('publish'), state: { ...running, identity: null, account: null } })
  await button('Publish').click()
  await button('Publish without a backup').click()
  await expect.poll(() => peer.calls.map(([name]) => name)).toEqual(['ensure', 'publish'])
})

test('without coins: the cost is work, and what needs coins cannot be chosen', async () => {
  await mountApp(view('publish-poor'))
  await expect.element(page.getByText('It costs no coins')).toBeVisible()
  for (const name of ['Whoever pays', 'Keepers who accept', 'Keepers you name']) await expect.element(radio(name)).toBeDisabled()
  await page.getByRole('spinbutton', { name: 'How many periods it stands' }).fill('5')
  await expect.element(page.getByText('Without coins for the fee, 1 to 4 periods.')).toBeVisible()
})

test('covers: added, shown, left out; those that came with the track stay', async () => {
  const drawing = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='), letter => letter.codePointAt(0) ?? 0)
  const picture = (name: string) => new File([drawing], name, { type: 'image/png' })
  const { peer } = await mountApp({ hash: '#/share', state: running })
  peer.proposal = { kind: 'audio', title: 'Harbour', problem: null }
  await userEvent.upload(page.getByLabelText('Files to share'), [new File(['x'], 'harbour.wav'), picture('sleeve.png')])
  await radio('Publish').click()
  await expect.element(page.getByRole('img', { name: 'Picture 1: sleeve.png' })).toBeVisible()
  expect(button('Leave out sleeve.png').elements()).toEqual([])
  await userEvent.upload(page.getByLabelText('Pictures to add'), [picture('back.png'), new File(['no picture'], 'broken.png', { type: 'image/png' })])
  await expect.element(page.getByRole('img', { name: 'Picture 2: back.png' })).toBeVisible()
  await expect.element(page.getByRole('img', { name: 'Picture 3: broken.png' })).not.toBeInTheDocument()
  await button('Leave out broken.png').click()
  expect(await faults()).toEqual([])
  await button('Publish').click()
  await expect.poll(() => peer.calls.at(-1)?.slice(0, 3)).toEqual(['publish', ['harbour.wav'], ['sleeve.png', 'back.png']])
})

test('what was written waits through a look elsewhere, and through the other way of sharing', async () => {
  await mountApp(view('publish-sale'))
  location.hash = '#/settings'
  await focused(page.getByRole('heading', { level: 1, name: 'Settings' }))
  location.hash = '#/share'
  await expect.element(field('About it')).toHaveValue('One night on the pier.')
  await expect.element(field('Price in coins')).toHaveValue('40')
  await radio('Share by link').click()
  await expect.element(button('Share')).toBeVisible()
})

test('a recording that cannot be published says why; as a file it can', async () => {
  const { peer } = await mountApp(view('publish-refused'))
  await expect.element(page.getByText('This recording is damaged')).toBeVisible()
  await expect.element(button('Publish')).toBeDisabled()
  await radio('A file as it is').click()
  await expect.element(page.getByText('This recording is damaged')).not.toBeInTheDocument()
  await button('Publish').click()
  await expect.poll(() => peer.calls.at(-1)?.[3]).toMatchObject({ kind: 'archive', protect: false, policy: 'open' })
})

test('a publication that fails to begin loses nothing', async () => {
  const { peer } = await mountApp(view('publish'))
  peer.failure = 'storage-full'
  await button('Publish').click()
  await expect.element(page.getByRole('alert')).toHaveTextContent('This device has no room left')
  await expect.element(field('Title')).toHaveValue('Harbour at 4 a.m.')
})

test('jobs that failed say why; what is on its way says how far it is, and what was refused is forgotten', async () => {
  const { peer } = await mountApp(view('publish-jobs'))
  await expect.element(page.getByText('This is neither music nor a film')).toBeVisible()
  const list = page.getByRole('region', { name: 'Published by you' })
  await expect.element(list.getByRole('link', { name: 'Night ferry' })).toHaveAttribute('href', `#/upload/${cidOf('d')}/${person.address}`)
  await expect.element(list.getByText('Another peer has it by now and carries it on.')).toBeVisible()
  await expect.element(list.getByRole('link', { name: ownUpload.title })).toBeVisible()
  await button('Forget it: Refused').click()
  expect(peer.calls.at(-1)).toEqual(['cancel', cidOf('e')])
})

test('keeping for others: promised with room, changed, and asked before much is taken away', async () => {
  const { peer } = await mountApp({ hash: '#/library', state: { ...running, consent: 'unasked' }, published: uploads })
  await button('Become a keeper').click()
  await page.getByLabelText('Room in gigabytes').fill('much')
  await button('Promise it').click()
  await expect.element(page.getByText('A number of gigabytes, such as 2 or 0.5.')).toBeVisible()
  await focused(page.getByLabelText('Room in gigabytes'))
  expect(await faults()).toEqual([])
  await page.getByLabelText('Room in gigabytes').fill('2.5')
  await page.getByRole('checkbox', { name: 'Also what is not encrypted' }).click()
  await button('Promise it').click()
  await expect.poll(() => peer.calls).toEqual([['consent', true], ['openKeeping', { pledged: 2_500_000_000, price: 0, public: true }]])
  await expect.element(page.getByText('Your promise is on its way to the ledger.')).toBeVisible()

  peer.set({ consent: 'agreed', uploads: { ...news, change: 3, keeping: { ...news.keeping, open: keeper } }, items: [keptItem] })
  await expect.element(page.getByText('You accepted to keep it for T9fWqH…Kx3R')).toBeVisible()
  await button('Change what you give').click()
  await page.getByLabelText('Room in gigabytes').fill('1')
  await button('Change it').click()
  await expect.element(page.getByText('You keep 1.2 GB already; at least that much.')).toBeVisible()
  await userEvent.keyboard('{Escape}')
  document.body.replaceChildren()

  const asked = await mountApp(view('library-removal-asked'))
  await expect.element(page.getByText('A great deal would be taken away')).toBeVisible()
  await button('Keep them').click()
  expect(asked.peer.calls).toEqual([['decideRemoval', false]])
  await button(`More for ${keptItem.title}`).click()
  await page.getByRole('button', { name: `Unpin ${keptItem.title}` }).click()
  expect(asked.peer.calls.at(-1)).toEqual(['pin', keptItem.cid, false])
})
