import { sha256, toHex } from '../base/index.ts'
import { Unreadable, reading, unsayable, type Reading } from './faults.ts'
import { FieldReader, FieldWriter, hexBytes } from './fields.ts'
import { merkleParent, merkleRoot } from './merkle.ts'

/** What a block of one chain's entries says of itself. Hashes in hex. */
export interface EntryBlockHeader {
  readonly chainId: string
  readonly bodyMR: string
  readonly prevKeyMR: string
  readonly prevFullHash: string
  /** Entry Blocks of this chain before it. */
  readonly sequence: number
  /** Directory Block it belongs to. */
  readonly height: number
  /** Items of the body, minute markers counted. */
  readonly count: number
}

/** `items`: entry hashes, and behind those of a minute its marker. */
export interface EntryBlock { readonly header: EntryBlockHeader, readonly items: readonly string[] }

const entryBlockHeadBytes = 140
/** Markers stand for minutes from 1 to this. */
const minutes = 10

/** Stands behind the entries of a minute of the block. */
export function minuteMarker(minute: number): string { return minute.toString(16).padStart(64, '0') }

/** Which minute an item marks; null where it is an entry hash. */
export function minuteOf(item: string): number | null {
  const minute = item.startsWith('0'.repeat(62)) ? Number.parseInt(item.slice(62), 16) : 0
  return minute >= 1 && minute <= minutes ? minute : null
}

/** A block of these items; the body's root and the count follow from them. */
export function makeEntryBlock(header: Omit<EntryBlockHeader, 'bodyMR' | 'count'>, items: readonly string[]): EntryBlock {
  return { header: { ...header, bodyMR: bodyRoot(items), count: items.length }, items }
}

export function encodeEntryBlockHeader({ chainId, bodyMR, prevKeyMR, prevFullHash, sequence, height, count }: EntryBlockHeader): Uint8Array<ArrayBuffer> {
  const out = new FieldWriter(entryBlockHeadBytes)
  out.hash(chainId, 'ChainID').hash(bodyMR, 'body').hash(prevKeyMR, 'previous KeyMR').hash(prevFullHash, 'previous Full Hash')
  return out.uint(sequence, 4, 'sequence').uint(height, 4, 'height').uint(count, 4, 'count').bytes
}

/** Throws `bad-input` where the header counts other items. Whether it has their root is not looked at: `makeEntryBlock` sees to that. */
export function encodeEntryBlock({ header, items }: EntryBlock): Uint8Array<ArrayBuffer> {
  if (header.count !== items.length) throw unsayable('block-count', `${items.length} items, not ${header.count}`)
  const out = new FieldWriter(entryBlockHeadBytes + 32 * items.length).put(encodeEntryBlockHeader(header))
  for (const item of items) out.hash(item, 'item')
  return out.bytes
}

/** The block of these bytes: the root and the count of the header are those of the body, and minute markers rise and end it. */
export function decodeEntryBlock(bytes: Uint8Array): Reading<EntryBlock> {
  return reading(() => {
    const input = new FieldReader(bytes, 'block-truncated')
    const header = {
      chainId: input.hash(), bodyMR: input.hash(), prevKeyMR: input.hash(), prevFullHash: input.hash(),
      sequence: input.uint(4), height: input.uint(4), count: input.uint(4),
    }
    const items: string[] = []
    for (let i = 0; i < header.count; i++) items.push(input.hash())
    if (input.left > 0) throw new Unreadable('block-trailing-bytes', `${input.left} bytes after the body`)
    checkMarkers(items)
    if (bodyRoot(items) !== header.bodyMR) throw new Unreadable('block-body', 'the body is not the one of the header')
    return { header, items }
  })
}

function checkMarkers(items: readonly string[]): void {
  let last = 0
  let open = 0
  for (const item of items) {
    const minute = minuteOf(item)
    if (minute === null) open++
    else {
      if (open === 0) throw new Unreadable('block-marker', `minute ${minute} has no entries`)
      if (minute <= last) throw new Unreadable('block-marker', `minute ${minute} after minute ${last}`)
      last = minute
      open = 0
    }
  }
  if (items.length === 0) throw new Unreadable('block-count', 'a block of no entries')
  if (open > 0) throw new Unreadable('block-marker', 'entries of no minute')
}

export function bodyRoot(items: readonly string[]): string { return toHex(merkleRoot(items.map(item => hexBytes(item, 32, 'item')))) }

/** KeyMR of a block by the bytes of its header, and the root of its body: what others know it by. */
export function keyMR(header: Uint8Array, bodyMR: string): string { return toHex(merkleParent(sha256(header), hexBytes(bodyMR, 32, 'body'))) }
