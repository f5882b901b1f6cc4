import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { OpenedLinks } from '../../../src/peer/opened-links.ts'
import { memDatabase, type OpenedRow } from '../../../src/store/index.ts'

const sealed = { iv: new Uint8Array(12), ct: new Uint8Array(48) }
const cidOf = (n: number) => n.toString(16).padStart(64, '0')
const link = (n: number) => ({ cid: cidOf(n), infohash: 'cd'.repeat(20), size: 7, kind: 'p' as const, name: `File ${String(n)}`, relays: [], sealed })
const restored = (n: number): OpenedRow => ({ ...link(n), openedAt: 0, restored: true })

test('links somebody opened are forgotten after a week, and the oldest where there are too many; what a backup brought is not', async () => {
  const database = memDatabase()
  let now = 1
  const opened = new OpenedLinks(database, { now: () => now })
  await database.put('opened', restored(1))
  await opened.open()
  for (let n = 2; n < limits.openedLinks + 3; n++) await opened.put(link(n))
  expect(opened.get(cidOf(2))).toBeUndefined()
  expect(opened.get(cidOf(3))).toBeDefined()
  expect(opened.list()).toHaveLength(limits.openedLinks + 1)
  await opened.put(link(1)) // opened as a link, too
  expect(opened.restored().map(({ cid }) => cid)).toEqual([cidOf(1)])
  expect(opened.get(cidOf(3))).toBeDefined()

  now += limits.openedMs + 1
  const later = new OpenedLinks(database, { now: () => now })
  await later.open()
  expect(later.list().map(({ cid }) => cid)).toEqual([cidOf(1)])
  expect((await database.getAll('opened')).map(({ cid }) => cid)).toEqual([cidOf(1)])
})

test('what a backup brought while they were open is taken in, and dropped like any other', async () => {
  const database = memDatabase()
  const opened = new OpenedLinks(database, { now: () => 1 })
  await opened.open()
  await opened.put(link(2))
  await database.put('opened', restored(5))
  await opened.open()
  expect(opened.list()).toHaveLength(2)
  await opened.drop(cidOf(5))
  expect(await database.get('opened', cidOf(5))).toBeNull()
  expect(opened.restored()).toEqual([])
})
