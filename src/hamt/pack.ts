import { placesPerPack, type Pack, type Place, type StoredNode } from './types.ts'

/**
 * A pack: all new nodes of a commit in one record, since IndexedDB takes about as long for a record of a megabyte as for one of a hundred bytes.
 *
 * Bytes, little-endian: number of nodes (u32); for each node the offset of its end, from the end of this table (u32); then for each node the
 * number of its links (u32), their places (f64 each, -1 where unknown), and its encoded bytes. A node that was pruned takes no room and its index
 * stays, so no place ever changes.
 */
export interface PackedNode {
  readonly bytes: Uint8Array
  readonly children: readonly (Place | null)[]
}

/** The pack of these nodes; null stands for one that was pruned. */
export function writePack(number: number, nodes: readonly (PackedNode | null)[]): Pack {
  const writer = new PackWriter(number, nodes.length, nodes.reduce((sum, node) => sum + (node === null ? 0 : packedSize(node.bytes.length, node.children.length)), 0))
  for (const node of nodes) {
    if (node === null) writer.skip()
    else writer.add(node.bytes.length, node.children).set(node.bytes)
  }
  return writer.pack
}

/** Bytes a node takes in a pack, beside its line of the table. */
export function packedSize(bytes: number, children: number): number { return 4 + 8 * children + bytes }

/** Writes a pack whose number of nodes and sum of `packedSize` are known. */
export class PackWriter {
  readonly pack: Pack
  readonly #view: DataView
  readonly #table: number
  #index = 0
  #at: number

  constructor(number: number, nodes: number, bytes: number) {
    if (nodes > placesPerPack) throw new RangeError('too many nodes for a pack')
    this.#table = this.#at = 4 + 4 * nodes
    this.pack = { number, nodes, bytes: new Uint8Array(this.#table + bytes) }
    this.#view = new DataView(this.pack.bytes.buffer)
    this.#view.setUint32(0, nodes, true)
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
    this.skip()
    return new Uint8Array(this.pack.bytes.buffer, begin, bytes) // quicker than a subarray
  }

  /** A node that was pruned: it takes no room. */
  skip(): void { this.#view.setUint32(4 + 4 * this.#index++, this.#at - this.#table, true) }
}

/** A node of a pack's bytes, or null where it was pruned or the bytes are damaged. The node's bytes are a view. */
export function readPacked(pack: Uint8Array, index: number): StoredNode | null {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength)
  if (pack.length < 4) return null
  const nodes = view.getUint32(0, true)
  const table = 4 + 4 * nodes
  if (index >= nodes || table > pack.length) return null
  const from = table + (index === 0 ? 0 : view.getUint32(4 * index, true))
  const to = table + view.getUint32(4 + 4 * index, true)
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

/** How many nodes a pack's bytes have, the pruned ones among them. */
export function packedNodes(pack: Uint8Array): number {
  return pack.length < 4 ? 0 : new DataView(pack.buffer, pack.byteOffset, pack.byteLength).getUint32(0, true)
}

export function placeOf(pack: number, index: number): Place { return pack * placesPerPack + index }
export function packOf(place: Place): number { return Math.floor(place / placesPerPack) }
export function indexOf(place: Place): number { return place % placesPerPack }
