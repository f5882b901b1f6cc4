import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toHex } from '../../../src/base/index.ts'
import { checkFolder } from '../../vectors/main.ts'
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

test('other shapes are told by name, and files of none', async () => {
  await mkdir(join(root, 'words'))
  for (const name of ['hamt.car', 'words.txt', 'hamt.json']) await writeFile(join(root, 'words', name), '{}')
  await writeFile(join(root, 'ed25519_test.json'), JSON.stringify({ algorithm: 'EDDSA', testGroups: [] }))
  await writeFile(join(root, 'pot.json'), JSON.stringify({ kind: 'pot', hit: [], baseTarget: [] }))
  await writeFile(join(root, 'keys.json'), JSON.stringify({ files: ['something else'] }))
  await writeFile(join(root, 'readme'), 'hello')
  const outcomes = await checkFolder(root)
  expect(outcomes.every(({ verdict }) => verdict === 'skipped')).toBe(true)
  expect(outcomes.map(({ file, shape }) => [file, shape])).toEqual([
    ['pot.json', 'POT'], ['ed25519_test.json', 'Wycheproof'], ['keys.json', '-'], ['readme', '-'], ['words/hamt.car', 'HAMT'], ['words/hamt.json', 'HAMT'], ['words/words.txt', 'HAMT'],
  ])
})
