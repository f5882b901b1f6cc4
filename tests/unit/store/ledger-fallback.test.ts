import { beforeEach, expect, test } from 'vitest'
import { encodeCbor, toHex, utf8 } from '../../../src/base/index.ts'
import { Hamt, type NodeRef } from '../../../src/hamt/index.ts'
import { fallback } from '../../../src/store/index.ts'
import { LedgerStore } from '../../../src/store/ledger/ledger-store.ts'
import { memRecords } from '../../../src/store/ledger/mem-records.ts'
import { put, type Records } from '../../../src/store/ledger/records.ts'
import { ChainWriter, stateOf } from '../../support/ledger-chain.ts'

const entries = Array.from({ length: 300 }, (_, i) => ({ key: utf8(`key ${i}`), value: encodeCbor(i) }))

let records: Records
let root: NodeRef
let nodes: Map<string, Uint8Array>
let asked: string[]

/** A fresh store over the same records, for what is in the cache of another is not what lies there. */
const opened = async () => (await LedgerStore.open<object>(records, { states: 9, bodies: 9 })).nodes
const peers = async (digests: readonly Uint8Array[]) => digests.map(digest => {
  asked.push(toHex(digest))
  return nodes.get(toHex(digest)) ?? null
})

beforeEach(async () => {
  records = memRecords()
  const store = await LedgerStore.open<object>(records, { states: 9, bodies: 9 })
  const writer = new ChainWriter(store, () => entries)
  await writer.add('genesis', null)
  root = stateOf(store.head!)
  nodes = new Map()
  for await (const { ref, bytes } of (await Hamt.open(store.nodes, root)).nodes()) nodes.set(toHex(ref.digest), bytes)
  asked = []
})

/** Changes a byte of the node that has `text` in it. */
async function damage(text: string): Promise<void> {
  const pack = (await records.get('packs', [0]))[0]!.slice()
  pack[Buffer.from(pack.buffer).indexOf(text)]! ^= 1
  await records.write([put('packs', 0, pack)], 'relaxed')
}

test('a damaged node is said to be damaged, and with peers it is as it was', async () => {
  await damage('key 77')
  await expect((await Hamt.open(await opened(), root)).get(utf8('key 77'))).rejects.toMatchObject({ code: 'storage-damaged' })
  const healed = await Hamt.open(fallback(await opened(), peers), root)
  expect(await healed.getMany(entries.map(({ key }) => key))).toEqual(entries.map(({ value }) => value))
  expect(asked).toHaveLength(1)
})

test('a record that is no pack, or none at all, is missing', async () => {
  for (const edit of [put('packs', 0, Uint8Array.of(255, 255, 255, 255)), put('packs', 0, new Uint8Array()), put('packs', 0, new Uint8Array(9).fill(255))]) {
    await records.write([edit], 'relaxed')
    await expect(Hamt.open(await opened(), root)).rejects.toMatchObject({ code: 'not-found' })
  }
  const fetched = await Hamt.open(fallback(await opened(), peers), { digest: root.digest, place: null })
  expect(await fetched.getMany(entries.map(({ key }) => key))).toEqual(entries.map(({ value }) => value))
  expect(new Set(asked)).toEqual(new Set(nodes.keys()))
})

test('what peers have not is missing, what they give instead is damaged, and a whole store is not asked beyond', async () => {
  const whole = await Hamt.open(fallback(await opened(), peers), root)
  expect(await whole.get(utf8('key 5'))).toEqual(encodeCbor(5))
  expect(asked).toEqual([])
  await damage('key 77')
  const asks = async (give: Uint8Array | null) => (await Hamt.open(fallback(await opened(), async digests => digests.map(() => give)), root)).get(utf8('key 77'))
  await expect(asks(null)).rejects.toMatchObject({ code: 'not-found' })
  await expect(asks(utf8('something else'))).rejects.toMatchObject({ code: 'storage-damaged' })
})

test('changes over fetched nodes are kept, with what they left unchanged fetched again', async () => {
  await records.write([put('packs', 0, new Uint8Array())], 'relaxed')
  const store = fallback(await opened(), peers)
  const trie = await Hamt.open(store, { digest: root.digest, place: null })
  await trie.update([{ key: utf8('key 77'), value: encodeCbor('new') }])
  const { packs, root: next, replaced } = trie.commit(1)
  expect(replaced).toEqual([])
  await records.write(packs.map(({ number, bytes }) => put('packs', number, bytes)), 'relaxed')
  const again = await Hamt.open(fallback(await opened(), peers), next)
  expect(await again.getMany([utf8('key 77'), utf8('key 78')])).toEqual([encodeCbor('new'), encodeCbor(78)])
})
