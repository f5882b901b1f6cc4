import { expect, test } from 'vitest'
import { encodeCbor, fromHex, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { ledgerShape, linksOf } from '../../../src/hamt/index.ts'
import { must } from '../../support/ledger.ts'
import { KeptTrie } from '../../support/trie.ts'

async function trieOf(keys: number): Promise<KeptTrie> {
  const kept = new KeptTrie()
  await kept.trie.update(Array.from({ length: keys }, (_, i) => ({ key: utf8(`key ${i}`), value: encodeCbor(i) })))
  kept.commit()
  return kept
}

test('all nodes of a trie are found by their paths, each named by the one above it', async () => {
  const kept = await trieOf(1_000)
  for (const trie of [kept.trie, await kept.reopen()]) {
    const found: Uint8Array[] = []
    let level = [{ path: '', digest: toHex(trie.root.digest) }]
    while (level.length > 0) {
      const nodes = await trie.nodesAt(level.map(({ path }) => path))
      expect(nodes.map(node => toHex(sha256(node!)))).toEqual(level.map(({ digest }) => digest))
      found.push(...nodes.map(node => node!))
      level = level.flatMap(({ path }, i) => must(linksOf(ledgerShape, nodes[i]!, path)).map(({ slot, digest }) => ({ path: path + slot, digest: toHex(digest) })))
    }
    let all = 0
    for await (const node of trie.nodes()) all += node.bytes.length
    expect(found.reduce((sum, { length }) => sum + length, 0)).toBe(all)
  }
})

test('paths that lead nowhere have no nodes, in whatever company', async () => {
  const trie = await (await trieOf(40)).reopen()
  const [root, ...others] = await trie.nodesAt(['', '0000000', 'g', 'A', '~', '0'.repeat(64), '0'.repeat(65)])
  expect(toHex(sha256(root!))).toBe(toHex(trie.root.digest))
  expect(others).toEqual([null, null, null, null, null, null])
  expect(await trie.nodesAt([])).toEqual([])
})

test('what is no node of this place is refused', async () => {
  const trie = (await trieOf(1_000)).trie
  const [root, node] = await trie.nodesAt(['', '7'])
  expect(linksOf(ledgerShape, node!, '7').ok).toBe(true)
  expect(linksOf(ledgerShape, node!, '8')).toMatchObject({ ok: false, code: 'bad-frame' })
  expect(linksOf(ledgerShape, node!, '')).toMatchObject({ ok: false, code: 'bad-frame' })
  expect(linksOf(ledgerShape, root!, 'x')).toMatchObject({ ok: false, code: 'bad-frame' })
  expect(linksOf(ledgerShape, fromHex('a0')!, '')).toMatchObject({ ok: false, code: 'bad-frame' })
  expect(() => linksOf({ ...ledgerShape, bitWidth: 5 }, root!, '')).toThrow(expect.objectContaining({ code: 'bad-input' }))
})
