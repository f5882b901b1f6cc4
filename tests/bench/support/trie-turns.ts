import * as dagCbor from '@ipld/dag-cbor'
import { load, type HashMap } from 'ipld-hashmap'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import { encodeCbor, sha256Flat, toHex } from '../../../src/base/index.ts'
import { Hamt, MemoryNodeStore, ledgerShape, type HamtShape } from '../../../src/hamt/index.ts'
import { Chance } from '../../fuzz/chance.ts'

/* The same trie in our code and in `ipld-hashmap`, in memory, and the same blocks of changes to both: each follows from a seed, so either can be on a thread of its own. */

const keyBytes = 32
const valueBytes = 64

/** A turn of blocks, milliseconds a block, and the root after the last. */
export interface Turn { readonly ms: number, readonly root: string }
/** The same with what a block wrote, and how long hashing as much takes alone. */
export interface OurTurn extends Turn { readonly nodes: number, readonly bytes: number, readonly hashingMs: number }

interface Entry { readonly key: Uint8Array, readonly value: Uint8Array }

class Workload {
  readonly #chance: Chance
  readonly #keys: Uint8Array[]

  constructor(seed: number, keys: number) {
    this.#chance = new Chance(seed)
    const all = this.#bytes(keys * keyBytes)
    this.#keys = Array.from({ length: keys }, (_, i) => all.subarray(i * keyBytes, (i + 1) * keyBytes))
  }

  all(): Entry[] { return this.#keys.map(key => ({ key, value: this.#bytes(valueBytes) })) }
  known(): Uint8Array { return this.#chance.pick(this.#keys) }

  /** One in five sets a new key. */
  block(changes: number): Entry[] {
    return Array.from({ length: changes }, (_, i) => {
      const key = i % 5 === 0 ? this.#bytes(keyBytes) : this.known()
      if (i % 5 === 0) this.#keys.push(key)
      return { key, value: this.#bytes(valueBytes) }
    })
  }

  #bytes(length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(length)
    for (let i = 0; i < length; i++) bytes[i] = this.#chance.next()
    return bytes
  }
}

export class OurTrie {
  readonly #work: Workload
  readonly #store = new MemoryNodeStore()
  readonly #trie: Hamt
  #pack = 0

  private constructor(work: Workload, shape: HamtShape) {
    this.#work = work
    this.#trie = Hamt.empty(this.#store, shape)
  }

  static async make(seed: number, keys: number, shape: HamtShape = ledgerShape): Promise<OurTrie> {
    const made = new OurTrie(new Workload(seed, keys), shape)
    await made.#commit(made.#work.all())
    return made
  }

  async turn(blocks: number, changes: number): Promise<OurTurn> {
    const entries = Array.from({ length: blocks }, () => this.#work.block(changes).map(({ key, value }) => ({ key, value: encodeCbor(value) })))
    let [nodes, bytes] = [0, 0]
    const begin = performance.now()
    for (const block of entries) {
      const { packs } = await this.#commitEncoded(block)
      for (const pack of packs) {
        nodes += pack.nodes
        bytes += pack.bytes.length
      }
    }
    const ms = (performance.now() - begin) / blocks
    const messages = Array.from({ length: nodes }, () => new Uint8Array(Math.round(bytes / nodes)))
    const hashing = performance.now()
    sha256Flat(messages)
    return { ms, root: toHex(this.#trie.root.digest), nodes: nodes / blocks, bytes: bytes / blocks, hashingMs: (performance.now() - hashing) / blocks }
  }

  /** Bytes of the proof of one key, the average of so many. */
  async proofBytes(count: number): Promise<number> {
    let bytes = 0
    for (let i = 0; i < count; i++) for (const node of await this.#trie.prove([this.#work.known()])) bytes += node.length
    return bytes / count
  }

  /** All nodes, under their CIDs. */
  async nodes(): Promise<Map<string, Uint8Array>> {
    const nodes = new Map<string, Uint8Array>()
    for await (const { ref, bytes } of this.#trie.nodes()) nodes.set(cidOf(ref.digest).toString(), bytes)
    return nodes
  }

  get root(): Uint8Array { return this.#trie.root.digest }

  async #commit(entries: readonly Entry[]): Promise<void> {
    await this.#commitEncoded(entries.map(({ key, value }) => ({ key, value: encodeCbor(value) })))
  }

  async #commitEncoded(changes: readonly Entry[]): Promise<ReturnType<Hamt['commit']>> {
    await this.#trie.update(changes)
    const commit = this.#trie.commit(this.#pack)
    this.#pack += commit.packs.length
    this.#store.keep(commit.packs)
    return commit
  }
}

export class LibraryTrie {
  readonly #work: Workload
  readonly #map: HashMap<unknown>
  readonly #read: { bytes: number, readonly root: number }

  private constructor(work: Workload, map: HashMap<unknown>, read: { bytes: number, readonly root: number }) {
    this.#work = work
    this.#map = map
    this.#read = read
  }

  /** Begins with the nodes our code writes, which are the same: its own build of 100,000 keys takes half a minute. */
  static async make(seed: number, keys: number, shape: HamtShape = ledgerShape): Promise<LibraryTrie> {
    const ours = await OurTrie.make(seed, keys, shape)
    const [nodes, root] = [await ours.nodes(), cidOf(ours.root)]
    const read = { bytes: 0, root: nodes.get(root.toString())!.length }
    const loader = {
      async get(cid: CID) {
        const bytes = nodes.get(cid.toString())!
        read.bytes += bytes.length
        return bytes
      },
      async put(cid: CID, bytes: Uint8Array) { nodes.set(cid.toString(), bytes) },
    }
    const work = new Workload(seed, keys)
    work.all() // draws what the trie was made of
    return new LibraryTrie(work, await load(loader, root, { ...shape, blockCodec: dagCbor, blockHasher: sha256 }), read)
  }

  async turn(blocks: number, changes: number): Promise<Turn> {
    const entries = Array.from({ length: blocks }, () => this.#work.block(changes)).flat()
    const begin = performance.now()
    for (const { key, value } of entries) await this.#map.set(key, value)
    return { ms: (performance.now() - begin) / blocks, root: toHex(this.#map.cid.multihash.digest) }
  }

  /** Bytes of the nodes it has to read to find a key, its root counted; the average of so many. */
  async readBytes(count: number): Promise<number> {
    this.#read.bytes = 0
    for (let i = 0; i < count; i++) if (await this.#map.get(this.#work.known()) === undefined) throw new Error('a key is lost')
    return this.#read.root + this.#read.bytes / count
  }
}

function cidOf(digest: Uint8Array): CID { return CID.createV1(dagCbor.code, Digest.create(sha256.code, digest)) }
