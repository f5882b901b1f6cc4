import { compareBytes, sha256Flat } from '../base/index.ts'
import { entriesIn, entriesOf, entrySize, find, insertEntry, removeEntry, replaceValue, setBucket, type Held, type Spot } from './bucket.ts'
import type { Edit } from './edit.ts'
import { slotOf, type Layout } from './layout.ts'
import { TrieNode } from './node.ts'
import { tooDeep, type Path } from './path.ts'
import type { Entry, Place } from './types.ts'

/** The version that is edited. */
export interface Editor {
  readonly layout: Layout
  readonly edit: Edit
  /** The root is about to change, by so many bytes: it as a node of the edit. */
  ownRoot(more: number): TrieNode
  /** The node kept there is no longer part of the version. */
  replaced(place: Place): void
}

/** Sets the key whose way is `path`. */
export function put(editor: Editor, path: Path, hash: Uint8Array, at: number, entry: Held): void {
  const { node, slot } = path
  const { spot, at: place } = find(node, slot, entry.key)
  if (spot === null) add(editor, own(editor, path, entrySize(entry) + 2), path.length - 1, slot, place, hash, at, entry)
  else if (!sameValue(node, spot, entry.value)) replaceValue(own(editor, path, entry.value.length - (spot.end - spot.value)), slot, spot, entry.value)
}

/** Puts a new entry into a slot without a link, of a node of the edit. */
function add({ layout, edit }: Pick<Editor, 'layout' | 'edit'>, node: TrieNode, depth: number, slot: number, place: number, hash: Uint8Array, at: number, entry: Held): void {
  const held = entriesIn(node, slot)
  if (held === 0) setBucket(layout, node, slot, [entry])
  else if (held < layout.bucketSize) insertEntry(node, slot, place, entry)
  else {
    if (depth + 1 >= layout.depths) throw tooDeep()
    const child = TrieNode.empty(layout, edit, false)
    const entries = entriesOf(node, slot)
    const hashes = sha256Flat(entries.map(({ key }) => key))
    for (const [i, each] of entries.entries()) sink(layout, edit, child, depth + 1, hashes, 32 * i, each)
    sink(layout, edit, child, depth + 1, hash, at, entry)
    node.setLink(layout, slot, child)
    edit.made(child, node, slot, depth + 1)
  }
}

/** Puts a new entry below a node made in this edit, all whose children were too. */
function sink(layout: Layout, edit: Edit, top: TrieNode, from: number, hash: Uint8Array, at: number, entry: Held): void {
  let [node, depth] = [top, from]
  for (;;) {
    const slot = slotOf(layout, hash, at, depth)
    const below = node.child(slot)
    if (below === null) {
      add({ layout, edit }, node, depth, slot, find(node, slot, entry.key).at, hash, at, entry)
      return
    }
    node = below
    depth++
  }
}

/** Removes the key whose way is `path`, and makes a bucket of each node that is left with no more than one holds. */
export function remove(editor: Editor, path: Path, key: Uint8Array): void {
  const { node, slot } = path
  const { spot } = find(node, slot, key)
  if (spot === null) return
  const { layout } = editor
  const mine = own(editor, path, 0)
  if (entriesIn(mine, slot) === 1) mine.resize(layout, slot, 0)
  else removeEntry(mine, slot, spot)
  for (let depth = path.length - 1; depth > 0; depth--) {
    const entries = fewEntries(layout, path.nodes[depth]!)
    if (entries === null) break
    const [parent, above] = [path.nodes[depth - 1]!, path.slots[depth - 1]!]
    setBucket(layout, parent, above, entries)
    parent.setChild(layout, above, null)
    path.nodes[depth]!.edit = null
  }
}

/** The entries of a node that a bucket could hold, or null where they are too many or some lie deeper. */
function fewEntries(layout: Layout, node: TrieNode): Entry[] | null {
  let count = 0
  for (let slot = 0; slot < layout.slots; slot++) {
    if (node.isLink(slot)) return null
    count += entriesIn(node, slot)
    if (count > layout.bucketSize) return null
  }
  const entries: Entry[] = []
  for (let slot = 0; slot < layout.slots; slot++) entries.push(...entriesOf(node, slot))
  return entries.sort((a, b) => compareBytes(a.key, b.key))
}

/** Makes the nodes of a path nodes of the edit, and gives the last, to which so many bytes are about to be added. */
function own(editor: Editor, { nodes, slots, length }: Path, more: number): TrieNode {
  let node = nodes[0] = editor.ownRoot(length === 1 ? more : 0)
  for (let depth = 1; depth < length; depth++) {
    const parent = node
    const slot = slots[depth - 1]!
    node = nodes[depth]!
    if (node.edit !== editor.edit) {
      const place = parent.place(slot)
      if (place !== null) editor.replaced(place)
      node = nodes[depth] = node.copy(editor.edit, depth === length - 1 ? more : 0)
      parent.setChild(editor.layout, slot, node)
      parent.setPlace(slot, null)
      editor.edit.made(node, parent, slot, depth)
    }
  }
  return node
}

function sameValue(node: TrieNode, { value: at, end }: Spot, value: Uint8Array): boolean {
  if (end - at !== value.length) return false
  for (let i = 0; i < value.length; i++) if (node.bytes[at + i] !== value[i]) return false
  return true
}
