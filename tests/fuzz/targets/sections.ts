import { createHash } from 'node:crypto'
import { decodeCbor, encodeCbor, equalBytes, isMap } from '../../../src/base/index.ts'
import { SectionIndex, judgeSection, sectionCount, sectionRange } from '../../../src/content/index.ts'
import type { Chance } from '../chance.ts'
import type { Target } from '../types.ts'
import { varyValue } from '../vary-value.ts'
import { encodedOr } from './frames.ts'

/** A file whose last section alone is short, so that inputs stay small: that one is what is proved, and others by their proofs alone. */
const size = 400 * 256 * 1024 + 100
const count = sectionCount(size)
const last = Uint8Array.from({ length: sectionRange(size, count).length }, (_, i) => i)
const sha = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())
const index = await SectionIndex.of(Array.from({ length: count }, (_, i) => i === count - 1 ? sha(last) : sha(Uint8Array.of(i & 255, i >> 8))))
const proof = await index.prove(count)

function varied(base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const said = saidIn(base)
  if (said === null || chance.once(4)) return mutate(base)
  const { nodes } = said
  const which = chance.below(nodes.length)
  if (chance.once(2)) return encodedOr({ ...said, nodes: nodes.with(which, mutate(nodes[which] ?? last)) }, mutate(base))
  return encodedOr(varyValue(said, chance, [last, count, 1, 0, ...proof]), mutate(base))
}

function saidIn(bytes: Uint8Array): { readonly index: number, readonly bytes: Uint8Array, readonly nodes: Uint8Array[] } | null {
  const judged = decodeCbor(bytes)
  if (!judged.ok || !isMap(judged.value)) return null
  const { index: which, bytes: section, nodes } = judged.value
  if (typeof which !== 'number' || !(section instanceof Uint8Array) || !Array.isArray(nodes)) return null
  return { index: which, bytes: section, nodes: nodes.filter(node => node instanceof Uint8Array) }
}

/** `{ index, bytes, nodes }`: a section that is taken is that section, by the one proof there is. */
export const sectionProof: Target = {
  name: 'section-proof',
  corpus: async () => [{ index: count, bytes: last, nodes: proof }, { index: 1, bytes: last, nodes: await index.prove(1) }, { index: count, bytes: last.subarray(1), nodes: proof.slice(1) }].map(encodeCbor),
  dictionary: [Uint8Array.of(0x82, 0x42), Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x55, 0x12, 0x20), Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20), 'hamt', 'hashAlg', 'bucketSize', last, sha(last)],
  maxBytes: 64 * 1024,
  vary: varied,
  run(bytes) {
    const said = saidIn(bytes)
    if (said === null) return 'bad-input'
    const judged = judgeSection(index.root, size, said)
    if (!judged.ok) return judged.code
    if (said.index !== count || !equalBytes(said.bytes, last) || said.nodes.length !== proof.length || said.nodes.some((node, i) => !equalBytes(node, proof[i]!))) throw new Error('a section the file has not')
    return 'accepted'
  },
}
