import * as comlink from 'comlink'
import { concat, equalBytes, sha256, toHex, utf8 } from '../../../src/base/index.ts'
import { Hamt, MemoryNodeStore, type Commit, type NodeRef } from '../../../src/hamt/index.ts'
import { openLedgerStore, type LedgerStore, type NewBlock } from '../../../src/store/index.ts'
import { keysOf, numbersOf, settings } from './ledger-keys.ts'
import { LibraryTrie } from './ledger-library.ts'

/** Two weeks of the main network: what its peers keep. */
const range = { states: 2592, bodies: 2016 }
const networkId = new Uint8Array(8).fill(7)
const updatesOfBlock = 500

/** A trie of so many keys, made by one commit. */
async function trieOf(keys: number, trie: Hamt): Promise<Hamt> {
  for (let from = 0; from < keys; from += 20_000) await trie.update(settings(Array.from({ length: Math.min(20_000, keys - from) }, (_, i) => from + i), 0))
  return trie
}

function blockOf(number: number, parent: string | null, state: Commit): NewBlock {
  const header = concat(utf8(`header ${number}`), new Uint8Array(500))
  const block = sha256(header)
  return { root: toHex(sha256(concat(block, state.root.digest))), block: toHex(block), header, parent, number, power: 1n, body: { cid: toHex(block), bytes: new Uint8Array(1000) }, state }
}

/** A state whose blocks go on where the last time ended; `keep` is what makes a commit last. */
class Growing {
  readonly digests: Uint8Array[] = []

  constructor(private readonly trie: Hamt, private readonly keys: number, private readonly nextPack: () => number, private readonly keep: (commit: Commit) => Promise<void>) {}

  async blocks(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const block = this.digests.length + 1
      await this.trie.update(settings(numbersOf(block, updatesOfBlock, this.keys), block))
      const commit = this.trie.commit(this.nextPack())
      await this.keep(commit)
      this.digests.push(commit.root.digest)
    }
  }
}

async function durable(store: LedgerStore<object>, keys: number): Promise<Growing> {
  const trie = await trieOf(keys, Hamt.empty(store.nodes))
  const keep = async (commit: Commit): Promise<void> => {
    const { head } = store
    const block = blockOf((head?.number ?? -1) + 1, head?.root ?? null, commit)
    await store.commit({ blocks: [block], head: block.root })
  }
  await keep(trie.commit(store.nextPack))
  return new Growing(trie, keys, () => store.nextPack, keep)
}

async function inMemory(keys: number): Promise<{ readonly growing: Growing, readonly trie: Hamt }> {
  const store = new MemoryNodeStore()
  const trie = await trieOf(keys, Hamt.empty(store))
  let pack = 0
  const keep = async ({ packs }: Commit): Promise<void> => {
    pack += packs.length
    store.keep(packs)
  }
  await keep(trie.commit(0))
  return { trie, growing: new Growing(trie, keys, () => pack, keep) }
}

let ours: Growing, memory: Growing, library: LibraryTrie, libraryBlocks = 0, allKeys = 0

const bench = {
  /** `hamt/commit`: the same state three times: in our store, in memory, in the library's trie. */
  async prepare(keys: number): Promise<void> {
    allKeys = keys
    ours = await durable(await openLedgerStore<object>(networkId, { range }), keys)
    const { trie, growing } = await inMemory(keys)
    library = await LibraryTrie.over(trie, 'library')
    memory = growing
  },

  async commit(whose: 'ours' | 'memory' | 'library', blocks: number): Promise<void> {
    if (whose === 'ours') await ours.blocks(blocks)
    if (whose === 'memory') await memory.blocks(blocks)
    if (whose !== 'library') return
    for (let i = 0; i < blocks; i++) {
      const block = ++libraryBlocks
      await library.update(settings(numbersOf(block, updatesOfBlock, allKeys), block))
      for (const { digests } of [ours, memory]) if (!equalBytes(library.digest, digests[block - 1]!)) throw new Error('the roots differ')
    }
  },

  /** `ledger/open`: a state of so many keys with blocks on it, and the headers of the whole range. */
  async fill(keys: number): Promise<void> {
    const store = await openLedgerStore<object>(networkId, { range })
    const growing = await durable(store, keys)
    await growing.blocks(50)
    const headers: NewBlock[] = []
    for (let number = store.head!.number + 1; number <= range.states; number++) {
      headers.push(blockOf(number, headers.at(-1)?.root ?? store.head!.root, { root: { digest: store.head!.state, place: store.head!.place }, packs: [], replaced: [] }))
    }
    await store.commit({ blocks: headers, head: headers.at(-1)!.root })
    await store.close()
  },

  async fillLibrary(keys: number): Promise<Uint8Array> {
    const { trie } = await inMemory(keys)
    await LibraryTrie.fill(trie, 'library')
    return trie.root.digest
  },

  /** ms until the value of a key is read and verified, with nothing open before; and of the rows and the rest of it. */
  async open(keys: number): Promise<{ readonly all: number, readonly rows: number }> {
    const [key] = keysOf([crypto.getRandomValues(new Uint32Array(1))[0]! % keys])
    const begin = performance.now()
    const store = await openLedgerStore<object>(networkId, { range })
    const rows = performance.now() - begin
    const head = store.head!
    const root: NodeRef = { digest: head.state, place: head.place }
    const value = await (await Hamt.open(store.nodes, root)).get(key!)
    const all = performance.now() - begin
    if (value === null || head.number !== range.states) throw new Error('not what was filled')
    await store.close()
    return { all, rows }
  },

  async openLibrary(keys: number, root: Uint8Array): Promise<number> {
    const [key] = keysOf([crypto.getRandomValues(new Uint32Array(1))[0]! % keys])
    const begin = performance.now()
    const value = await (await LibraryTrie.open('library', root)).get(key!)
    const all = performance.now() - begin
    if (value === null) throw new Error('not what was filled')
    return all
  },
}

export type LedgerBench = typeof bench
comlink.expose(bench)
