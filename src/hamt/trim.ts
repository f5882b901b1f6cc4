import { Chunks, type Edit } from './edit.ts'
import type { TrieNode } from './node.ts'

/** What a node takes beside its encoding: its object, where its slots begin, what is below it. */
const overhead = 400

interface Held { readonly node: TrieNode, readonly parent: TrieNode, readonly slot: number, readonly depth: number }

/** Forgets clean nodes below `root`, least lately used first, until what is left has at most `budget` bytes. */
export function trimBelow(root: TrieNode, edit: Edit, budget: number): void {
  const held: Held[] = []
  let bytes = sizeOf(root) + collect(root, 1, held)
  // A node was used when what is below it was: among nodes used equally late the deeper goes first, so none goes before what it leads to.
  held.sort((a, b) => a.node.used - b.node.used || b.depth - a.depth)
  for (const { node, parent, slot } of held) {
    if (bytes <= budget) break
    if (node.edit === edit || (node.below?.some(below => below !== null) ?? false)) continue
    parent.below![slot] = null
    bytes -= sizeOf(node)
  }
  gather(root)
}

/** Moves the nodes out of packs most of whose nodes nobody needs any more. */
function gather(root: TrieNode): void {
  const held: Held[] = []
  collect(root, 1, held)
  const live = new Map<ArrayBuffer, number>()
  for (const { node: { edit, bytes } } of held) if (edit === null) live.set(bytes.buffer, (live.get(bytes.buffer) ?? 0) + bytes.length)
  const chunks = new Chunks()
  for (const { node } of held) if (node.edit === null && 2 * (live.get(node.bytes.buffer) ?? 0) < node.bytes.buffer.byteLength) node.move(chunks.room(node.length))
}

function collect(parent: TrieNode, depth: number, held: Held[]): number {
  let bytes = 0
  for (const [slot, node] of parent.below?.entries() ?? []) {
    if (node === null) continue
    held.push({ node, parent, slot, depth })
    bytes += sizeOf(node) + collect(node, depth + 1, held)
  }
  return bytes
}

function sizeOf({ bytes }: TrieNode): number { return bytes.length + overhead }
