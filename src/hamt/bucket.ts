import { compareBytes, major } from '../base/index.ts'
import { argumentAt, entryHead, headEnd, headOf, headSize, itemEnd, writeHead } from './layout.ts'
import type { TrieNode } from './node.ts'

/** An entry in the bytes of a node: where it, its key, its value begin, and its end. */
export interface Spot {
  readonly begin: number
  readonly key: number
  readonly value: number
  readonly end: number
}

/** The entries of a slot, which is empty or has a bucket. */
export function* spotsOf(node: TrieNode, slot: number): Generator<Spot> {
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

/** An entry as it is written. */
export function entryOf(key: Uint8Array, value: Uint8Array): Uint8Array {
  const head = headSize(key.length)
  const entry = new Uint8Array(1 + head + key.length + value.length)
  entry[0] = entryHead
  entry.set(key, writeHead(entry, 1, major.bytes, key.length))
  entry.set(value, 1 + head + key.length)
  return entry
}

/** Puts an entry into a bucket that has room for it, at the place `find` said. */
export function insertEntry(node: TrieNode, slot: number, at: number, entry: Uint8Array): void {
  node.splice(slot, at, 0, entry)
  recount(node, slot, 1)
}

/** Takes an entry out of a bucket that has others. */
export function removeEntry(node: TrieNode, slot: number, { begin, end }: Spot): void {
  node.splice(slot, begin, end - begin, new Uint8Array(0))
  recount(node, slot, -1)
}

function recount(node: TrieNode, slot: number, more: number): void {
  const start = node.starts[slot]!
  node.splice(slot, start, headEnd(node.bytes, start) - start, headOf(major.list, entriesIn(node, slot) + more))
}

/** A bucket of these entries, in the order of their keys. */
export function bucketOf(entries: readonly Uint8Array[]): Uint8Array {
  const sorted = entries.length < 2 ? entries : entries.toSorted(compareEntries)
  const head = headOf(major.list, sorted.length)
  const bucket = new Uint8Array(sorted.reduce((sum, { length }) => sum + length, head.length))
  bucket.set(head)
  let at = head.length
  for (const entry of sorted) {
    bucket.set(entry, at)
    at += entry.length
  }
  return bucket
}

function compareEntries(a: Uint8Array, b: Uint8Array): number {
  return compareBytes(keyIn(a), keyIn(b))
}

export function keyIn(entry: Uint8Array): Uint8Array {
  const { key, value } = spotAt(entry, 0)
  return entry.subarray(key, value)
}
