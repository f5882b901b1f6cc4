import { utf8 } from './bytes.ts'
import { HoldfastError } from './errors.ts'

/** Major types of CBOR (RFC 8949, 3.1), in the place they have in a head. */
export const major = { uint: 0x00, bytes: 0x40, text: 0x60, list: 0x80, map: 0xa0, tag: 0xc0, simple: 0xe0 } as const

/** What a DAG-CBOR link to a DAG-CBOR node begins with: tag 42, a byte string of 37, identity multibase, CIDv1, dag-cbor, sha2-256, 32. */
export const linkHead: Uint8Array = Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20)

const two32 = 2 ** 32

/** Writes canonical DAG-CBOR into a buffer that grows. Order and number of what belongs to a list or map is the caller's. */
export class CborWriter {
  #bytes = new Uint8Array(1024)
  #view = new DataView(this.#bytes.buffer)
  #at = 0

  get length(): number { return this.#at }

  /** A copy of what was written since `start`, which is forgotten. */
  take(start: number): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(start, this.#at)
    this.#at = start
    return taken
  }

  /** Forgets what was written since `start`. */
  drop(start: number): void { this.#at = start }

  head(type: number, argument: number): void {
    this.#room(9)
    const bytes = this.#bytes
    if (argument < 24) bytes[this.#at++] = type | argument
    else if (argument < 0x100) {
      bytes[this.#at++] = type | 24
      bytes[this.#at++] = argument
    } else if (argument < 0x1_0000) {
      bytes[this.#at++] = type | 25
      bytes[this.#at++] = argument >>> 8
      bytes[this.#at++] = argument & 0xff
    } else if (argument < two32) {
      bytes[this.#at++] = type | 26
      this.#view.setUint32(this.#at, argument)
      this.#at += 4
    } else if (argument <= Number.MAX_SAFE_INTEGER) {
      bytes[this.#at++] = type | 27
      this.#view.setUint32(this.#at, Math.floor(argument / two32))
      this.#view.setUint32(this.#at + 4, argument >>> 0)
      this.#at += 8
    } else throw new HoldfastError('bad-input', 'not a whole number CBOR can hold')
  }

  /** An unsigned integer below 2^64. */
  bigUint(value: bigint): void {
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) { this.head(major.uint, Number(value)); return }
    this.#room(9)
    this.#bytes[this.#at] = major.uint | 27
    this.#view.setBigUint64(this.#at + 1, value)
    this.#at += 9
  }

  bytes(value: Uint8Array): void {
    this.head(major.bytes, value.length)
    this.raw(value)
  }

  text(value: string): void {
    const bytes = utf8(value)
    this.head(major.text, bytes.length)
    this.raw(bytes)
  }

  /** A link to the DAG-CBOR node of this SHA-256 digest. */
  link(digest: Uint8Array): void {
    this.raw(linkHead)
    this.raw(digest)
  }

  null(): void { this.#byte(major.simple | 22) }

  bool(value: boolean): void { this.#byte(major.simple | (value ? 21 : 20)) }

  /** Bytes that are CBOR already. */
  raw(value: Uint8Array): void {
    this.#room(value.length)
    this.#bytes.set(value, this.#at)
    this.#at += value.length
  }

  #byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#at++] = value
  }

  #room(length: number): void {
    if (this.#at + length <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#at + length))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}
