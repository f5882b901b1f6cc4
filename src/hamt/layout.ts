import { HoldfastError, linkHead, major, utf8 } from '../base/index.ts'
import type { HamtShape } from './types.ts'

/**
 * How nodes of a shape are written (IPLD HashMap, advanced layout). A node is the list `[map, data]`: `map` has a bit for each slot, lowest bit of
 * the first byte first; `data` has an item for each bit that is set, a link or a bucket `[[key, value], ..]` in the order of its keys. The
 * root node lies in a map beside what the shape is: `{ hamt: node, hashAlg: 0x12, bucketSize }`.
 */
export interface Layout extends HamtShape {
  readonly slots: number
  readonly mapBytes: number
  /** Nodes below this depth would need more bits than a key's hash has. */
  readonly depths: number
  /** What comes before the bits of the map, and after the data. */
  readonly root: { readonly head: Uint8Array, readonly tail: Uint8Array }
  readonly inner: { readonly head: Uint8Array, readonly tail: Uint8Array }
}

const hashBits = 256
/** Bytes of a link in a node. */
export const linkBytes: number = linkHead.length + 32
/** What an item that is a link begins with. */
export const linkTag = 0xd8
/** What an entry begins with: a list of two. */
export const entryHead: number = major.list | 2

/** Throws `bad-input` for a shape there is none of. */
export function layoutOf({ bitWidth, bucketSize }: HamtShape): Layout {
  if (!Number.isInteger(bitWidth) || bitWidth < 1 || bitWidth > 8) throw new HoldfastError('bad-input', 'a level takes 1 to 8 bits')
  if (!Number.isInteger(bucketSize) || bucketSize < 1 || bucketSize > 255) throw new HoldfastError('bad-input', 'a bucket holds 1 to 255 entries')
  const slots = 1 << bitWidth
  const mapBytes = Math.ceil(slots / 8)
  const head = [major.list | 2, ...headOf(major.bytes, mapBytes)]
  const key = (name: string): number[] => [...headOf(major.text, name.length), ...utf8(name)]
  return {
    bitWidth, bucketSize, slots, mapBytes,
    depths: Math.floor(hashBits / bitWidth),
    inner: { head: Uint8Array.from(head), tail: new Uint8Array(0) },
    root: {
      head: Uint8Array.of(major.map | 3, ...key('hamt'), ...head),
      tail: Uint8Array.of(...key('hashAlg'), 0x12, ...key('bucketSize'), ...headOf(major.uint, bucketSize)),
    },
  }
}

/** The slot of a key at a depth: the next bits of its hash, which begins at `at`, highest first. */
export function slotOf({ bitWidth }: Layout, hash: Uint8Array, at: number, depth: number): number {
  const bit = depth * bitWidth
  const byte = at + (bit >> 3)
  const two = hash[byte]! << 8 | hash[byte + 1]! // beyond the last byte nothing is asked for
  return two >> 16 - (bit & 7) - bitWidth & (1 << bitWidth) - 1
}

/** Bytes of a head with this argument. */
export function headSize(argument: number): number {
  return argument < 24 ? 1 : argument < 0x100 ? 2 : argument < 0x1_0000 ? 3 : 5
}

/** Writes a head and says where it ends. */
export function writeHead(bytes: Uint8Array, at: number, type: number, argument: number): number {
  if (argument < 24) {
    bytes[at] = type | argument
    return at + 1
  }
  const width = headSize(argument) - 1
  bytes[at] = type | (width === 1 ? 24 : width === 2 ? 25 : 26)
  for (let i = 0; i < width; i++) bytes[at + 1 + i] = argument >>> 8 * (width - 1 - i)
  return at + 1 + width
}

export function headOf(type: number, argument: number): Uint8Array {
  const bytes = new Uint8Array(headSize(argument))
  writeHead(bytes, 0, type, argument)
  return bytes
}

/** The argument of a head known to be well formed. */
export function argumentAt(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! & 0x1f
  if (low < 24) return low
  let argument = 0
  for (let i = 1; i <= 1 << low - 24; i++) argument = argument * 256 + bytes[at + i]!
  return argument
}

/** Where a head known to be well formed ends. */
export function headEnd(bytes: Uint8Array, at: number): number {
  const low = bytes[at]! & 0x1f
  return at + (low < 24 ? 1 : 1 + (1 << low - 24))
}

/** Where an item known to be well formed ends. */
export function itemEnd(bytes: Uint8Array, at: number): number {
  let end = at
  for (let left = 1; left > 0; left--) {
    const head = bytes[end]!
    const type = head & 0xe0
    if (type === major.bytes || type === major.text) end = headEnd(bytes, end) + argumentAt(bytes, end)
    else {
      if (type === major.list) left += argumentAt(bytes, end)
      else if (type === major.map) left += 2 * argumentAt(bytes, end)
      else if (type === major.tag) left++
      end = headEnd(bytes, end)
    }
  }
  return end
}
