import { sha256Flat } from '../base/index.ts'
import type { Changed, Edit } from './edit.ts'
import type { Layout } from './layout.ts'
import type { TrieNode } from './node.ts'
import { PackWriter, packedSize, placeOf } from './pack.ts'
import { placesPerPack, type Pack, type Place } from './types.ts'

/**
 * A pack is closed before it grows beyond this: so much is read at once for a node that is not in memory. A commit of at most two such is one
 * pack all the same, since a record more costs 6 ms of processor time in Chromium, whatever its size: values beyond 64 KiB become files of their own.
 */
export const packBytes: number = 2 ** 20

/** Hashes the nodes of an edit, deepest first, each level in one batch, fills their digests in above them, and moves them to packs. */
export function settle(layout: Layout, edit: Edit, root: TrieNode, firstPack: number): { readonly digest: Uint8Array<ArrayBuffer>, readonly place: Place, readonly packs: readonly Pack[] } {
  const levels = edit.levels.map(level => level.filter(({ node }) => node.edit === edit)).toReversed()
  if (levels.length === 0) levels.push([{ node: root, parent: null, slot: 0 }])
  const { writers, children, place } = plan(layout, levels, firstPack)
  let digests = new Uint8Array(32)
  let [pack, left, number] = [0, writers[0]!.pack.nodes, 0]
  for (const level of levels) {
    digests = sha256Flat(level.map(({ node }) => node.bytes), level.map(({ node }) => node.length))
    for (let i = 0; i < level.length; i++) {
      const { node, parent, slot } = level[i]!
      parent?.setDigest(slot, digests, 32 * i)
      if (left === 0) left = writers[++pack]!.pack.nodes
      left--
      node.move(writers[pack]!.add(node.length, children[number++]!))
      node.edit = null
    }
  }
  edit.end()
  return { digest: digests, place, packs: writers.map(writer => writer.pack) }
}

interface Plan {
  readonly writers: readonly PackWriter[]
  /** For each node, in the order of its pack, where its children are. */
  readonly children: readonly (readonly (Place | null)[])[]
  /** The root's, which is the last. */
  readonly place: Place
}

/** Gives each node its place, which its parent notes, and makes packs of the right sizes. */
function plan(layout: Layout, levels: readonly (readonly Changed[])[], firstPack: number): Plan {
  let atMost = 0
  for (const level of levels) for (const { node } of level) atMost += 4 + packedSize(node.length, layout.slots)
  const most = atMost <= 2 * packBytes ? atMost : packBytes
  const writers: PackWriter[] = []
  const children: (readonly (Place | null)[])[] = []
  let [nodes, bytes, place] = [0, 0, 0]
  const close = () => { writers.push(new PackWriter(firstPack + writers.length, nodes, bytes)) }
  for (const level of levels) {
    for (const { node, parent, slot } of level) {
      const places = node.childPlaces(layout)
      const size = packedSize(node.length, places.length)
      if (nodes === placesPerPack || nodes > 0 && bytes + 4 * nodes + size > most) {
        close()
        nodes = bytes = 0
      }
      place = placeOf(firstPack + writers.length, nodes++)
      bytes += size
      children.push(places)
      parent?.setPlace(slot, place)
    }
  }
  close()
  return { writers, children, place }
}
