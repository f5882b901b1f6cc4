import { CID } from 'multiformats/cid'
import { compareBytes, equalBytes, fromUtf8 } from './bytes.ts'
import { CborFault, byteOrderMark } from './cbor-reader.ts'
import { linkHead, major } from './cbor-writer.ts'
import { limits } from './limits.ts'

/**
 * Where the item of strict DAG-CBOR that begins at `at` ends. Throws a `CborFault` for anything `decodeCbor` would refuse, without building a
 * value: the trie keeps values as bytes and must know that each is one item in its only form.
 */
export function skipItem(bytes: Uint8Array, at: number): number {
  return skip(bytes, at, { items: limits.cborItems }, 0)
}

interface Budget { items: number }

function skip(bytes: Uint8Array, at: number, budget: Budget, depth: number): number {
  if (--budget.items < 0) throw new CborFault('too many values')
  const head = bytes[at] ?? -1
  if (head < 0) throw new CborFault('cut off')
  const low = head & 0x1f
  if (head >= major.simple) return low === 27 ? float(bytes, at) : simple(low, at)
  const extra = low < 24 ? 0 : low < 28 ? 1 << (low - 24) : -1
  if (extra < 0) throw new CborFault('no definite length')
  const begin = at + 1 + extra
  if (begin > bytes.length) throw new CborFault('cut off')
  const argument = extra === 0 ? low : number(bytes, at + 1, extra)
  switch (head & 0xe0) {
    case major.uint:
    case 0x20: return begin
    case major.bytes: return within(bytes, begin, argument)
    case major.text: return text(bytes, begin, argument)
    case major.list: {
      let end = begin
      for (let i = 0; i < argument; i++) end = skip(bytes, end, budget, deeper(depth))
      return end
    }
    case major.map: return map(bytes, begin, argument, budget, deeper(depth))
    default: return link(bytes, at, argument)
  }
}

function deeper(depth: number): number {
  if (depth >= limits.cborDepth) throw new CborFault('nested too deeply')
  return depth + 1
}

/** Exact below 2^53; above, near enough to be refused as a length. */
function number(bytes: Uint8Array, at: number, width: number): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] ?? 0)
  if (value < (width === 1 ? 24 : 256 ** (width / 2))) throw new CborFault('not the shortest form')
  return value
}

function within(bytes: Uint8Array, at: number, length: number): number {
  if (length > bytes.length - at) throw new CborFault('cut off')
  return at + length
}

function text(bytes: Uint8Array, at: number, length: number): number {
  const end = within(bytes, at, length)
  for (let i = at; i < end; i++) {
    if ((bytes[i] ?? 0) < 0x80) continue
    const read = fromUtf8(bytes.subarray(at, end))
    if (read === null) throw new CborFault('text is not UTF-8')
    if (read.startsWith(byteOrderMark)) throw new CborFault('text begins with a byte order mark')
    break
  }
  return end
}

/** Keys are texts, each once, shorter ones first: in the order of their encoded bytes, since the head begins with the length. */
function map(bytes: Uint8Array, at: number, members: number, budget: Budget, depth: number): number {
  let end = at
  let before: Uint8Array | null = null
  for (let i = 0; i < members; i++) {
    const begin = end
    if (((bytes[begin] ?? 0) & 0xe0) !== major.text) throw new CborFault('a key that is no text')
    end = skip(bytes, begin, budget, depth)
    const key = bytes.subarray(begin, end)
    if (before !== null && compareBytes(before, key) >= 0) throw new CborFault('keys out of order')
    before = key
    end = skip(bytes, end, budget, depth)
  }
  return end
}

function simple(low: number, at: number): number {
  if (low < 20 || low > 22) throw new CborFault('neither true, false nor null')
  return at + 1
}

/** 64 bits always, and none for what an integer says. */
function float(bytes: Uint8Array, at: number): number {
  if (at + 9 > bytes.length) throw new CborFault('cut off')
  const value = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 8).getFloat64(0)
  if (!Number.isFinite(value) || Number.isSafeInteger(value)) throw new CborFault('a number that is not written so')
  return at + 9
}

function link(bytes: Uint8Array, at: number, tag: number): number {
  if (tag !== 42) throw new CborFault('a tag that is not for links')
  if (follows(bytes, at, linkHead)) return within(bytes, at + linkHead.length, 32)
  const string = at + 2
  if (((bytes[string] ?? 0) & 0xe0) !== major.bytes) throw new CborFault('a link that is no byte string')
  const end = skip(bytes, string, { items: 1 }, 0)
  const length = (bytes[string] ?? 0) & 0x1f
  const from = string + 1 + (length < 24 ? 0 : 1 << (length - 24))
  if (bytes[from] !== 0 || from >= end) throw new CborFault('a link without its prefix')
  if (!isCidBytes(bytes.subarray(from + 1, end))) throw new CborFault('a link to nothing')
  return end
}

function isCidBytes(bytes: Uint8Array): boolean {
  try { return equalBytes(CID.decode(bytes).bytes, bytes) } catch { return false }
}

function follows(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false
  return true
}
