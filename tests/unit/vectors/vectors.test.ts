import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { concat, encodeCbor, toHex, utf8 } from '../../../src/base/index.ts'
import { checkFolder } from '../../vectors/main.ts'
import { KeptTrie, cidOfNode } from '../../support/trie.ts'
import { random, setupOf, tdfOf } from '../../support/tdf.ts'
import { noisy } from '../content/archive-help.ts'

let root: string
beforeEach(async () => { root = await mkdtemp(join(tmpdir(), 'holdfast-vectors-')) })
afterEach(async () => { await rm(root, { recursive: true }) })

const plain = noisy(5000)
const key = random.bytes(32)
const vector = { file: 'ours.tdf', dek: toHex(key), plainBytes: plain.length, plainSha256: createHash('sha256').update(plain).digest('hex') }

/** A folder of protected files, as `vectors` say what is in them. */
async function tdfFolder(name: string, ...vectors: readonly object[]): Promise<void> {
  await mkdir(join(root, name))
  await writeFile(join(root, name, 'ours.tdf'), await tdfOf(plain, await setupOf(key, { segmentBytes: 2000, maxBytes: 5000 })))
  await writeFile(join(root, name, 'keys.json'), JSON.stringify({ files: vectors }))
}

test('protected files are read and what is wrong is missed', async () => {
  await tdfFolder('right', vector)
  await tdfFolder('wrong', { ...vector, plainBytes: 1 }, { ...vector, plainSha256: '0'.repeat(64) }, { ...vector, dek: '0'.repeat(64) }, { ...vector, dek: 'x' }, { ...vector, file: 'none.tdf' })
  const outcomes = await checkFolder(root)
  expect(outcomes.map(({ file, verdict }) => [file, verdict])).toEqual([['right/ours.tdf', 'passed'], ...Array.from({ length: 4 }, () => ['wrong/ours.tdf', 'missed']), ['wrong/none.tdf', 'missed']])
  expect(outcomes.map(({ why }) => why).slice(0, 5)).toEqual(['', '5000 bytes of plaintext, not 1', 'another plaintext', 'wrong-key: the root signature was made with another key', 'its key is not hex'])
})

test('tries have the roots that are said, in any order and after deletes', async () => {
  const given = JSON.parse(await readFile('tests/fixtures/hamt/random.json', 'utf8')) as { readonly vectors: readonly { readonly set: readonly (readonly [string, string])[], readonly root: string, readonly rootAfterDelete: string }[] }
  const [none, , few, many] = given.vectors
  await mkdir(join(root, 'right'))
  await writeFile(join(root, 'right', 'random.json'), JSON.stringify(given))
  const wrong = [{ ...many, rootAfterDelete: many?.root }, { ...many, root: few?.root }, { ...few, set: [...few!.set, ['00', '00']] }, { ...none, set: [['0', '00']] }, { ...none, set: 'all' }, null]
  await mkdir(join(root, 'wrong'))
  await writeFile(join(root, 'wrong', 'random.json'), JSON.stringify({ kind: 'hamt', vectors: wrong }))
  const outcomes = await checkFolder(root)
  expect(outcomes.map(({ file, verdict, count }) => [file, verdict, count])).toEqual([['right/random.json', 'passed', 4], ...wrong.map(() => ['wrong/random.json', 'missed', 1])])
  expect(outcomes.slice(1).map(({ why }) => why.replace(/bafy\w+/, 'X'))).toEqual([
    'vector 0: in order, deleted: root X', 'vector 1: in order: root X', 'vector 2: in order: root X', 'vector 3: Error: not hex: 0', 'vector 4: not a vector', 'vector 5: not a vector',
  ])
})

test('the words of a text, beside an archive of their trie', async () => {
  const trie = new KeptTrie({ bitWidth: 5, bucketSize: 3 })
  const at = (line: number, column: number) => ({ line, column })
  const words = { two: [at(2, 1), at(3, 5)], words: [at(2, 5)], and: [at(3, 1)] }
  await trie.trie.update(Object.entries(words).map(([word, value]) => ({ key: utf8(word), value: encodeCbor(value) })))
  trie.commit()
  const archive: Uint8Array[] = []
  const frame = (...parts: readonly Uint8Array[]) => { archive.push(Uint8Array.of(0x80 | parts.reduce((sum, { length }) => sum + length, 0) & 0x7f, parts.reduce((sum, { length }) => sum + length, 0) >> 7), ...parts) }
  frame(encodeCbor({ roots: [CID.parse(cidOfNode(trie.trie.root.digest))], version: 1 }))
  for await (const { ref, bytes } of trie.trie.nodes()) frame(CID.parse(cidOfNode(ref.digest)).bytes, bytes)
  for (const [folder, text, json] of [['right', 'two words\nand two\n', words], ['wrong', 'two words\nand too\n', { ...words, and: [] }]] as const) {
    await mkdir(join(root, folder))
    await writeFile(join(root, folder, 'hamt.car'), concat(...archive))
    await writeFile(join(root, folder, 'words.txt'), text)
    await writeFile(join(root, folder, 'hamt.json'), JSON.stringify(json))
  }
  const outcomes = await checkFolder(root)
  expect(outcomes.map(({ file, verdict }) => [file, verdict])).toEqual(['right', 'wrong'].flatMap(folder => ['words.txt', 'hamt.car', 'hamt.json'].map(name => [`${folder}/${name}`, folder === 'right' ? 'passed' : 'missed'])))
})

test('other shapes are told by name, and files of none', async () => {
  await writeFile(join(root, 'ed25519_test.json'), JSON.stringify({ algorithm: 'EDDSA', testGroups: [] }))
  await writeFile(join(root, 'pot.json'), JSON.stringify({ kind: 'pot', hit: [], baseTarget: [] }))
  await writeFile(join(root, 'keys.json'), JSON.stringify({ files: ['something else'] }))
  await writeFile(join(root, 'readme'), 'hello')
  const outcomes = await checkFolder(root)
  expect(outcomes.every(({ verdict }) => verdict === 'skipped')).toBe(true)
  expect(outcomes.map(({ file, shape }) => [file, shape])).toEqual([['pot.json', 'POT'], ['ed25519_test.json', 'Wycheproof'], ['keys.json', '-'], ['readme', '-']])
})
