import { major } from '../base/index.ts'
import { argumentAt, entryHead, headEnd, headSize, itemEnd, writeHead, type Layout } from './layout.ts'
import type { TrieNode } from './node.ts'
import type { Entry } from './types.ts'

/** An entry in the bytes of a node: where it, its key, its value begin, and its end. */
export interface Spot {
  readonly begin: number
  readonly key: number
  readonly value: number
  readonly end: number
}

/** The entries of a slot, which is empty or has a bucket. */
function* spotsOf(node: TrieNode, slot: number): Generator<Spot> {
  if (node.isEmpty(slot)) return
  const { bytes, starts } = node
  const end = starts[slot + 1]!
  for (let begin = headEnd(bytes, starts[slot]!); begin < end;) {
    const spot = spotAt(bytes, begin)
    yield spot
    begin = spot.end
  }
}

function spotAt(bytes: Uint8Array, begin: number): Spot {
  const key = headEnd(bytes, begin + 1)
  const value = key + argumentAt(bytes, begin + 1)
  return { begin, key, value, end: itemEnd(bytes, value) }
}

/** Where a key is in a slot's bucket, or where it would be put. */
export function find(node: TrieNode, slot: number, key: Uint8Array): { readonly spot: Spot | null, readonly at: number } {
  const { bytes, starts } = node
  const end = starts[slot + 1]!
  let begin = starts[slot]!
  if (begin === end) return { spot: null, at: begin }
  for (begin = headEnd(bytes, begin); begin < end;) {
    const spot = spotAt(bytes, begin)
    const order = compareKey(bytes, spot, key)
    if (order === 0) return { spot, at: begin }
    if (order > 0) break
    begin = spot.end
  }
  return { spot: null, at: begin }
}

function compareKey(bytes: Uint8Array, { key: at, value }: Spot, key: Uint8Array): number {
  const length = value - at
  const shared = Math.min(length, key.length)
  for (let i = 0; i < shared; i++) {
    const difference = bytes[at + i]! - key[i]!
    if (difference !== 0) return difference
  }
  return length - key.length
}

export function entriesIn(node: TrieNode, slot: number): number {
  return node.isEmpty(slot) ? 0 : argumentAt(node.bytes, node.starts[slot]!)
}

/** A key and its value. */
export interface Held {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

export function entrySize({ key, value }: Held): number {
  return 1 + headSize(key.length) + key.length + value.length
}

function writeEntry(bytes: Uint8Array, at: number, { key, value }: Held): number {
  bytes[at] = entryHead
  const begin = writeHead(bytes, at + 1, major.bytes, key.length)
  bytes.set(key, begin)
  bytes.set(value, begin + key.length)
  return begin + key.length + value.length
}

/** Puts entries, in the order of their keys, into a slot for what was there. */
export function setBucket(layout: Layout, node: TrieNode, slot: number, entries: readonly Held[]): void {
  let at = node.resize(layout, slot, entries.reduce((size, entry) => size + entrySize(entry), headSize(entries.length)))
  at = writeHead(node.bytes, at, major.list, entries.length)
  for (const entry of entries) at = writeEntry(node.bytes, at, entry)
}

/** Puts an entry into a bucket that has room for it, at the place `find` said. */
export function insertEntry(node: TrieNode, slot: number, at: number, entry: Held): void {
  node.splice(slot, at, 0, entrySize(entry))
  writeEntry(node.bytes, at, entry)
  recount(node, slot, 1)
}

/** Takes an entry out of a bucket that has others. */
export function removeEntry(node: TrieNode, slot: number, { begin, end }: Spot): void {
  node.splice(slot, begin, end - begin, 0)
  recount(node, slot, -1)
}

export function replaceValue(node: TrieNode, slot: number, { value: at, end }: Spot, value: Uint8Array): void {
  node.splice(slot, at, end - at, value.length)
  node.bytes.set(value, at)
}

function recount(node: TrieNode, slot: number, more: number): void {
  const start = node.starts[slot]!
  const entries = entriesIn(node, slot) + more
  const [size, wanted] = [headSize(entries - more), headSize(entries)]
  if (size !== wanted) node.splice(slot, start, size, wanted)
  writeHead(node.bytes, start, major.list, entries)
}

/** The entries of a slot without a link, copied. */
export function entriesOf(node: TrieNode, slot: number): Entry[] {
  return Array.from(spotsOf(node, slot), ({ key, value, end }) => ({ key: node.bytes.slice(key, value), value: node.bytes.slice(value, end) }))
}
