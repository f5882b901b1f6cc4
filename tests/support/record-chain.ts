import { encode, sha256, toHex, utf8, type Cid } from '../../src/base/index.ts'
import type { Chain, Link } from '../../src/ledger/index.ts'
import { encodeEntry, entryHash, type RecordEffects } from '../../src/records/index.ts'
import { keys, type ChainRow, type EntryCopy, type StateKey } from '../../src/state/index.ts'

/** An entry that a block of a test shall have. */
export interface WantedEntry { readonly chain: string, readonly extIds: readonly Uint8Array[], readonly content: string, readonly payer: string }

/** A copy of an entry on a branch. */
export interface ModelCopy { readonly chain: string, readonly index: number, readonly number: number, readonly time: number, readonly hash: string, readonly payer: string, readonly extIds: readonly Uint8Array[], readonly root: Cid }

export interface ModelBlock { readonly link: Link, readonly effects: RecordEffects, readonly copies: readonly ModelCopy[], readonly state: ReadonlyMap<string, Uint8Array> }

/** Branching chains of blocks that record entries, as the reading half sees them: links, what each block did, and the state after it. Nothing is signed. */
export class RecordChain implements Chain {
  readonly blocks = new Map<Cid, ModelBlock>()
  readonly entries = new Map<string, Uint8Array<ArrayBuffer>>()
  /** Headers below this number of the head are forgotten. */
  forgotten = -1
  #made = 0

  constructor() { this.#keep(null, [], new Map()) }

  get genesis(): ModelBlock { return this.blocks.values().next().value! }

  record(root: Cid): Link | null {
    const link = this.blocks.get(root)?.link ?? null
    return link === null || link.header.number < this.forgotten ? null : link
  }

  /** The next block on one, with these entries. */
  add(parent: ModelBlock, wanted: readonly WantedEntry[]): ModelBlock {
    const state = new Map(parent.state)
    const number = parent.link.header.number + 1
    const placed = wanted.map(({ chain, extIds, content, payer }, record) => {
      const bytes = encodeEntry({ chainId: chain, extIds, content: utf8(content) })
      const hash = entryHash(bytes)
      this.entries.set(hash, bytes)
      return { record, hash, chain, payer, paid: '', credits: 1, bytes, ...place(state, { chain, hash, number }) }
    })
    return this.#keep(parent, placed, state)
  }

  /** Copies on the chain of a block, oldest first. */
  copiesOf(tip: ModelBlock): readonly ModelCopy[] {
    const all: ModelCopy[][] = []
    for (let at: ModelBlock | undefined = tip; at !== undefined; at = this.blocks.get(at.link.parent ?? '')) all.unshift([...at.copies])
    return all.flat()
  }

  #keep(parent: ModelBlock | null, placed: RecordEffects['entries'], state: Map<string, Uint8Array>): ModelBlock {
    const number = parent === null ? 0 : parent.link.header.number + 1
    const time = 1_000 + 60 * number
    const [root, id] = ['root', 'id'].map(what => toHex(sha256(utf8(`${what} ${this.#made}`))))
    this.#made++
    const chains = [...new Set(placed.map(({ chain }) => chain))].sort()
    const entryBlocks = chains.map(chain => ({ chain, sequence: 0, keyMR: '', fullHash: '', bytes: utf8(`${chain} in ${root!}`) }))
    const directoryBlock = placed.length === 0 ? null : { height: 0, keyMR: '', fullHash: '', bytes: utf8(`directory of ${root!}`) }
    const link = { root: root!, id: id!, parent: parent?.link.root ?? null, header: { number, time } } as Link
    const copies = placed.map(({ chain, index, hash, payer, bytes }) => ({ chain, index, number, time, hash, payer, extIds: extIdsIn(bytes), root: root! }))
    const block = { link, effects: { commits: [], entries: placed, entryBlocks, directoryBlock }, copies, state }
    this.blocks.set(root!, block)
    return block
  }
}

function place(state: Map<string, Uint8Array>, { chain, hash, number }: { readonly chain: string, readonly hash: string, readonly number: number }): { readonly index: number, readonly copy: number } {
  const rows = state as Map<string, unknown>
  const read = <T>(key: StateKey<T>): T | null => (rows.get(`read ${key.name}`) ?? null) as T | null
  const write = <T>(key: StateKey<T>, value: T): void => {
    rows.set(`read ${key.name}`, value)
    state.set(key.name, encode(key.codec, value))
  }
  const before: ChainRow | null = read(keys.chain(chain))
  const index = before?.count ?? 0
  const copy = read(keys.entry(hash))?.count ?? 0
  if (before === null) {
    const total = read(keys.chains.total) ?? 0
    write(keys.chains.at(total), chain)
    write(keys.chains.total, total + 1)
  }
  write(keys.chain(chain), { first: before?.first ?? hash, head: hash, count: index + 1, block: number, sequence: 0, keyMR: hash, fullHash: hash })
  write(keys.chainEntry(chain, index), hash)
  write(keys.entry(hash), { count: copy + 1 })
  write(keys.entryCopy(hash, copy), { chain, block: number, index } satisfies EntryCopy)
  return { index, copy }
}

function extIdsIn(bytes: Uint8Array): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  for (let at = 35, end = 35 + (bytes[33]! << 8 | bytes[34]!); at < end;) {
    const length = bytes[at]! << 8 | bytes[at + 1]!
    found.push(bytes.slice(at + 2, at + 2 + length))
    at += 2 + length
  }
  return found
}
