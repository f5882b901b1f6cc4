import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { expect, test } from 'vitest'
import { sha256, sha256Flat, toHex } from '../../src/base/index.ts'
import { makeSha256 } from '../../src/base/sha256-wasm.ts'
import { Hamt, MemoryNodeStore, verifyProof } from '../../src/hamt/index.ts'
import vectors from '../fixtures/hamt/random.json'
import { cidOfNode } from '../support/trie-cid.ts'

test('the browser makes the hashing module, and it hashes', () => {
  expect(() => makeSha256()).not.toThrow()
  const messages = Array.from({ length: 300 }, (_, length) => new Uint8Array(length * 7).fill(length))
  expect(toHex(sha256Flat(messages))).toBe(messages.map(message => toHex(nobleSha256(message))).join(''))
  expect(messages.map(message => toHex(sha256(message)))).toEqual(messages.map(message => toHex(nobleSha256(message))))
})

test('tries have the roots they have everywhere', async () => {
  for (const { bitWidth, bucketSize, set, root, delete: deletes, rootAfterDelete } of vectors.vectors) {
    const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16))
    const store = new MemoryNodeStore()
    const trie = Hamt.empty(store, { bitWidth, bucketSize })
    await trie.update(set.map(([key = '', value = '']) => ({ key: bytes(key), value: byteString(bytes(value)) })))
    const first = trie.commit(0)
    store.keep(first.packs)
    expect(cidOfNode(first.root.digest)).toBe(root)
    const keys = deletes.map(bytes)
    const again = await Hamt.open(store, first.root, trie.shape)
    expect(verifyProof(first.root.digest, trie.shape, keys, await again.prove(keys)).ok).toBe(true)
    await again.update(keys.map(key => ({ key, value: null })))
    expect(cidOfNode(again.commit(first.packs.length).root.digest)).toBe(rootAfterDelete)
  }
})

/** As DAG-CBOR writes it; those of the vectors are shorter than 256 bytes. */
function byteString(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...bytes.length < 24 ? [0x40 | bytes.length] : [0x58, bytes.length], ...bytes)
}
