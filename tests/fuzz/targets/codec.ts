import { sample } from 'fast-check'
import { decode, decodeCbor, encode, equalBytes } from '../../../src/base/index.ts'
import { cborShape, codecOf, fits, valueOf, type CborShape } from '../../support/cbor-shapes.ts'
import type { Target } from '../types.ts'

/** The shape of a block's header, and whatever else there may be. */
const bytes = (length: number): CborShape => ({ kind: 'bytes', least: length, most: length })
const u32: CborShape = { kind: 'uint', least: 0, most: 2 ** 32 - 1 }
const header: CborShape = {
  kind: 'struct',
  of: {
    version: { kind: 'uint', least: 1, most: 1 }, network: bytes(8), number: u32, time: u32, previousRoot: { kind: 'nullable', of: { kind: 'link' } }, powerRoot: { kind: 'nullable', of: { kind: 'link' } },
    baseTarget: { kind: 'u64' }, difficulty: { kind: 'u64' }, generation: bytes(32), miner: bytes(20), nonce: { kind: 'u64' }, profile: { kind: 'nullable', of: { kind: 'text', most: 1024 } }, body: { kind: 'link' }, signature: bytes(65),
  },
}
const shapes = [header, ...sample(cborShape, { seed: 1, numRuns: 25 })]
const codecs = shapes.map(codecOf)

/** Strict DAG-CBOR of known shapes: each takes what `@ipld/dag-cbor` and the shape take, and nothing else. */
export const codec: Target = {
  name: 'codec',
  corpus: () => shapes.flatMap((shape, i) => sample(valueOf(shape), { seed: i, numRuns: 1 }).map(value => encode(codecOf(shape), value))),
  dictionary: [[0xf6], [0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20], [0x18, 0x17], [0x1b, 0, 0, 0, 0, 0, 0, 0, 1], [0x5b, 0, 0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x9f], [0xff], [0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0], [0x63, 0xef, 0xbb, 0xbf]].map(each => Uint8Array.from(each)),
  cost: 2,
  run(input) {
    const plain = decodeCbor(input)
    let taken = false
    for (const [i, each] of codecs.entries()) {
      const judged = decode(each, input)
      const shape = shapes[i]
      if (shape === undefined || judged.ok !== (plain.ok && fits(shape, plain.value))) throw new Error(`${judged.ok ? 'taken' : 'refused'} by shape ${String(i)} alone`)
      if (judged.ok && !equalBytes(encode(each, judged.value), input)) throw new Error('accepted in another form than its own')
      taken ||= judged.ok
    }
    return taken ? 'accepted' : 'bad-frame'
  },
}
