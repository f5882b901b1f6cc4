import { accept, equalBytes, reject, sha256Flat, type Judged } from '../base/index.ts'
import { find } from './bucket.ts'
import { layoutOf, slotOf, type Layout } from './layout.ts'
import type { TrieNode } from './node.ts'
import { readNode, top, type Position } from './read-node.ts'
import type { HamtShape } from './types.ts'

/**
 * What a proof says of these keys, in their order: the value of each, or null where the trie has none. Refused unless its nodes are what
 * `prove` gives for these keys, byte for byte: `wrong-bytes` where a node is not what the one above it (or the root digest) names, `bad-frame`
 * where one is missing, not canonical, or too many.
 */
export function verifyProof(rootDigest: Uint8Array, shape: HamtShape, keys: readonly Uint8Array[], nodes: readonly Uint8Array[]): Judged<(Uint8Array<ArrayBuffer> | null)[]> {
  return new Verifier(layoutOf(shape), nodes).verify(rootDigest, keys)
}

class Verifier {
  readonly #layout: Layout
  readonly #nodes: readonly Uint8Array[]
  readonly #digests: Uint8Array
  #met = 0

  constructor(layout: Layout, nodes: readonly Uint8Array[]) {
    this.#layout = layout
    this.#nodes = nodes
    this.#digests = sha256Flat(nodes)
  }

  verify(rootDigest: Uint8Array, keys: readonly Uint8Array[]): Judged<(Uint8Array<ArrayBuffer> | null)[]> {
    const root = this.#next(rootDigest, top)
    if (!root.ok) return root
    const hashes = sha256Flat(keys)
    const values: (Uint8Array<ArrayBuffer> | null)[] = []
    for (const [i, key] of keys.entries()) {
      const at = 32 * i
      let node = root.value
      let slot = slotOf(this.#layout, hashes, at, 0)
      for (let depth = 1; node.isLink(slot); depth++) {
        let below = node.child(slot)
        if (below === null) {
          const next = this.#next(node.digest(slot), { depth, hash: hashes, at })
          if (!next.ok) return next
          below = next.value
          node.setChild(this.#layout, slot, below)
        }
        node = below
        slot = slotOf(this.#layout, hashes, at, depth)
      }
      const { spot } = find(node, slot, key)
      values.push(spot === null ? null : node.bytes.slice(spot.value, spot.end))
    }
    return this.#met === this.#nodes.length ? accept(values) : reject('bad-frame', 'nodes that prove nothing')
  }

  /** The next node, which must be this one. */
  #next(digest: Uint8Array, position: Position): Judged<TrieNode> {
    const number = this.#met++
    const bytes = this.#nodes[number]
    if (bytes === undefined) return reject('bad-frame', 'a node is missing')
    if (!equalBytes(this.#digests.subarray(32 * number, 32 * number + 32), digest)) return reject('wrong-bytes', 'a node is not the one that is named')
    return readNode(this.#layout, bytes.slice(), position)
  }
}
