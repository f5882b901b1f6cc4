import { expect, test } from 'vitest'
import { concat, encodeCbor, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { Hamt, MemoryNodeStore, StateCopy, readPacked } from '../../../src/hamt/index.ts'
import { must } from '../../support/ledger.ts'
import { KeptTrie } from '../../support/trie.ts'

async function trieOf(keys: number, bytes = 0): Promise<Hamt> {
  const kept = new KeptTrie()
  await kept.trie.update(Array.from({ length: keys }, (_, i) => ({ key: utf8(`key ${i}`), value: encodeCbor(new Uint8Array(bytes).fill(i)) })))
  kept.commit()
  return kept.trie
}

/** Copies what there is, and says how many paths were wanted at once at most. */
async function fill(copy: StateCopy, from: Hamt): Promise<number> {
  let most = 0
  while (!copy.isWhole) {
    const paths = copy.wanted()
    most = Math.max(most, copy.wanted(Infinity).length)
    must(copy.take(paths, await from.nodesAt(paths)))
  }
  return most
}

async function entries(trie: Hamt): Promise<string[]> {
  const all: string[] = []
  for await (const { key, value } of trie.walk()) all.push(toHex(concat(key, value)))
  return all
}

test('a copy has all entries, in packs that are read by place, and goes on as the original does', async () => {
  for (const [keys, bytes, packs] of [[0, 0, 1], [1, 0, 1], [600, 0, 1], [1_500, 900, 2]] as const) {
    const trie = await trieOf(keys, bytes)
    const copy = new StateCopy(trie.root.digest)
    await fill(copy, trie)
    const commit = copy.commit(7)
    expect([commit.packs.length, commit.packs[0]!.number, commit.replaced]).toEqual([packs, 7, []])
    expect(commit.packs.reduce((sum, pack) => sum + pack.nodes, 0)).toBe(copy.nodes)
    const store = new MemoryNodeStore()
    store.keep(commit.packs)
    const copied = await Hamt.open(store, commit.root)
    expect(await entries(copied)).toEqual(await entries(trie))
    for (const each of [trie, copied]) await each.update([{ key: utf8('one more'), value: encodeCbor(1) }, { key: utf8('key 3'), value: null }])
    expect(copied.commit(20).root.digest).toEqual(trie.commit(20).root.digest)
  }
})

test('every node comes after all it links to', async () => {
  const trie = await trieOf(2_000)
  const copy = new StateCopy(trie.root.digest)
  await fill(copy, trie)
  const [pack] = copy.commit(0).packs
  const placed = Array.from({ length: pack!.nodes }, (_, index) => readPacked(pack!.bytes, index)!.children)
  expect(placed.every((children, index) => children.every(place => place !== null && place < index))).toBe(true)
})

test('few paths are wanted at once, however large the trie', async () => {
  const trie = await trieOf(20_000)
  const copy = new StateCopy(trie.root.digest)
  expect(await fill(copy, trie)).toBeLessThan(4 * 256 * 16)
  expect(copy.nodes).toBeGreaterThan(3_000)
})

test('several can be asked at once, and answer late, twice or in part', async () => {
  const trie = await trieOf(2_000)
  const copy = new StateCopy(trie.root.digest)
  must(copy.take([''], await trie.nodesAt([''])))
  while (!copy.isWhole) {
    const first = copy.wanted(5)
    const second = copy.wanted(5, new Set(first))
    expect(second.filter(path => first.includes(path))).toEqual([])
    must(copy.take(second, (await trie.nodesAt(second)).slice(0, 2)))
    must(copy.take(first, (await trie.nodesAt(first)).map((node, i) => i === 1 ? null : node)))
    must(copy.take(first, await trie.nodesAt(first)))
  }
  const all = await trieOf(2_000)
  expect(copy.commit(0).root.digest).toEqual(all.root.digest)
})

test('nothing is believed: nodes of other tries, of other places, or nobody asked for', async () => {
  const [trie, other] = [await trieOf(2_000), await trieOf(2_001)]
  const copy = new StateCopy(trie.root.digest)
  expect(copy.take([''], await other.nodesAt(['']))).toMatchObject({ ok: false, code: 'wrong-bytes' })
  expect(copy.take([''], [utf8('x'), utf8('y')])).toMatchObject({ ok: false, code: 'bad-frame' })
  must(copy.take(['3'], await trie.nodesAt(['3'])))
  expect([copy.nodes, copy.wanted()]).toEqual([0, ['']])
  must(copy.take([''], await trie.nodesAt([''])))
  expect(copy.take(['3', '4'], await trie.nodesAt(['3', '5']))).toMatchObject({ ok: false, code: 'wrong-bytes' })
  expect(copy.nodes).toBe(2)
  expect(() => copy.commit(0)).toThrow(expect.objectContaining({ code: 'bad-input' }))
  const odd = encodeCbor({ not: 'a node' })
  expect(new StateCopy(sha256(odd)).take([''], [odd])).toMatchObject({ ok: false, code: 'bad-frame' })
})
