import { expect, test } from 'vitest'
import { Edit } from '../../../src/hamt/edit.ts'
import { layoutOf } from '../../../src/hamt/layout.ts'
import { TrieNode } from '../../../src/hamt/node.ts'
import { trimBelow } from '../../../src/hamt/trim.ts'
import { ledgerShape } from '../../../src/hamt/index.ts'

const layout = layoutOf(ledgerShape)

/** A committed root with links to these. */
function rootOver(nodes: readonly TrieNode[]): TrieNode {
  const root = TrieNode.empty(layout, new Edit(), true)
  for (const [slot, node] of nodes.entries()) root.setLink(layout, slot, node)
  root.edit = null
  return root
}

function nodeIn(buffer: Uint8Array<ArrayBuffer>, at: number, length: number, used: number): TrieNode {
  const bytes = buffer.subarray(at, at + length).fill(used)
  const node = new TrieNode(null, bytes, length, [], null, null)
  node.used = used
  return node
}

test('what was looked at last stays, what is being changed too', () => {
  const memory = new Uint8Array(3000)
  const nodes = [3, 1, 2].map((used, i) => nodeIn(memory, 1000 * i, 1000, used))
  const edit = new Edit()
  const changed = TrieNode.empty(layout, edit, false)
  const root = rootOver([...nodes, changed])
  trimBelow(root, edit, 5000)
  expect(root.below!.slice(0, 4)).toEqual([nodes[0], null, nodes[2], changed])
  trimBelow(root, edit, 0)
  expect(root.below!.slice(0, 4)).toEqual([null, null, null, changed])
})

test('the last nodes of a pack are moved out of it, those of a full one are left where they are', () => {
  const [old, full] = [new Uint8Array(2 ** 20), new Uint8Array(1000)]
  const nodes = [nodeIn(old, 500, 3000, 1), nodeIn(old, 90_000, 2000, 2), nodeIn(full, 0, 900, 3)]
  trimBelow(rootOver(nodes), new Edit(), Infinity)
  expect(nodes.map(({ bytes }) => [bytes.length, bytes.buffer.byteLength])).toEqual([[3000, 5000], [2000, 5000], [900, 1000]])
  expect(nodes.map(({ bytes }) => new Set(bytes))).toEqual([new Set([1]), new Set([2]), new Set([3])])
  const places = nodes.map(({ bytes }) => bytes.buffer)
  trimBelow(rootOver(nodes), new Edit(), Infinity)
  expect(nodes.map(({ bytes }) => bytes.buffer)).toEqual(places)
})

test('many are moved into buffers of a size', () => {
  const packs = Array.from({ length: 16 }, () => new Uint8Array(2 ** 20))
  const nodes = packs.map((pack, i) => nodeIn(pack, 0, 60_000, i))
  trimBelow(rootOver(nodes), new Edit(), Infinity)
  expect(nodes.map(({ bytes }) => bytes.buffer.byteLength)).toEqual(nodes.map(() => 240_000))
})
