import { concat, decodeCbor, encodeCbor, equalBytes, limits, utf8 } from '../../../src/base/index.ts'
import { FrameReader, decodeFrames, encodeFrame, type Frame } from '../../../src/net/index.ts'
import { pieces, type Chance } from '../chance.ts'
import type { Target } from '../types.ts'
import { varyValue } from '../vary-value.ts'

const some: readonly Frame[] = [{ id: 1, request: { have: 0 } }, { id: 2, reply: { records: [{ a: new Uint8Array(40), b: [1, -2, 1.5, null, true] }] } }, { id: 3, error: 'rate-limited' }, { id: 4, request: { __proto__: 1, text: 'ü'.repeat(90) } }]
const heads = [[0x80], [0xa0], [0xf6], [0xf7], [0xf9, 0x7e, 0], [0xfb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0], [0x9f], [0xbf], [0xff], [0x9b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], [0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x5a, 0xff, 0xff, 0xff, 0xff],
  [0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20], [0x1b, 0, 0x20, 0, 0, 0, 0, 0, 0], [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x81, 0x81, 0x81, 0x81], [0x61], [0xa1, 0x60]].map(bytes => Uint8Array.from(bytes))
const words = [...heads, encodeCbor('__proto__'), encodeCbor('request'), encodeCbor('id'), utf8('request')]

/** `{ '/': 'a', bytes: 'a' }`, which the library takes for a CID. */
const looksLikeCid = Uint8Array.of(0xa2, 0x61, 0x2f, 0x61, 0x61, 0x65, ...utf8('bytes'), 0x61, 0x61)

export const cbor: Target = {
  name: 'cbor',
  corpus: () => [...some, [], {}, JSON.parse('{"__proto__":{"polluted":1}}'), nested(31), nested(33), Array.from({ length: 2000 }, (_, i) => i)].map(encodeCbor).concat(looksLikeCid),
  dictionary: words,
  maxBytes: limits.frameBytes,
  vary: (base, chance, mutate) => {
    const judged = decodeCbor(base)
    return judged.ok && chance.once(2) ? encodedOr(varyValue(judged.value, chance), mutate(base)) : mutate(base)
  },
  run(bytes) {
    const judged = decodeCbor(bytes)
    if (!judged.ok) return judged.code
    if (!equalBytes(encodeCbor(judged.value), bytes)) throw new Error('accepted in another form than its own')
    return 'accepted'
  },
}

/** What comes on a stream, whole and in pieces: the same frames, the same end. */
export const frames: Target = {
  name: 'frames',
  corpus: () => [...some.map(encodeFrame), concat(...some.map(encodeFrame)), encodeFrame({ id: 5, reply: new Uint8Array(60_000) })],
  dictionary: [...words, Uint8Array.of(0x80, 0x80, 0x80), Uint8Array.of(0xff, 0xff, 0x3f), Uint8Array.of(0x80, 0x80, 0x40), encodeFrame({ id: 9, error: 'timeout' })],
  maxBytes: 128 * 1024,
  vary: (base, chance, mutate) => {
    const [first] = decodeFrames(base, limits.frameBytes).frames
    if (first === undefined || chance.once(2)) return mutate(base)
    const body = encodedOr(varyValue(first, chance), mutate(encodeCbor(first)))
    return concat(lengthOf(body), body, chance.once(2) ? base : new Uint8Array())
  },
  run(bytes) {
    const whole = decodeFrames(bytes, limits.requestBytes)
    const reader = new FrameReader(limits.requestBytes)
    const came: Frame[] = []
    let fault = null
    for (const piece of pieces(bytes)) {
      if (fault !== null) break
      const pushed = reader.push(piece)
      came.push(...pushed.frames)
      ;({ fault } = pushed)
    }
    if (!equalBytes(concat(...whole.frames.map(encodeFrame)), bytes.subarray(0, whole.used))) throw new Error('frames in another form than their own')
    if (JSON.stringify(fault) !== JSON.stringify(whole.fault) || came.length !== whole.frames.length) throw new Error('in pieces they are other frames')
    return whole.fault?.code ?? (whole.frames.length > 0 ? 'accepted' : 'ignored')
  },
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

/** Strict DAG-CBOR of a value, or `other` where it has none. */
export function encodedOr(value: unknown, other: Uint8Array): Uint8Array {
  try { return encodeCbor(value) } catch { return other }
}

function lengthOf(body: Uint8Array): Uint8Array {
  const bytes: number[] = []
  let rest = body.length
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push(rest % 128 + 128)
  return Uint8Array.of(...bytes, rest)
}

/** Changes up to four places of what DAG-CBOR says, to `odd` values among others; or its bytes. */
export function varyCbor(odd: readonly unknown[]): (base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array) => Uint8Array {
  return (base, chance, mutate) => {
    const judged = decodeCbor(base)
    if (!judged.ok || chance.once(3)) return mutate(base)
    let { value } = judged
    for (let left = chance.pick([1, 1, 2, 4]); left > 0; left--) value = varyValue(value, chance, odd)
    return encodedOr(value, mutate(base))
  }
}
