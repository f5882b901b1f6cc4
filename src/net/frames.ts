import { concat, decodeCbor, encodeCbor, isMap, type ErrorCode } from '../base/index.ts'

/**
 * A question on a stream between two peers, or its answer: strict DAG-CBOR after its length as an unsigned varint. Whoever
 * opened the stream asks; the ids of its questions count up from 1, so that none can be used twice.
 */
export type Frame =
  | { readonly id: number, readonly request: unknown }
  | { readonly id: number, readonly reply: unknown }
  | { readonly id: number, readonly error: string }

export type FrameKind = 'request' | 'reply' | 'error'

/** Is told of every frame that comes or leaves, for tests and measurements. */
export type FrameTap = (direction: 'in' | 'out', peerId: string, protocol: string, kind: FrameKind, id: number) => void

export function kindOfFrame(frame: Frame): FrameKind {
  return 'request' in frame ? 'request' : 'reply' in frame ? 'reply' : 'error'
}

/** Why bytes are no frames; the stream they came on ends. */
export interface FrameFault { readonly code: ErrorCode, readonly reason: string }

export interface DecodedFrames {
  readonly frames: readonly Frame[]
  /** Bytes these frames took. */
  readonly used: number
  /** How many bytes from there on the next frame needs at least, to be looked at again. */
  readonly wanted: number
  /** What is wrong with the bytes from there on; null while they may still become a frame. */
  readonly fault: FrameFault | null
}

/** Throws what DAG-CBOR throws for a value it cannot hold. */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const body = encodeCbor(frame)
  return concat(varint(body.length), body)
}

/** Every whole frame at the start of `bytes`; total: any bytes give frames, a wish for more, or a fault. */
export function decodeFrames(bytes: Uint8Array, maxBytes: number): DecodedFrames {
  const frames: Frame[] = []
  for (let used = 0; ; ) {
    const head = readVarint(bytes.subarray(used), maxBytes)
    if ('fault' in head) return { frames, used, wanted: 0, fault: head.fault }
    const wanted = head.length + Math.max(head.value, 1)
    if (head.value === 0 || used + wanted > bytes.length) return { frames, used, wanted, fault: null }
    const frame = readFrame(bytes.subarray(used + head.length, used + wanted))
    if ('code' in frame) return { frames, used, wanted: 0, fault: frame }
    frames.push(frame)
    used += wanted
  }
}

/**
 * Cuts what comes on a stream into frames; holds less than one frame and one chunk, twice as much while it grows. Copies each byte a few times at
 * most, in however many chunks it comes: a peer may send a frame of a megabyte byte by byte.
 */
export class FrameReader {
  /** What there is of the next frame, and room for more. */
  private buffer = new Uint8Array(0)
  private held = 0
  private wanted = 1

  constructor(private readonly maxBytes: number) {}

  push(chunk: Uint8Array): Pick<DecodedFrames, 'frames' | 'fault'> {
    if (this.held > 0) this.append(chunk)
    const bytes = this.held > 0 ? this.buffer.subarray(0, this.held) : chunk
    if (bytes.length < this.wanted) {
      if (this.held === 0) this.append(chunk)
      return { frames: [], fault: null }
    }
    const { frames, used, wanted, fault } = decodeFrames(bytes, this.maxBytes)
    this.buffer = bytes.slice(used)
    this.held = this.buffer.length
    this.wanted = wanted
    return { frames, fault }
  }

  private append(chunk: Uint8Array): void {
    const length = this.held + chunk.length
    if (length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.buffer.length))
      larger.set(this.buffer.subarray(0, this.held))
      this.buffer = larger
    }
    this.buffer.set(chunk, this.held)
    this.held = length
  }
}

function readFrame(body: Uint8Array): Frame | FrameFault {
  const judged = decodeCbor(body)
  if (!judged.ok) return judged
  const { value } = judged
  if (!isMap(value) || Object.keys(value).length !== 2) return bad('not a question or an answer')
  const { id } = value
  if (!Number.isSafeInteger(id) || (id as number) < 1) return bad('no proper id')
  if ('error' in value) return typeof value['error'] === 'string' && /^[a-z-]{1,32}$/.test(value['error']) ? value as unknown as Frame : bad('no proper error')
  return 'request' in value || 'reply' in value ? value as unknown as Frame : bad('not a question or an answer')
}

function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.of(...bytes, rest)
    bytes.push(rest % 128 + 128)
  }
}

/** A length of at most `max`, zero while its own bytes are not all there. */
function readVarint(bytes: Uint8Array, max: number): { readonly value: number, readonly length: number } | { readonly fault: FrameFault } {
  let value = 0
  for (let length = 0, scale = 1; ; scale *= 128) {
    const byte = bytes[length]
    if (byte === undefined) return { value: 0, length }
    length++
    value += (byte & 127) * scale
    if (value > max || length > 5) return { fault: { code: 'too-large', reason: `a frame of more than ${String(max)} bytes` } }
    if (byte < 128) return value === 0 || (byte === 0 && length > 1) ? { fault: bad('a length that is not well formed') } : { value, length }
  }
}

function bad(reason: string): FrameFault {
  return { code: 'bad-frame', reason }
}
