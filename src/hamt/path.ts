import { HoldfastError } from '../base/index.ts'
import { slotOf, type Layout } from './layout.ts'
import type { TrieNode } from './node.ts'

/** The way of a key from the root down, used again for key after key. */
export class Path {
  /** The first `length` are those of the way; what is behind is left of others. */
  readonly nodes: TrieNode[] = []
  readonly slots: number[] = []
  length = 0

  /** The last node of the way, and the slot in it that has the key's bucket, or would have it. */
  get node(): TrieNode { return this.nodes[this.length - 1]! }
  get slot(): number { return this.slots[this.length - 1]! }

  /** Goes the way of a key whose hash begins at `at`; false where it leads to a node that is not in memory, through the slot it ends at. */
  descend(layout: Layout, root: TrieNode, hash: Uint8Array, at: number, turn: number): boolean {
    let node = root
    for (let depth = 0; depth < layout.depths; depth++) {
      const slot = slotOf(layout, hash, at, depth)
      if (node.used !== turn) node.used = turn
      this.nodes[depth] = node
      this.slots[depth] = slot
      const below = node.child(slot)
      if (below === null) {
        this.length = depth + 1
        return !node.isLink(slot)
      }
      node = below
    }
    throw tooDeep()
  }
}

export function tooDeep(): HoldfastError {
  return new HoldfastError('unsupported', 'keys whose hashes share more bits than a trie can tell apart')
}
