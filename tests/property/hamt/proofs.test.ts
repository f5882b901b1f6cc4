import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { encodeCbor, equalBytes, sha256, utf8 } from '../../../src/base/index.ts'
import { verifyProof, type Hamt, type HamtShape } from '../../../src/hamt/index.ts'
import { KeptTrie } from '../../support/trie.ts'

/* A proof is taken for exactly what it was made for. Keys below `there` are in the tries, others are not. */

const there = 300
const keyOf = (key: number): Uint8Array => utf8(`key ${String(key)}`)
const valueOf = (key: number): Uint8Array => encodeCbor({ n: key, some: 'text' })
const shapes: readonly HamtShape[] = [{ bitWidth: 1, bucketSize: 1 }, { bitWidth: 4, bucketSize: 3 }, { bitWidth: 5, bucketSize: 2 }, { bitWidth: 8, bucketSize: 3 }]

let tries: Hamt[]
/** As the first ones, but for the value of one key. */
let others: Hamt[]

beforeAll(async () => {
  const made = async (shape: HamtShape, changed: boolean) => {
    const kept = new KeptTrie(shape)
    await kept.trie.update(Array.from({ length: there }, (_, key) => ({ key: keyOf(key), value: valueOf(changed && key === 7 ? 8 : key) })))
    kept.commit()
    return kept.trie
  }
  tries = await Promise.all(shapes.map(async shape => await made(shape, false)))
  others = await Promise.all(shapes.map(async shape => await made(shape, true)))
})

const asked = fc.uniqueArray(fc.nat({ max: 2 * there }), { minLength: 1, maxLength: 8 })
const some = fc.record({ which: fc.nat({ max: shapes.length - 1 }), keys: asked })

const verdict = (trie: Hamt, keys: readonly number[], nodes: readonly Uint8Array[]) => verifyProof(trie.root.digest, trie.shape, keys.map(keyOf), nodes)

test('says what the trie has and has not, with nodes that each come once', async () => {
  await fc.assert(fc.asyncProperty(some, async ({ which, keys }) => {
    const trie = tries[which]!
    const proof = await trie.prove(keys.map(keyOf))
    expect(verdict(trie, keys, proof)).toEqual({ ok: true, value: keys.map(key => key < there ? valueOf(key) : null) })
    expect(new Set(proof.map(node => String(sha256(node)))).size).toBe(proof.length)
    expect(equalBytes(sha256(proof[0]!), trie.root.digest)).toBe(true)
  }))
}, 60_000)

test('of no keys it is the root', async () => {
  const [trie] = tries
  const proof = await trie!.prove([])
  expect(proof).toHaveLength(1)
  expect(verdict(trie!, [], proof)).toEqual({ ok: true, value: [] })
  expect(verdict(trie!, [], []).ok).toBe(false)
})

describe('is refused', () => {
  const damage = fc.record({ node: fc.nat(), byte: fc.nat(), by: fc.integer({ min: 1, max: 255 }), how: fc.constantFrom('change', 'cut', 'append', 'drop', 'double', 'swap', 'extra') })

  test('after any change to it', async () => {
    await fc.assert(fc.asyncProperty(some, damage, async ({ which, keys }, { node, byte, by, how }) => {
      const trie = tries[which]!
      const proof: Uint8Array[] = await trie.prove(keys.map(keyOf))
      const at = node % proof.length
      const bytes = proof[at]!
      const extra = (await trie.prove(Array.from({ length: there }, (_, key) => keyOf(key)))).find(each => !proof.some(one => equalBytes(one, each)))
      const other = (at + 1) % proof.length
      const changed = {
        change: () => proof.with(at, bytes.with(byte % bytes.length, bytes[byte % bytes.length]! ^ by)),
        cut: () => proof.with(at, bytes.slice(0, byte % bytes.length)),
        append: () => proof.with(at, new Uint8Array([...bytes, by])),
        drop: () => proof.toSpliced(at, 1),
        double: () => proof.toSpliced(at, 0, bytes),
        swap: () => proof.with(at, proof[other]!).with(other, bytes),
        extra: () => proof.toSpliced(at + 1, 0, ...extra === undefined ? [Uint8Array.of(0x80)] : [extra]),
      }[how]()
      fc.pre(how !== 'swap' || proof.length > 1)
      expect(verdict(trie, keys, changed).ok).toBe(false)
    }), { numRuns: 1000 })
  }, 60_000)

  test('for another root, another shape, and keys that lead elsewhere', async () => {
    await fc.assert(fc.asyncProperty(some, async ({ which, keys }) => {
      const proof = await tries[which]!.prove(keys.map(keyOf))
      expect(verdict(others[which]!, keys, proof).ok).toBe(false)
      const { digest } = tries[which]!.root
      for (const shape of shapes) if (shape !== shapes[which]) expect(verifyProof(digest, shape, keys.map(keyOf), proof).ok).toBe(false)
      const needed = await tries[which]!.prove([...keys, 5, 6].map(keyOf))
      expect(verdict(tries[which]!, [...keys, 5, 6], proof).ok).toBe(needed.length === proof.length)
    }), { numRuns: 200 })
  }, 60_000)

  test('where its root is right and what is below it was made up', async () => {
    // A trie that says of a key what is not so, under a root that names it: nodes that no trie writes, with digests that fit.
    const trie = tries[1]!
    const proof = await trie.prove([keyOf(1)])
    const [root, child] = [proof[0]!, proof[1]!]
    const link = findDigest(root, sha256(child))
    const forged = (changed: Uint8Array) => {
      const above = root.slice()
      above.set(sha256(changed), link)
      return verifyProof(sha256(above), trie.shape, [keyOf(1)], [above, changed])
    }
    const bucket = encodeCbor([[keyOf(1), { n: 1, some: 'text' }]])
    const lonely = new Uint8Array([0x82, 0x42, 0, 0x80, 0x81, ...bucket])
    const empty = new Uint8Array([0x82, 0x42, 0, 0, 0x80])
    const reasons = [lonely, empty, root].map(node => { const judged = forged(node); return judged.ok ? 'accepted' : judged.reason })
    expect(reasons).toEqual(['a node that should be a bucket', 'a node that should be a bucket', 'something else than a node has there'].map(reason => `not a node of this trie: ${reason}`))
  })
})

function findDigest(node: Uint8Array, digest: Uint8Array): number {
  for (let at = 0; at + 32 <= node.length; at++) if (equalBytes(node.subarray(at, at + 32), digest)) return at
  throw new Error('no such link')
}
