import * as dagCbor from '@ipld/dag-cbor'
import { create, type HashMap } from 'ipld-hashmap'
import type { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { Hamt, MemoryNodeStore, ledgerShape, type HamtShape } from '../../src/hamt/index.ts'

export { cidOfNode } from './trie-cid.ts'

/** The library's trie, empty, with the nodes it writes. */
export async function libraryTrie(shape: HamtShape = ledgerShape): Promise<{ readonly map: HashMap<unknown>, readonly nodes: ReadonlyMap<string, Uint8Array> }> {
  const nodes = new Map<string, Uint8Array>()
  const loader = {
    async get(cid: CID) { return nodes.get(cid.toString())! },
    async put(cid: CID, bytes: Uint8Array) { nodes.set(cid.toString(), bytes) },
  }
  return { map: await create(loader, { ...shape, blockCodec: dagCbor, blockHasher: sha256 }), nodes }
}

/** A trie that commits into a store of its own, under pack numbers that follow. */
export class KeptTrie {
  readonly store = new MemoryNodeStore()
  trie: Hamt
  #pack = 0

  constructor(readonly shape: HamtShape = ledgerShape) { this.trie = Hamt.empty(this.store, shape) }

  commit(trie: Hamt = this.trie): ReturnType<Hamt['commit']> {
    const commit = trie.commit(this.#pack)
    this.#pack += commit.packs.length
    this.store.keep(commit.packs)
    return commit
  }

  /** The last commit, opened anew. */
  async reopen(): Promise<Hamt> { return await Hamt.open(this.store, this.trie.root, this.shape) }
}
