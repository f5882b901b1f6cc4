import * as dagCbor from '@ipld/dag-cbor'
import { load, type HashMap } from 'ipld-hashmap'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import { encodeCbor, equalBytes, sha256Flat } from '../../../src/base/index.ts'
import { Hamt, MemoryNodeStore, ledgerShape, type HamtShape } from '../../../src/hamt/index.ts'

/* The same trie in our code and in `ipld-hashmap`, in memory, and blocks of changes made to both. Runs in Node and on a page. */

const keyBytes = 32
const valueBytes = 64

/** What is measured with: a clock, and bytes to fill keys and values with. */
export interface Host {
  /** Milliseconds: of the processor where it can be told, else of the wall. */
  now(): number
  random(bytes: Uint8Array<ArrayBuffer>): void
}

/** One block in both, in milliseconds; and how long our hashing alone takes for the bytes it wrote. */
export interface BlockTimes { readonly ours: number, readonly peer: number, readonly hashing: number, readonly bytes: number, readonly nodes: number }

export class Twins {
  readonly #host: Host
  readonly #keys: Uint8Array[]
  readonly #store: MemoryNodeStore
  readonly #trie: Hamt
  readonly #map: HashMap<unknown>
  /** Bytes of the nodes the library has read; its root it reads but once. */
  readonly #read: { bytes: number, readonly root: number }
  #pack: number

  private constructor(host: Host, keys: Uint8Array[], store: MemoryNodeStore, trie: Hamt, map: HashMap<unknown>, read: { bytes: number, readonly root: number }, pack: number) {
    this.#host = host
    this.#keys = keys
    this.#store = store
    this.#trie = trie
    this.#map = map
    this.#read = read
    this.#pack = pack
  }

  static async make(host: Host, count: number, shape: HamtShape = ledgerShape): Promise<Twins> {
    const store = new MemoryNodeStore()
    const trie = Hamt.empty(store, shape)
    const keys = Array.from({ length: count }, () => filled(host, keyBytes))
    await trie.update(keys.map(key => ({ key, value: encodeCbor(filled(host, valueBytes)) })))
    const { packs, root } = trie.commit(0)
    store.keep(packs)
    const nodes = new Map<string, Uint8Array>()
    for await (const { ref, bytes } of trie.nodes()) nodes.set(cidOf(ref.digest).toString(), bytes)
    const read = { bytes: 0, root: nodes.get(cidOf(root.digest).toString())!.length }
    const loader = {
      async get(cid: CID) {
        const bytes = nodes.get(cid.toString())!
        read.bytes += bytes.length
        return bytes
      },
      async put(cid: CID, bytes: Uint8Array) { nodes.set(cid.toString(), bytes) },
    }
    const map = await load(loader, cidOf(root.digest), { ...shape, blockCodec: dagCbor, blockHasher: sha256 })
    return new Twins(host, keys, store, trie, map, read, packs.length)
  }

  /** Makes blocks in our trie alone, and drops them: the library warms up within one block, which is 500 changes to it and one to us. */
  async warm(blocks: number, changes: number): Promise<void> {
    for (let i = 0; i < blocks; i++) {
      const fork = this.#trie.fork()
      await fork.update(Array.from({ length: changes }, () => ({ key: this.#key(false), value: encodeCbor(filled(this.#host, valueBytes)) })))
      fork.commit(this.#pack)
    }
  }

  /** Sets so many keys in both, one in five a new one. Throws where the roots differ. */
  async block(changes: number): Promise<BlockTimes> {
    const entries = Array.from({ length: changes }, (_, i) => ({ key: this.#key(i % 5 === 0), value: filled(this.#host, valueBytes) }))
    const updates = entries.map(({ key, value }) => ({ key, value: encodeCbor(value) }))
    const begin = this.#host.now()
    await this.#trie.update(updates)
    const { root, packs } = this.#trie.commit(this.#pack)
    this.#store.keep(packs)
    const middle = this.#host.now()
    for (const { key, value } of entries) await this.#map.set(key, value)
    const peer = this.#host.now() - middle
    if (!equalBytes(this.#map.cid.multihash.digest, root.digest)) throw new Error('two roots')
    this.#pack += packs.length
    const wrote = { bytes: packs.reduce((sum, { bytes }) => sum + bytes.length, 0), nodes: packs.reduce((sum, { nodes }) => sum + nodes, 0) }
    return { ours: middle - begin, peer, hashing: this.#hashing(wrote), ...wrote }
  }

  /** Bytes of our proof of one key, and of the nodes the library reads to find it; averages of so many keys. */
  async proofs(count: number): Promise<{ readonly ours: number, readonly peer: number }> {
    let ours = 0
    this.#read.bytes = 0
    for (let i = 0; i < count; i++) {
      const key = this.#key(false)
      const proof = await this.#trie.prove([key])
      ours += proof.reduce((sum, { length }) => sum + length, 0)
      if (await this.#map.get(key) === undefined) throw new Error('a key is lost')
    }
    return { ours: ours / count, peer: this.#read.root + this.#read.bytes / count }
  }

  #hashing({ bytes, nodes }: { readonly bytes: number, readonly nodes: number }): number {
    const messages = Array.from({ length: nodes }, () => new Uint8Array(Math.round(bytes / nodes)))
    const begin = this.#host.now()
    sha256Flat(messages)
    return this.#host.now() - begin
  }

  #key(isNew: boolean): Uint8Array {
    if (isNew) {
      const key = filled(this.#host, keyBytes)
      this.#keys.push(key)
      return key
    }
    const draw = new Uint32Array(1)
    this.#host.random(new Uint8Array(draw.buffer))
    return this.#keys[draw[0]! % this.#keys.length]!
  }
}

function filled(host: Host, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  host.random(bytes)
  return bytes
}

function cidOf(digest: Uint8Array): CID { return CID.createV1(dagCbor.code, Digest.create(sha256.code, digest)) }
