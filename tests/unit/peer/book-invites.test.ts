import { expect, test } from 'vitest'
import { formatInvite, parseInvite } from '../../../src/content/index.ts'
import { Device, keyOf, networkWith } from '../../support/book-device.ts'

async function three() {
  const parameters = await networkWith({ ann: 1_000 })
  return { ann: await Device.of('ann', parameters), ben: await Device.of('ben', parameters), cat: await Device.of('cat', parameters) }
}

test('coins in a link: put aside, found, taken once', async () => {
  const { ann, ben, cat } = await three()
  const link = await ann.book.makeInvite('w', 25)
  expect(await ann.book.makeInvite('w', 25)).toBe(link)
  expect(link).toMatch(/^https:\/\/app\.example\/#\/invite\/[\w-]{87}$/)
  await ann.settle()
  expect(ann.wallet).toMatchObject({ leaving: 45, invites: [{ link, amount: 25, stage: 'offered' }], rows: [{ kind: 'sent', amount: 35 }] })
  expect(await ben.book.readInvite(link)).toEqual({ amount: 0, from: ann.key.address, stage: 'coming' })
  await expect(ben.book.claimInvite(link)).rejects.toMatchObject({ code: 'not-found' })

  await ann.block([ben, cat], ann.offered())
  expect(ann.wallet.invites).toMatchObject([{ link, stage: 'ready' }])
  expect(await ben.book.readInvite(link)).toEqual({ amount: 25, from: ann.key.address, stage: 'ready' })
  const { address } = ann.wallet.invites[0]!
  const won = await ben.book.claimInvite(link)
  expect(await ben.book.claimInvite(link)).toBe(won)
  const lost = await cat.book.claimInvite(link)
  await ben.settle()
  expect(ben.wallet.rows).toMatchObject([{ id: won, kind: 'received', amount: 25, other: address, stage: 'offered' }])

  await ann.block([ben, cat], ben.offered(address))
  expect(ben.wallet.rows).toMatchObject([{ id: won, kind: 'received', amount: 25, stage: 'in-block' }])
  expect(await ben.balance()).toBe(25)
  expect(cat.wallet.rows).toMatchObject([{ id: lost, kind: 'received', stage: 'failed', problem: { code: 'not-found' } }])
  expect(ann.wallet.invites).toMatchObject([{ link, stage: 'taken' }])
  expect(await cat.book.readInvite(link)).toEqual({ amount: 0, from: ann.key.address, stage: 'taken' })
  await expect(cat.book.claimInvite(link)).rejects.toMatchObject({ code: 'not-found' })
})

test('its maker takes an invite back, also after a restart', async () => {
  const { ann } = await three()
  const link = await ann.book.makeInvite('w', 25)
  await ann.block([], ann.offered())
  await ann.stop()
  ann.news.length = 0
  await ann.start()
  expect(ann.wallet.invites).toMatchObject([{ link, stage: 'ready' }])
  await ann.book.claimInvite(link)
  await ann.block([], ann.offered(ann.wallet.invites[0]!.address))
  expect(await ann.balance()).toBe(1_000 - 20)
  expect(ann.wallet.invites).toMatchObject([{ stage: 'taken' }])
})

test('an invite costs more than there is', async () => {
  const { ann } = await three()
  await expect(ann.book.makeInvite('w', 990)).rejects.toMatchObject({ code: 'too-large' })
  await expect(ann.book.makeInvite('v', 0)).rejects.toMatchObject({ code: 'bad-input' })
  ann.keys.locked = true
  await expect(ann.book.makeInvite('u', 5)).rejects.toMatchObject({ code: 'locked' })
  await ann.settle()
  expect(ann.wallet.invites).toEqual([])
})

test('what is no invite of this network is told apart', async () => {
  const { ann, ben } = await three()
  const link = await ann.book.makeInvite('w', 25)
  expect(await ben.book.readInvite('https://app.example/#/library')).toBeNull()
  expect(await ben.book.readInvite(link.slice(0, -3))).toBeNull()
  await expect(ben.book.claimInvite('x')).rejects.toMatchObject({ code: 'link-invalid' })
  const other = formatInvite({ network: '00'.repeat(8), secret: (await keyOf('x')).secret as Uint8Array<ArrayBuffer>, from: ann.key.address })
  await expect(ben.book.readInvite(other)).rejects.toMatchObject({ code: 'unsupported' })
})

test('a person without an identity gets one by taking an invite', async () => {
  const { ann, ben } = await three()
  const link = await ann.book.makeInvite('w', 25)
  await ann.block([ben], ann.offered())
  ben.keys.made = false
  await ben.book.claimInvite(link)
  expect(ben.keys.made).toBe(true)
  const judged = parseInvite(link)
  expect(judged.ok && judged.value.network).toBe(ann.ledger.network)
})
