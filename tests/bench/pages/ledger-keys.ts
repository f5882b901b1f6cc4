import { sha256Flat } from '../../../src/base/index.ts'
import type { Change } from '../../../src/hamt/index.ts'

/* Keys of 32 and values of 64 bytes that follow from numbers, so that whoever asks has the same. */

/** The keys of these numbers. */
export function keysOf(numbers: readonly number[]): Uint8Array[] {
  return each32(numbers)
}

/** Sets the keys of these numbers to what they are at `time`. */
export function settings(numbers: readonly number[], time: number): Change[] {
  const keys = keysOf(numbers)
  const halves = each32(numbers.flatMap(number => [number * 2 ** 12 + time + 0.25, number * 2 ** 12 + time + 0.5]))
  return keys.map((key, i) => {
    const value = new Uint8Array(66)
    value.set([0x58, 64]) // DAG-CBOR: a byte string of 64 bytes
    value.set(halves[2 * i]!, 2)
    value.set(halves[2 * i + 1]!, 34)
    return { key, value }
  })
}

/** Which keys, of so many, the block of this number sets. */
export function numbersOf(block: number, updates: number, keys: number): number[] {
  const random = new DataView(sha256Flat(Array.from({ length: Math.ceil(updates / 8) }, (_, i) => seed(block * 4096 + i + 0.75))).buffer)
  return Array.from({ length: updates }, (_, i) => random.getUint32(4 * i) % keys)
}

function seed(number: number): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, number)
  return bytes
}

function each32(numbers: readonly number[]): Uint8Array[] {
  const digests = sha256Flat(numbers.map(seed))
  return numbers.map((_, i) => digests.subarray(32 * i, 32 * i + 32))
}
