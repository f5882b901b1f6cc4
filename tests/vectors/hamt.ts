import { join } from 'node:path'
import { equalBytes, encodeCbor, fromHex } from '../../src/base/index.ts'
import { Hamt, MemoryNodeStore, type Change, type HamtShape } from '../../src/hamt/index.ts'
import { Chance } from '../fuzz/chance.ts'
import { cidOfNode } from '../support/trie.ts'
import { checkWords } from './hamt-words.ts'
import { isObject, outcomesOf, pick, readJson } from './json-files.ts'
import type { Outcome, Shape } from './types.ts'

type Pair = readonly [key: string, value: string]

interface Vector extends HamtShape {
  readonly set: readonly Pair[]
  readonly root: string
  readonly delete: readonly string[]
  readonly rootAfterDelete: string
}

const wordFiles = new Set(['hamt.car', 'words.txt', 'hamt.json'])

/** `{ kind: "hamt", vectors }`; and the alice words, a folder with `hamt.car`, `words.txt` and perhaps `hamt.json`. */
export const hamt: Shape = {
  name: 'HAMT',

  async claim({ path, names }) {
    const words = isWords(names) ? names.filter(name => wordFiles.has(name)) : []
    return [...words, ...await pick(path, names.filter(name => !words.includes(name)), value => value['kind'] === 'hamt' && Array.isArray(value['vectors']))]
  },

  async check({ path }, claimed) {
    const words = isWords(claimed)
    const outcomes: Omit<Outcome, 'shape'>[] = words ? [...await checkWords(path, claimed.includes('hamt.json'))] : []
    for (const file of claimed.filter(name => !words || !wordFiles.has(name))) {
      const { vectors } = await readJson(join(path, file)) as { readonly vectors: readonly unknown[] }
      outcomes.push(...outcomesOf(file, await Promise.all(vectors.map(async (vector, number) => {
        const why = await misses(vector).catch((error: unknown) => String(error))
        return why === '' ? '' : `vector ${String(number)}: ${why}`
      }))))
    }
    return outcomes
  },
}

function isWords(names: readonly string[]): boolean { return names.includes('hamt.car') && names.includes('words.txt') }

/** What is wrong with a vector, or nothing. Set in its order and shuffled, at once and one by one; then deletes, of the same trie and of one read from its store. */
async function misses(vector: unknown): Promise<string> {
  if (!isVector(vector)) return 'not a vector'
  const sets = vector.set.map(([key, value]) => ({ key: bytesOf(key), value: encodeCbor(bytesOf(value)) }))
  const deletes = vector.delete.map(key => ({ key: bytesOf(key), value: null }))
  const last = [...new Map(sets.map(change => [String(change.key), change])).values()] // of a key set twice the last counts in any order
  const ways: readonly (readonly [string, readonly Change[]])[] = [['in order', sets], ['shuffled', shuffled(last)]]
  for (const [way, changes] of ways) {
    const store = new MemoryNodeStore()
    const trie = Hamt.empty(store, vector)
    await trie.update(changes)
    const set = trie.commit(0)
    store.keep(set.packs)
    if (cidOfNode(set.root.digest) !== vector.root) return `${way}: root ${cidOfNode(set.root.digest)}`
    for (const [again, one] of [['', trie], [', read again', await Hamt.open(store, set.root, vector)]] as const) {
      for (const { key, value } of last) if (!equalBytes(await one.get(key) ?? new Uint8Array(), value)) return `${way}${again}: another value`
      for (const change of way === 'shuffled' ? shuffled(deletes) : deletes) await one.update([change])
      const { root } = one.commit(set.packs.length)
      if (cidOfNode(root.digest) !== vector.rootAfterDelete) return `${way}${again}, deleted: root ${cidOfNode(root.digest)}`
    }
  }
  return ''
}

function shuffled<T>(list: readonly T[]): T[] {
  const chance = new Chance(list.length)
  return list.map(item => ({ item, at: chance.next() })).toSorted((a, b) => a.at - b.at).map(({ item }) => item)
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex)
  if (bytes === null) throw new Error(`not hex: ${hex}`)
  return bytes
}

function isVector(value: unknown): value is Vector {
  if (!isObject(value)) return false
  const { bitWidth, bucketSize, set, root, delete: deletes, rootAfterDelete } = value as Partial<Record<keyof Vector, unknown>>
  const isText = (each: unknown) => typeof each === 'string'
  return typeof bitWidth === 'number' && typeof bucketSize === 'number' && isText(root) && isText(rootAfterDelete)
    && Array.isArray(set) && set.every(pair => Array.isArray(pair) && pair.length === 2 && pair.every(isText)) && Array.isArray(deletes) && deletes.every(isText)
}
