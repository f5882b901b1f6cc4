import { HoldfastError, accept, reject, type Judged } from '../base/index.ts'
import { layoutOf, type Layout } from './layout.ts'
import { loadNodes, type Wanted } from './loader.ts'
import { readNode, top, type Position } from './read-node.ts'
import type { HamtShape } from './types.ts'
import { below, linkSlots, refOf, rootOf, type Standing, type Tree } from './walk.ts'

/** A link of a node: the slot it stands in, as a hexadecimal digit, and what it names. */
export interface NodeLink { readonly slot: string, readonly digest: Uint8Array<ArrayBuffer> }

/** The links of the node of these bytes, in their order, which stands at this path: `bad-frame` unless a trie of this shape would have written exactly them there. */
export function linksOf(shape: HamtShape, bytes: Uint8Array, path: string): Judged<readonly NodeLink[]> {
  const layout = pathLayout(shape)
  const position = positionAt(layout, path)
  if (position === null) return reject('bad-frame', 'not a path of slots')
  const node = readNode(layout, bytes.slice(), position)
  return node.ok ? accept(linkSlots(layout, node.value).map(slot => ({ slot: slot.toString(16), digest: node.value.digest(slot) }))) : node
}

/** The nodes at these paths, in their order. */
export async function nodesAt(tree: Tree, paths: readonly string[]): Promise<(Uint8Array<ArrayBuffer> | null)[]> {
  const layout = pathLayout(tree.layout)
  const met = new Map<string, Standing>([['', rootOf(tree)]])
  const longest = paths.reduce((length, path) => Math.max(length, path.length), 0)
  for (let depth = 1, found = 1; found > 0 && depth <= longest; depth++) {
    found = met.size
    const missing: (Wanted & { readonly prefix: string })[] = []
    for (const prefix of new Set(paths.filter(path => path.length >= depth).map(path => path.slice(0, depth)))) {
      const [above, slot] = [met.get(prefix.slice(0, -1)), slotAt(layout, prefix, depth - 1)]
      if (above === undefined || slot === null || !above.node.isLink(slot)) continue
      const position = below(layout, above, slot)
      const node = above.node.child(slot)
      if (node === null) missing.push({ prefix, ref: refOf(above.node, slot), ...position })
      else met.set(prefix, { node, ...position })
    }
    const loaded = await loadNodes(layout, tree.store, missing)
    for (const [i, { prefix, depth: level, hash, at }] of missing.entries()) met.set(prefix, { node: loaded[i]!, depth: level, hash, at })
    found = met.size - found
  }
  return paths.map(path => {
    const node = met.get(path)?.node
    return node === undefined ? null : node.bytes.slice(0, node.length)
  })
}

/** A digit names every slot of these. */
function pathLayout(shape: HamtShape): Layout {
  const layout = layoutOf(shape)
  if (layout.slots > 16) throw new HoldfastError('bad-input', 'a digit names one of at most 16 slots')
  return layout
}

/** Where a path leads; null where it is none. */
function positionAt(layout: Layout, path: string): Position | null {
  let position = top
  for (let depth = 0; depth < path.length; depth++) {
    const slot = slotAt(layout, path, depth)
    if (slot === null || depth >= layout.depths) return null
    position = below(layout, position, slot)
  }
  return position
}

function slotAt({ slots }: Layout, path: string, depth: number): number | null {
  const slot = '0123456789abcdef'.indexOf(path[depth]!)
  return slot < 0 || slot >= slots ? null : slot
}
