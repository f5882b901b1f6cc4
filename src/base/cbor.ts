import * as dagCbor from '@ipld/dag-cbor'
import { equalBytes } from './bytes.ts'
import { accept, reject, type Judged } from './errors.ts'
import { limits } from './limits.ts'

/** Strict DAG-CBOR: one encoding for each value. */
export function encodeCbor(value: unknown): Uint8Array<ArrayBuffer> {
  return new Uint8Array(dagCbor.encode(value))
}

/** The value of strict DAG-CBOR, judged: anything that would not encode to the very same bytes is refused. */
export function decodeCbor(bytes: Uint8Array): Judged<unknown> {
  const excess = excessOf(bytes)
  if (excess !== null) return reject('bad-frame', excess)
  try {
    const value = dagCbor.decode<unknown>(bytes)
    return equalBytes(dagCbor.encode(value), bytes) ? accept(value) : reject('bad-frame', 'not canonical DAG-CBOR')
  } catch { return reject('bad-frame', 'not DAG-CBOR') }
}

/**
 * Walks the heads without building anything: neither can a frame of nested arrays exhaust the stack of the decoder, nor one of a million tiny
 * values, each of which becomes an object, its time and memory.
 */
function excessOf(bytes: Uint8Array): string | null {
  const open: number[] = []
  for (let at = 0, items = 1; at < bytes.length; items++) {
    if (items > limits.cborItems) return 'too many values'
    const head = bytes[at++] ?? 0
    const [major, low] = [head >> 5, head & 31]
    const extra = low < 24 ? 0 : low < 28 ? 1 << (low - 24) : -1
    if (extra < 0 || at + extra > bytes.length) return null // the decoder says what is wrong
    let argument = low < 24 ? low : 0
    for (let i = 0; i < extra; i++) argument = argument * 256 + (bytes[at++] ?? 0)
    if (major === 2 || major === 3) at += argument
    const children = major === 4 ? argument : major === 5 ? 2 * argument : major === 6 ? 1 : 0
    if (children > 0) {
      open.push(children)
      if (open.length > limits.cborDepth) return 'nested too deeply'
      continue
    }
    while (open.length > 0) {
      const left = (open.pop() ?? 1) - 1
      if (left > 0) { open.push(left); break }
    }
  }
  return null
}

/** Whether `value` is a map as decoders of DAG-CBOR and JSON make them: not a list, not bytes, not the object that stands for a CID. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
