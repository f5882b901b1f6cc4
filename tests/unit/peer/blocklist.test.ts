import { expect, test } from 'vitest'
import { limits } from '../../../src/base/index.ts'
import { blockHash } from '../../../src/content/index.ts'
import { Blocklist } from '../../../src/peer/blocklist.ts'
import { OpenedLinks } from '../../../src/peer/opened-links.ts'
import { memDatabase } from '../../../src/store/index.ts'
import { alice, bob, carol } from '../../support/duties.ts'

const clock = { time: 1, now() { return this.time } }
const cid = (digit: string) => digit.repeat(64)

test('a list names hashes of content ids, is kept, and can be cleared', async () => {
  const database = memDatabase()
  const list = new Blocklist(database, clock)
  await list.open()
  expect(list.has(cid('a'))).toBe(false)
  await list.add(cid('a'))
  const text = `# a comment\r\n\n${blockHash(cid('b')).toUpperCase()}  # why\nnot a hash\n${blockHash(cid('a'))}\n${blockHash(cid('b'))}`
  expect(await list.import(text)).toEqual({ added: 1, refused: 1 })
  const again = new Blocklist(database, clock)
  await again.open()
  expect([again.size, again.has(cid('a')), again.has(cid('b')), again.has(cid('c'))]).toEqual([2, true, true, false])
  await again.clear()
  expect(await database.getAll('blocked')).toEqual([])
  expect(again.has(cid('a'))).toBe(false)
})

test('the hash is SHA-256 of the id’s bytes', () => {
  // echo -n 00..00 | xxd -r -p | sha256sum
  expect(blockHash('0'.repeat(64))).toBe('66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925')
})

test('opened links are kept without telling their keys, the oldest goes, and old ones are forgotten', async () => {
  const database = memDatabase()
  const opened = new OpenedLinks(database, clock)
  await opened.open()
  const link = (n: number) => ({ cid: n.toString(16).padStart(64, '0'), infohash: 'f'.repeat(40), size: 1, kind: 'p' as const, name: 'secret', relays: [], sealed: { iv: Uint8Array.of(1), ct: Uint8Array.of(2) } })
  for (let n = 0; n <= limits.openedLinks; n++) await opened.put(link(n))
  expect(opened.list()).toHaveLength(limits.openedLinks)
  expect(opened.get(link(0).cid)).toBeUndefined()
  expect(opened.list()[0]).toEqual({ ...link(1), sealed: undefined, key: null })
  await opened.drop(link(1).cid)
  const next = new OpenedLinks(database, clock)
  await next.open()
  expect(next.list()).toHaveLength(limits.openedLinks - 1)
  expect(next.get(link(5).cid)?.sealed).toEqual(link(5).sealed)
  clock.time += limits.openedMs + 1
  const late = new OpenedLinks(database, clock)
  await late.open()
  expect(late.list()).toEqual([])
  expect(await database.getAll('opened')).toEqual([])
})

test('people are named by their addresses, in a list too', async () => {
  const database = memDatabase()
  const list = new Blocklist(database, clock)
  await list.open()
  await list.addOwner(alice)
  await expect(list.addOwner('Tsomebody')).rejects.toMatchObject({ code: 'bad-input' })
  expect(await list.import(`${bob} # why\n${bob.toLowerCase()}\n${alice}`)).toEqual({ added: 1, refused: 1 })
  const again = new Blocklist(database, clock)
  await again.open()
  expect([again.hasOwner(alice), again.hasOwner(bob), again.hasOwner(carol), again.size]).toEqual([true, true, false, 2])
})
