import { HoldfastError } from '../base/index.ts'
import { Unreadable, reading, type Reading } from './faults.ts'

/**
 * varInt_F, Factom's whole numbers from 0 to 2^64 - 1: groups of seven bits, highest first, the top bit of a byte saying that more follow, in as few bytes as can be.
 */
const longest = 10

/** How many bytes `value` takes. Throws `bad-input` where it is none of 64 bits. */
export function varintLength(value: bigint): number {
  if (value < 0n || value >= 1n << 64n) throw new HoldfastError('bad-input', 'not a whole number from 0 to 2^64 - 1')
  let length = 1
  if (value < 1n << 49n) {
    for (let rest = Number(value); rest >= 128; rest = Math.floor(rest / 128)) length++
    return length
  }
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) length++
  return length
}

/** Puts `value` where there is room for it. */
export function putVarint(bytes: Uint8Array, at: number, value: bigint): void {
  const length = varintLength(value)
  if (length <= 7) {
    for (let i = length - 1, rest = Number(value); i >= 0; i--) {
      bytes[at + i] = rest % 128 + (i === length - 1 ? 0 : 128)
      rest = Math.floor(rest / 128)
    }
    return
  }
  for (let i = length - 1, rest = value; i >= 0; i--) {
    bytes[at + i] = Number(rest & 127n) + (i === length - 1 ? 0 : 128)
    rest >>= 7n
  }
}

export function encodeVarint(value: bigint): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(varintLength(value))
  putVarint(bytes, 0, value)
  return bytes
}

/** The number that these bytes are, all of them. */
export function decodeVarint(bytes: Uint8Array): Reading<bigint> {
  return reading(() => {
    const { value, end } = readVarint(bytes, 0)
    if (end !== bytes.length) throw new Unreadable('varint-trailing-bytes', `${bytes.length - end} bytes after the number`)
    return value
  })
}

/** The number that begins at a byte, and where it ends. */
export function readVarint(bytes: Uint8Array, at: number): { readonly value: bigint, readonly end: number } {
  if (bytes[at] === 0x80) throw new Unreadable('varint-noncanonical', `a number with an empty first group at byte ${at}`)
  let low = 0
  for (let i = 0; i < 7; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) throw cutOff(at)
    low = low * 128 + (byte & 127)
    if (byte < 128) return { value: BigInt(low), end: at + i + 1 }
  }
  let value = BigInt(low)
  for (let i = 7; i < longest; i++) {
    const byte = bytes[at + i]
    if (byte === undefined) throw cutOff(at)
    value = value << 7n | BigInt(byte & 127)
    if (byte < 128) {
      if (value >= 1n << 64n) throw tooLarge(at)
      return { value, end: at + i + 1 }
    }
  }
  throw bytes.length === at + longest ? cutOff(at) : tooLarge(at)
}

function cutOff(at: number): Unreadable { return new Unreadable('varint-truncated', `a number without an end at byte ${at}`) }
function tooLarge(at: number): Unreadable { return new Unreadable('varint-overflow', `a number of more than 64 bits at byte ${at}`) }
