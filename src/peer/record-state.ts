import { HoldfastError, limits, type Cid } from '../base/index.ts'
import { ancestor, pastOf, type Link } from '../ledger/index.ts'
import { keys, type ChainRow, type EntryCopy, type StateKey } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { ChainId, EntryHash } from './record-api.ts'
import { readRows } from './upload-state.ts'

/** What one state says of chains and entries: from this device where it has that state, else proved by others. Fails with `peer-unreachable` where nobody can tell. */
export class RecordState {
  #root: Cid | undefined

  /** Without a root: of the newest state that is certain, from the first answer on the same. */
  constructor(private readonly sync: Pick<Sync, 'read'>, root?: Cid) { this.#root = root }

  async chain(id: ChainId): Promise<ChainRow | null> { return (await this.chains([id]))[0] ?? null }
  async chains(ids: readonly ChainId[]): Promise<readonly (ChainRow | null)[]> { return await this.#rows(ids.map(id => keys.chain(id))) }
  async chainTotal(): Promise<number> { return (await this.#rows([keys.chains.total]))[0] ?? 0 }

  /** Chains in the order they began, at these places. */
  async chainsAt(places: readonly number[]): Promise<readonly ChainId[]> { return (await this.#rows(places.map(place => keys.chains.at(place)))).filter(id => id !== null) }

  /** Hashes of the entries of a chain at these places; null where it has none. */
  async hashesAt(id: ChainId, indexes: readonly number[]): Promise<readonly (EntryHash | null)[]> { return await this.#rows(indexes.map(index => keys.chainEntry(id, index))) }

  async copyCount(hash: EntryHash): Promise<number> { return (await this.#rows([keys.entry(hash)]))[0]?.count ?? 0 }

  /** The first copies of an entry, oldest first; no more than `most`. */
  async copies(hash: EntryHash, most: number): Promise<readonly EntryCopy[]> {
    const count = Math.min(most, await this.copyCount(hash))
    return (await this.#rows(Array.from({ length: count }, (_, i) => keys.entryCopy(hash, i)))).filter(copy => copy !== null)
  }

  /** Numbers of the blocks in which entries of a chain stand, each told by its hash and its index there; null where it has too many copies to look through. */
  async blocksOf(chain: ChainId, wanted: readonly { readonly hash: EntryHash, readonly index: number }[]): Promise<readonly (number | null)[]> {
    const blocks: (number | null)[] = []
    const seen = new Map<EntryHash, readonly EntryCopy[]>()
    for (const { hash, index } of wanted) {
      const copies = seen.get(hash) ?? await this.copies(hash, limits.entryCopies)
      seen.set(hash, copies)
      blocks.push(copies.find(copy => copy.chain === chain && copy.index === index)?.block ?? null)
    }
    return blocks
  }

  async #rows<T>(wanted: readonly StateKey<T>[]): Promise<readonly (T | null)[]> {
    return await readRows(async names => {
      const found: (Uint8Array | null)[] = []
      for (let at = 0; at < names.length; at += limits.uploadsProvedAtOnce) {
        const some = await this.sync.read(names.slice(at, at + limits.uploadsProvedAtOnce), this.#root)
        if (some === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the ledger has')
        this.#root ??= some.root
        found.push(...some.values)
      }
      return found
    }, wanted)
  }
}

/** A state whose blocks are filed here or beyond doubt, from which copies may be learned; null before there is one. */
export function learnable({ status: { mode, safe, head }, chain }: Pick<Sync, 'status' | 'chain'>, filed: { readonly number: number, readonly id: Cid } | null): Link | null {
  if (mode !== 'full') return safe
  const link = filed === null ? null : ancestor(chain, head, filed.number)
  return link?.id === filed?.id ? link : null
}

/** Times of blocks by their numbers, of the chain of the head; those whose headers are not here any more are not among them. */
export function blockTimes({ status: { head }, chain }: Pick<Sync, 'status' | 'chain'>, numbers: ReadonlySet<number>): ReadonlyMap<number, number> {
  const times = new Map<number, number>()
  const least = Math.min(...numbers)
  for (const { header: { number, time } } of pastOf(chain, head)) {
    if (number < least) break
    if (numbers.has(number)) times.set(number, time)
  }
  return times
}
