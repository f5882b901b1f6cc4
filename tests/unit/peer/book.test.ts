import { expect, test } from 'vitest'
import { addressBytes } from '../../../src/base/index.ts'
import { formatAddress } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import { ledgerInMemory, mine } from '../../support/mine.ts'
import { begin, Device, keyOf, networkWith, transact } from '../../support/book-device.ts'

const bob = await keyOf('bob')

test('a transfer goes from offered to safe, and the balance with it', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const id = await ann.book.send('w', bob.address, 100)
  await ann.settle()
  expect(ann.wallet).toMatchObject({ leaving: 110, minimumFee: 10, rows: [{ id, kind: 'sent', amount: 100, fee: 10, other: bob.address, block: null, stage: 'offered' }] })
  expect(await ann.book.send('w', bob.address, 100)).toBe(id) // said twice by a tab that heard no answer
  const [sent] = ann.offered()
  expect(sent).toMatchObject({ nonce: 1n, fee: 10, witness: null, body: { to: bob.address, amount: 100 } })

  await ann.block([], [sent!])
  expect(ann.wallet).toMatchObject({ leaving: 0, rows: [{ id, block: 1, stage: 'in-block', amount: 100, fee: 10, other: bob.address }] })
  expect(await ann.balance(bob.address)).toBe(100)
  await ann.blocks(13)
  expect(ann.wallet.rows[0]).toMatchObject({ stage: 'settled' })
  ann.status = { ...ann.status, safe: ann.ledger.head }
  await ann.blocks(1)
  expect(ann.wallet.rows[0]).toMatchObject({ id, stage: 'safe' })
  expect(await ann.store.values('intent/')).toEqual([])
})

test('coins go to a Factoid address as well', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const address = formatAddress('FA', new Uint8Array(32).fill(0xab))
  await ann.book.send('w', address, 100)
  await ann.settle()
  await ann.block([], ann.offered())
  expect(await ann.ledger.read(keys.factoid('ab'.repeat(32)))).toBe(100)
  expect(ann.wallet.rows).toMatchObject([{ kind: 'sent', amount: 100, other: address, block: 1 }])
})

test('what cannot be sent is said at once, and nothing of it stays', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  await expect(ann.book.send('a', 'T123', 5)).rejects.toMatchObject({ code: 'bad-input' })
  const meant = formatAddress('FA', Uint8Array.from([...new Uint8Array(12), ...addressBytes(bob.address)!]))
  await expect(ann.book.send('a', meant, 5)).rejects.toMatchObject({ code: 'bad-input', data: { account: bob.address } })
  for (const kind of ['EC', 'Fs', 'Es'] as const) await expect(ann.book.send('a', formatAddress(kind, new Uint8Array(32).fill(1)), 5)).rejects.toMatchObject({ code: 'bad-input' })
  for (const amount of [0, -1, 1.5, Number.NaN, 2 ** 40]) await expect(ann.book.send('b', bob.address, amount)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.book.send('c', bob.address, 991)).rejects.toMatchObject({ code: 'too-large' })
  await ann.book.send('d', bob.address, 500)
  await expect(ann.book.send('e', bob.address, 481)).rejects.toMatchObject({ code: 'too-large' }) // what is leaving counts
  await ann.book.send('f', bob.address, 470)
  ann.keys.locked = true
  await expect(ann.book.send('g', bob.address, 1)).rejects.toMatchObject({ code: 'locked' })
  await ann.settle()
  expect(ann.offered().map(({ nonce }) => nonce)).toEqual([1n, 2n])
  expect(ann.wallet.rows).toHaveLength(2)
})

test('transfers to the person and own blocks are in the history, with what they brought', async () => {
  const parameters = await networkWith({ ann: 1_000, bob: 1_000 })
  const device = await Device.of('bob', parameters)
  await device.block([], [await transact(device.ledger, await keyOf('ann'), { op: 1, body: { to: device.key.address, amount: 40 } }, begin + 1)])
  expect(device.wallet).toMatchObject({ unsafe: 40, rows: [{ kind: 'received', amount: 40, fee: 0, other: (await keyOf('ann')).address, stage: 'in-block' }] })

  const own = await Device.of('one 0', parameters)
  await own.block([], [await transact(own.ledger, await keyOf('ann'), { op: 1, body: { to: bob.address, amount: 1 } }, begin + 1)])
  const turn = await mine(own.ledger, { pool: 'one', at: own.ledger.head.header.time + parameters.rescue })
  expect(turn.miner.address).toBe(own.key.address)
  await own.take(turn.header, turn.body, turn.time)
  expect(own.wallet).toMatchObject({ unsafe: 1_010, rows: [{ kind: 'mined', amount: 1_010, other: null, block: 2, stage: 'in-block' }] })
  expect(await own.balance()).toBe(1_010)
})

test('a restart goes on where it was, and what had not left goes then', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const id = await ann.book.send('w', bob.address, 100)
  const offered = ann.offered()
  await ann.stop()
  ann.news.length = 0
  await ann.block([], offered).catch(() => {}) // while nobody looked
  await ann.start()
  expect(ann.wallet.rows).toMatchObject([{ id, stage: 'in-block', block: 1 }])
})

test('another branch undoes what its blocks do not have, and offers it again', async () => {
  const parameters = await networkWith({ ann: 1_000 })
  const ann = await Device.of('ann', parameters)
  const beside = await ledgerInMemory(parameters)
  const id = await ann.book.send('w', bob.address, 100)
  await ann.block([], ann.offered())
  expect(ann.wallet.rows).toMatchObject([{ id, stage: 'in-block' }])

  let now = ann.now
  for (let i = 0; i < 4; i++) {
    const { header, body, time } = await mine(beside, { pool: 'other', seconds: 20 })
    now = Math.max(now, time)
    await beside.offer(header, body, now)
    await ann.take(header, body, now)
  }
  expect(ann.ledger.head.root).toBe(beside.head.root)
  expect(ann.wallet).toMatchObject({ leaving: 110, rows: [{ id, stage: 'offered', block: null }] })
  await ann.block([], ann.offered())
  expect(ann.wallet.rows).toMatchObject([{ id, stage: 'in-block', block: 5 }])
  expect(await ann.balance(bob.address)).toBe(100)
})

test('where another device used the nonce it is signed again, so that both can never be', async () => {
  const parameters = await networkWith({ ann: 1_000 })
  const ann = await Device.of('ann', parameters)
  const carol = (await keyOf('carol')).address
  const first = await ann.book.send('w', bob.address, 100)
  await ann.block([], [await transact(ann.ledger, ann.key, { op: 1, body: { to: carol, amount: 7 } }, begin + 1)])
  const again = ann.offered().find(({ nonce }) => nonce === 2n)!
  expect(again).toMatchObject({ body: { to: bob.address, amount: 100 }, witness: ann.ledger.head.root })
  expect(ann.wallet.rows).toMatchObject([{ stage: 'offered', amount: 100 }, { kind: 'sent', amount: 7, other: carol }])
  expect(ann.wallet.rows[0]!.id).not.toBe(first)

  // A branch without that block: the second cannot come there, the first can.
  const beside = await ledgerInMemory(parameters)
  let now = ann.now
  for (let i = 0; i < 3; i++) {
    const { header, body, time } = await mine(beside, { pool: 'other', seconds: 20 })
    now = Math.max(now, time)
    await beside.offer(header, body, now)
    await ann.take(header, body, now)
  }
  expect(ann.ledger.head.root).toBe(beside.head.root)
  expect(ann.offered().some(({ nonce }) => nonce === 1n)).toBe(true)
  await ann.block([], ann.offered().filter(each => each.nonce === 1n && each.op === 1 && each.body.to === bob.address))
  expect(ann.wallet.rows.filter(({ kind, stage }) => kind === 'sent' && stage === 'in-block')).toMatchObject([{ id: first, amount: 100 }])
  expect(await ann.balance(bob.address)).toBe(100)
})

test('where another device spent the coins it fails, with its reason', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const id = await ann.book.send('w', bob.address, 900)
  await ann.block([], [await transact(ann.ledger, ann.key, { op: 1, body: { to: bob.address, amount: 500 } }, begin + 1)])
  expect(ann.wallet).toMatchObject({ leaving: 0, rows: [{ id, stage: 'failed', amount: 900, problem: { code: 'too-large' } }, { amount: 500, stage: 'in-block' }] })
  await ann.book.cancelSending(id)
  await ann.settle()
  expect(ann.wallet.rows).toHaveLength(1)
})

test('only what nobody has can be taken back', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const id = await ann.book.send('w', bob.address, 100)
  await expect(ann.book.cancelSending(id)).rejects.toMatchObject({ code: 'already-exists' })
  await expect(ann.book.cancelSending('ab'.repeat(32))).rejects.toMatchObject({ code: 'not-found' })
})

test('one that is twelve hours old is signed again', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const first = await ann.book.send('w', bob.address, 100)
  await ann.blocks(1)
  const late = await mine(ann.ledger, { at: begin + 13 * 3_600 })
  await ann.take(late.header, late.body, late.time)
  const last = ann.offered().at(-1)!
  expect(last).toMatchObject({ nonce: 1n, time: late.time, witness: ann.ledger.head.root })
  expect(ann.wallet.rows).toMatchObject([{ stage: 'offered', amount: 100 }])
  expect(ann.wallet.rows[0]!.id).not.toBe(first)
})

test('a wallet takes a root deep enough as witness', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  await ann.blocks(15)
  await ann.book.send('w', bob.address, 1)
  const witness = ann.ledger.chain.record(ann.offered()[0]!.witness!)
  expect(witness?.header.number).toBe(3)
})

test('where a row stands is shown, and checked', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const id = await ann.book.send('w', bob.address, 100)
  await expect(ann.book.proveRow(id)).rejects.toMatchObject({ code: 'not-found' })
  await ann.block([], ann.offered())
  const inBlock = ann.ledger.head.id
  await ann.blocks(2)
  const proof = await ann.book.proveRow(id)
  expect(proof).toMatchObject({ root: ann.ledger.head.root, block: inBlock, number: 1, index: 0 })
  expect(proof.nodes).toBeGreaterThan(0)
  expect(proof.bytes).toBeGreaterThan(100)
})

test('another identity has another history, and the first comes back whole', async () => {
  const parameters = await networkWith({ ann: 1_000 })
  const ann = await Device.of('ann', parameters)
  await ann.book.send('w', bob.address, 100)
  await ann.block([], ann.offered())
  await ann.book.setPerson({ address: bob.address, backedUp: null, passphrase: false, locked: false })
  await ann.settle()
  expect(ann.wallet.rows).toMatchObject([{ kind: 'received', amount: 100, other: ann.key.address }])
  await ann.book.setPerson({ address: ann.key.address, backedUp: null, passphrase: false, locked: false })
  await ann.settle()
  expect(ann.wallet.rows).toMatchObject([{ kind: 'sent', amount: 100, other: bob.address }])
})
