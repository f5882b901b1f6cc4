import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { PeerState } from '../../src/peer/index.ts'
import '../../src/ui/tokens/page.css'
import { faults } from '../support/axe.ts'
import { focused } from '../support/focus.ts'
import { awayKeeper, closingKeeper, goneKeeper, keepings, keeps, newKeeper, paidKeeper, promised } from '../support/keeping-states.ts'
import { mountApp } from '../support/ui-mount.ts'
import { forSale, keeping, keptItem, ledger, news, person, running, uploads } from '../support/ui-states.ts'
import { views } from '../support/ui-views.ts'

const base: PeerState = { ...running, ledger, identity: person, consent: 'agreed' }
const settings = (change: Partial<PeerState> = {}) => mountApp({ hash: '#/settings', state: { ...base, ...change } })
const library = (change: Partial<PeerState> = {}) => mountApp({ hash: '#/library', state: { ...base, items: promised, ...change }, published: uploads, keptBy: keepings })
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true })
const dialog = () => page.getByRole('dialog')

beforeEach(async () => { await page.viewport(1280, 860) })
afterEach(() => { document.body.replaceChildren() })

describe('kept without a promise', () => {
  test('begins with the person’s agreement, whatever the rules say', async () => {
    const { peer } = await settings({ consent: 'unasked' })
    await expect.element(page.getByText('Nothing is kept for others yet')).toBeVisible()
    expect(page.getByRole('radio', { name: 'What I fetch anyway' }).elements()).toEqual([])
    await button('Keep for others…').click()
    await button('Not now').click()
    await button('Keep for others…').click()
    await button('Agree').click()
    await expect.poll(() => peer.calls).toEqual([['consent', true]])
  })

  test('whose files, how much room and when', async () => {
    const { peer } = await settings()
    await expect.element(page.getByRole('radio', { name: 'What I fetch anyway' })).toBeChecked()
    expect(page.getByLabelText('Room for it, in gigabytes').elements(), 'nothing is fetched unasked').toEqual([])
    await page.getByRole('radio', { name: 'Also anything that is encrypted' }).click()
    const room = page.getByLabelText('Room for it, in gigabytes')
    await expect.element(room).toHaveValue('1.1')
    await room.fill('12,5')
    await userEvent.keyboard('{Tab}')
    await page.getByRole('switch', { name: 'Only while this device charges' }).click()
    await expect.poll(() => peer.calls).toEqual([
      ['setSamaritan', { space: 2 ** 30, whose: 'protected', charging: true, unmetered: true }],
      ['setSamaritan', { space: 12_500_000_000, whose: 'protected', charging: true, unmetered: true }],
      ['setSamaritan', { space: 12_500_000_000, whose: 'protected', charging: false, unmetered: true }],
    ])
    await room.fill('a lot')
    await userEvent.keyboard('{Tab}')
    await expect.element(page.getByText('The room stays as it was.')).toBeVisible()
    await expect.element(room).toHaveAttribute('aria-invalid', 'true')
    expect(await faults()).toEqual([])
    expect(peer.calls.length).toBe(3)
  })

  test('by keys alone: the cards are one stop, arrows choose among them', async () => {
    const { peer } = await settings()
    ;(page.getByRole('radio', { name: 'What I fetch anyway' }).element() as HTMLElement).focus()
    await userEvent.keyboard('{ArrowDown}')
    await focused(page.getByRole('radio', { name: 'Also of people I follow' }))
    await expect.poll(() => peer.calls.at(-1)).toEqual(['setSamaritan', { space: 2 ** 30, whose: 'followed', charging: true, unmetered: true }])
  })
})

describe('becoming a keeper', () => {
  test('the bond follows the room, and all that can be lost is said before', async () => {
    const { peer } = await settings(keeps(null))
    await button('Become a keeper').click()
    const bond = dialog().getByRole('definition').first()
    await expect.element(bond).toHaveTextContent('1,000')
    await dialog().getByLabelText('Room in gigabytes').fill('20')
    await expect.element(bond).toHaveTextContent('1,863')
    for (const words of ['the rent of that period, nothing else', 'others may take your places', 'a tenth of the bond is burned', 'free at the second settling']) await expect.element(dialog().getByText(words)).toBeVisible()
    expect(await faults()).toEqual([])
    await dialog().getByLabelText('Coins you want for a GiB and period').fill('3.5')
    await button('Promise it').click()
    await focused(dialog().getByLabelText('Coins you want for a GiB and period'))
    await dialog().getByLabelText('Coins you want for a GiB and period').fill('3')
    await button('Promise it').click()
    await expect.poll(() => peer.calls).toEqual([['openKeeping', { pledged: 20_000_000_000, price: 3, public: false }]])
  })

  test('who has too few coins is told how many it takes, and cannot promise', async () => {
    await settings({ ...keeps(null), account: { balance: 700, nonce: 0n, mined: 0n, power: 0n } })
    await button('Become a keeper').click()
    await expect.element(dialog().getByText('It takes 1,001 coins, and you have 700 coins.')).toBeVisible()
    expect(button('Promise it').elements()).toEqual([])
  })

  test('where nobody is paid, no bond and no price are spoken of', async () => {
    await settings({ uploads: news })
    await button('Become a keeper').click()
    await expect.element(dialog().getByLabelText('Room in gigabytes')).toBeVisible()
    expect(dialog().getByText('Bond').elements()).toEqual([])
    expect(dialog().getByLabelText('Coins you want for a GiB and period').elements()).toEqual([])
  })

  test('a bond only grows: more room adds to what stands', async () => {
    await settings(keeps({ ...paidKeeper, bond: 1_200 }))
    await button('Change what you give').click()
    await dialog().getByLabelText('Room in gigabytes').fill('20')
    await expect.element(dialog().getByText('663 more than now')).toBeVisible()
    await dialog().getByLabelText('Room in gigabytes').fill('2')
    await expect.element(dialog().getByRole('definition').first()).toHaveTextContent(/^1,200$/)
  })
})

describe('keeping by promise, in Settings', () => {
  test('one device keeps; it goes on until another has all of it, or is told to stop', async () => {
    const { peer } = await settings(keeps(paidKeeper, { keeping }))
    await page.getByRole('switch', { name: 'Keep on this device', exact: true }).click()
    await expect.poll(() => peer.calls).toEqual([['keepHere', false]])
    peer.set({ keeping: { ...keeping, leaving: { files: 3, bytes: 412_000_000 } } })
    await expect.element(page.getByText('3 files, 412 MB, that no other device of yours has yet.')).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Stop here all the same').click()
    expect(peer.calls.at(-1)).toEqual(['keepHere', false, true])
  })

  test('it is ended after a question that says what becomes of bond, rent and promises', async () => {
    const { peer } = await settings(keeps(paidKeeper))
    await button('End keeping').click()
    await focused(button('Go on keeping'))
    for (const words of ['You need not keep 14 publications any more', 'Your 1,000 coins come back at the second settling from now', 'Rent of 84 coins']) await expect.element(dialog().getByText(words)).toBeVisible()
    expect(await faults()).toEqual([])
    await dialog().getByRole('button', { name: 'End keeping' }).click()
    await expect.poll(() => peer.calls).toEqual([['closeKeeping']])
    peer.set(keeps(closingKeeper))
    await expect.element(page.getByText('Your 1,000 coins come back about')).toBeVisible()
    expect(button('End keeping').elements()).toEqual([])
  })

  test('who is gone is told what was burned, and how to get the rest', async () => {
    const { peer } = await settings(keeps(goneKeeper))
    await expect.element(page.getByText('End keeping to get the other 900 coins back.')).toBeVisible()
    expect(button('Change what you give').elements(), 'it would be refused').toEqual([])
    await button('End keeping').click()
    await dialog().getByRole('button', { name: 'End keeping' }).click()
    await expect.poll(() => peer.calls).toEqual([['closeKeeping']])
  })

  test('while locked nothing is promised or ended', async () => {
    await settings({ ...keeps(paidKeeper), identity: { ...person, passphrase: true, locked: true } })
    await expect.element(button('Change what you give')).toBeDisabled()
    await expect.element(button('End keeping')).toBeDisabled()
  })
})

describe('keeping by promise, in the Library', () => {
  test('what is due and by when, how the last periods went, and what it earned', async () => {
    const { peer } = await library(keeps(paidKeeper))
    await expect.element(page.getByText(/^Proof due by (Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day$/)).toBeVisible()
    await expect.element(page.getByText('Answered 2 of 4.')).toBeVisible()
    await expect.element(page.getByText('1 file a proof is due for is not here whole')).toBeVisible()
    await expect.element(page.getByRole('img', { name: '11 of the last 12 periods proved' })).toBeVisible()
    await page.getByText('What is to be shown').click()
    for (const words of ['Answered', 'On its way', 'Not here whole']) await expect.element(page.getByText(words, { exact: true }).first()).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Claim 84 coins').click()
    await dialog().getByRole('button', { name: 'Claim it' }).click()
    await expect.poll(() => peer.calls).toEqual([['claimRent']])
  })

  test('each standing says what it means and what to do', async () => {
    const { peer } = await library(keeps(newKeeper))
    await expect.element(page.getByText('No proof due')).toBeVisible()
    await expect.element(page.getByText('No period is over yet')).toBeVisible()
    peer.set(keeps({ ...paidKeeper, missed: 1 }))
    await expect.element(page.getByText('The last period was missed: its rent is lost, nothing else.')).toBeVisible()
    peer.set(keeps(awayKeeper))
    await expect.element(page.getByText('one proof in time makes you a keeper again')).toBeVisible()
    await expect.element(page.getByRole('img', { name: 'the last one missed' })).toBeVisible()
    peer.set(keeps(goneKeeper))
    await expect.element(page.getByRole('link', { name: 'End it in Settings' })).toHaveAttribute('href', '#/settings')
    await expect.element(page.getByText('coins, yours; 100 were burned')).toBeVisible()
    expect(page.getByText('Proof due').elements()).toEqual([])
    peer.set(keeps(closingKeeper))
    await expect.element(page.getByText('You keep nothing for others any more.')).toBeVisible()
    expect(await faults()).toEqual([])
  })

  test('a pause says what it costs at worst; another device may keep instead', async () => {
    const { peer } = await library(keeps(paidKeeper, { keeping: { ...keeping, paused: true } }))
    await expect.element(page.getByText('A pause costs rent at worst')).toBeVisible()
    peer.set({ keeping: { ...keeping, here: false } })
    await expect.element(page.getByText('This device does not keep for your address')).toBeVisible()
  })

  test('where nobody is paid there is nothing due and nothing earned', async () => {
    await library({ uploads: { ...news, keeping: { ...news.keeping, open: paidKeeper } }, keeping })
    await expect.element(page.getByText('What you promised')).toBeVisible()
    for (const words of ['Proof due', 'Rent due', 'Bond']) expect(page.getByText(words).elements(), words).toEqual([])
  })

  test('what was promised: for whom and until when; let go with a reason, whose consequence is said', async () => {
    const { peer } = await library(keeps(paidKeeper))
    const list = page.getByRole('region', { name: 'What you promised' })
    await expect.element(list.getByText(/385 MB, for T9fWqH…Kx3R, until about .+; a proof of it is due/)).toBeVisible()
    await expect.element(list.getByText('not here whole')).toBeVisible()
    await list.getByRole('button', { name: 'Let it go… Letters from the lightship' }).click()
    await expect.element(dialog().getByRole('radio', { name: 'I do not want to keep it any longer' })).toBeChecked()
    await expect.element(dialog().getByText('makes this period a missed one')).toBeVisible()
    await dialog().getByRole('radio', { name: 'I may not keep it' }).click()
    expect(await faults()).toEqual([])
    await button('Let it go').click()
    await expect.poll(() => peer.calls).toEqual([['release', promised[1]!.cid, 'legal']])
    await focused(list.getByRole('button', { name: 'Let it go… Letters from the lightship' }))
    await expect.element(page.getByText('That you let it go is on its way to the ledger.')).toBeVisible()
    await list.getByRole('button', { name: `Let it go… ${keptItem.title}` }).click()
    await expect.element(dialog().getByText('Rent of the whole periods you proved is paid to you with it.')).toBeVisible()
    expect(dialog().getByText('makes this period a missed one').elements(), 'its proof was given').toEqual([])
    peer.failure = 'locked'
    await button('Let it go').click()
    await expect.element(dialog().getByRole('status')).toHaveTextContent(/\S/)
  })
})

describe('the page of a publication', () => {
  const open = (name: keyof typeof views) => mountApp(views[name]!)

  test('who keeps it: until when it is promised, how they answered, when they were seen', async () => {
    await open('upload-promised')
    await page.getByText('Who keeps it, who gives out the key').click()
    await expect.element(page.getByText(/^promised until about .+; answered 9 of 10; seen 7 min ago$/)).toBeVisible()
    await expect.element(page.getByText('It tells nobody.')).toBeVisible()
    await button('Let it go…').click()
    await expect.element(dialog().getByText(forSale.title)).toBeVisible()
    expect(await faults()).toEqual([])
  })

  test('its owner sees places and rent, and asks others in place of those who are gone', async () => {
    const { peer } = await open('upload-own-kept')
    const panel = page.getByRole('region', { name: 'Kept by promise' })
    await expect.element(panel.getByText('2 of 3 places taken, 1 by a keeper who is away or gone')).toBeVisible()
    await expect.element(page.getByText('Kept by 1 other (1 promised)')).toBeVisible()
    await expect.element(panel.getByText('156 coins of it are set aside.')).toBeVisible()
    await page.getByText('Who keeps it, who gives out the key').click()
    await expect.element(page.getByText(/^counted as gone: .+; answered 2 of 8/)).toBeVisible()
    expect(await faults()).toEqual([])
    await button('Ask others in their place').click()
    await expect.poll(() => peer.calls).toEqual([['replaceKeepers', views['upload-own-kept']!.published![0]!.cid]])
    await expect.element(page.getByText('2 keepers are asked in their place.')).toBeVisible()
  })

  test('volunteers who are not here now are told of with the time they were seen, and do not count as here', async () => {
    const { peer } = await open('upload-own-seen')
    await expect.element(page.getByText('Kept by you; nobody else with all of it is here now')).toBeVisible()
    await expect.element(page.getByText('Last seen with all of it: 2 others, 5 h ago.')).toBeVisible()
    await expect.element(page.getByText('Nobody promised to keep it')).toBeVisible()
    expect(page.getByText('On this device only').elements()).toEqual([])
    expect(await faults()).toEqual([])
    peer.set({ items: [{ ...peer.state.items[0]!, keepers: 2 }] })
    await expect.element(page.getByText('Kept by 2 others', { exact: true })).toBeVisible()
    expect(page.getByText('Last seen with all of it').elements()).toEqual([])
  })

  test('keepers are named from the best, at most sixteen, with what it costs', async () => {
    const { peer } = await open('upload-own-unasked')
    await button('Ask keepers').click()
    await expect.element(dialog().getByText('wants 5 coins a period; 4.2 GB free; proved 12 of 12')).toBeVisible()
    await button('Name the first 16').click()
    expect(dialog().getByRole('checkbox', { checked: true }).elements().length).toBe(16)
    await expect.element(dialog().getByRole('checkbox').last()).toBeDisabled()
    await dialog().getByRole('textbox', { name: 'Coins for a keeper and period' }).fill('4')
    await expect.element(dialog().getByText('1 of 16 want more, and will not take it.')).toBeVisible()
    await dialog().getByRole('textbox', { name: 'Periods paid for' }).fill('10')
    await expect.element(dialog().getByRole('definition').first()).toHaveTextContent('120')
    expect(await faults()).toEqual([])
    await dialog().getByRole('checkbox').nth(1).click()
    await expect.element(dialog().getByText('All of them take that.')).toBeVisible()
    await button('Change it').click()
    const [, , change] = peer.calls.at(-1) as [string, string, { keepers: readonly string[], rent: unknown }]
    expect(change.keepers.length).toBe(15)
    expect(change.rent).toEqual({ each: 4, periods: 10, wanted: 3 })
  })

  test('asked of anybody: nobody is named, and what is too much is told', async () => {
    const { peer } = await open('upload-own-unasked')
    await button('Ask keepers').click()
    await dialog().getByRole('radio', { name: 'Keepers who accept' }).click()
    await dialog().getByRole('textbox', { name: 'Coins for a keeper and period' }).fill('5')
    await dialog().getByRole('textbox', { name: 'Periods paid for' }).fill('99')
    await button('Change it').click()
    await focused(dialog().getByRole('textbox', { name: 'Periods paid for' }))
    await dialog().getByRole('textbox', { name: 'Periods paid for' }).fill('13')
    await button('Change it').click()
    await expect.poll(() => peer.calls.at(-1)?.[2]).toEqual({ keepers: [], rent: { each: 5, periods: 13, wanted: 3 } })
  })

  test('as many periods as were proposed may be paid for, though one begins meanwhile', async () => {
    const { peer } = await open('upload-own-unasked')
    await button('Ask keepers').click()
    await dialog().getByRole('radio', { name: 'Keepers who accept' }).click()
    await expect.element(dialog().getByRole('textbox', { name: 'Periods paid for' })).toHaveValue('13')
    peer.set({ ledger: { ...ledger, head: { ...ledger.head, number: ledger.head.number + 1 } } })
    await button('Change it').click()
    await expect.poll(() => peer.calls.at(-1)?.[2]).toEqual({ keepers: [], rent: { each: 0, periods: 13, wanted: 3 } })
  })
})
