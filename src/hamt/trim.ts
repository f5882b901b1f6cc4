import type { Edit } from './edit.ts'
import type { TrieNode } from './node.ts'

/** What a node takes beside its encoding: its object, where its slots begin, what is below it. */
const overhead = 400

/** Most that lies together after a move: a buffer of it is kept by any one node. */
const gatheredBytes = 256 * 1024

interface Held { readonly node: TrieNode, readonly parent: TrieNode, readonly slot: number, readonly depth: number }

/** Forgets clean nodes below `root`, least lately used first, until what is left has at most `budget` bytes; and lets go of packs few of whose nodes are left. */
export function trimBelow(root: TrieNode, edit: Edit, budget: number): void {
  const held: Held[] = []
  let bytes = sizeOf(root) + collect(root, 1, held)
  // A node was used when what is below it was: among nodes used equally late the deeper goes first, so none goes before what it leads to.
  if (bytes > budget) held.sort((a, b) => a.node.used - b.node.used || b.depth - a.depth)
  for (const { node, parent, slot } of held) {
    if (bytes <= budget) break
    if (node.edit === edit || (node.below?.some(below => below !== null) ?? false)) continue
    parent.below![slot] = null
    bytes -= sizeOf(node)
  }
  gather(held.filter(({ node, parent, slot }) => parent.below![slot] === node && node.edit === null).map(({ node }) => node))
}

/** Moves the nodes out of buffers most of which nobody needs any more. */
function gather(nodes: readonly TrieNode[]): void {
  const live = new Map<ArrayBuffer, number>()
  for (const { bytes } of nodes) live.set(bytes.buffer, (live.get(bytes.buffer) ?? 0) + bytes.length)
  const moving = nodes.filter(({ bytes: { buffer } }) => 2 * (live.get(buffer) ?? 0) < buffer.byteLength)
  for (let first = 0, next = 0; first < moving.length; first = next) {
    let length = 0
    while (next < moving.length && (next === first || length + moving[next]!.length <= gatheredBytes)) length += moving[next++]!.length
    const memory = new Uint8Array(length)
    let at = 0
    for (const node of moving.slice(first, next)) node.move(memory.subarray(at, at += node.length))
  }
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
