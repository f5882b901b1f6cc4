import { createHash } from 'node:crypto'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 as hasher } from 'multiformats/hashes/sha2'
import { expect, test } from 'vitest'
import { SectionIndex, SectionPass, judgeSection, sectionBytes, sectionCount, sectionRange, sectionsRoot } from '../../../src/content/index.ts'
import { runningSha256 } from '../../../src/relay/keep/running-sha256.ts'
import { cidOfNode, libraryTrie } from '../../support/trie.ts'
import { fromHex } from '../../../src/base/index.ts'

const KiB = 1024
const sha = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha256').update(bytes).digest())

/** The root of some bytes, pushed in pieces of so many. */
async function rootOf(bytes: Uint8Array, piece: number): Promise<string> {
  const pass = new SectionPass(bytes.length, runningSha256())
  for (let at = 0; at < bytes.length; at += piece) pass.push(bytes.subarray(at, at + piece))
  return await pass.root()
}

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 31 + (i >> 8) & 0xff)

test.each([
  [1, 256 * KiB], [256 * KiB, 256 * KiB], [2_621_440_000, 256 * KiB], [2_621_440_001, 512 * KiB], [10 * 1024 ** 3, 2048 * KiB], [2 ** 36, 8192 * KiB],
])('a file of %i bytes has sections of %i', (size, bytes) => {
  expect(sectionBytes(size)).toBe(bytes)
  expect(Math.ceil(size / bytes)).toBeLessThanOrEqual(10_000)
})

test.each([0, -1, 1.5, 2 ** 36 + 1, Number.NaN])('a file of %d bytes cannot be attached', size => {
  expect(() => sectionBytes(size)).toThrow(expect.objectContaining({ code: 'bad-input' }))
})

test.each([
  1, 256 * KiB, 256 * KiB + 1, 20 * 256 * KiB + 77,
])('the root of %i bytes is the one of the library over links to their sections, however they come', async size => {
  const bytes = bytesOf(size)
  const { map } = await libraryTrie()
  for (let at = 0, index = 1; at < size; at += 256 * KiB, index++) {
    await map.set(String(index), CID.createV1(raw.code, await hasher.digest(bytes.subarray(at, at + 256 * KiB))))
  }
  const root = await rootOf(bytes, size)
  expect(cidOfNode(fromHex(root)!)).toBe(map.cid.toString())
  expect(await rootOf(bytes, 100_003)).toBe(root)
})

test('roots never change', async () => {
  expect(await rootOf(new Uint8Array(1), 1)).toBe('2e91c53be9040a1432e5079617b7baa1202e85341b07b4ed61d93875cf05affd')
  expect(await rootOf(bytesOf(300_000), 65_536)).toBe('5938f880f82510bb3188fb7d0103b8e643ce32376116dcc2a544fed2e37a7dd0')
  expect(await sectionsRoot(Array.from({ length: 10_000 }, (_, i) => sha(Uint8Array.of(i >> 8, i & 0xff))))).toBe('374623626ddbf58ed75386eb01da40a6ad1b752a20288c07b224a1b5200e2d3f')
})

test('a file that gives more or fewer bytes than it has is told', async () => {
  const pass = new SectionPass(3, runningSha256())
  pass.push(new Uint8Array(2))
  await expect(pass.root()).rejects.toMatchObject({ code: 'file-changed' })
  expect(() => { pass.push(new Uint8Array(2)) }).toThrow(expect.objectContaining({ code: 'file-changed' }))
})

test('each section is proved by a few nodes, and nothing else is taken for it', async () => {
  const size = 20 * 256 * KiB + 77
  const bytes = Uint8Array.from({ length: size }, (_, i) => i >> 18 === 0 ? i : i >> 18)
  const sections = Array.from({ length: sectionCount(size) }, (_, i) => { const { at, length } = sectionRange(size, i + 1); return bytes.subarray(at, at + length) })
  const index = await SectionIndex.of(sections.map(sha))
  expect(index.root).toBe(await rootOf(bytes, size))
  for (const i of [0, 7, 20]) {
    const section = sections[i]!
    const said = { index: i + 1, bytes: section, nodes: await index.prove(i + 1) }
    const judged = judgeSection(index.root, size, said)
    expect(judged.ok && judged.value === section).toBe(true)
    const wrong = section.slice()
    wrong[0]! ^= 1
    expect(judgeSection(index.root, size, { ...said, bytes: wrong })).toMatchObject({ ok: false, code: 'wrong-bytes' })
    expect(judgeSection(index.root, size, { ...said, index: (i + 1) % sections.length + 1 })).toMatchObject({ ok: false })
  }
  const said = { index: 1, bytes: sections[0]!, nodes: await index.prove(1) }
  expect(judgeSection(await sectionsRoot([sha(sections[0]!)]), size, said)).toMatchObject({ code: 'wrong-bytes' })
  for (const change of [{ index: 0 }, { index: 22 }, { index: 1.5 }, { bytes: sections[20]! }, { nodes: [] }, { nodes: [...said.nodes, said.nodes[0]!] }]) expect(judgeSection(index.root, size, { ...said, ...change })).toMatchObject({ ok: false })
  await expect(index.prove(22)).rejects.toMatchObject({ code: 'bad-input' })
})
