import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import type { AccessState, PeerState, Upload } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { cidOf } from '../support/scripted-peer.ts'
import { mountApp } from '../support/ui-mount.ts'
import { byRequest, forSale, getting, got, keyInRecord, ledger, mara, news, openMaps, ownUpload, person, running, sendingUpload, shared, signe, tidePicture, wallet } from '../support/ui-states.ts'

const open = (upload: Upload, change: Partial<PeerState> = {}) =>
  mountApp({ hash: `#/upload/${upload.cid}/${upload.owner}`, state: { ...running, consent: 'agreed', uploads: news, ...change }, published: [upload] })
const at = (upload: Upload, state: AccessState, reason: string | null = null): Upload => ({ ...upload, access: { ...upload.access, state, reason } })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const panel = () => page.getByRole('region', { name: /coins|Open to all|By request|Withdrawn/ })

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

test('all of it: what it says of itself, who keeps it, how long it stands, and its terms', async () => {
  await open(forSale)
  await expect.element(page.getByRole('heading', { level: 1, name: forSale.title })).toBeVisible()
  for (const words of [forSale.about, 'published it; whether they made it nobody checks', 'Kept by 1 other (1 promised)', '2 places for keepers are free.', 'Encrypted; whoever pays can open it, for good.']) await expect.element(page.getByText(words)).toBeVisible()
  await expect.element(page.getByRole('list', { name: 'Tags' })).toHaveTextContent('field recording')
  expect(page.getByText('author').elements()).toEqual([])
  await page.getByText('Who keeps it, who gives out the key').click()
  for (const words of ['keeps it, and accepted to', 'was asked to keep it', 'gives out the key, seen 7 min ago']) await expect.element(page.getByText(words).first()).toBeVisible()
  await page.getByText('Details').click()
  await expect.element(page.getByRole('textbox', { name: 'Content id' })).toHaveValue(forSale.cid)
  for (const words of [forSale.owner, forSale.file.audit, forSale.file.infohash, forSale.maker, forSale.images[1]?.cid ?? '']) await expect.element(page.getByText(words).first()).toBeVisible()
  expect(await faults()).toEqual([])
})

describe('access', () => {
  test('what everybody can open is fetched, and giving is agreed to first', async () => {
    const { peer } = await open(openMaps, { consent: 'unasked' })
    await button('Fetch').click()
    await button('Agree').click()
    await expect.poll(() => peer.calls).toEqual([['consent', true], ['fetch', openMaps.cid]])
  })

  test('a key that stands beside it is taken up with it, unasked', async () => {
    const { peer } = await open(keyInRecord)
    await button('Fetch').click()
    await expect.poll(() => peer.calls).toEqual([['askKey', keyInRecord.cid], ['fetch', keyInRecord.cid]])
    expect(button('Ask for the key').elements()).toEqual([])
  })

  test('a key that may be had is asked for, by somebody', async () => {
    const { peer } = await open(at(forSale, 'may'), { identity: null })
    await button('Ask for the key').click()
    await expect.poll(() => peer.calls).toEqual([['ensure'], ['askKey', forSale.cid]])
    await button('Keep without opening').click()
    expect(peer.calls.at(-1)).toEqual(['fetch', forSale.cid])
  })

  test('a wait says for whom and why, and can be ended', async () => {
    const { peer } = await open(at(forSale, 'waiting', 'not-safe-yet'))
    await expect.element(page.getByText('Waiting for someone who can give the key')).toBeVisible()
    await expect.element(page.getByText('Your access is too young for them to rely on')).toBeVisible()
    await expect.element(page.getByText('was last seen 7 min ago')).toBeVisible()
    await button('Stop asking').click()
    expect(peer.calls).toEqual([['stopAsking', forSale.cid]])
  })

  test('a key is bought after a look at what it costs', async () => {
    const { peer } = await open(forSale, { wallet })
    await button('Buy for 40 coins').click()
    const dialog = page.getByRole('dialog')
    await expect.element(dialog.getByRole('heading', { name: 'Buy the key for 40 coins?' })).toBeVisible()
    await expect.element(dialog.getByText('12,305')).toBeVisible()
    await expect.element(dialog.getByText('If nobody gives it in time, they come back to you.')).toBeVisible()
    expect(await faults()).toEqual([])
    await dialog.getByRole('button', { name: 'Not now' }).click()
    expect(peer.calls).toEqual([])
    await button('Buy for 40 coins').click()
    await dialog.getByRole('button', { name: 'Buy for 40 coins' }).click()
    await expect.poll(() => peer.calls).toEqual([['buy', forSale.cid]])
    peer.set({ uploads: { ...news, sending: [{ ...sendingUpload, op: 8, cid: forSale.cid }] } })
    await expect.element(page.getByText('Your payment is on its way')).toBeVisible()
    expect(button('Buy for 40 coins').elements(), 'not twice').toEqual([])
    expect(await faults()).toEqual([])
  })

  test('who has too little is told how much it takes', async () => {
    await open(forSale, { account: { balance: 40, nonce: 0n, mined: 0n, power: 0n } })
    await expect.element(button('Buy for 40 coins')).toBeDisabled()
    await expect.element(page.getByText('You have 40 coins; with the fee it takes 41.')).toBeVisible()
  })

  test('paid, and nobody gave the key: the coins are asked back, and come', async () => {
    const bought = at(forSale, 'buying')
    const { peer } = await open({ ...bought, access: { ...bought.access, refundAt: ledger.head.number + 3 } }, { ledger })
    await expect.element(page.getByText('Paid; waiting for the key')).toBeVisible()
    await expect.element(page.getByText('Where nobody gives the key before, your coins come back in 3 blocks, about 15 min.')).toBeVisible()
    expect(button('Ask for the coins back').elements()).toEqual([])
    peer.set({ ledger: { ...ledger, head: { ...ledger.head, number: ledger.head.number + 2 } } })
    await expect.element(page.getByText('the next block can return them')).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Ask for the coins back').click()
    expect(peer.calls).toEqual([['settle', forSale.cid]])
    peer.published = [at(forSale, 'refunded')]
    peer.set({ uploads: { ...news, change: 2 } })
    await expect.element(page.getByText('Your coins came back')).toBeVisible()
    await expect.element(button('Buy for 40 coins')).toBeVisible()
  })

  test('a stranger is refused with the reason', async () => {
    await open(byRequest)
    await expect.element(page.getByText('You do not get the key')).toBeVisible()
    await expect.element(page.getByText('Your address is not among those who get it.')).toBeVisible()
    expect(button('Fetch').elements()).toEqual([])
  })

  test('while locked nothing is paid', async () => {
    await open(forSale, { identity: { ...person, passphrase: true, locked: true } })
    await expect.element(page.getByText('Locked: nothing is asked or paid')).toBeVisible()
    expect(button('Buy for 40 coins').elements()).toEqual([])
  })

  test('it comes: bytes, rate, time left, pause and cancel', async () => {
    const { peer } = await open(at(forSale, 'here'), { items: [{ ...getting, cid: forSale.cid }] })
    await expect.element(page.getByText('218 MB of 385 MB')).toBeVisible()
    await expect.element(page.getByRole('progressbar')).toBeVisible()
    await button('Pause').click()
    expect(peer.calls).toEqual([['pause', forSale.cid]])
    peer.set({ items: [{ ...getting, cid: forSale.cid, state: 'failed', problem: { code: 'storage-full', message: 'x', data: {} } }] })
    await expect.element(page.getByText('This device has no room left')).toBeVisible()
    await button('Try again').click()
    expect(peer.calls.at(-1)).toEqual(['resume', forSale.cid])
  })

  test('what was found out is said, withdrawn ones are not fetched', async () => {
    const { peer } = await open({ ...openMaps, verdict: 'wrong-audit' })
    await expect.element(page.getByText('This is not what it is said to be')).toBeVisible()
    await button('Try it once more').click()
    expect(peer.calls).toEqual([['fetch', openMaps.cid]])
    peer.published = [{ ...openMaps, withdrawn: true, replacedBy: cidOf('6') }]
    peer.set({ uploads: { ...news, change: 2 } })
    await expect.element(page.getByText('It was withdrawn')).toBeVisible()
    await expect.element(page.getByRole('link', { name: 'Look at it' })).toHaveAttribute('href', `#/upload/${cidOf('6')}/${mara}`)
    expect(panel().getByRole('button').elements()).toEqual([])
  })
})

test('music is saved in a format of choice, with progress, and can be stopped', async () => {
  const { peer } = await open(at(forSale, 'here'), { items: [{ ...got, cid: forSale.cid, kind: 'a', members: null }] })
  await button('Save…').click()
  const dialog = page.getByRole('dialog')
  await expect.element(dialog.getByRole('radio', { name: 'FLAC' })).toBeChecked()
  expect(dialog.getByRole('radio').elements().map(each => (each as HTMLInputElement).value)).toEqual(['flac', 'wav', 'mp3', 'm4a'])
  await dialog.getByRole('radio', { name: 'MP3' }).click()
  expect(await faults()).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => peer.calls).toEqual([['export', forSale.cid, 'mp3', null]])
  await expect.element(dialog.getByRole('progressbar', { name: 'Saving Low Pressure' })).toBeVisible()
  await expect.element(dialog.getByText('25 %').last()).toBeVisible()
  await dialog.getByRole('button', { name: 'Stop' }).click()
  await expect.element(dialog).not.toBeInTheDocument()

  await button('Save…').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['export', forSale.cid, 'flac', null])
  peer.exported?.()
  await expect.element(page.getByText('Made of it.flac is saved as the browser saves its downloads.')).toBeVisible() // what was made, not what it was made of

  await button('Save…').click()
  peer.failure = 'media-crashed'
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect.element(page.getByText('The decoder failed on this file')).toBeVisible()
})

test('files of an archive that are music or a film have other formats in the Library', async () => {
  const { peer } = await mountApp({ hash: `#/item/${got.cid}`, state: { ...running, items: [{ ...got, members: [{ path: 'Slack water.flac', size: 5, offset: 512 }, { path: 'ferry.mkv', size: 5, offset: 1024 }, { path: 'notes.txt', size: 5, offset: 2048 }] }] } })
  expect(page.getByRole('button', { name: /^Other formats of/ }).elements().map(each => each.getAttribute('aria-label'))).toEqual(['Other formats of Slack water.flac', 'Other formats of ferry.mkv'])
  await button('Other formats of ferry.mkv').click()
  const dialog = page.getByRole('dialog')
  await expect.poll(() => dialog.getByRole('radio').elements().map(each => (each as HTMLInputElement).value)).toEqual(['copy', 'mp4'])
  await dialog.getByRole('radio', { name: 'MP4' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['export', got.cid, 'mp4', 1])
})

test('an item leads to what was published, and music is saved there too', async () => {
  const { peer } = await mountApp({ hash: `#/item/${ownUpload.cid}`, state: { ...running, uploads: news, items: [{ ...shared, kind: 'a', members: null, reasons: [{ reason: 'own', owner: null, upload: null }] }] }, published: [ownUpload] })
  await expect.element(page.getByRole('link', { name: 'Your publication of it' })).toHaveAttribute('href', `#/upload/${ownUpload.cid}/${person.address}`)
  expect(page.getByRole('textbox', { name: 'Link' }).elements(), 'it is no link of ours').toEqual([])
  await button(`Save ${shared.title}…`).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['export', shared.cid, 'flac', null])
  peer.published = []
  peer.set({ uploads: { ...news, change: 2 } })
  await expect.element(page.getByRole('link', { name: 'Your publication of it' })).not.toBeInTheDocument()
})

test('what was fetched leads to what was published too, whoever did', async () => {
  await mountApp({ hash: `#/item/${got.cid}`, state: { ...running, uploads: news, items: [got] }, published: [{ ...openMaps, cid: got.cid }] })
  await expect.element(page.getByRole('link', { name: 'What was published' })).toHaveAttribute('href', `#/upload/${got.cid}/${mara}`)
})

describe('its owner', () => {
  const own = (change: Partial<PeerState> = {}, upload: Upload = ownUpload) => open(upload, { items: [{ ...shared, keepers: 0, receivers: [] }], ...change })
  const change = async (name: string): Promise<void> => {
    await page.getByText('Change it', { exact: true }).first().click()
    await button(name).click()
  }

  test('sees that it is on this device only, then who keeps it', async () => {
    const { peer } = await own()
    await expect.element(page.getByText('Nobody else keeps it yet.')).toBeVisible()
    peer.published = [{ ...ownUpload, kept: [mara, signe] }]
    peer.set({ uploads: { ...news, change: 2 } })
    await expect.element(page.getByText('Kept by 2 others (2 promised)')).toBeVisible()
    await expect.element(page.getByText('Nobody else keeps it yet.')).not.toBeInTheDocument()
  })

  test('adds people, and what is no address is told', async () => {
    const { peer } = await own()
    await change('Give it to more people')
    await button('Change it').click()
    await expect.element(page.getByText('There is no address yet.')).toBeVisible()
    await focused(page.getByRole('textbox', { name: 'Addresses that get the key' }))
    expect(await faults()).toEqual([])
    await page.getByRole('textbox', { name: 'Addresses that get the key' }).fill(`${mara}\n`)
    await button('Change it').click()
    await expect.poll(() => peer.calls).toEqual([['change', ownUpload.cid, { allow: [mara] }]])
    await expect.element(page.getByText('The change is on its way.')).toBeVisible()
  })

  test('puts it up for sale', async () => {
    const { peer } = await own()
    await change('Who gets the key')
    await page.getByRole('radio', { name: 'Whoever pays' }).click()
    await button('Change it').click()
    await expect.element(page.getByText('There is no price yet.')).toBeVisible()
    await page.getByRole('textbox', { name: 'Price in coins' }).fill('12')
    await page.getByRole('textbox', { name: 'Percent of it for whoever gives out the key' }).fill('5')
    await button('Change it').click()
    await expect.poll(() => peer.calls).toEqual([['change', ownUpload.cid, { policy: { pay: { price: 12, share: 50 } } }]])
  })

  test('gives the key to everybody, after it was said that this is for good', async () => {
    const { peer } = await own()
    await change('Who gets the key')
    expect(page.getByText('This is for good').elements()).toEqual([])
    await page.getByRole('radio', { name: 'Everybody, with the key' }).click()
    await expect.element(page.getByText('This is for good')).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Change it').click()
    await expect.poll(() => peer.calls).toEqual([['change', ownUpload.cid, { policy: 'public' }]])
  })

  test.each([
    ['Who gives out the key', 'Addresses that give out the key in your stead', mara, { holders: [mara] }],
    ['Who is asked to keep it', 'Addresses asked to keep it', `${mara} ${signe}`, { keepers: [mara, signe] }],
    ['How long it stands', 'How many periods from now', '26', { until: 26 }],
    ['What replaces it', 'Content id of what takes its place', cidOf('6'), { replacedBy: cidOf('6') }],
    ['No longer give it to', 'Addresses that do not get it any more', signe, { deny: [signe] }],
  ])('changes: %s', async (name, label, text, made) => {
    const { peer } = await own()
    await change(name)
    await page.getByRole('textbox', { name: label }).fill(text)
    await button('Change it').click()
    await expect.poll(() => peer.calls).toEqual([['change', ownUpload.cid, made]])
  })

  test('withdraws it after honest words', async () => {
    const { peer } = await own({}, { ...ownUpload, kept: [mara] })
    await change('Withdraw it')
    await expect.element(page.getByText('Whoever fetched it still has it, and may give it on.')).toBeVisible()
    await focused(button('Leave it'))
    expect(await faults()).toEqual([])
    await button('Withdraw').click()
    await expect.poll(() => peer.calls).toEqual([['change', ownUpload.cid, { withdrawn: true }]])
  })

  test('what is open to all has no key to give', async () => {
    await own({}, { ...openMaps, own: true, owner: person.address })
    await page.getByText('Change it', { exact: true }).first().click()
    await expect.element(button('Who is asked to keep it')).toBeVisible()
    expect(button('Who gets the key').elements()).toEqual([])
  })

  test('before a block has it, its page says so, and that others carry it on', async () => {
    const { peer } = await mountApp({ hash: `#/upload/${cidOf('d')}/${person.address}`, state: { ...running, items: [{ ...shared, cid: cidOf('d') }], uploads: { ...news, sending: [{ ...sendingUpload, pulled: false }] } } })
    await expect.element(page.getByRole('heading', { level: 1, name: 'Night ferry' })).toBeVisible()
    await expect.element(page.getByText('On this device only')).toBeVisible()
    await expect.element(page.getByText('Nobody has taken it over yet; keep a tab open.')).toBeVisible()
    peer.set({ uploads: { ...news, change: 2, sending: [sendingUpload] } })
    await expect.element(page.getByText('Another peer has it by now and carries it on.')).toBeVisible()
    peer.published = [{ ...ownUpload, cid: cidOf('d'), title: 'Night ferry' }]
    peer.set({ uploads: { ...news, change: 3, sending: [{ ...sendingUpload, stage: 'in-block' }] } })
    await expect.element(page.getByText('A block has it.')).toBeVisible()
    await expect.element(page.getByRole('heading', { name: 'By request' })).toBeVisible()
  })
})

test('a keeper lets go of what it accepted', async () => {
  const { peer } = await open({ ...openMaps, kept: [person.address] })
  await button('Let it go…').click()
  await page.getByRole('radio', { name: 'I do not have it any more' }).click()
  await button('Let it go').click()
  await expect.poll(() => peer.calls).toEqual([['release', openMaps.cid, 'lost']])
})

test('a publication and a publisher are blocked after a question', async () => {
  const { peer } = await open(openMaps)
  await page.getByText('Block', { exact: true }).click()
  await button('Block this publication').click()
  await focused(button('Leave it'))
  await button('Delete and block').click()
  await expect.poll(() => peer.calls).toEqual([['block', openMaps.cid]])
  await button('Block this publisher').click()
  await button('Delete and block').click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['blockOwner', mara])
})

test('pictures: of this one on a click, of this publisher from now on by a switch', async () => {
  const { peer } = await open(tidePicture)
  await button(`Show picture: ${tidePicture.title}`).click()
  await expect.element(page.getByRole('img', { name: `Cover of ${tidePicture.title}` })).toBeVisible()
  await page.getByRole('switch', { name: 'Show pictures of this publisher', exact: true }).click()
  expect(peer.calls).toEqual([['picture', tidePicture.cid], ['showPictures', signe, true]])
  await expect.element(page.getByRole('switch', { name: 'Show pictures of this publisher', exact: true })).toBeChecked()
})

test('its publisher is followed, and then their pictures come unasked', async () => {
  const { peer } = await open(tidePicture)
  await page.getByRole('button', { name: /^Follow T9fW/ }).click()
  await expect.poll(() => peer.calls).toEqual([['follow', signe, true], ['picture', tidePicture.cid]])
  await expect.element(page.getByRole('button', { name: /^Follow T9fW/ })).toHaveAttribute('aria-pressed', 'true')
  expect(page.getByRole('switch', { name: 'Show pictures of this publisher' }).elements()).toEqual([])
  expect(await faults()).toEqual([])
  await page.getByRole('button', { name: /^Follow T9fW/ }).click()
  await expect.poll(() => peer.calls.at(-1)).toEqual(['follow', signe, false])
})

test('nobody follows themselves', async () => {
  await open(ownUpload)
  await expect.element(page.getByRole('heading', { level: 1, name: ownUpload.title })).toBeVisible()
  expect(page.getByRole('button', { name: /^Follow/ }).elements()).toEqual([])
})

test('a publication that the ledger does not have', async () => {
  const { peer } = await mountApp({ hash: `#/upload/${cidOf('e')}/${mara}`, state: { ...running, ledger: { phase: 'waiting' }, uploads: null } })
  await expect.element(page.getByText('Waiting for the ledger')).toBeVisible()
  peer.set({ ledger: running.ledger, uploads: news })
  await expect.element(page.getByRole('heading', { name: 'This is not in the ledger' })).toBeVisible()
  await expect.element(page.getByRole('link', { name: 'Look for its content id' })).toHaveAttribute('href', `#/get/${cidOf('e')}`)
})
