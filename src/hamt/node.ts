import { linkHead, major } from '../base/index.ts'
import type { Edit } from './edit.ts'
import { headSize, linkBytes, linkTag, writeHead, type Layout } from './layout.ts'
import type { Place } from './types.ts'

/** Room behind a node for what its changes are likely to add. */
const slack = 64

const noPlace = -1
const none: readonly never[] = []

/**
 * A node in memory: its encoding, where in it each slot begins, and the nodes below it that are in memory too. It is changed in its encoding, so
 * that neither reading nor writing it makes an object for each entry, and a commit has only to fill in the digests of changed children.
 *
 * Invariants: the encoding is canonical but for the digests of children of the same edit; `starts` has the begin of each slot's item and the end of
 * the last, an empty slot has no length; `below` and `places` are null where there are no links.
 */
export class TrieNode {
  /** Whose changes it belongs to, null where it is committed: then it never changes, but for where it lies and what is known below it. */
  edit: Edit | null
  bytes: Uint8Array<ArrayBuffer>
  length: number
  readonly starts: number[]
  below: (TrieNode | null)[] | null
  places: number[] | null
  /** When it was last walked through, in turns of `trim`. */
  used = 0

  constructor(edit: Edit | null, bytes: Uint8Array<ArrayBuffer>, length: number, starts: number[], below: (TrieNode | null)[] | null, places: number[] | null) {
    this.edit = edit
    this.bytes = bytes
    this.length = length
    this.starts = starts
    this.below = below
    this.places = places
  }

  static empty(layout: Layout, edit: Edit | null, isRoot: boolean): TrieNode {
    const { head, tail } = isRoot ? layout.root : layout.inner
    const begin = head.length + layout.mapBytes + 1
    const bytes = edit === null ? new Uint8Array(begin + tail.length) : edit.room(begin + tail.length + slack)
    bytes.set(head)
    bytes.fill(0, head.length, begin - 1)
    bytes[begin - 1] = major.list
    bytes.set(tail, begin)
    return new TrieNode(edit, bytes, begin + tail.length, Array.from({ length: layout.slots + 1 }, () => begin), null, null)
  }

  /** A copy for an edit that is about to add so many bytes. */
  copy(edit: Edit, more: number): TrieNode {
    const bytes = edit.room(this.length + Math.max(0, more) + slack)
    copyInto(bytes, this)
    return new TrieNode(edit, bytes, this.length, this.starts.slice(), this.below === null ? null : this.below.slice(), this.places === null ? null : this.places.slice())
  }

  /** Moves the encoding to other memory, exactly as long. */
  move(bytes: Uint8Array<ArrayBuffer>): void {
    bytes.set(this.bytes.length === this.length ? this.bytes : this.bytes.subarray(0, this.length))
    this.bytes = bytes
  }

  isEmpty(slot: number): boolean { return this.starts[slot] === this.starts[slot + 1] }
  isLink(slot: number): boolean { return !this.isEmpty(slot) && this.bytes[this.starts[slot]!] === linkTag }

  /** The digest a slot's link names. */
  digest(slot: number): Uint8Array<ArrayBuffer> {
    const at = this.starts[slot]! + linkHead.length
    return this.bytes.slice(at, at + 32)
  }

  place(slot: number): Place | null {
    const place = this.places?.[slot] ?? noPlace
    return place < 0 ? null : place
  }

  /** Fills in the digest of a changed child. */
  setDigest(slot: number, digests: Uint8Array, at: number): void {
    const to = this.starts[slot]! + linkHead.length
    for (let i = 0; i < 32; i++) this.bytes[to + i] = digests[at + i]!
  }

  /** The places of what its links name, in their order. */
  childPlaces({ slots }: Layout): readonly (Place | null)[] {
    if (this.places === null) return none
    const places: (Place | null)[] = []
    for (let slot = 0; slot < slots; slot++) if (this.isLink(slot)) places.push(this.place(slot))
    return places
  }

  child(slot: number): TrieNode | null { return this.below?.[slot] ?? null }

  setChild(layout: Layout, slot: number, child: TrieNode | null): void {
    this.below ??= Array.from({ length: layout.slots }, () => null)
    this.places ??= Array.from({ length: layout.slots }, () => noPlace)
    this.below[slot] = child
  }

  setPlace(slot: number, place: Place | null): void { this.places![slot] = place ?? noPlace }

  /** Makes an empty slot one of `length` bytes, or a full one empty (`length` 0), and says where it begins. */
  resize(layout: Layout, slot: number, length: number): number {
    const at = this.starts[slot]!
    const before = this.starts[slot + 1]! - at
    this.splice(slot, at, before, length)
    if ((before === 0) === (length === 0)) return at
    const map = (this.bytes[0] === layout.inner.head[0] ? layout.inner : layout.root).head.length
    this.bytes[map + (slot >> 3)]! ^= 1 << (slot & 7)
    let items = 0
    for (let i = 0; i < layout.slots; i++) if (!this.isEmpty(i)) items++
    const count = map + layout.mapBytes
    const [size, wanted] = [this.starts[0]! - count, headSize(items)]
    if (wanted !== size) this.splice(-1, count, size, wanted)
    writeHead(this.bytes, count, major.list, items)
    return this.starts[slot]!
  }

  /** Puts a link to `child` in a slot, for what was there. Its digest is filled in by the commit. */
  setLink(layout: Layout, slot: number, child: TrieNode): void {
    const at = this.resize(layout, slot, linkBytes)
    this.bytes.set(linkHead, at)
    this.setChild(layout, slot, child)
    this.setPlace(slot, null)
  }

  /** Makes `removed` bytes of a slot's item (of the head before all items: slot -1) as many as `put`; what they then are is the caller's. */
  splice(slot: number, at: number, removed: number, put: number): void {
    const grown = put - removed
    if (grown === 0) return
    if (this.length + grown > this.bytes.length) {
      const larger = this.edit!.room(this.length + grown + slack)
      copyInto(larger, this)
      this.bytes = larger
    }
    this.bytes.copyWithin(at + put, at + removed, this.length)
    this.length += grown
    const { starts } = this
    for (let i = slot + 1; i < starts.length; i++) starts[i]! += grown
  }
}

function copyInto(to: Uint8Array, { bytes, length }: TrieNode): void {
  // A view takes longer to make than a few bytes more to copy.
  to.set(bytes.length <= to.length ? bytes : bytes.subarray(0, length))
}
