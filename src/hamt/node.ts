import { linkHead, major } from '../base/index.ts'
import { headOf, linkBytes, linkTag, type Layout } from './layout.ts'
import type { Place } from './types.ts'

/** Whose changes a node belongs to. A node of an edit may be changed by who holds the edit, and by nobody once it is given up. */
export type Edit = object

/** Room for a few entries more, so that what is added to a node does not make it move. */
const slack = 96

const noPlace = -1

/**
 * A node in memory: its encoding, where in it each slot begins, and the nodes below it that are in memory too. It is changed in its encoding, so
 * that neither reading nor writing it makes an object for each entry, and a commit has only to fill in the digests of changed children.
 *
 * Invariants: the encoding is canonical but for the digests of children of the same edit; `starts` has the begin of each slot's item and the end of
 * the last, an empty slot has no length; `below` and `places` are null where there are no links.
 */
export class TrieNode {
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

  static empty(layout: Layout, edit: Edit, isRoot: boolean): TrieNode {
    const { head, tail } = isRoot ? layout.root : layout.inner
    const begin = head.length + layout.mapBytes + 1
    const bytes = new Uint8Array(begin + tail.length + slack)
    bytes.set(head)
    bytes[begin - 1] = major.list
    bytes.set(tail, begin)
    return new TrieNode(edit, bytes, begin + tail.length, Array.from({ length: layout.slots + 1 }, () => begin), null, null)
  }

  copy(edit: Edit): TrieNode {
    const bytes = new Uint8Array(this.length + slack)
    bytes.set(this.bytes.length === this.length ? this.bytes : this.bytes.subarray(0, this.length))
    return new TrieNode(edit, bytes, this.length, this.starts.slice(), this.below === null ? null : this.below.slice(), this.places === null ? null : this.places.slice())
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

  /** Fills in what a changed child has become. */
  settle(slot: number, digests: Uint8Array, at: number, place: Place): void {
    this.bytes.set(digests.subarray(at, at + 32), this.starts[slot]! + linkHead.length)
    this.places![slot] = place
  }

  child(slot: number): TrieNode | null { return this.below?.[slot] ?? null }

  setChild(layout: Layout, slot: number, child: TrieNode | null): void {
    this.below ??= Array.from({ length: layout.slots }, () => null)
    this.places ??= Array.from({ length: layout.slots }, () => noPlace)
    this.below[slot] = child
  }

  setPlace(slot: number, place: Place | null): void { this.places![slot] = place ?? noPlace }

  /** Puts `item` in a slot, for what was there; an empty one empties it. */
  setSlot(layout: Layout, slot: number, item: Uint8Array): void {
    const [from, to] = [this.starts[slot]!, this.starts[slot + 1]!]
    this.splice(slot, from, to - from, item)
    if ((from === to) === (item.length === 0)) return
    const map = (this.bytes[0] === layout.inner.head[0] ? layout.inner : layout.root).head.length
    this.bytes[map + (slot >> 3)]! ^= 1 << (slot & 7)
    let items = 0
    for (let i = 0; i < layout.slots; i++) if (!this.isEmpty(i)) items++
    const count = map + layout.mapBytes
    this.splice(-1, count, this.starts[0]! - count, headOf(major.list, items))
  }

  /** Puts a link to `child` in a slot, for what was there. Its digest is filled in by the commit. */
  setLink(layout: Layout, slot: number, child: TrieNode): void {
    const link = new Uint8Array(linkBytes)
    link.set(linkHead)
    this.setSlot(layout, slot, link)
    this.setChild(layout, slot, child)
    this.setPlace(slot, null)
  }

  /** Puts `put` where `removed` bytes of a slot's item are (of the head before all items: slot -1). */
  splice(slot: number, at: number, removed: number, put: Uint8Array): void {
    const grown = put.length - removed
    if (grown !== 0) {
      if (this.length + grown > this.bytes.length) {
        const larger = new Uint8Array(this.length + grown + slack)
        larger.set(this.bytes.subarray(0, this.length))
        this.bytes = larger
      }
      this.bytes.copyWithin(at + put.length, at + removed, this.length)
      this.length += grown
      const { starts } = this
      for (let i = slot + 1; i < starts.length; i++) starts[i]! += grown
    }
    this.bytes.set(put, at)
  }
}
