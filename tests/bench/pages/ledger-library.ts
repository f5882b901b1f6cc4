import * as dagCbor from '@ipld/dag-cbor'
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { load, type HashMap } from 'ipld-hashmap'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from 'multiformats/hashes/sha2'
import { ledgerShape, type Change, type Hamt } from '../../../src/hamt/index.ts'

interface Schema extends DBSchema { nodes: { key: string, value: Uint8Array } }

const cidOf = (digest: Uint8Array): CID => CID.createV1(dagCbor.code, Digest.create(sha256.code, digest))

/** `ipld-hashmap` over the nodes of a trie of ours, one record a node in IndexedDB. */
export class LibraryTrie {
  private constructor(private readonly database: IDBPDatabase<Schema>, private readonly nodes: Map<string, Uint8Array> | null, private readonly map: HashMap<Uint8Array>, private readonly buffer: Map<string, Uint8Array>) {}

  /** With the nodes of `trie` in memory for reading; only what is written goes to the database. */
  static async over(trie: Hamt, name: string): Promise<LibraryTrie> {
    const nodes = new Map<string, Uint8Array>()
    for await (const { ref, bytes } of trie.nodes()) nodes.set(cidOf(ref.digest).toString(), bytes)
    return await LibraryTrie.make(name, trie.root.digest, nodes)
  }

  /** Writes the nodes of `trie`, for others to open. */
  static async fill(trie: Hamt, name: string): Promise<void> {
    const database = await LibraryTrie.database(name)
    let pending: Promise<unknown>[] = []
    let writing = database.transaction('nodes', 'readwrite', { durability: 'relaxed' })
    for await (const { ref, bytes } of trie.nodes()) {
      if (pending.length === 5000) {
        await Promise.all([...pending, writing.done])
        pending = []
        writing = database.transaction('nodes', 'readwrite', { durability: 'relaxed' })
      }
      pending.push(writing.store.put(bytes, cidOf(ref.digest).toString()))
    }
    await Promise.all([...pending, writing.done])
    database.close()
  }

  /** What `fill` wrote, every node read from the database. */
  static async open(name: string, root: Uint8Array): Promise<LibraryTrie> {
    return await LibraryTrie.make(name, root, null)
  }

  get digest(): Uint8Array { return this.map.cid.multihash.digest }

  async get(key: Uint8Array): Promise<Uint8Array | null> {
    return await this.map.get(key) ?? null
  }

  /** Makes the changes, then writes all nodes they made in one transaction. */
  async update(changes: readonly Change[]): Promise<void> {
    for (const { key, value } of changes) await this.map.set(key, value!.subarray(2))
    const writing = this.database.transaction('nodes', 'readwrite', { durability: 'relaxed' })
    await Promise.all([...Array.from(this.buffer, async ([cid, bytes]) => await writing.store.put(bytes, cid)), writing.done])
    for (const [cid, bytes] of this.buffer) this.nodes?.set(cid, bytes)
    this.buffer.clear()
  }

  private static async database(name: string): Promise<IDBPDatabase<Schema>> {
    return await openDB<Schema>(name, 1, { upgrade(fresh) { fresh.createObjectStore('nodes') } })
  }

  private static async make(name: string, root: Uint8Array, nodes: Map<string, Uint8Array> | null): Promise<LibraryTrie> {
    const database = await LibraryTrie.database(name)
    const buffer = new Map<string, Uint8Array>()
    const loader = {
      async get(cid: CID) {
        const key = cid.toString()
        return buffer.get(key) ?? nodes?.get(key) ?? (await database.get('nodes', key))!
      },
      async put(cid: CID, bytes: Uint8Array) { buffer.set(cid.toString(), bytes) },
    }
    return new LibraryTrie(database, nodes, await load<Uint8Array, number>(loader, cidOf(root), { ...ledgerShape, blockCodec: dagCbor, blockHasher: sha256 }), buffer)
  }
}
