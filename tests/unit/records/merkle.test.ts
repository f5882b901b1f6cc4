import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { concat, equalBytes, sha256 } from '../../../src/base/index.ts'
import { merkleBranch, merkleRoot } from '../../../src/records/index.ts'

const leaves = (count: number): readonly Uint8Array[] => Array.from({ length: count }, (_, i) => sha256(Uint8Array.of(i)))
const parent = (left: Uint8Array, right: Uint8Array): Uint8Array => createHash('sha256').update(left).update(right).digest()

test('by hand', () => {
  const [a, b, c] = leaves(3) as [Uint8Array, Uint8Array, Uint8Array]
  expect(merkleRoot([])).toEqual(new Uint8Array(32))
  expect(merkleRoot([a])).toEqual(a)
  expect(equalBytes(merkleRoot([a, b]), parent(a, b))).toBe(true)
  expect(equalBytes(merkleRoot([a, b, c]), parent(parent(a, b), parent(c, c)))).toBe(true)
})

test('the last leaf twice has the same root: a count must be bound elsewhere', () => {
  const [a, b, c] = leaves(3) as [Uint8Array, Uint8Array, Uint8Array]
  expect(merkleRoot([a, b, c, c])).toEqual(merkleRoot([a, b, c]))
})

test('each branch leads to the root', () => {
  for (const count of [1, 2, 3, 4, 5, 7, 8, 9, 33]) {
    const all = leaves(count)
    for (const [i, leaf] of all.entries()) {
      let at = leaf
      for (const { left, right, top } of merkleBranch(all, i)) {
        expect(equalBytes(left, at) || equalBytes(right, at)).toBe(true)
        expect(equalBytes(top, sha256(concat(left, right)))).toBe(true)
        at = top
      }
      expect(equalBytes(at, merkleRoot(all))).toBe(true)
      expect(merkleBranch(all, i)).toHaveLength(count === 1 ? 0 : Math.ceil(Math.log2(count)))
    }
  }
})
