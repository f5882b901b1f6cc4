import { expect, test } from 'vitest'
import { stampWork } from '../../../src/ledger/index.ts'
import { ledgerInMemory, mine } from '../../support/mine.ts'
import { begin, Device, keyOf, networkWith, transact } from '../../support/book-device.ts'

const message = (text: string, thread: { readonly address: string, readonly nonce: bigint } | null = null) => ({ op: 2 as const, body: { thread, message: JSON.stringify({ text }), attachment: null } })

test('somebody without coins says something within seconds, for some work', async () => {
  const ann = await Device.of('ann', await networkWith({}, { stampBits: 14 }))
  expect(await ann.book.messagePrice()).toMatchObject({ fee: null })
  expect((await ann.book.messagePrice()).seconds).toBeGreaterThan(0)
  const name = await ann.book.openThread('w', 'Salt', 'Which microphones survive salt?', null)
  expect(name).toBe(`${ann.key.address}/1`)
  await expect.poll(async () => { await ann.settle(); return ann.offered().length }).toBe(1)
  const [sent] = ann.offered()
  expect(sent).toMatchObject({ fee: 0, nonce: 1n, body: { thread: null, message: '{"title":"Salt","text":"Which microphones survive salt?"}' } })
  expect(stampWork(sent!)).toBeGreaterThanOrEqual(14)
  expect(ann.news.some(({ threads }) => threads?.threads[0]?.last.stage === 'stamping')).toBe(true)
  expect(await ann.book.readThread(name)).toMatchObject([{ own: true, text: 'Which microphones survive salt?', stage: 'offered', attachment: null }])
  await ann.block([], ann.offered())
  expect(ann.threads).toMatchObject({ unread: 0, threads: [{ name, title: 'Salt', messages: 1, people: 1, unread: 0, muted: false, author: ann.key.address, last: { stage: 'in-block' } }] })
  expect(await ann.book.proveRow((await ann.book.readThread(name))[0]!.id)).toMatchObject({ number: 1, index: 0, root: ann.ledger.head.root })
})

test('replies of others are unread until they were seen, and count once', async () => {
  const parameters = await networkWith({ ann: 1_000, bob: 1_000 })
  const ann = await Device.of('ann', parameters)
  const bob = await keyOf('bob')
  expect(await ann.book.messagePrice()).toEqual({ fee: 10, seconds: 0 })
  const name = await ann.book.openThread('w', 'Salt', 'Anybody?', null)
  await ann.settle()
  await ann.block([], ann.offered())
  await ann.block([], [await transact(ann.ledger, bob, message('Me.', { address: ann.key.address, nonce: 1n }), begin + 1)])
  await ann.block([], [await transact(ann.ledger, bob, message('And again.', { address: bob.address, nonce: 1n }), begin + 1)]) // an answer to an answer
  await ann.block([], [await transact(ann.ledger, bob, message('Elsewhere'), begin + 1)])
  expect(ann.threads).toMatchObject({ unread: 3, threads: [{ name, messages: 3, people: 2, unread: 2, last: { text: 'And again.', own: false } }, { name: `${bob.address}/3`, title: 'Elsewhere', unread: 1 }] })
  await ann.book.seenThread(name)
  await ann.book.muteThread(`${bob.address}/3`, true)
  await ann.settle()
  expect(ann.threads).toMatchObject({ unread: 0 })
  expect(ann.threads.threads.find(each => each.name === `${bob.address}/3`)).toMatchObject({ muted: true, unread: 1 })
  await ann.stop()
  ann.news.length = 0
  await ann.start()
  expect(ann.threads).toMatchObject({ unread: 0 })
})

test('what was said before this device followed the network is nothing new', async () => {
  const ann = await Device.of('ann', await networkWith({ bob: 1_000 }))
  const bob = await keyOf('bob')
  ann.status = { stage: 'beginning' }
  await ann.stop()
  await ann.store.setValues({ diary: undefined })
  await ann.start()
  await ann.block([], [await transact(ann.ledger, bob, message('Old'), begin + 1)])
  expect(ann.threads).toMatchObject({ unread: 0, threads: [{ title: 'Old', unread: 0 }] })
  ann.status = { stage: 'following' }
  await ann.block([], [await transact(ann.ledger, bob, message('New'), begin + 1)])
  expect(ann.threads.unread).toBe(1)
  expect(ann.threads.threads.find(({ unread }) => unread > 0)?.title).toBe('New')
})

test('messages of a thread the person wrote in are kept for others, also those of before', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000, bob: 1_000 }))
  const bob = await keyOf('bob')
  const opener = await transact(ann.ledger, bob, message('Hello'), begin + 1)
  await ann.block([], [opener])
  const name = `${bob.address}/1`
  const [first] = await ann.book.readThread(name)
  const kept = async (id: string) => ann.store.find(id)
  expect(await kept(first!.id)).toBeNull()
  const id = await ann.book.reply('w', name, 'Hello you', null)
  await ann.block([], ann.offered())
  expect(await ann.book.readThread(name)).toMatchObject([{ id: first!.id, own: false }, { id, own: true, stage: 'in-block' }])
  expect(await kept(first!.id)).not.toBeNull()
  expect(await kept(id)).not.toBeNull()
})

test('what a message cannot be is said', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  await expect(ann.book.openThread('a', '', '  ', null)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.book.openThread('b', 'T', 'x'.repeat(1_024), null)).rejects.toMatchObject({ code: 'too-large' })
  await expect(ann.book.reply('c', 'T1/1', 'x', null)).rejects.toMatchObject({ code: 'bad-input' })
  await expect(ann.book.readThread(`${ann.key.address}/9`)).rejects.toMatchObject({ code: 'not-found' })
})

test('what others write is shown clean, or not at all', async () => {
  const ann = await Device.of('ann', await networkWith({ bob: 1_000 }))
  const bob = await keyOf('bob')
  const say = async (json: string) => { await ann.block([], [await transact(ann.ledger, bob, { op: 2, body: { thread: null, message: json, attachment: null } }, begin + 1)]) }
  await say('{"text":"a\\u202eb\\r\\nc\\u200d\\n\\n\\n\\nd","title":"x\\ny"}')
  await say('{"txt":"?"}')
  await say('{"text":7,"title":{}}')
  const texts = await Promise.all(ann.threads.threads.map(async ({ name }) => (await ann.book.readThread(name))[0]!.text))
  expect(texts.toSorted()).toEqual(['', '', 'ab\nc\n\nd'])
  expect(ann.threads.threads.map(({ title }) => title).toSorted()).toEqual(['', '', 'x y'])
})

test('an attachment has a link; of a protected one the content id alone', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const file = { root: 'ab'.repeat(32), size: 300_000, cid: 'cd'.repeat(32), infohash: 'ef'.repeat(20), title: 'pier \u202ewax.zip' }
  const name = await ann.book.openThread('w', 'Salt', 'Here', { ...file, type: 'z' })
  await ann.book.reply('v', name, 'And', { ...file, type: 'p' })
  await ann.settle()
  await ann.block([], ann.offered())
  const [plain, sealed] = await ann.book.readThread(name)
  expect(plain!.attachment).toMatchObject({ cid: file.cid, infohash: file.infohash, size: 300_000, title: 'pier wax.zip' })
  expect(plain!.attachment!.link).toMatch(new RegExp(`^https://app.example/#/get/${file.cid}\\?i=${file.infohash}&s=300000&t=z&n=pier%20wax.zip&c=`))
  expect(sealed!.attachment!.link).toBe(`https://app.example/#/get/${file.cid}`)
})

test('a branch that leaves a message out takes it from its thread, and it is offered again', async () => {
  const parameters = await networkWith({ ann: 1_000 })
  const ann = await Device.of('ann', parameters)
  const beside = await ledgerInMemory(parameters)
  const name = await ann.book.openThread('w', 'Salt', 'Here', null)
  await ann.settle()
  await ann.block([], ann.offered())
  let now = ann.now
  for (let i = 0; i < 3; i++) {
    const { header, body, time } = await mine(beside, { pool: 'other', seconds: 20 })
    now = Math.max(now, time)
    await beside.offer(header, body, now)
    await ann.take(header, body, now)
  }
  expect(await ann.book.readThread(name)).toMatchObject([{ stage: 'offered', text: 'Here' }])
  await ann.block([], ann.offered())
  expect(await ann.book.readThread(name)).toMatchObject([{ stage: 'in-block', text: 'Here' }])
})

test('a thread opened under a nonce that another device used goes by its old name, too', async () => {
  const ann = await Device.of('ann', await networkWith({ ann: 1_000 }))
  const name = await ann.book.openThread('w', 'Salt', 'Here', null)
  await ann.settle()
  await ann.block([], [await transact(ann.ledger, ann.key, { op: 1, body: { to: (await keyOf('bob')).address, amount: 7 } }, begin + 1)])
  expect(await ann.book.readThread(name)).toMatchObject([{ text: 'Here', stage: 'offered' }])
  await ann.block([], ann.offered().filter(({ nonce }) => nonce === 2n))
  expect(ann.threads.threads).toMatchObject([{ name: `${ann.key.address}/2`, title: 'Salt' }])
  expect(await ann.book.readThread(name)).toMatchObject([{ text: 'Here', stage: 'in-block' }])
})

test('two written one after the other have two nonces, though the first takes work', async () => {
  const ann = await Device.of('ann', await networkWith({}, { stampBits: 12 }))
  const names = await Promise.all([ann.book.openThread('a', 'One', 'one', null), ann.book.openThread('b', 'Two', 'two', null)])
  expect(names).toEqual([`${ann.key.address}/1`, `${ann.key.address}/2`])
  await ann.settle()
  await ann.block([], ann.offered())
  expect(ann.threads.threads.map(({ name }) => name).toSorted()).toEqual(names.toSorted())
})
