import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SectionIndex, judgeSection, sectionCount, sectionRange } from '../../../src/content/index.ts'

const sha = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

/** A file of so many bytes whose section `index` is all `index`. */
const sectionOf = (size: number, index: number): Uint8Array => new Uint8Array(sectionRange(size, index).length).fill(index)

test('of files of any size, every section is proved under the root, and under no root of another file', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 60 * 256 * 1024 }), fc.nat(), fc.nat(), fc.nat(), async (size, which, spoilt, at) => {
    const count = sectionCount(size)
    const digests = Array.from({ length: count }, (_, i) => sha(Uint8Array.of(i)))
    digests[which % count] = sha(sectionOf(size, which % count + 1))
    const index = await SectionIndex.of(digests)
    const chosen = which % count + 1
    const digest = digests[chosen - 1]!
    const [bytes, nodes] = [sectionOf(size, chosen), await index.prove(chosen)]
    expect(judgeSection(index.root, size, { index: chosen, bytes, nodes }, digest).ok).toBe(true)
    const another = await SectionIndex.of(digests.with(spoilt % count, sha(Uint8Array.of(1, spoilt & 255))))
    expect(judgeSection(another.root, size, { index: chosen, bytes, nodes }, digest).ok).toBe(false)
    const changed = bytes.slice()
    changed[at % changed.length]! ^= 1
    expect(judgeSection(index.root, size, { index: chosen, bytes: changed, nodes }, sha(changed)).ok).toBe(false)
    const node = at % nodes.length
    expect(judgeSection(index.root, size, { index: chosen, bytes, nodes: nodes.with(node, nodes[node]!.with(spoilt % nodes[node]!.length, nodes[node]![spoilt % nodes[node]!.length]! ^ 1)) }, digest).ok).toBe(false)
  }), { numRuns: 25 })
})
