import { CborFault, CborReader, accept, compareBytes, equalBytes, linkHead, major, reject, sha256Flat, skipItem, type Judged } from '../base/index.ts'
import { linkTag, slotOf, type Layout } from './layout.ts'
import { TrieNode } from './node.ts'
import type { Place } from './types.ts'

/** Where in a trie a node is said to be: `depth` levels below the root, where the first bits of `hash`, from `at`, lead. */
export interface Position {
  readonly depth: number
  readonly hash: Uint8Array
  readonly at: number
}

export const top: Position = { depth: 0, hash: new Uint8Array(32), at: 0 }

/**
 * The node of these bytes, judged: refused unless a trie of this shape would have written exactly them at this position. Keys that belong
 * elsewhere are refused too, so what a node does not have the trie does not have. `bytes` become the node's.
 */
export function readNode(layout: Layout, bytes: Uint8Array<ArrayBuffer>, position: Position, places: readonly (Place | null)[] = []): Judged<TrieNode> {
  try {
    return accept(read(layout, bytes, position, places))
  } catch (error) {
    if (!(error instanceof CborFault)) throw error
    return reject('bad-frame', `not a node of this trie: ${error.message}`)
  }
}

function read(layout: Layout, bytes: Uint8Array<ArrayBuffer>, position: Position, places: readonly (Place | null)[]): TrieNode {
  const input = new NodeReader(bytes, layout)
  const { head, tail } = position.depth === 0 ? layout.root : layout.inner
  if (position.depth >= layout.depths) throw new CborFault('deeper than hashes are long')
  input.expect(head)
  const map = input.skip(layout.mapBytes)
  if (layout.slots < 8 && bytes[map]! >> layout.slots !== 0) throw new CborFault('bits of no slot')
  const items = input.list(layout.slots)
  const starts: number[] = []
  const keys: Uint8Array[] = []
  const slotsOfKeys: number[] = []
  let [links, used] = [0, 0]
  for (let slot = 0; slot < layout.slots; slot++) {
    starts.push(input.at)
    if ((bytes[map + (slot >> 3)]! >> (slot & 7) & 1) === 0) continue
    used++
    if (bytes[input.at] === linkTag) {
      input.expect(linkHead)
      input.skip(32)
      links++
    } else {
      const before = keys.length
      input.bucket(keys)
      for (let i = before; i < keys.length; i++) slotsOfKeys.push(slot)
    }
  }
  starts.push(input.at)
  if (used !== items) throw new CborFault('another number of items than of bits')
  input.expect(tail)
  if (input.at !== bytes.length) throw new CborFault('bytes too many')
  if (position.depth > 0 && links === 0 && keys.length <= layout.bucketSize) throw new CborFault('a node that should be a bucket')
  checkKeys(layout, position, keys, slotsOfKeys)
  const node = new TrieNode(null, bytes, bytes.length, starts, null, null)
  if (links > 0) {
    let link = 0
    node.places = Array.from({ length: layout.slots }, (_, slot) => node.isLink(slot) ? places[link++] ?? -1 : -1)
  }
  return node
}

function checkKeys(layout: Layout, { depth, hash, at }: Position, keys: readonly Uint8Array[], slots: readonly number[]): void {
  const hashes = sha256Flat(keys)
  for (const [i, slot] of slots.entries()) {
    if (!samePath(layout, depth, hashes, 32 * i, hash, at) || slotOf(layout, hashes, 32 * i, depth) !== slot) throw new CborFault('a key that belongs elsewhere')
  }
}

/** Whether two hashes lead the same way for `depth` levels. */
function samePath({ bitWidth }: Layout, depth: number, a: Uint8Array, from: number, b: Uint8Array, at: number): boolean {
  const bits = depth * bitWidth
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[from + i] !== b[at + i]) return false
  return (bits & 7) === 0 || (a[from + whole]! ^ b[at + whole]!) >> 8 - (bits & 7) === 0
}

/** Steps through the bytes of a node. */
class NodeReader {
  at = 0
  readonly #bytes: Uint8Array
  readonly #layout: Layout

  constructor(bytes: Uint8Array, layout: Layout) {
    this.#bytes = bytes
    this.#layout = layout
  }

  /** Steps over exactly these bytes. */
  expect(expected: Uint8Array): void {
    const begin = this.skip(expected.length)
    if (!equalBytes(this.#bytes.subarray(begin, this.at), expected)) throw new CborFault('something else than a node has there')
  }

  /** Steps over so many bytes and says where they begin. */
  skip(length: number): number {
    const begin = this.at
    if (length > this.#bytes.length - begin) throw new CborFault('cut off')
    this.at += length
    return begin
  }

  /** Steps over the head of a list. */
  list(most: number): number { return this.#head(major.list, most) }

  /** Steps over a bucket, and adds its keys. */
  bucket(keys: Uint8Array[]): void {
    const entries = this.list(this.#layout.bucketSize)
    if (entries === 0) throw new CborFault('an empty bucket')
    let before: Uint8Array | null = null
    for (let i = 0; i < entries; i++) {
      if (this.list(2) !== 2) throw new CborFault('an entry is a key and a value')
      const length = this.#head(major.bytes, this.#bytes.length)
      const begin = this.skip(length)
      const key = this.#bytes.subarray(begin, this.at)
      if (before !== null && compareBytes(before, key) >= 0) throw new CborFault('entries out of order')
      before = key
      keys.push(key)
      this.at = skipItem(this.#bytes, this.at)
    }
  }

  #head(type: number, most: number): number {
    const reader = new CborReader(this.#bytes.subarray(this.at, this.at + 9))
    const argument = reader.count(type, most)
    this.at += reader.at
    return argument
  }
}
