import { HoldfastError, limits, type Address } from '../base/index.ts'
import type { GroupCommit } from './group-commit.ts'
import type { ChainId, RecordStage } from './record-api.ts'
import type { RecordChanges, RecordStore, RecordValue } from './record-values.ts'

/** One entry of the person's while the ledger is open. */
export interface LiveRecord {
  value: RecordValue
  /** The block it was found in, by its header's id; null before it was looked for on this chain. */
  foundIn: string | null
}

/** A new one before it has its number. */
export type NewRecord = Pick<RecordValue, 'wish' | 'owner' | 'made' | 'chain' | 'entryHash' | 'begins' | 'after' | 'credits' | 'copies' | 'by'> & { readonly entry: Uint8Array }

/** The entries that are on their way or failed, and those that came to their end within a day, each kept before anything is done with it. */
export class RecordShelf {
  readonly #live = new Map<number, LiveRecord>()
  readonly #wishes = new Map<string, LiveRecord>()
  /** Those of a chain that no block has yet, in their order. */
  readonly #lines = new Map<ChainId, { readonly last: number, readonly members: Map<number, LiveRecord> }>()
  /** Credits that commits still to come take, by whose key pays: an address for the own one, a key of elsewhere in hex. */
  readonly #owing = new Map<string, number>()
  /** Being forgotten: nothing of them is written any more. */
  readonly #going = new Set<LiveRecord>()
  #next = 1
  /** Grows with each change. */
  #change = 0

  private constructor(private readonly store: RecordStore, private readonly writes: GroupCommit) {}

  static async open(store: RecordStore, writes: GroupCommit): Promise<RecordShelf> {
    const shelf = new RecordShelf(store, writes)
    for (const [, value] of await store.values('record/')) shelf.#adopt(value)
    return shelf
  }

  /** In the order they were asked for. */
  all(): Iterable<LiveRecord> { return this.#live.values() }
  get size(): number { return this.#live.size }
  get change(): number { return this.#change }
  ofNumber(number: number): LiveRecord | null { return this.#live.get(number) ?? null }
  ofWish(wish: string): LiveRecord | null { return this.#wishes.get(wish) ?? null }
  /** The number the next one gets. */
  get next(): number { return this.#next }

  /** Chains of which something is on its way, and that in its order. */
  lines(): readonly Iterable<LiveRecord>[] { return [...this.#lines.values()].map(({ members }) => members.values()) }
  /** What is to begin a chain. */
  beginnerOf(chain: ChainId): LiveRecord | null {
    const { value: first } = this.#lines.get(chain)?.members.values().next() ?? {}
    return first?.value.begins === true ? first : null
  }

  /** Credits of this owner's own key, or of the key `by`, that are as good as spent. */
  owing(owner: Address, by?: string): number { return this.#owing.get(by ?? owner) ?? 0 }

  /** The bytes of one that is not safe yet. */
  async entryOf({ value: { number } }: LiveRecord): Promise<Uint8Array> {
    const entry = await this.store.value(`record-entry/${nameOf(number)}`)
    if (entry === null) throw new HoldfastError('storage-damaged', 'an entry that waits is gone')
    return entry
  }

  /** New ones, in one write. */
  async add(fresh: readonly NewRecord[]): Promise<void> {
    const changes: RecordChanges = {}
    const values: RecordValue[] = []
    for (const { entry, ...rest } of fresh) {
      const value: RecordValue = { ...rest, number: this.#next++, commits: [], spent: false, place: null, problem: null, safe: null }
      changes[`record/${nameOf(value.number)}`] = value
      changes[`record-entry/${nameOf(value.number)}`] = entry
      values.push(value)
    }
    await this.writes.write(changes)
    for (const value of values) this.#adopt(value)
  }

  /** What became of some, in one write. Those that were forgotten meanwhile stay so. */
  async keep(news: readonly (readonly [LiveRecord, Partial<RecordValue>])[]): Promise<void> {
    const changes: RecordChanges = {}
    const values: (readonly [LiveRecord, RecordValue])[] = []
    for (const [live, change] of news) {
      if (this.#live.get(live.value.number) !== live || this.#going.has(live)) continue
      const value = { ...live.value, ...change }
      changes[`record/${nameOf(value.number)}`] = value
      if (value.safe !== null) changes[`record-entry/${nameOf(value.number)}`] = undefined
      values.push([live, value])
    }
    if (values.length === 0) return
    await this.writes.write(changes)
    for (const [live, value] of values) {
      if (this.#live.get(value.number) !== live) continue
      this.#count(live.value, -1)
      live.value = value
      this.#count(value, 1)
      this.#line(live)
      this.#change++
    }
  }

  async forget(gone: readonly LiveRecord[]): Promise<void> {
    const changes: RecordChanges = {}
    for (const { value: { number } } of gone) changes[`record/${nameOf(number)}`] = changes[`record-entry/${nameOf(number)}`] = undefined
    if (gone.length === 0) return
    for (const live of gone) this.#going.add(live)
    try { await this.writes.write(changes) } finally { for (const live of gone) this.#going.delete(live) }
    for (const live of gone) {
      const { value } = live
      if (!this.#live.delete(value.number)) continue
      if (this.#wishes.get(value.wish) === live) this.#wishes.delete(value.wish)
      this.#count(value, -1)
      this.#unline(value)
      this.#change++
    }
  }

  #adopt(value: RecordValue): void {
    const live: LiveRecord = { value, foundIn: null }
    this.#live.set(value.number, live)
    this.#wishes.set(value.wish, live)
    this.#next = Math.max(this.#next, value.number + 1)
    this.#count(value, 1)
    this.#line(live)
    this.#change++
  }

  #count({ owner, by, credits, spent, problem, place }: RecordValue, sign: 1 | -1): void {
    if (!spent && problem === null && place === null) this.#owing.set(by ?? owner, this.owing(owner, by) + sign * credits)
  }

  #line(live: LiveRecord): void {
    const { value } = live
    if (value.place !== null || value.problem !== null) { this.#unline(value); return }
    const line = this.#lines.get(value.chain)
    if (line === undefined) { this.#lines.set(value.chain, { last: value.number, members: new Map([[value.number, live]]) }); return }
    const { last, members } = line
    if (members.has(value.number)) return
    members.set(value.number, live)
    // One that comes back, as its block did not last, goes to its place again.
    this.#lines.set(value.chain, last < value.number ? { last: value.number, members } : { last, members: new Map([...members].toSorted(([a], [b]) => a - b)) })
  }

  #unline({ chain, number }: RecordValue): void {
    const line = this.#lines.get(chain)
    line?.members.delete(number)
    if (line?.members.size === 0) this.#lines.delete(chain)
  }
}

/** Those that failed, or are safe, are shown so long. */
export function isOver({ safe, problem, made }: Pick<RecordValue, 'safe' | 'problem' | 'made'>, now: number): boolean {
  return safe !== null && now - safe > limits.recordShownMs / 1000 || problem !== null && now - made > limits.recordFailedMs / 1000
}

export function stageOf({ problem, safe, place, commits }: Pick<RecordValue, 'problem' | 'safe' | 'commits'> & { readonly place: unknown }): RecordStage {
  if (problem !== null) return 'failed'
  if (safe !== null) return 'safe'
  return place !== null ? 'included' : commits.length > 0 ? 'offered' : 'local'
}

/** They are read in the order of their names. */
export function nameOf(number: number): string { return String(number).padStart(12, '0') }
