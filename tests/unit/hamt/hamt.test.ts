import { describe, expect, test } from 'vitest'
import { HoldfastError, encodeCbor, limits, toHex, utf8 } from '../../../src/base/index.ts'
import { Hamt, ledgerShape, packOf, packedNodes, placeOf, readPacked, type Change, type NodeRef, type NodeStore, type Place, type StoredNode } from '../../../src/hamt/index.ts'
import { KeptTrie, cidOfNode } from '../../support/trie.ts'

const set = (key: number | string, value: unknown): Change => ({ key: utf8(String(key)), value: encodeCbor(value) })
const gone = (key: number | string): Change => ({ key: utf8(String(key)), value: null })
const many = (count: number, value: unknown = 1): Change[] => Array.from({ length: count }, (_, i) => set(i, value))

async function keptOf(changes: readonly Change[]): Promise<KeptTrie> {
  const kept = new KeptTrie()
  await kept.trie.update(changes)
  kept.commit()
  return kept
}

async function placesOf(trie: Hamt): Promise<Set<Place>> {
  const places = new Set<Place>()
  for await (const { ref } of trie.nodes()) places.add(ref.place!)
  return places
}

/** A store that says what it is asked for, and may give something else. */
function watched(store: NodeStore, give: (node: StoredNode | null, ref: NodeRef) => StoredNode | null = node => node): NodeStore & { readonly asked: number[] } {
  const asked: number[] = []
  return {
    asked,
    async load(refs) {
      asked.push(refs.length)
      return (await store.load(refs)).map((node, i) => give(node, refs[i]!))
    },
  }
}

describe('versions', () => {
  test('an empty trie has the root of an empty map, and is stored by its first commit', async () => {
    const kept = new KeptTrie()
    expect(cidOfNode(kept.trie.root.digest)).toBe('bafyreihrs2suryqfezj5om2j7dt57attsw5crxk7bwjcmj7cnqf6ulo44a')
    expect(kept.commit().packs).toHaveLength(1)
    expect(kept.commit()).toEqual({ root: kept.trie.root, packs: [], replaced: [] })
    expect(await (await kept.reopen()).get(utf8('a'))).toBeNull()
  })

  test('forks see what they were made of and what is done to them', async () => {
    const kept = await keptOf(many(500))
    const [one, two] = [kept.trie.fork(), kept.trie.fork()]
    await one.update([set(3, 'one'), gone(4)])
    await two.update([set(3, 'two'), set('new', 1)])
    expect(() => one.fork()).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error)
    const values = async (trie: Hamt) => (await trie.getMany([3, 4, 'new'].map(key => utf8(String(key))))).map(value => value === null ? null : toHex(value))
    const [before, ofOne, ofTwo] = [['01', '01', null], ['636f6e65', null, null], ['6374776f', '01', '01']]
    expect([await values(kept.trie), await values(one), await values(two)]).toEqual([before, ofOne, ofTwo])
    kept.commit(one)
    kept.commit(two)
    expect([await values(kept.trie), await values(one.fork()), await values(two)]).toEqual([before, ofOne, ofTwo])
  })

  test('a later change of a key counts, and what is changed back was not changed', async () => {
    const kept = await keptOf(many(500))
    await kept.trie.update([set(3, 2), gone(3), set(3, 5), set('x', 1), gone('x'), gone('y'), set(4, 1)])
    expect(toHex((await kept.trie.get(utf8('3')))!)).toBe('05')
    expect(await kept.trie.get(utf8('x'))).toBeNull()
    await kept.trie.update([set(3, 1)])
    expect(kept.trie.changed).toBe(true)
    expect(kept.commit()).toEqual({ root: kept.trie.root, packs: [], replaced: [] })
    expect(kept.trie.changed).toBe(false)
  })

  test('what is replaced are exactly the nodes the trie no longer has', async () => {
    const kept = await keptOf(many(3000))
    for (const changes of [[set(7, 2)], many(3000, 3).filter((_, i) => i % 50 === 0), many(2900).map(({ key }) => ({ key, value: null })), many(4000, 2)]) {
      const before = await placesOf(kept.trie)
      await kept.trie.update(changes.slice(0, changes.length >> 1))
      await kept.trie.update(changes.slice(changes.length >> 1))
      const { replaced, packs } = kept.commit()
      const made = packs.flatMap(({ number, nodes }) => Array.from({ length: nodes }, (_, i) => placeOf(number, i)))
      const after = await placesOf(kept.trie)
      expect(new Set(replaced).size).toBe(replaced.length)
      expect(replaced.every(place => before.delete(place))).toBe(true)
      expect(after).toEqual(new Set([...before, ...made]))
    }
  })

  test('packs have a MiB, follow each other, and children come before what links to them', async () => {
    const kept = new KeptTrie()
    await kept.trie.update(many(12_000, 'v'.repeat(200)))
    const { packs, root } = kept.trie.commit(41)
    expect(packs.map(({ number }) => number)).toEqual([41, 42, 43])
    expect(root.place).toBe(placeOf(43, packs[2]!.nodes - 1))
    for (const { number, bytes, nodes } of packs) {
      expect(bytes.length).toBeLessThan(1.1 * 2 ** 20)
      expect(packedNodes(bytes)).toBe(nodes)
      for (let i = 0; i < nodes; i++) for (const child of readPacked(bytes, i)!.children) expect(child! < placeOf(number, i) && packOf(child!) >= 41).toBe(true)
    }
  })
})

describe('a store', () => {
  test('is asked for what is missing, together, and not again', async () => {
    const kept = await keptOf(many(5000))
    const store = watched(kept.store)
    const trie = await Hamt.open(store, kept.trie.root)
    const keys = many(300).map(({ key }) => key)
    expect((await trie.getMany(keys)).every(value => value?.[0] === 1)).toBe(true)
    expect(store.asked).toHaveLength(4)
    expect(store.asked[1]).toBe(16)
    await trie.getMany(keys)
    expect(store.asked).toHaveLength(4)
  })

  test('that lacks a node or gives another is told apart, and changes nothing', async () => {
    const kept = await keptOf(many(5000))
    let give = (node: StoredNode | null): StoredNode | null => node
    const trie = await Hamt.open(watched(kept.store, node => give(node)), kept.trie.root)
    const fails = async (code: string) => {
      await expect(trie.update([set(1, 2), set(2, 2)])).rejects.toMatchObject({ code, data: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string } })
      expect(trie.changed).toBe(false)
    }
    give = () => null
    await fails('not-found')
    for (const at of [0, 20, -1]) {
      give = node => node && { ...node, bytes: node.bytes.with(at < 0 ? node.bytes.length - 1 : at, node.bytes.at(at)! ^ 1) }
      await fails('storage-damaged')
    }
    give = node => node
    await trie.update([set(1, 2), set(2, 2)])
    await kept.trie.update([set(1, 2), set(2, 2)])
    expect(trie.commit(9).root.digest).toEqual(kept.commit().root.digest)
  })

  test('gives again what was forgotten', async () => {
    const kept = await keptOf(many(20_000))
    const store = watched(kept.store)
    const trie = await Hamt.open(store, kept.trie.root)
    await trie.getMany(many(20_000).map(({ key }) => key))
    trie.trim(1e6)
    const hot = many(50).map(({ key }) => key)
    await trie.getMany(hot)
    store.asked.length = 0
    trie.trim(120_000)
    await trie.getMany(hot)
    expect(store.asked).toEqual([])
    await trie.update([set('x', 1)])
    store.asked.length = 0
    trie.trim(0)
    expect(toHex((await trie.get(utf8('x')))!)).toBe('01')
    await kept.trie.update([set('x', 1)])
    const { root, packs } = trie.commit(9)
    kept.store.keep(packs)
    expect(root.digest).toEqual(kept.commit().root.digest)
    expect(store.asked).toEqual([])
    trie.trim(0)
    await trie.getMany(hot)
    expect(store.asked.length).toBeGreaterThan(2)
  })
})

describe('walks', () => {
  test('give each entry and each node once', async () => {
    const kept = await keptOf(many(3000))
    const trie = await kept.reopen()
    const keys = new Set<string>()
    for await (const { key, value } of trie.walk()) {
      expect(toHex(value)).toBe('01')
      keys.add(toHex(key))
    }
    expect(keys).toEqual(new Set(many(3000).map(({ key }) => toHex(key))))
    const digests = new Set<string>()
    let nodes = 0
    for await (const { ref } of trie.nodes()) {
      nodes++
      digests.add(toHex(ref.digest))
    }
    expect(digests.size).toBe(nodes)
  })

  test('differences are those of the contents, without a look at equal subtrees', async () => {
    const kept = await keptOf(many(20_000))
    const later = kept.trie.fork()
    const fresh = Array.from({ length: 200 }, (_, i) => set(`new ${i}`, 7))
    await later.update([set(1, 5), gone(2), ...fresh, ...many(19_000).slice(18_000).map(({ key }) => ({ key, value: null }))])
    kept.commit(later)
    const store = watched(kept.store)
    const [a, b] = [await Hamt.open(store, kept.trie.root), await Hamt.open(store, later.root)]
    const differences = new Map<string, string>()
    for await (const { key, before, after } of Hamt.diff(a, b)) differences.set(String(Buffer.from(key)), `${before?.[0] ?? '-'} ${after?.[0] ?? '-'}`)
    const expected = new Map([['1', '1 5'], ['2', '1 -'], ...fresh.map((_, i) => [`new ${i}`, '- 7'] as const), ...Array.from({ length: 1000 }, (_, i) => [String(18_000 + i), '1 -'] as const)])
    expect(differences).toEqual(expected)
    await (async () => { for await (const _ of Hamt.diff(b, b.fork())) throw new Error('no difference') })()
    const quick = watched(kept.store)
    const [c, d] = [await Hamt.open(quick, kept.trie.root), await Hamt.open(quick, await oneMore(kept))]
    quick.asked.length = 0
    const found: string[] = []
    for await (const { key } of Hamt.diff(c, d)) found.push(String(Buffer.from(key)))
    expect(found).toEqual(['one more'])
    expect(quick.asked.reduce((sum, count) => sum + count, 0)).toBeLessThan(10)
    await expect(Hamt.diff(a, Hamt.empty(kept.store, { bitWidth: 5, bucketSize: 3 })).next()).rejects.toMatchObject({ code: 'bad-input' })
  })
})

async function oneMore(kept: KeptTrie): Promise<NodeRef> {
  const fork = kept.trie.fork()
  await fork.update([set('one more', 1)])
  return kept.commit(fork).root
}

describe('sizes', () => {
  test('keys and values of every form of a head', async () => {
    const kept = new KeptTrie()
    const sizes = [0, 1, 23, 24, 255, 256, 65_535, 65_536]
    const changes = [...sizes.map(size => set('k'.repeat(size), size)), ...[...sizes, 200_000, limits.trieValueBytes - 5].map(size => set(`v${size}`, 'v'.repeat(size)))]
    await kept.trie.update(changes)
    kept.commit()
    const trie = await kept.reopen()
    expect((await trie.getMany(changes.map(({ key }) => key))).map((value, i) => value !== null && Buffer.compare(value, changes[i]!.value!) === 0)).toEqual(changes.map(() => true))
    await trie.update(changes.map(({ key }) => ({ key, value: null })))
    expect(trie.commit(9).root.digest).toEqual(Hamt.empty(kept.store).root.digest)
  })

  test('what is too large, or no value, is refused whole', async () => {
    const kept = new KeptTrie()
    const refused = async (change: Change, code: string) => {
      await expect(kept.trie.update([set('a', 1), change])).rejects.toMatchObject({ code })
      expect(kept.trie.changed).toBe(false)
    }
    await refused({ key: new Uint8Array(limits.trieKeyBytes + 1), value: null }, 'too-large')
    await refused(set('a', new Uint8Array(limits.trieValueBytes)), 'too-large')
    for (const value of [[], [1, 1], [0x18, 1], [0x82, 1], [0xff], [0xa2, 0x61, 0x62, 1, 0x61, 0x61, 1], [0xf9, 0, 0]]) await refused({ key: utf8('b'), value: Uint8Array.from(value) }, 'bad-input')
  })

  test('shapes there are none of', () => {
    const { store } = new KeptTrie()
    for (const shape of [{ bitWidth: 0 }, { bitWidth: 9 }, { bitWidth: 1.5 }, { bucketSize: 0 }, { bucketSize: 256 }]) expect(() => Hamt.empty(store, { ...ledgerShape, ...shape })).toThrow(HoldfastError)
  })
})
