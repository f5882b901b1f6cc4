import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256, utf8 } from '../../src/base/index.ts'
import { ledgerName, openLedgerStore, type LedgerStore } from '../../src/store/index.ts'
import { networkWith } from '../support/book-device.ts'
import { LibraryDevice } from '../support/library-device.ts'
import { RecordWorld } from '../support/record-world.ts'
import { chainNamed, entryOf, firstEntryOf } from '../support/records.ts'

/* The index of entries where it lies in a browser: in IndexedDB. */

const [chain, payer] = ['aa'.repeat(32), '11'.repeat(32)]
const page = { offset: 0, limit: 100 }
let id: Uint8Array
let open: LedgerStore<object>[] = []

beforeEach(() => {
  id = crypto.getRandomValues(new Uint8Array(8))
  open = []
})
afterEach(async () => {
  for (const store of open) await store.close()
  await deleteDB(ledgerName(id))
})

async function opened(range = { states: 9, bodies: 9 }) {
  const store = await openLedgerStore<object>(id, { range })
  open.push(store)
  return store
}

test('a thousand entries of one chain: read by place, found by what they say, still there after a restart', async () => {
  const world = new RecordWorld(payer, async () => await opened())
  await world.start()
  const extIds = (i: number): readonly Uint8Array[] => [utf8(`entry ${i}`), utf8(`tag ${i % 10}`), sha256(utf8(String(i)))]
  for (let at = 0; at < 1_000; at += 50) {
    world.head = world.chain.add(world.head, Array.from({ length: 50 }, (_, i) => ({ chain, extIds: extIds(at + i), content: String(at + i), payer })))
    await world.follow()
  }
  for (let round = 0; round < 2; round++) {
    const { library } = world
    expect(await library.chain(chain)).toMatchObject({ count: 1_000, here: 1_000, block: 20 })
    for (const [from, count, first, got] of [[0, 1, '0', 1], [999, 5, '999', 1], [500, 100, '500', 100], [0, 500, '0', 100]] as const) {
      const entries = await library.entries(chain, from, count)
      expect([new TextDecoder().decode(entries[0]!.content!), entries.length]).toEqual([first, got])
    }
    const tagged = await library.search({ ...page, extId: { value: utf8('tag 3'), how: 'exact', position: 1 } })
    expect([tagged.total, tagged.entries.length, tagged.entries[0]!.index, tagged.entries.at(-1)!.index]).toEqual([100, 100, 993, 3])
    const some = await library.search({ offset: 10, limit: 2, extId: { value: utf8('entry 12'), how: 'prefix', position: null } })
    expect([some.total, some.entries.map(({ index }) => index)]).toEqual([11, [12]])
    expect((await library.search({ ...page, extId: { value: sha256(utf8('77')), how: 'exact', position: null } })).entries.map(({ index }) => index)).toEqual([77])
    expect((await library.search({ ...page, offset: 995, chain })).entries.map(({ index }) => index)).toEqual([4, 3, 2, 1, 0])
    expect((await library.search({ ...page, from: 1_000 + 60 * 20 })).total).toBe(50)
    await world.again()
  }
})

test('branches that lose are taken back, and what nobody needs goes', async () => {
  const world = new RecordWorld(payer, async () => await opened())
  await world.start()
  const other = '22'.repeat(32)
  const entry = (content: string) => ({ chain, extIds: [utf8('tag')], content, payer: other })
  for (const content of ['0', '1', '2']) {
    world.head = world.chain.add(world.head, [entry(content)])
    await world.follow()
  }
  let tip = world.below(2)
  for (const content of ['a', 'b', 'c']) tip = world.chain.add(tip, [entry(content)])
  world.head = tip
  await world.again()
  const said = async () => (await world.library.search({ ...page, extId: { value: utf8('t'), how: 'prefix', position: null } })).entries.map(({ content }) => new TextDecoder().decode(content!))
  expect(await said()).toEqual(['c', 'b', 'a', '0'])
  const { hash } = (await world.library.entries(chain, 0, 1))[0]!
  expect((await world.library.shelf.read([hash]))[0]).not.toBeNull()
  for (let i = 0; i < 9; i++) world.head = world.chain.add(world.head, [])
  await world.follow()
  expect(await said()).toEqual([])
  expect(await world.library.shelf.read([hash])).toEqual([null])
  expect(await world.store.records.keysBetween('', '~')).toEqual(['state'])
  await world.library.pin(chain, true)
  await world.library.settle()
  expect(await said()).toEqual(['c', 'b', 'a', '0'])
})

test('over a ledger: an entry, its receipt, and both after a restart', async () => {
  const device = await LibraryDevice.of(await networkWith({ ann: 1_000_000 }), await opened({ states: 100, bodies: 100 }))
  await device.buy('ann', 100)
  const [first, second] = [firstEntryOf('log'), entryOf(chainNamed('log'), { extIds: ['tag'], content: 'hello' })]
  await device.block([...device.recording(first, { begins: true }), ...device.recording(second)])
  await device.blocks(2)
  for (let round = 0; round < 2; round++) {
    const { entries: [found] } = await device.library.search({ ...page, extId: { value: utf8('tag'), how: 'exact', position: 0 } })
    expect(found).toMatchObject({ index: 1, block: 3, safe: true, content: utf8('hello') })
    const judged = await device.library.verify(await device.library.receipt(found!.hash), [])
    expect(judged.ok && judged.value.every(({ holds }) => holds === true)).toBe(true)
    await device.restart()
  }
})
