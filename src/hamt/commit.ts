import { sha256Flat } from '../base/index.ts'
import type { Layout } from './layout.ts'
import type { Edit, TrieNode } from './node.ts'
import { placeOf, writePack, type PackedNode } from './pack.ts'
import { placesPerPack, type Pack, type Place } from './types.ts'

/** A pack is closed before it grows beyond this: so much is read at once for a node that is not in memory. */
const packBytes = 2 ** 20

interface Changed { readonly node: TrieNode, readonly parent: TrieNode | null, readonly slot: number }

/** Hashes the nodes of an edit, deepest first, each level in one batch, fills their digests in above them, and packs them. */
export function settle(layout: Layout, edit: Edit, root: TrieNode, firstPack: number): { readonly digest: Uint8Array<ArrayBuffer>, readonly place: Place, readonly packs: readonly Pack[] } {
  const packs = new Packer(firstPack)
  let digests = new Uint8Array(32)
  let place = 0
  for (const level of levelsOf(layout, edit, root).toReversed()) {
    digests = sha256Flat(level.map(({ node }) => node.bytes), level.map(({ node }) => node.length))
    for (const [i, { node, parent, slot }] of level.entries()) {
      place = packs.add(packed(layout, node))
      parent?.settle(slot, digests, 32 * i, place)
    }
  }
  return { digest: digests, place, packs: packs.finish() }
}

function levelsOf(layout: Layout, edit: Edit, root: TrieNode): readonly (readonly Changed[])[] {
  const levels: Changed[][] = [[{ node: root, parent: null, slot: 0 }]]
  for (let level = levels[0]!; level.length > 0; levels.push(level)) {
    const next: Changed[] = []
    for (const { node } of level) {
      if (node.below === null) continue
      for (let slot = 0; slot < layout.slots; slot++) {
        const below = node.below[slot] ?? null
        if (below !== null && below.edit === edit) next.push({ node: below, parent: node, slot })
      }
    }
    level = next
  }
  return levels
}

function packed(layout: Layout, node: TrieNode): PackedNode {
  const children: (Place | null)[] = []
  if (node.places !== null) for (let slot = 0; slot < layout.slots; slot++) if (node.isLink(slot)) children.push(node.place(slot))
  return { bytes: node.bytes.subarray(0, node.length), children }
}

class Packer {
  readonly #packs: Pack[] = []
  #number: number
  #nodes: PackedNode[] = []
  #bytes = 0

  constructor(number: number) { this.#number = number }

  /** Where the node will be. */
  add(node: PackedNode): Place {
    if (this.#bytes + node.bytes.length > packBytes && this.#nodes.length > 0 || this.#nodes.length === placesPerPack) this.#close()
    this.#bytes += node.bytes.length + 8 * node.children.length + 8
    return placeOf(this.#number, this.#nodes.push(node) - 1)
  }

  finish(): readonly Pack[] {
    if (this.#nodes.length > 0) this.#close()
    return this.#packs
  }

  #close(): void {
    this.#packs.push(writePack(this.#number++, this.#nodes))
    this.#nodes = []
    this.#bytes = 0
  }
}
