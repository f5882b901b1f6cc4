import { accept, compareBytes, concat, fromUtf8, reject, utf8, type Judged } from '../base/index.ts'

/** Integers, byte strings (text is written as UTF-8), lists and dictionaries (BEP 3). */
export type Bencodable = number | string | Uint8Array | readonly Bencodable[] | { readonly [key: string]: Bencodable }

/** What a decoder returns: byte strings stay bytes, keys of dictionaries are UTF-8 text. */
export type Bencoded = number | Uint8Array<ArrayBuffer> | Bencoded[] | Map<string, Bencoded>

/** Deep enough for every torrent, shallow enough for the stack. */
const maxDepth = 8

/** More than any torrent or message between peers holds, keys counted; 2 MiB of empty ones would take seconds to read. */
const maxItems = 1000

/** The one encoding of `value`: keys in byte order. */
export function encodeBencode(value: Bencodable): Uint8Array<ArrayBuffer> {
  if (typeof value === 'number') return utf8(`i${value}e`)
  if (typeof value === 'string') return encodeBencode(utf8(value))
  if (value instanceof Uint8Array) return concat(utf8(`${value.length}:`), value)
  if (Array.isArray(value)) return concat(utf8('l'), ...value.map(encodeBencode), utf8('e'))
  const entries = Object.entries(value).map(([key, item]) => ({ key: utf8(key), item })).sort((a, b) => compareBytes(a.key, b.key))
  return concat(utf8('d'), ...entries.flatMap(({ key, item }) => [encodeBencode(key), encodeBencode(item)]), utf8('e'))
}

/**
 * Strict: whatever would not encode to the very same bytes is refused (leading zeros, `-0`, keys out of order or twice, bytes
 * after the end). The decoder WebTorrent brings takes all of these, so two dictionaries could pass for one there. Total:
 * it throws for no input, nests no deeper than 8, and holds no more than 1,000 values.
 */
export function decodeBencode(bytes: Uint8Array): Judged<Bencoded> {
  const decoder = new Decoder(bytes)
  const value = decoder.value(0)
  return value !== null && decoder.ended ? accept(value) : reject('bad-frame', 'not canonical bencode')
}

/** Reads from the front; null from any of its readers means that the bytes are not canonical. */
class Decoder {
  private at = 0
  private items = 0

  constructor(private readonly bytes: Uint8Array) {}

  get ended(): boolean {
    return this.at === this.bytes.length
  }

  value(depth: number): Bencoded | null {
    if (depth > maxDepth || ++this.items > maxItems) return null
    if (this.take('i')) return this.integer('e', true)
    if (this.take('l')) return this.list(depth)
    if (this.take('d')) return this.dictionary(depth)
    return this.string()
  }

  private list(depth: number): Bencoded[] | null {
    const items: Bencoded[] = []
    while (!this.take('e')) {
      const item = this.value(depth + 1)
      if (item === null) return null
      items.push(item)
    }
    return items
  }

  private dictionary(depth: number): Map<string, Bencoded> | null {
    const entries = new Map<string, Bencoded>()
    let last: Uint8Array | null = null
    while (!this.take('e')) {
      const key = this.string()
      const name = key === null ? null : fromUtf8(key)
      if (key === null || name === null || (last !== null && compareBytes(last, key) >= 0)) return null
      const item = this.value(depth + 1)
      if (item === null) return null
      entries.set(name, item)
      last = key
    }
    return entries
  }

  private string(): Uint8Array<ArrayBuffer> | null {
    const length = this.integer(':', false)
    if (length === null || length > this.bytes.length - this.at) return null
    this.at += length
    return new Uint8Array(this.bytes.subarray(this.at - length, this.at))
  }

  /** Digits up to `end`, 16 at most, which covers every safe integer. */
  private integer(end: string, signed: boolean): number | null {
    const [digits] = /^-?\d{1,16}/.exec(String.fromCharCode(...this.bytes.subarray(this.at, this.at + 17))) ?? []
    if (digits === undefined) return null
    const value = Number(digits)
    if (!Number.isSafeInteger(value) || String(value) !== digits || (!signed && value < 0)) return null
    this.at += digits.length
    return this.take(end) ? value : null
  }

  private take(char: string): boolean {
    if (this.bytes[this.at] !== char.charCodeAt(0)) return false
    this.at++
    return true
  }
}
