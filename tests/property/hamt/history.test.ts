import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareBytes, encodeCbor, toHex, utf8 } from '../../../src/base/index.ts'
import type { Change, Hamt, HamtShape } from '../../../src/hamt/index.ts'
import { KeptTrie, cidOfNode, libraryTrie } from '../../support/trie.ts'

/* The root follows from the contents alone: whatever was set, removed, forked, dropped, committed and read again from the store before. */

const shapes: fc.Arbitrary<HamtShape> = fc.record({ bitWidth: fc.constantFrom(1, 2, 3, 4, 5, 8), bucketSize: fc.integer({ min: 1, max: 4 }) })
const change = fc.record({ key: fc.integer({ min: 0, max: 400 }), value: fc.option(fc.integer({ min: 0, max: 3 }), { freq: 2 }) })
const step = fc.record({ changes: fc.array(change, { minLength: 40, maxLength: 120, size: 'max' }), next: fc.constantFrom('commit', 'reopen', 'drop', 'trim', 'on') })

const keyOf = (key: number): Uint8Array => utf8('k'.repeat(key % 40) + String(key))
const valueOf = (value: number): Uint8Array => encodeCbor(value === 3 ? 'x'.repeat(300) : { n: value, list: [value] })

test('over 100,000 operations', async () => {
  let [operations, most] = [0, 0]
  await fc.assert(fc.asyncProperty(shapes, fc.array(step, { minLength: 5, maxLength: 20, size: 'max' }), async (shape, steps) => {
    const kept = new KeptTrie(shape)
    let contents = new Map<number, number>()
    kept.commit()
    let committed = { trie: kept.trie, contents }
    kept.trie = kept.trie.fork()
    for (const { changes, next } of steps) {
      contents = new Map(contents)
      for (const { key, value } of changes) {
        if (value === null) contents.delete(key)
        else contents.set(key, value)
      }
      operations += changes.length
      await kept.trie.update(changes.map(({ key, value }): Change => ({ key: keyOf(key), value: value === null ? null : valueOf(value) })))
      if (next === 'on') continue
      if (next === 'drop') {
        kept.trie = committed.trie.fork()
        contents = committed.contents
        continue
      }
      const { root } = kept.commit()
      committed = { trie: kept.trie, contents }
      if (next === 'reopen') kept.trie = await kept.reopen()
      if (next === 'trim') kept.trie.trim(2000)
      kept.trie = kept.trie.fork()
      most = Math.max(most, contents.size)
      expect(toHex(root.digest)).toBe(toHex((await fresh(shape, contents)).root.digest))
    }
    const keys = Array.from({ length: 401 }, (_, key) => key)
    const values = await kept.trie.getMany(keys.map(keyOf))
    expect(values.map(value => value === null ? null : toHex(value))).toEqual(keys.map(key => contents.has(key) ? toHex(valueOf(contents.get(key)!)) : null))
  }), { numRuns: 150 })
  expect(operations).toBeGreaterThan(100_000)
  expect(most).toBeGreaterThan(150)
}, 60_000)

/** The same contents, set once in another order. */
async function fresh(shape: HamtShape, contents: ReadonlyMap<number, number>): Promise<Hamt> {
  const kept = new KeptTrie(shape)
  await kept.trie.update([...contents].toReversed().map(([key, value]) => ({ key: keyOf(key), value: valueOf(value) })))
  kept.commit()
  return kept.trie
}

test('and it is the root of ipld-hashmap', async () => {
  const shapesOfLibrary: fc.Arbitrary<HamtShape> = fc.record({ bitWidth: fc.constantFrom(3, 4, 5, 8), bucketSize: fc.integer({ min: 2, max: 4 }) })
  const entries = fc.uniqueArray(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.uint8Array({ maxLength: 60 })), { selector: ([key]) => toHex(key), minLength: 1, maxLength: 60, size: 'max' })
  await fc.assert(fc.asyncProperty(shapesOfLibrary, entries, fc.nat(), async (shape, given, gone) => {
    const removed = given.slice(0, gone % given.length)
    const kept = new KeptTrie(shape)
    await kept.trie.update(given.map(([key, value]) => ({ key, value: encodeCbor(value) })))
    kept.commit()
    await kept.trie.update(removed.map(([key]) => ({ key, value: null })))
    const { map, nodes } = await libraryTrie(shape)
    for (const [key, value] of given.slice(removed.length).sort(([a], [b]) => compareBytes(b, a))) await map.set(key, value)
    const { root } = kept.commit()
    expect(cidOfNode(root.digest)).toBe(map.cid.toString())
    for await (const { ref, bytes } of kept.trie.nodes()) expect(toHex(nodes.get(cidOfNode(ref.digest)) ?? new Uint8Array())).toBe(toHex(bytes))
  }), { numRuns: 60 })
}, 60_000)
