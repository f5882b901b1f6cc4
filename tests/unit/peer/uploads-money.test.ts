import { afterEach, expect, test } from 'vitest'
import { sealEnvelope, envelopeScope } from '../../../src/content/index.ts'
import { fromHex, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { keys } from '../../../src/state/index.ts'
import { transact } from '../../support/mine.ts'
import { UploadDevice, boxOfName, cidOf, keyOfFile, lockedRecord, openRecord, sealedKey, uploadNetwork, fileOf } from '../../support/upload-device.ts'

const made: UploadDevice[] = []
afterEach(async () => { for (const device of made.splice(0)) await device.stop() })

async function run(...args: Parameters<typeof UploadDevice.of>): Promise<UploadDevice> {
  const device = await UploadDevice.of(...args)
  made.push(device)
  return device
}

const price = { pay: { price: 200, share: 100 } }

/** Ann sells a track, and bob has bought its key. */
async function bought(period: number): Promise<[UploadDevice, UploadDevice]> {
  const network = await uploadNetwork({ ann: 1_000, bob: 1_000 }, { keeperPeriod: period })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await ann.uploads.desk.publish('sale', lockedRecord('Tides', { policy: price }), sealedKey('Tides'))
  await ann.block([bob])
  await bob.uploads.desk.buy('buy', ann.named('Tides'))
  await bob.settle()
  expect(bob.device.wallet).toMatchObject({ leaving: 210, rows: [{ kind: 'buy', amount: 200, fee: 10, other: ann.address, stage: 'offered' }] })
  await ann.block([bob])
  return [ann, bob]
}

/** Puts a key, right or not, into bob's purchase. */
async function grant(ann: UploadDevice, bob: UploadDevice, key: Uint8Array<ArrayBuffer>): Promise<void> {
  const { ledger, key: signer } = ann.device
  const name = ann.named('Tides')
  const { purchase } = (await ledger.read(keys.access(name.cid, name.owner, bob.address)))!
  const scope = { network: ledger.network, ...name, purpose: 'access', requester: bob.address, box: purchase!.box, request: null } as const
  const envelope = (await sealEnvelope(sha256(utf8('granted')), fromHex(purchase!.box)!, key, envelopeScope(scope)))!
  await ann.device.block([bob.device], [await transact(ledger, signer, { op: 9, body: { ...name, buyer: bob.address, ...envelope } }, ann.device.now)])
  for (const each of [ann, bob]) await each.settle()
}

test('a purchase that nobody granted gives the coins back, once its time has come, and both are in the history', async () => {
  const [ann, bob] = await bought(3)
  expect(await bob.device.balance()).toBe(790)
  await expect(bob.uploads.desk.buy('again', ann.named('Tides'))).rejects.toMatchObject({ code: 'already-exists' })
  await expect(bob.uploads.desk.settle('early', ann.named('Tides'), bob.address)).rejects.toMatchObject({ code: 'not-found', data: { blocks: 2 } })
  await ann.blocks(2, [bob])
  await bob.uploads.desk.settle('back', ann.named('Tides'), bob.address)
  await bob.settle()
  await ann.block([bob])
  expect(await bob.device.balance()).toBe(980)
  expect(bob.device.wallet.rows).toMatchObject([{ kind: 'refunded', amount: 200, fee: 10, other: ann.address }, { kind: 'buy', amount: 200, fee: 10 }])
  expect(await bob.device.book.proveRow(bob.device.wallet.rows[0]!.id)).toMatchObject({ number: 5 })
  expect(ann.device.wallet.rows.map(({ kind }) => kind)).toEqual(['publish'])
})

test('one that was granted pays its owner, whoever settles it', async () => {
  const [ann, bob] = await bought(2)
  await grant(ann, bob, keyOfFile('Tides'))
  expect(ann.device.wallet.rows[0]).toMatchObject({ kind: 'grant', amount: 0, fee: 10, other: bob.address })
  await ann.blocks(1, [bob])
  await bob.uploads.desk.settle('pay', ann.named('Tides'), bob.address)
  await bob.settle()
  await ann.block([bob])
  expect(await ann.device.balance()).toBe(1_000 - 10 - 10 + 200)
  expect(ann.device.wallet.rows[0]).toMatchObject({ kind: 'earned', amount: 200, fee: 0, other: bob.address })
  expect(await ann.device.book.proveRow(ann.device.wallet.rows[0]!.id)).toMatchObject({ number: 5 })
  expect(bob.device.wallet.rows[0]).toMatchObject({ kind: 'settle', amount: 0, fee: 10 })
  await expect(bob.uploads.desk.settle('again', ann.named('Tides'), bob.address)).rejects.toMatchObject({ code: 'not-found' })
})

test('what was granted and is not the key is shown to be so, and paid back', async () => {
  const [ann, bob] = await bought(5)
  await grant(ann, bob, keyOfFile('another file'))
  await bob.uploads.desk.settle('false', ann.named('Tides'), bob.address)
  await bob.settle()
  await ann.block([bob])
  expect(bob.device.wallet.rows[0]).toMatchObject({ kind: 'refunded', amount: 200 })
  expect(await bob.device.balance()).toBe(1_000 - 10 - 10)
})

test('who asks for what cannot be is told so before anything is signed', async () => {
  const network = await uploadNetwork({ ann: 1_000, bob: 100 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await expect(ann.uploads.desk.publish('a', lockedRecord('locked'), null)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.uploads.desk.publish('b', lockedRecord('holders', { holders: [bob.address] }), sealedKey('holders'))).rejects.toMatchObject({ code: 'no-box' })
  await expect(ann.uploads.desk.publish('c', openRecord('twice', { images: [fileOf('twice')] }), null)).rejects.toMatchObject({ data: { rule: 'upload-terms' } })
  await expect(ann.uploads.desk.buy('d', bob.named('nothing'))).rejects.toMatchObject({ code: 'not-found' })
  await expect(ann.uploads.desk.openKeeping('e', { pledged: -1, price: 0, public: true })).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.uploads.desk.accept('f', [])).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.uploads.desk.release('g', [bob.named('nothing')], 'ordinary')).rejects.toMatchObject({ data: { rule: 'keeper-unknown' } })
  await ann.uploads.desk.publish('h', lockedRecord('Tides', { policy: price }), sealedKey('Tides'))
  await expect(ann.uploads.desk.assign('i', { cid: cidOf('nothing'), policy: null, allow: [], deny: [], holders: null, keepers: null, rent: null, until: 5, withdrawn: false, replacedBy: null })).rejects.toMatchObject({ code: 'not-found' })
  await ann.block([bob])
  await expect(bob.uploads.desk.buy('j', ann.named('Tides'))).rejects.toMatchObject({ code: 'too-large' })
  await expect(ann.uploads.desk.publish('k', lockedRecord('Tides'), sealedKey('Tides'))).rejects.toMatchObject({ code: 'already-exists' })
  await expect(ann.uploads.find({ cid: 'no cid', owner: ann.address })).rejects.toMatchObject({ code: 'bad-input' })
  expect([...ann.last.sending, ...bob.last.sending]).toEqual([])
})

test('who has no coins publishes with work, for as long as that pays; a key for everybody stands in the record', async () => {
  const network = await uploadNetwork({})
  const ann = await run('ann', network)
  await ann.uploads.desk.publish('a', lockedRecord('Tides', { policy: { public: '' }, until: 13 }), sealedKey('Tides'))
  await ann.settle()
  await ann.block()
  expect(await ann.uploads.find(ann.named('Tides'))).toMatchObject({ policy: { public: toHex(keyOfFile('Tides')) }, until: 1 + 4 * 10 })
})

test('somebody without coins lets others name them as a holder, and what their profile says stays', async () => {
  const network = await uploadNetwork({ ann: 1_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  expect(bob.last.nameable).toBe(false)
  await bob.device.book.outbox.add('profile', { op: 7, body: { profile: '{"relay":[]}', box: null } }, bob.address, 'signed')
  await bob.settle()
  await ann.block([bob])
  expect([bob.last.nameable, bob.last.sending]).toEqual([false, []])
  const told = await bob.uploads.desk.tellBox('box')
  await bob.settle()
  expect(bob.last.sending).toMatchObject([{ op: 7, cid: null, stage: 'offered' }])
  await ann.block([bob])
  expect(bob.last.nameable).toBe(true)
  expect(await ann.device.ledger.read(keys.profile(bob.address))).toBe('{"relay":[]}')
  expect(await bob.uploads.desk.tellBox('box'), 'said twice, done once').toBe(told)
  await expect(bob.uploads.desk.tellBox('again')).rejects.toMatchObject({ code: 'already-exists' })
  await ann.uploads.desk.publish('a', lockedRecord('one', { holders: [bob.address] }), sealedKey('one'))
  await ann.block([bob])
  expect(await bob.uploads.find(ann.named('one'))).toMatchObject({ holders: [bob.address] })
})

test('a key becomes everybody’s later, with the record’s own commitment, and is nobody’s to hold any more', async () => {
  const network = await uploadNetwork({ ann: 1_000, bob: 1_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await bob.uploads.desk.openKeeping('open', { pledged: 10_000, price: 0, public: true })
  await ann.block([bob])
  await ann.uploads.desk.publish('a', lockedRecord('Tides', { policy: price, holders: [bob.address] }), sealedKey('Tides'))
  await ann.block([bob])
  const change = { cid: cidOf('Tides'), policy: { public: '' }, allow: [], deny: [], holders: null, keepers: null, rent: null, until: null, withdrawn: false, replacedBy: null } as const
  await ann.uploads.desk.assign('b', change)
  await ann.block([bob])
  expect(await bob.uploads.find(ann.named('Tides'))).toMatchObject({ policy: { public: toHex(keyOfFile('Tides')) }, holders: [] })
  ann.sealed.clear()
  await expect(ann.uploads.desk.assign('c', change)).rejects.toMatchObject({ code: 'not-found' })
})

test('holders get the key with the record, also later, and keepers are asked with a rent of nothing', async () => {
  const network = await uploadNetwork({ ann: 1_000, bob: 1_000 })
  const [ann, bob] = [await run('ann', network), await run('bob', network)]
  await bob.uploads.desk.openKeeping('open', { pledged: 10_000, price: 0, public: true })
  await ann.block([bob])
  await ann.uploads.desk.publish('a', lockedRecord('one', { holders: [bob.address] }), sealedKey('one'))
  await ann.uploads.desk.publish('b', lockedRecord('two'), sealedKey('two'))
  await ann.block([bob])
  const change = { policy: null, allow: [], deny: [], rent: null, until: null, withdrawn: false, replacedBy: null } as const
  await ann.uploads.desk.assign('c', { ...change, cid: cidOf('two'), holders: [bob.address], keepers: [bob.address] })
  await ann.settle()
  await ann.block([bob])
  for (const name of ['one', 'two']) {
    const row = await ann.device.ledger.read(keys.upload(cidOf(name), ann.address))
    expect(row?.publication.holders).toMatchObject([{ address: bob.address, box: boxOfName('bob') }])
  }
  expect(await bob.uploads.find(ann.named('two'))).toMatchObject({ holders: [bob.address], keepers: [bob.address], rent: { each: 0, periods: 2, wanted: 1 } })
  expect(bob.events.at(-1)).toMatchObject({ event: 'replication_set.updated', offered: { title: 'two' } })
  ann.sealed.clear()
  await expect(ann.uploads.desk.assign('d', { ...change, cid: cidOf('one'), holders: [bob.address], keepers: null })).rejects.toMatchObject({ code: 'not-found' })
})
