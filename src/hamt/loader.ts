import { HoldfastError, sha256Flat, toHex } from '../base/index.ts'
import type { Layout } from './layout.ts'
import type { TrieNode } from './node.ts'
import { readNode, type Position } from './read-node.ts'
import type { NodeRef, NodeStore } from './types.ts'

/** A node that is wanted: what it must be, and where in the trie it stands. */
export interface Wanted extends Position { readonly ref: NodeRef }

/**
 * Nodes from a store, in the order of the question. Throws `not-found` for one it does not have, `storage-damaged` for one that is not what its
 * digest says or not what a trie writes; `data.digest` names it.
 */
export async function loadNodes(layout: Layout, store: NodeStore, wanted: readonly Wanted[]): Promise<TrieNode[]> {
  if (wanted.length === 0) return []
  const stored = await store.load(wanted.map(({ ref }) => ref))
  const bytes = wanted.map(({ ref }, i) => {
    const found = stored[i] ?? null
    if (found === null) throw new HoldfastError('not-found', 'a node of the trie is not there', { digest: toHex(ref.digest) })
    return found.bytes.slice()
  })
  const digests = sha256Flat(bytes)
  return wanted.map(({ ref, ...position }, i) => {
    const damaged = (why: string) => new HoldfastError('storage-damaged', why, { digest: toHex(ref.digest) })
    for (let at = 0; at < 32; at++) if (ref.digest[at] !== digests[32 * i + at]) throw damaged('a node is not what its digest says')
    const node = readNode(layout, bytes[i]!, position, stored[i]!.children)
    if (!node.ok) throw damaged(node.reason)
    return node.value
  })
}
