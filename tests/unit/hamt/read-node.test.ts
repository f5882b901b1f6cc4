import { expect, test } from 'vitest'
import { encodeCbor, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { layoutOf } from '../../../src/hamt/layout.ts'
import { readNode, top } from '../../../src/hamt/read-node.ts'
import { KeptTrie } from '../../support/trie.ts'

const shape = { bitWidth: 3, bucketSize: 2 }
const layout = layoutOf(shape)
const link = (byte: number): number[] => [0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20, ...new Uint8Array(32).fill(byte)]

/** Keys whose hashes begin with these bits. */
function keysAt(slot: number, count: number): Uint8Array[] {
  const keys: Uint8Array[] = []
  for (let i = 0; keys.length < count; i++) {
    const key = utf8(String(i))
    if (sha256(key)[0]! >> 5 === slot) keys.push(key)
  }
  return keys
}

const entry = (key: Uint8Array, value: readonly number[] = [1]): number[] => [0x82, ...encodeCbor(key), ...value]
const root = (map: number, items: readonly (readonly number[])[], { count = items.length, tail = [] as readonly number[], bucketSize = 2 } = {}): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([0xa3, 0x64, ...utf8('hamt'), 0x82, 0x41, map, 0x80 | count, ...items.flat(), 0x67, ...utf8('hashAlg'), 0x12, 0x6a, ...utf8('bucketSize'), bucketSize, ...tail])

function reason(bytes: Uint8Array<ArrayBuffer>, position = top): string {
  const judged = readNode(layout, bytes, position)
  return judged.ok ? 'accepted' : judged.reason.replace('not a node of this trie: ', '')
}

test('a node is read only as it would be written', () => {
  const [a, b] = keysAt(2, 2) as [Uint8Array, Uint8Array]
  const [first, second] = toHex(encodeCbor(a)) < toHex(encodeCbor(b)) ? [a, b] : [b, a]
  const bucket = [0x82, ...entry(first), ...entry(second)]
  expect(reason(root(0, []))).toBe('accepted')
  expect(reason(root(0b101, [link(7), bucket]))).toBe('accepted')
  const refused: Record<string, Uint8Array<ArrayBuffer>> = {
    'bytes too many': root(0b100, [bucket], { tail: [0] }),
    'another number of items than of bits': root(0b100, [bucket, bucket]),
    'something else than a node has there': root(0b100, [bucket], { bucketSize: 3 }),
    'an empty bucket': root(0b100, [[0x80]]),
    'too long': root(0b100, [[0x83, ...entry(first), ...entry(second), ...entry(second)]]),
    'entries out of order': root(0b100, [[0x82, ...entry(second), ...entry(first)]]),
    'a key that belongs elsewhere': root(0b10, [bucket]),
    'not the shortest form': root(0b100, [[0x82, ...entry(first, [0x18, 1]), ...entry(second)]]),
    'an entry is a key and a value': root(0b100, [[0x81, 0x81, ...encodeCbor(first)]]),
    'cut off': root(0b100, [bucket]).slice(0, 20),
    'another type': root(0b100, [[0x81, 0x82, 0x61, 0x61, 1]]),
  }
  for (const [why, bytes] of Object.entries(refused)) expect(reason(bytes)).toBe(why)
  expect(reason(root(0b1, [link(7).with(6, 0x55)]))).toBe('something else than a node has there')
  expect(reason(root(0b100, [[0x82, ...entry(first), ...entry(first)]]))).toBe('entries out of order')
  expect(reason(root(0, []), { ...top, depth: 1 })).toBe('something else than a node has there')
})

test('below the root a node has more than a bucket holds, of keys that lead there', () => {
  const keys = keysAt(2, 60).sort((a, b) => Buffer.compare(a, b))
  const inner = (chosen: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
    const items = Array.from({ length: 8 }, (_, slot) => chosen.filter(key => (sha256(key)[0]! >> 2 & 7) === slot)).map(bucket => bucket.length === 0 ? [] : [0x80 | bucket.length, ...bucket.flatMap(key => entry(key))])
    const map = items.reduce((bits, item, slot) => item.length === 0 ? bits : bits | 1 << slot, 0)
    return Uint8Array.from([0x82, 0x41, map, 0x80 | items.filter(({ length }) => length > 0).length, ...items.flat()])
  }
  const apart = keys.filter((key, i) => keys.findIndex(other => (sha256(other)[0]! >> 2 & 7) === (sha256(key)[0]! >> 2 & 7)) === i)
  const here = { depth: 1, hash: sha256(keys[0]!), at: 0 }
  expect(apart.length).toBeGreaterThan(3)
  expect(reason(inner(apart.slice(0, 3)), here)).toBe('accepted')
  expect(reason(inner(apart.slice(0, 2)), here)).toBe('a node that should be a bucket')
  expect(reason(inner(apart.slice(0, 3)), { ...here, hash: sha256(keysAt(3, 1)[0]!) })).toBe('a key that belongs elsewhere')
  expect(reason(inner(apart.slice(0, 3)), { ...here, depth: 86 })).toBe('deeper than hashes are long')
})

test('small shapes have no bits beyond their slots', () => {
  const two = layoutOf({ bitWidth: 1, bucketSize: 2 })
  expect(readNode(two, root(0, []), top).ok).toBe(true)
  expect(readNode(two, root(0b100, [link(1)]), top)).toMatchObject({ ok: false, reason: 'not a node of this trie: bits of no slot' })
})

test('every damage to a byte of a node is refused, or makes another node that is written just so', async () => {
  const kept = new KeptTrie(shape)
  await kept.trie.update(Array.from({ length: 200 }, (_, i) => ({ key: utf8(String(i)), value: encodeCbor({ i }) })))
  kept.commit()
  let [read, accepted] = [0, 0]
  const { value: node } = await kept.trie.nodes().next() as { value: { bytes: Uint8Array<ArrayBuffer> } }
  for (let at = 0; at < node.bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      read++
      if (readNode(layout, node.bytes.with(at, node.bytes[at]! ^ 1 << bit), top).ok) accepted++
    }
  }
  // What can be changed is the digests of links alone.
  expect(accepted).toBe(8 * 32 * 8)
  expect(read).toBe(8 * node.bytes.length)
})
