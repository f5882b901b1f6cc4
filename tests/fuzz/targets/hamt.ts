import { compareBytes, decodeCbor, encodeCbor, equalBytes, isMap, sha256, utf8 } from '../../../src/base/index.ts'
import { Hamt, MemoryNodeStore, verifyProof } from '../../../src/hamt/index.ts'
import { entriesOf } from '../../../src/hamt/bucket.ts'
import { layoutOf } from '../../../src/hamt/layout.ts'
import type { TrieNode } from '../../../src/hamt/node.ts'
import { readNode, top } from '../../../src/hamt/read-node.ts'
import type { Chance } from '../chance.ts'
import type { Target, Verdict } from '../types.ts'
import { varyValue } from '../vary-value.ts'

const shape = { bitWidth: 4, bucketSize: 3 }
const layout = layoutOf(shape)
const keyOf = (key: number): Uint8Array => utf8(`key ${String(key)}`)
const valueOf = (key: number): unknown => key % 3 === 0 ? { n: key, text: 'é'.repeat(key % 30) } : key

async function trieOf(count: number): Promise<Hamt> {
  const trie = Hamt.empty(new MemoryNodeStore(), shape)
  await trie.update(Array.from({ length: count }, (_, key) => ({ key: keyOf(key), value: encodeCbor(valueOf(key)) })))
  trie.commit(0)
  return trie
}

async function nodesOf(trie: Hamt): Promise<Uint8Array[]> {
  const nodes: Uint8Array[] = []
  for await (const { bytes } of trie.nodes()) nodes.push(bytes)
  return nodes
}

const small = await trieOf(20)
const large = await trieOf(1000)
const rootBytes = (await nodesOf(small))[0]!
const words = [Uint8Array.of(0x82, 0x42), Uint8Array.of(0xd8, 0x2a, 0x58, 0x25, 0, 1, 0x71, 0x12, 0x20), Uint8Array.of(0x81, 0x82, 0x41, 0x61), Uint8Array.of(0x80), Uint8Array.of(0x9f), 'hamt', 'hashAlg', 'bucketSize', Uint8Array.of(0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)]

/** A node, at the root or, as its bytes say, below the first bits of some key: read only where it is written the same way again. */
export const trieNode: Target = {
  name: 'trie-node',
  corpus: async () => [rootBytes, ...(await nodesOf(await trieOf(3))), ...(await nodesOf(large)).slice(0, 12)],
  dictionary: words,
  maxBytes: 16 * 1024,
  async run(bytes): Promise<Verdict> {
    const read = readNode(layout, new Uint8Array(bytes), top)
    if (read.ok) return await checkRoot(read.value, bytes)
    // Of an inner node the place is what most of its keys would have it be: the first of sixteen.
    for (let slot = 0; slot < 16; slot++) {
      const inner = readNode(layout, new Uint8Array(bytes), { depth: 1, hash: Uint8Array.of(slot << 4, ...new Uint8Array(31)), at: 0 })
      if (inner.ok) return checkOrder(inner.value)
    }
    return read.code
  },
}

function checkOrder(node: TrieNode): Verdict {
  for (let slot = 0; slot < layout.slots; slot++) {
    const keys = node.isLink(slot) ? [] : entriesOf(node, slot).map(({ key }) => key)
    for (const [i, key] of keys.entries()) if (i > 0 && compareBytes(keys[i - 1]!, key) >= 0) throw new Error('entries out of order')
  }
  return 'accepted'
}

/** Without links it has all there is to write it again. */
async function checkRoot(node: TrieNode, bytes: Uint8Array): Promise<Verdict> {
  const slots = Array.from({ length: layout.slots }, (_, slot) => slot)
  if (slots.some(slot => node.isLink(slot))) return checkOrder(node)
  const again = Hamt.empty(new MemoryNodeStore(), shape)
  await again.update(slots.flatMap(slot => entriesOf(node, slot)))
  if (!equalBytes(again.commit(0).root.digest, sha256(bytes))) throw new Error('accepted in another form than its own')
  return 'accepted'
}

/** `{ keys, nodes }`: what is accepted must be what the trie has. */
export const trieProof: Target = {
  name: 'trie-proof',
  corpus: async () => await Promise.all([[1], [5, 17, 2000], [3, 3000, 999, 4, 8]].map(proofOf)),
  dictionary: words,
  maxBytes: 64 * 1024,
  vary: (base, chance, mutate) => chance.once(4) ? mutate(base) : varied(base, chance, mutate),
  run(bytes) {
    const { keys, nodes } = partsOf(bytes)
    const judged = verifyProof(large.root.digest, shape, keys, nodes)
    if (!judged.ok) return judged.code
    if (judged.value.length !== keys.length) throw new Error('another number of values than of keys')
    for (const [i, key] of keys.entries()) {
      const value = judged.value[i] ?? null
      const number = Number(/^key (\d{1,3})$/.exec(String(Buffer.from(key)))?.[1] ?? 'none')
      const expected = equalBytes(key, keyOf(number)) ? encodeCbor(valueOf(number)) : null
      if (value === null ? expected !== null : expected === null || !equalBytes(value, expected)) throw new Error('a value the trie has not')
    }
    return 'accepted'
  },
}

async function proofOf(numbers: readonly number[]): Promise<Uint8Array> {
  const keys = numbers.map(keyOf)
  return encodeCbor({ keys, nodes: await large.prove(keys) })
}

function varied(base: Uint8Array, chance: Chance, mutate: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const { keys, nodes } = partsOf(base)
  const which = chance.below(nodes.length)
  if (chance.once(2)) return encodeCbor({ keys, nodes: nodes.with(which, mutate(nodes[which] ?? rootBytes)) })
  const value = varyValue({ keys, nodes }, chance, [keyOf(chance.below(1200)), ...nodes])
  try { return encodeCbor(value) } catch { return base }
}

/** The parts of an input, those that are no byte strings left out. */
function partsOf(bytes: Uint8Array): { readonly keys: Uint8Array[], readonly nodes: Uint8Array[] } {
  const judged = decodeCbor(bytes)
  const { keys, nodes } = judged.ok && isMap(judged.value) ? judged.value : {}
  const byteStrings = (list: unknown): Uint8Array[] => Array.isArray(list) ? list.filter(each => each instanceof Uint8Array) : []
  return { keys: byteStrings(keys), nodes: byteStrings(nodes) }
}
