import '../../../src/relay/node20.ts'
import { expect, test } from 'vitest'
import type { Cid } from '../../../src/base/index.ts'
import type { Link } from '../../../src/ledger/index.ts'
import type { BookStore, MessageValue, RowValue } from '../../../src/peer/book-values.ts'
import { Diary } from '../../../src/peer/diary.ts'
import { DiaryPages } from '../../../src/peer/diary-pages.ts'
import { limits } from '../../../src/base/index.ts'
import { begin, Device, keyOf, networkWith, transact } from '../../support/book-device.ts'

const bob = await keyOf('bob')

/** A chain on which ann sends bob a coin in every third block, and says something in every fifth. */
async function story(blocks: number): Promise<Device> {
  const ann = await Device.of('ann', await networkWith({ ann: 10_000 }))
  for (let number = 1; number <= blocks; number++) {
    const what = number % 3 === 0 ? { op: 1 as const, body: { to: bob.address, amount: 1 } } : number % 5 === 0 ? { op: 2 as const, body: { thread: null, message: `{"text":"${number}"}`, attachment: null } } : null
    await ann.block([], what === null ? [] : [await transact(ann.ledger, ann.key, what, begin + 1)])
  }
  return ann
}

interface World { readonly store: BookStore, readonly writes: string[][], readonly asked: Cid[] }

/** A diary of that chain on a device that holds no body itself: `gives` says which others give, and `upTo` the head there. */
async function reader(ann: Device, gives: (link: Link) => boolean, upTo: { head: Link }): Promise<World & { readonly diary: Diary }> {
  const values = new Map<string, unknown>()
  const world = { writes: [] as string[][], asked: [] as Cid[] }
  const store = {
    value: async (name: string) => values.get(name) ?? null,
    values: async (prefix: string) => [...values].filter(([name]) => name.startsWith(prefix)),
    async setValues(changes: object) {
      world.writes.push(Object.keys(changes))
      for (const [name, value] of Object.entries(changes)) {
        if (value === undefined) values.delete(name)
        else values.set(name, value)
      }
    },
    body: async () => null,
    async keepObject() {},
  } as unknown as BookStore
  const links = new Map<Cid, Link>()
  for (let at: Link | null = ann.ledger.head; at !== null; at = at.parent === null ? null : ann.ledger.chain.record(at.parent)) links.set(at.header.body, at)
  const sync = {
    get status() { return { ...ann.sync.status, head: upTo.head } },
    read: async () => null,
    async fetch(cid: Cid) {
      world.asked.push(cid)
      const link = links.get(cid)
      return link !== undefined && gives(link) ? await ann.store.body(link.root) : null
    },
  }
  const diary = await Diary.open({ chain: ann.ledger.chain, parameters: ann.ledger.parameters, sync, store, needed: () => false })
  await diary.setOwner(bob.address)
  return { ...world, store, diary }
}

const at = (ann: Device, number: number): Link => {
  for (let link = ann.ledger.head; ; link = ann.ledger.chain.record(link.parent!)!) if (link.header.number === number) return link
}
const numbers = (rows: Iterable<{ readonly number: number }>): number[] => [...rows].map(({ number }) => number).sort((a, b) => a - b)

test('what is not here is asked of others', async () => {
  const ann = await story(10)
  const { diary } = await reader(ann, () => true, { head: ann.ledger.head })
  expect(await diary.follow()).toBe(true)
  expect(numbers(diary.pages.rows.values())).toEqual([3, 6, 9])
  expect(numbers(diary.pages.messages.values())).toEqual([5, 10])
  expect(diary.from).toBe(1)
})

test('a recent body that nobody gives is waited for, and then gone without; what is before is read afterwards', async () => {
  const ann = await story(10)
  const missing = new Set([5])
  const { diary } = await reader(ann, ({ header }) => !missing.has(header.number), { head: ann.ledger.head })
  expect(await diary.follow()).toBe(false)
  expect(numbers(diary.pages.rows.values())).toEqual([3])
  expect(await diary.follow()).toBe(false)
  expect(await diary.follow()).toBe(true)
  expect(diary.from).toBe(6)
  expect(numbers(diary.pages.rows.values())).toEqual([3, 6, 9])
  expect(numbers(diary.pages.messages.values())).toEqual([10])
  expect(await diary.readBack()).toBe(false)
  expect(diary.from).toBe(6)
  missing.clear()
  expect(await diary.readBack()).toBe(false) // nothing is left
  expect(diary.from).toBe(1)
  expect(numbers(diary.pages.rows.values())).toEqual([3, 6, 9])
  expect(numbers(diary.pages.messages.values())).toEqual([5, 10])
})

test('a restart reads again what brought nothing, and no more', async () => {
  const ann = await story(9)
  const head = { head: at(ann, 7) }
  const { diary, store, writes, asked } = await reader(ann, () => true, head)
  await diary.follow()
  expect(writes.flat().filter(name => name.startsWith('row/'))).toHaveLength(2)
  head.head = at(ann, 8)
  await diary.follow()
  expect(writes.at(-1)).toContain('diary') // of 7; 8 brought nothing
  expect((await store.value('diary'))?.number).toBe(7)
  asked.length = 0
  const again = await Diary.open({ chain: ann.ledger.chain, parameters: ann.ledger.parameters, sync: { get status() { return { ...ann.sync.status, head: ann.ledger.head } }, read: async () => null, fetch: async () => null }, store: { ...store, body: async root => await ann.store.body(root) }, needed: () => false })
  expect(again.owner).toBe(bob.address)
  expect(await again.follow()).toBe(true)
  expect(numbers(again.pages.rows.values())).toEqual([3, 6, 9])
  expect(await store.value('diary')).toMatchObject({ number: 9, from: 1 })
})

test('a store that fails leaves what was, and the next try goes on', async () => {
  const ann = await story(6)
  const { diary, store } = await reader(ann, () => true, { head: ann.ledger.head })
  const { setValues } = store
  store.setValues = async () => await Promise.reject(new Error('full'))
  await expect(diary.follow()).rejects.toThrow('full')
  expect(diary.pages.rows.size).toBe(0)
  store.setValues = setValues
  expect(await diary.follow()).toBe(true)
  expect(numbers(diary.pages.rows.values())).toEqual([3, 6])
})

/** What a diary finds that is opened on this store. */
const opened = async (ann: Device, store: BookStore): Promise<Diary> => await Diary.open({ chain: ann.ledger.chain, parameters: ann.ledger.parameters, sync: { status: ann.sync.status, read: async () => null, fetch: async () => null }, store, needed: () => false })

/** The next write fails. */
function failOnce(store: BookStore): void {
  const { setValues } = store
  store.setValues = async () => {
    store.setValues = setValues
    return await Promise.reject(new Error('full'))
  }
}

test('what was read back and could not be written is written with what comes next', async () => {
  const ann = await story(10)
  const missing = new Set([5])
  const head = { head: at(ann, 9) }
  const { diary, store } = await reader(ann, ({ header }) => !missing.has(header.number), head)
  while (!await diary.follow());
  expect(diary.from).toBe(6)
  missing.clear()
  failOnce(store)
  await expect(diary.readBack()).rejects.toThrow('full')
  expect((await opened(ann, store)).from).toBe(6)
  head.head = at(ann, 10)
  await diary.follow()
  await diary.readBack()
  const again = await opened(ann, store)
  expect([again.from, numbers(again.pages.messages.values())]).toEqual([1, [5, 10]])
})

test('a thread muted before any block was read stays so', async () => {
  const ann = await story(5)
  const { diary, store } = await reader(ann, () => true, { head: ann.ledger.head })
  await diary.mark('T/1', { muted: true })
  await diary.follow()
  expect((await opened(ann, store)).pages.marks.get('T/1')).toMatchObject({ muted: true })
})

test('rows of whoever it was before are gone, also where that could not be written at once', async () => {
  const ann = await story(6)
  const { diary, store } = await reader(ann, () => true, { head: ann.ledger.head })
  await diary.follow()
  failOnce(store)
  await expect(diary.setOwner(ann.key.address)).rejects.toThrow('full')
  failOnce(store)
  await expect(diary.follow()).rejects.toThrow('full')
  await diary.follow()
  const again = await opened(ann, store)
  for (const { owner, pages } of [diary, again]) expect([owner, [...pages.rows.values()].map(({ kind }) => kind).toSorted()]).toEqual([ann.key.address, ['message', 'sent', 'sent']])
})

const row = (number: number): RowValue => ({ id: `row ${number}`, kind: 'received', amount: 1, fee: 0, other: null, time: 0, block: '', number, index: 0, nonce: 0n })
const message = (thread: string, author: string, nonce: number, number: number): MessageValue => ({ id: `${author}/${nonce}`, thread, author, nonce: BigInt(nonce), json: '{}', attachment: null, time: 0, block: '', number, index: 0, kept: false })

test('the oldest rows go, but for those that are needed', () => {
  const pages = new DiaryPages([], [], [])
  for (let number = 0; number < limits.walletRows + 5; number++) pages.addRow(row(number))
  pages.bound('me', id => id === 'row 1')
  expect(pages.rows.size).toBe(limits.walletRows)
  expect(pages.rows.has('row 1')).toBe(true)
  expect(pages.rows.has('row 5')).toBe(false)
  expect(pages.changes()?.['row/row 0']).toBeUndefined()
})

test('whole threads go first, those of others before own ones', () => {
  const pages = new DiaryPages([], [], [])
  const half = limits.threadMessages / 2
  for (let i = 1; i <= half; i++) pages.addMessage(message('me/1', 'me', i, i))
  for (let i = 1; i <= half; i++) pages.addMessage(message(i < 10 ? 'you/1' : 'you/10', 'you', i, half + i))
  pages.setMark('you/1', { muted: false, seen: null })
  pages.addMessage(message('new/1', 'new', 1, 99_999))
  pages.bound('me', () => false)
  expect([...pages.threads.keys()].toSorted()).toEqual(['me/1', 'new/1', 'you/10'])
  expect(pages.marks.has('you/1')).toBe(false)
  for (let i = half + 1; i <= 2 * half + 5; i++) pages.addMessage(message('me/1', 'me', i, 100_000 + i))
  pages.bound('me', () => false)
  expect([...pages.threads.keys()]).toEqual(['me/1'])
  expect(pages.messages.size).toBe(limits.threadMessages)
  expect(pages.threads.get('me/1')![0]!.nonce).toBe(6n)
})

test('answers read before what they answer join its thread', () => {
  const pages = new DiaryPages([], [], [])
  pages.addMessage(message('b/1', 'c', 1, 30))
  pages.addMessage(message('a/1', 'b', 1, 20))
  pages.addMessage(message('a/1', 'a', 1, 10))
  expect([...pages.threads].map(([name, messages]) => [name, numbers(messages)])).toEqual([['a/1', [10, 20, 30]]])
  pages.undo(20)
  expect(pages.threads.get('a/1')?.map(({ author }) => author)).toEqual(['a', 'b'])
})
