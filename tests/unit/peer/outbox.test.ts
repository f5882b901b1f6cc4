import { expect, test } from 'vitest'
import type { IntentValue, Wish } from '../../../src/peer/book-values.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { Device, begin, keyOf, networkWith } from '../../support/book-device.ts'

const [ann, bob] = [await keyOf('ann'), await keyOf('bob')]
const parameters = await networkWith({ ann: 1_000 })
const what: Wish = { op: 1, body: { to: bob.address, amount: 100 } }

test('what is taken back while its signature is written down is offered to nobody', async () => {
  const device = await Device.of('ann', parameters)
  const { store } = device
  const written = Promise.withResolvers<void>()
  const goes = Promise.withResolvers<void>()
  const setValues = store.setValues.bind(store)
  store.setValues = async (changes: Readonly<Record<string, unknown>>) => {
    await setValues(changes)
    if (!Object.values(changes).some(value => (value as IntentValue | undefined)?.versions?.length === 1)) return
    written.resolve()
    await goes.promise
  }
  const sent = device.book.send('w', bob.address, 100)
  sent.catch(() => {})
  await written.promise
  await device.book.cancelSending(device.book.outbox.list()[0]!.id)
  goes.resolve()
  await expect(sent).rejects.toMatchObject({ code: 'aborted' })
  await device.settle()
  expect([device.offered(), device.book.outbox.list(), await store.values('intent/')]).toEqual([[], [], []])
})

test('what is taken back while it is found to fail leaves nothing behind', async () => {
  const device = await Device.of('ann', parameters)
  const account = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const read = device.sync.read
  Object.assign(device.sync, { read: async (...names: Parameters<typeof read>) => {
    asked.resolve()
    await account.promise
    return await read(...names)
  } })
  const sent = device.book.outbox.add('w', { op: 1, body: { to: bob.address, amount: 5_000 } }, ann.address, 'signed')
  sent.catch(() => {})
  await asked.promise
  await device.book.cancelSending(device.book.outbox.list()[0]!.id)
  account.resolve()
  await expect(sent).rejects.toMatchObject({ code: 'aborted' })
  await device.settle()
  expect(await device.store.values('intent/')).toEqual([])
})

test('a wish that failed and is said twice once more is done once', async () => {
  const store = await memLedgerStore<object>({ states: 3000, bodies: 3000 })
  const failed: IntentValue = { number: 1, wish: 'w', made: begin, what, sender: ann.address, sealed: null, versions: [], since: 0, problem: { code: 'not-found', message: '', data: {} } }
  await store.setValues({ 'intent/000000000001': failed })
  const device = await Device.of('ann', parameters, { store })
  const told = await Promise.all([1, 2].map(async () => await device.book.outbox.add('w', what, ann.address, 'signed')))
  await device.settle()
  expect([told[0], device.offered().length]).toEqual([told[1], 1])
})

test('what is asked for as all that was before comes to its end is not left for the next head', async () => {
  const left: number[] = []
  for (let turns = 0; turns < 100; turns++) {
    const device = await Device.of('ann', parameters)
    const add = async (wish: string) => await device.book.outbox.add(wish, what, ann.address, 'signed')
    const first = add('first')
    for (let i = 0; i < turns; i++) await Promise.resolve()
    const second = add('second')
    if (!await Promise.race([second.then(() => true), new Promise<false>(done => { setTimeout(done, 50, false) })])) left.push(turns)
    await device.book.outbox.kick()
    await Promise.all([first, second])
    await device.stop()
  }
  expect(left).toEqual([])
}, 120_000)
