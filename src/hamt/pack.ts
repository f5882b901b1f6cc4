import { placesPerPack, type Pack, type Place, type StoredNode } from './types.ts'

/**
 * A pack: all new nodes of a commit in one record, since IndexedDB takes about as long for a record of a megabyte as for one of a hundred bytes.
 *
 * Bytes, little-endian: number of nodes (u32); for each node the offset of its end, from the end of this table (u32); then for each node the
 * number of its links (u32), their places (f64 each, -1 where unknown), and its encoded bytes. A node that was pruned takes no room and its index
 * stays, so no place ever changes. Where most were pruned, the table is of those that are left: the number of nodes with its top bit set, how many are
 * left (u32), and for each its index and the offset of its end (u32 each).
 */
export interface PackedNode {
  readonly bytes: Uint8Array
  readonly children: readonly (Place | null)[]
}

const fewLeft = 2 ** 31

/** The pack of these nodes; null stands for one that was pruned. */
export function writePack(number: number, nodes: readonly (PackedNode | null)[]): Pack {
  const left = nodes.filter(node => node !== null)
  const bytes = left.reduce((sum, node) => sum + packedSize(node.bytes.length, node.children.length), 0)
  const writer = new PackWriter(number, nodes.length, bytes, 4 + 8 * left.length < 4 * nodes.length ? left.length : null)
  for (const node of nodes) {
    if (node === null) writer.skip()
    else writer.add(node.bytes.length, node.children).set(node.bytes)
  }
  return writer.pack
}

/** Bytes a node takes in a pack, beside its line of the table. */
export function packedSize(bytes: number, children: number): number { return 4 + 8 * children + bytes }

/** Writes a pack whose number of nodes and sum of `packedSize` are known; `left` is null, or the number of nodes where the table is of those that are left. */
export class PackWriter {
  readonly pack: Pack
  readonly #view: DataView
  readonly #isSparse: boolean
  readonly #table: number
  #index = 0
  #line: number
  #at: number

  constructor(number: number, nodes: number, bytes: number, left: number | null = null) {
    if (nodes > placesPerPack) throw new RangeError('too many nodes for a pack')
    this.#isSparse = left !== null
    this.#line = left === null ? 4 : 8
    this.#table = this.#at = left === null ? 4 + 4 * nodes : 8 + 8 * left
    this.pack = { number, nodes, bytes: new Uint8Array(this.#table + bytes) }
    this.#view = new DataView(this.pack.bytes.buffer)
    this.#view.setUint32(0, left === null ? nodes : fewLeft + nodes, true)
    if (left !== null) this.#view.setUint32(4, left, true)
  }

  /** The next node: where its bytes are to be put. */
  add(bytes: number, children: readonly (Place | null)[]): Uint8Array<ArrayBuffer> {
    this.#view.setUint32(this.#at, children.length, true)
    this.#at += 4
    for (const child of children) {
      this.#view.setFloat64(this.#at, child ?? -1, true)
      this.#at += 8
    }
    const begin = this.#at
    this.#at += bytes
    this.#end()
    return new Uint8Array(this.pack.bytes.buffer, begin, bytes) // quicker than a subarray
  }

  /** A node that was pruned: it takes no room. */
  skip(): void {
    if (this.#isSparse) this.#index++
    else this.#end()
  }

  #end(): void {
    if (this.#isSparse) this.#view.setUint32(this.#line, this.#index, true)
    this.#view.setUint32(this.#line + (this.#isSparse ? 4 : 0), this.#at - this.#table, true)
    this.#line += this.#isSparse ? 8 : 4
    this.#index++
  }
}

/** A node of a pack's bytes, or null where it was pruned or the bytes are damaged. The node's bytes are a view. */
export function readPacked(pack: Uint8Array, index: number): StoredNode | null {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength)
  const { nodes, left, table } = headOf(view)
  const entry = left === null ? index : entryOf(view, left, index)
  if (index >= nodes || entry === null) return null
  const end = (i: number): number => left === null ? view.getUint32(4 + 4 * i, true) : view.getUint32(12 + 8 * i, true)
  const from = table + (entry === 0 ? 0 : end(entry - 1))
  const to = table + end(entry)
  if (from + 4 > to || to > pack.length) return null
  const links = view.getUint32(from, true)
  const begin = from + 4 + 8 * links
  if (begin > to) return null
  const children = Array.from({ length: links }, (_, i) => {
    const place = view.getFloat64(from + 4 + 8 * i, true)
    return place >= 0 ? place : null
  })
  return { bytes: pack.subarray(begin, to), children }
}

/** How many nodes a pack's bytes have, the pruned ones among them; 0 where they are damaged. */
export function packedNodes(pack: Uint8Array): number {
  return headOf(new DataView(pack.buffer, pack.byteOffset, pack.byteLength)).nodes
}

/** How many nodes there are, how many are left where the table is of those alone, and where it ends; no nodes where it goes beyond the bytes. */
function headOf(view: DataView): { readonly nodes: number, readonly left: number | null, readonly table: number } {
  const none = { nodes: 0, left: null, table: 0 }
  if (view.byteLength < 4) return none
  const count = view.getUint32(0, true)
  if (count < fewLeft) return 4 + 4 * count <= view.byteLength ? { nodes: count, left: null, table: 4 + 4 * count } : none
  if (view.byteLength < 8 || count - fewLeft > placesPerPack) return none
  const left = view.getUint32(4, true)
  return 8 + 8 * left <= view.byteLength ? { nodes: count - fewLeft, left, table: 8 + 8 * left } : none
}

/** Which of the entries of those that are left is that of a node; null where it was pruned. */
function entryOf(view: DataView, left: number, index: number): number | null {
  let [low, high] = [0, left]
  while (low < high) {
    const middle = (low + high) >> 1
    if (view.getUint32(8 + 8 * middle, true) < index) low = middle + 1
    else high = middle
  }
  return low < left && view.getUint32(8 + 8 * low, true) === index ? low : null
}

export function placeOf(pack: number, index: number): Place { return pack * placesPerPack + index }
export function packOf(place: Place): number { return Math.floor(place / placesPerPack) }
export function indexOf(place: Place): number { return place % placesPerPack }
