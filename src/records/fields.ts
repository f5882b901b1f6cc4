import { HoldfastError, fromHex, toHex } from '../base/index.ts'
import { Unreadable, type RecordFault } from './faults.ts'
import { putVarint, readVarint, varintLength } from './varint.ts'

/** Reads the fields of an item from its front. All integers are big-endian. */
export class FieldReader {
  readonly bytes: Uint8Array
  readonly #short: RecordFault
  at: number

  /** `short`: what it is called that bytes are missing. */
  constructor(bytes: Uint8Array, short: RecordFault, at = 0) {
    this.bytes = bytes
    this.#short = short
    this.at = at
  }

  get left(): number { return this.bytes.length - this.at }

  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array {
    if (length > this.left) throw new Unreadable(this.#short, `${length} bytes wanted at byte ${this.at}, ${this.left} there`)
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }

  hex(length: number): string { return toHex(this.take(length)) }
  hash(): string { return this.hex(32) }

  /** A whole number of up to 6 bytes. */
  uint(length: number): number {
    let value = 0
    for (const byte of this.take(length)) value = value * 256 + byte
    return value
  }

  u64(): bigint {
    const high = this.uint(4)
    return BigInt(high) << 32n | BigInt(this.uint(4))
  }

  varint(): bigint {
    const { value, end } = readVarint(this.bytes, this.at)
    this.at = end
    return value
  }
}

/** Writes the fields of an item into as many bytes as it has. */
export class FieldWriter {
  readonly bytes: Uint8Array<ArrayBuffer>
  at = 0

  constructor(length: number) { this.bytes = new Uint8Array(length) }

  put(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
    return this
  }

  hash(hex: string, what: string): this {
    putHash(this.bytes, this.at, hex, what)
    this.at += 32
    return this
  }

  uint(value: number, length: number, what: string): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new HoldfastError('bad-input', `${what} is no whole number of ${length} bytes`)
    for (let i = this.at + length - 1, rest = value; i >= this.at; i--) {
      this.bytes[i] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.at += length
    return this
  }

  u64(value: bigint, what: string): this {
    if (value < 0n || value >= 1n << 64n) throw new HoldfastError('bad-input', `${what} is no whole number of 8 bytes`)
    return this.uint(Number(value >> 32n), 4, what).uint(Number(value & 0xffff_ffffn), 4, what)
  }

  varint(value: bigint): this {
    putVarint(this.bytes, this.at, value)
    this.at += varintLength(value)
    return this
  }
}

/** The bytes of lower-case hex that stands for so many. */
export function hexBytes(hex: string, length: number, what: string): Uint8Array<ArrayBuffer> {
  const bytes = /[A-F]/.test(hex) ? null : fromHex(hex)
  if (bytes?.length !== length) throw new HoldfastError('bad-input', `${what}: not ${length} bytes in lower-case hex`)
  return bytes
}

/** Values of lower-case hexadecimal digits by their code below 128; -1 for all else. */
const digits = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)))

/** Puts 32 bytes, given in lower-case hex, where there is room for them: items hold little else, and are written by the thousand. */
export function putHash(bytes: Uint8Array, at: number, hex: string, what: string): void {
  let wrong = hex.length - 64
  for (let i = 0; i < 32; i++) {
    const high = hex.charCodeAt(2 * i)
    const low = hex.charCodeAt(2 * i + 1)
    const byte = digits[high & 127]! << 4 | digits[low & 127]!
    wrong |= high >> 7 | low >> 7 | byte >> 8 // -1 stays below 0, whatever it is joined with
    bytes[at + i] = byte
  }
  if (wrong !== 0) throw new HoldfastError('bad-input', `${what}: not 32 bytes in lower-case hex`)
}
