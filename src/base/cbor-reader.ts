import { equalBytes, fromUtf8 } from './bytes.ts'
import { linkHead, major } from './cbor-writer.ts'

/** Bytes that are not what they should be. Stays inside `decode`, which judges. */
export class CborFault extends Error {
  override readonly name = 'CborFault'
}

/** At the head of a text `@ipld/dag-cbor` loses it, so the text is another one afterwards: nobody may write what others cannot read. */
export const byteOrderMark = '\uFEFF'

const two32 = 2 ** 32

/** Reads strict DAG-CBOR: shortest heads only, definite lengths only. Whatever it returns is a copy or a value, never a view. */
export class CborReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get at(): number { return this.#at }
  get left(): number { return this.#bytes.length - this.#at }

  /** The argument of a head of this type, at most 2^53 - 1. */
  head(type: number): number {
    const argument = this.#argument(type)
    if (typeof argument === 'bigint') throw new CborFault('number too large')
    return argument
  }

  bigUint(): bigint { return BigInt(this.#argument(major.uint)) }

  bytes(longest: number): Uint8Array<ArrayBuffer> { return this.#take(this.#length(major.bytes, longest)).slice() }

  /** Text of at most `longest` bytes of strict UTF-8, without a byte order mark. */
  text(longest: number): string {
    const text = fromUtf8(this.#take(this.#length(major.text, longest)))
    if (text === null) throw new CborFault('text is not UTF-8')
    if (text.startsWith(byteOrderMark)) throw new CborFault('text begins with a byte order mark')
    return text
  }

  /** The digest of a link to a DAG-CBOR node. */
  link(): Uint8Array<ArrayBuffer> {
    if (!this.follows(linkHead)) throw new CborFault('not a link to a DAG-CBOR node')
    return this.#take(32).slice()
  }

  bool(): boolean {
    const byte = this.peek()
    if (byte !== (major.simple | 20) && byte !== (major.simple | 21)) throw new CborFault('not true or false')
    this.#at++
    return byte === (major.simple | 21)
  }

  /** Steps over a null where one comes next. */
  null(): boolean {
    if (this.peek() !== (major.simple | 22)) return false
    this.#at++
    return true
  }

  /** Steps over exactly these bytes where they come next. */
  follows(expected: Uint8Array): boolean {
    const end = this.#at + expected.length
    if (end > this.#bytes.length || !equalBytes(this.#bytes.subarray(this.#at, end), expected)) return false
    this.#at = end
    return true
  }

  /** The next byte or one further ahead, -1 beyond the end. */
  peek(ahead = 0): number { return this.#bytes[this.#at + ahead] ?? -1 }

  /** The number of what follows in a list, at most `most`. */
  count(type: number, most: number): number { return this.#length(type, most) }

  #length(type: number, most: number): number {
    const length = this.head(type)
    if (length > most) throw new CborFault('too long')
    return length
  }

  #take(length: number): Uint8Array {
    if (length > this.left) throw new CborFault('cut off')
    const taken = this.#bytes.subarray(this.#at, this.#at + length)
    this.#at += length
    return taken
  }

  #argument(type: number): number | bigint {
    const head = this.peek()
    if (head < 0) throw new CborFault('cut off')
    if ((head & 0xe0) !== type) throw new CborFault('another type')
    const low = head & 0x1f
    this.#at++
    if (low < 24) return low
    const extra = low < 28 ? 1 << (low - 24) : 0
    if (extra === 0) throw new CborFault('no definite length')
    if (extra > this.left) throw new CborFault('cut off')
    const at = this.#at
    this.#at += extra
    if (extra === 1) return shortest(this.#view.getUint8(at), 24)
    if (extra === 2) return shortest(this.#view.getUint16(at), 0x100)
    if (extra === 4) return shortest(this.#view.getUint32(at), 0x1_0000)
    const high = this.#view.getUint32(at)
    if (high === 0) throw new CborFault('not the shortest form')
    return high < 0x20_0000 ? high * two32 + this.#view.getUint32(at + 4) : this.#view.getBigUint64(at)
  }
}

function shortest(argument: number, least: number): number {
  if (argument < least) throw new CborFault('not the shortest form')
  return argument
}
