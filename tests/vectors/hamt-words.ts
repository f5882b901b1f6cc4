import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CID } from 'multiformats/cid'
import { decodeCbor, encodeCbor, equalBytes, fromUtf8, isMap, toHex, utf8 } from '../../src/base/index.ts'
import { Hamt, MemoryNodeStore, type HamtShape, type NodeStore } from '../../src/hamt/index.ts'
import { cidOfNode } from '../support/trie.ts'
import type { Outcome } from './types.ts'

const shape: HamtShape = { bitWidth: 5, bucketSize: 3 }

/** The words of a text, each with where it stands: the trie of them must have the root of the archive, and the archive must read as what is in the text. */
export async function checkWords(folder: string, withJson: boolean): Promise<readonly Omit<Outcome, 'shape'>[]> {
  const outcome = async (file: string, misses: () => Promise<string>) => {
    const why = await misses().catch((error: unknown) => String(error))
    return { file, verdict: why === '' ? 'passed' as const : 'missed' as const, count: 1, why }
  }
  const read = async () => ({ ...readArchive(await readFile(join(folder, 'hamt.car'))), words: indexWords(await readFile(join(folder, 'words.txt'), 'utf8')) })
  const outcomes = [
    await outcome('words.txt', async () => {
      const { root, words } = await read()
      const trie = Hamt.empty(new MemoryNodeStore(), shape)
      await trie.update([...words].map(([word, value]) => ({ key: utf8(word), value: encodeCbor(value) })))
      const made = trie.commit(0).root
      return equalBytes(made.digest, root) ? '' : `root ${cidOfNode(made.digest)}`
    }),
    await outcome('hamt.car', async () => {
      const { root, store, words } = await read()
      const trie = await Hamt.open(store, { digest: root, place: null }, shape)
      let entries = 0
      for await (const { key, value } of trie.walk()) {
        const word = fromUtf8(key) ?? ''
        if (!equalBytes(value, encodeCbor(words.get(word) ?? null))) return `another value of "${word}"`
        entries++
      }
      return entries === words.size ? '' : `${String(entries)} entries`
    }),
  ]
  if (!withJson) return outcomes
  return [...outcomes, await outcome('hamt.json', async () => {
    const { root, store } = await read()
    const trie = await Hamt.open(store, { digest: root, place: null }, shape)
    for (const [word, value] of Object.entries(JSON.parse(await readFile(join(folder, 'hamt.json'), 'utf8')) as Record<string, unknown>)) {
      if (!equalBytes(await trie.get(utf8(word)) ?? new Uint8Array(), encodeCbor(value))) return `another value of "${word}"`
    }
    return ''
  })]
}

/** Where each word stands, columns counted from 1 and lines from 2: the text the archive was made of began with an empty one. */
function indexWords(text: string): ReadonlyMap<string, readonly { readonly line: number, readonly column: number }[]> {
  const words = new Map<string, { line: number, column: number }[]>()
  for (const [line, content] of text.split('\n').entries()) {
    for (const { 0: word, index } of content.matchAll(/\w+/g)) words.set(word, [...words.get(word) ?? [], { line: line + 2, column: index + 1 }])
  }
  return words
}

/** The root and the blocks of an archive of blocks (CAR, version 1). */
function readArchive(bytes: Uint8Array): { readonly root: Uint8Array, readonly store: NodeStore } {
  const blocks = new Map<string, Uint8Array>()
  let at = 0
  const next = (): Uint8Array => {
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++] ?? 0
      length += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return bytes.subarray(at, at += length)
  }
  const header = decodeCbor(next())
  const roots = header.ok && isMap(header.value) && Array.isArray(header.value['roots']) ? header.value['roots'] as unknown[] : []
  while (at < bytes.length) {
    const [cid, block] = CID.decodeFirst(next())
    blocks.set(toHex(cid.multihash.digest), block)
  }
  const root = CID.asCID(roots[0])
  if (root === null || roots.length !== 1) throw new Error('an archive without one root')
  return {
    root: root.multihash.digest,
    store: { load: async refs => refs.map(({ digest }) => { const block = blocks.get(toHex(digest)); return block === undefined ? null : { bytes: block, children: [] } }) },
  }
}
