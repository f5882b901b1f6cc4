import { entriesOf } from './bucket.ts'
import type { Layout } from './layout.ts'
import { loadNodes, type Wanted } from './loader.ts'
import type { TrieNode } from './node.ts'
import { top, type Position } from './read-node.ts'
import type { Entry, NodeRef, NodeStore, WalkedNode } from './types.ts'

/** A committed version, to be read from the root down. */
export interface Tree {
  readonly layout: Layout
  readonly store: NodeStore
  readonly root: TrieNode
}

/** A node and where it stands. */
export interface Standing extends Position { readonly node: TrieNode }

export function rootOf({ root }: Tree): Standing { return { node: root, ...top } }

/** The children behind some links of a node, loaded together where they are not in memory, and not kept: a walk takes no more memory than its way down. */
export async function childrenOf({ layout, store }: Tree, { node, ...position }: Standing, slots: readonly number[]): Promise<Standing[]> {
  const places = slots.map(slot => below(layout, position, slot))
  const missing: Wanted[] = []
  for (const [i, slot] of slots.entries()) if (node.child(slot) === null) missing.push({ ref: refOf(node, slot), ...places[i]! })
  const loaded = await loadNodes(layout, store, missing)
  return slots.map((slot, i) => ({ node: node.child(slot) ?? loaded.shift()!, ...places[i]! }))
}

export function refOf(node: TrieNode, slot: number): NodeRef {
  return { digest: node.digest(slot), place: node.place(slot) }
}

export function linkSlots({ slots }: Layout, node: TrieNode): number[] {
  const links: number[] = []
  for (let slot = 0; slot < slots; slot++) if (node.isLink(slot)) links.push(slot)
  return links
}

/** One level down: the bits of the slot behind those that led here. */
export function below({ bitWidth }: Layout, { depth, hash, at }: Position, slot: number): Position {
  const bits = hash.slice(at, at + 32)
  for (let i = 0; i < bitWidth; i++) {
    const bit = depth * bitWidth + i
    const mask = 0x80 >> (bit & 7)
    bits[bit >> 3] = slot >> bitWidth - 1 - i & 1 ? bits[bit >> 3]! | mask : bits[bit >> 3]! & ~mask
  }
  return { depth: depth + 1, hash: bits, at: 0 }
}

export async function* walkEntries(tree: Tree, from: Standing = rootOf(tree)): AsyncGenerator<Entry> {
  const { layout } = tree
  const children = await childrenOf(tree, from, linkSlots(layout, from.node))
  for (let slot = 0; slot < layout.slots; slot++) {
    if (from.node.isLink(slot)) yield* walkEntries(tree, children.shift())
    else yield* entriesOf(from.node, slot)
  }
}

export async function* walkNodes(tree: Tree, ref: NodeRef, from: Standing = rootOf(tree)): AsyncGenerator<WalkedNode> {
  const { node } = from
  yield { ref, bytes: node.bytes.slice(0, node.length) }
  const links = linkSlots(tree.layout, node)
  const children = await childrenOf(tree, from, links)
  for (const slot of links) yield* walkNodes(tree, refOf(node, slot), children.shift())
}
