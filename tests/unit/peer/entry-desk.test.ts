import { beforeEach, expect, test } from 'vitest'
import { HoldfastError, limits } from '../../../src/base/index.ts'
import { EntryDesk } from '../../../src/peer/entry-desk.ts'
import { entryHash } from '../../../src/records/index.ts'
import { chainNamed, entryOf } from '../../support/records.ts'

const entries = Array.from({ length: 6 }, (_, i) => entryOf(chainNamed('log'), { content: `${i}` }))
const hashes = entries.map(entryHash)
/** Who is there, what each has, and what it does not keep. */
let people: Map<string, { readonly has: readonly number[], readonly fails?: boolean, readonly connected?: boolean, readonly lies?: readonly number[] }>
let asked: string[]
let now: number
let desk: EntryDesk

beforeEach(() => {
  people = new Map()
  asked = []
  now = 1_000
  let seed = 7
  const random = { bytes: (length: number) => Uint8Array.from({ length }, () => (seed = seed * 1_103_515_245 + 12_345 & 0x7fff_ffff) >> 16 & 255) }
  const has = (peer: string, hash: string): boolean => people.get(peer)!.has.some(i => hashes[i] === hash)
  desk = new EntryDesk({
    clock: { now: () => now }, random,
    links: {
      entryPeers: () => [...people].filter(([id]) => !id.startsWith('relay')).map(([id, { connected = true }]) => ({ id, connected })),
      entryRelays: () => [...people.keys()].filter(id => id.startsWith('relay')),
      async entriesHeld(peer, wanted) {
        asked.push(`${peer} holds ${wanted.length}`)
        if (people.get(peer)!.fails === true) throw new HoldfastError('peer-unreachable')
        return wanted.filter(hash => has(peer, hash) || people.get(peer)!.lies?.some(i => hashes[i] === hash) === true)
      },
      async entries(peer, wanted) {
        asked.push(`${peer} gives ${wanted.length}`)
        if (people.get(peer)!.fails === true) throw new HoldfastError('unsupported')
        return wanted.map(hash => has(peer, hash) ? entries[hashes.indexOf(hash)]! : null)
      },
    },
  })
})

test('what others have comes in the order it was asked for, each from one of them', async () => {
  people.set('a', { has: [0, 1, 2, 3] }).set('b', { has: [2, 3, 4] })
  expect(await desk.fetchEntries([4, 3, 2, 1, 0, 5].map(i => hashes[i]!))).toEqual([4, 3, 2, 1, 0].map(i => entries[i]!))
  expect(asked.filter(each => each.includes('holds')).sort()).toEqual(['a holds 6', 'b holds 6'])
  expect(asked.filter(each => each.includes('gives')).reduce((sum, each) => sum + Number(each.split(' ').at(-1)), 0)).toBe(5)
})

test('where one does not keep its word the next one is asked', async () => {
  people.set('a', { has: [], lies: [0, 1, 2] }).set('b', { has: [0, 1, 2] }).set('c', { has: [0], fails: true })
  expect(await desk.fetchEntries(hashes.slice(0, 3))).toEqual(entries.slice(0, 3))
  people.delete('b')
  expect(await desk.fetchEntries([hashes[5]!])).toEqual([])
})

test('what nobody has is asked of relays at last, and they are none who hold it', async () => {
  people.set('a', { has: [0] }).set('relay 1', { has: [], fails: true }).set('relay 2', { has: [0, 1, 2] }).set('relay 3', { has: [3] })
  expect(await desk.fetchEntries(hashes.slice(0, 3))).toEqual(entries.slice(0, 3))
  expect(asked).toEqual(['a holds 3', 'a gives 1', 'relay 1 gives 2', 'relay 2 gives 2'])
  expect(await desk.entryHolders(hashes.slice(0, 3))).toEqual([1, 0, 0])
})

test('how many hold each is remembered for a while, nobody is 0, and nobody asked is not known', async () => {
  expect(await desk.entryHolders(hashes.slice(0, 2))).toEqual([null, null])
  people.set('a', { has: [0, 1] }).set('b', { has: [0] }).set('c', { has: [0], fails: true })
  expect(await desk.entryHolders(hashes.slice(0, 3))).toEqual([2, 1, 0])
  expect(asked.length).toBe(3)
  people.set('d', { has: [0, 1, 2] })
  expect(await desk.entryHolders(hashes.slice(0, 3))).toEqual([2, 1, 0])
  expect(asked.length).toBe(3)
  expect(await desk.fetchEntries([hashes[2]!])).toEqual([entries[2]]) // whom nobody had is asked for again where it is wanted
  now += limits.entryHoldersMs + 1
  expect(await desk.entryHolders(hashes.slice(0, 3))).toEqual([3, 2, 1])
})

test('some are asked, connected ones first', async () => {
  for (let i = 0; i < 20; i++) people.set(`far ${i}`, { has: [0], connected: false })
  for (let i = 0; i < 5; i++) people.set(`near ${i}`, { has: [0] })
  expect(await desk.entryHolders([hashes[0]!])).toEqual([limits.entryAsks])
  expect(asked.filter(each => each.startsWith('near')).length).toBe(5)
})
