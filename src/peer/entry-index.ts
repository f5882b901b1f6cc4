import { KeyedLock, limits, type Cid } from '../base/index.ts'
import type { RecordEffects } from '../records/index.ts'
import type { LedgerStore, RecordRows } from '../store/index.ts'
import { EntryFiling, type Copy } from './entry-filing.ts'
import {
  blockKey, copiesWith, copyAt, copyKey, entryBlockKey, hereAt, keptKey, pinKey, placeOfCopy, placeOfRef, stateKey, whenFrom, whenPrefix, within,
  type CopyPlace, type CopyRow, type KeptReason, type RecordedBlock,
} from './entry-keys.ts'
import type { ChainId, EntryHash } from './record-api.ts'

/** A block by what finds it again. */
export interface IndexSpot { readonly id: Cid, readonly root: Cid, readonly parent: Cid | null, readonly number: number }

/** How far it all is. */
export interface IndexState {
  /** The last block that was filed; null before there was any. */
  readonly at: IndexSpot | null
  /** No block up to this number is ever another. */
  readonly settled: number
  /** What a state alone told of is in no block behind this number. */
  readonly learned: number
  /** Up to this number what nobody needs was taken away. */
  readonly pruned: number
}

/** Since which number of the head an entry is kept. */
export interface KeptRow { readonly reason: KeptReason, readonly since: number }

const beginning: IndexState = { at: null, settled: 0, learned: -1, pruned: -1 }

/**
 * Entries that are here, and rows that find them: of the copies on the head's chain those of which this device knows. Each change is one write, whole or not done; where one takes several, each leaves every copy
 * with all of its rows or none, and how far it is changes with the last, so that it is begun again after a kill.
 */
export class EntryIndex {
  #state: IndexState
  readonly #pins: Set<ChainId>
  readonly #kept: Map<EntryHash, KeptRow>
  readonly #lock = new KeyedLock()
  #undone = 0

  private constructor(readonly rows: RecordRows, state: IndexState, pins: Iterable<ChainId>, kept: Iterable<readonly [EntryHash, KeptRow]>) {
    this.#state = state
    this.#pins = new Set(pins)
    this.#kept = new Map(kept)
  }

  static async open({ records }: Pick<LedgerStore<object>, 'records'>): Promise<EntryIndex> {
    const [[state], pins, kept] = await Promise.all([records.rows([stateKey]), records.keysBetween(...within(pinKey(''))), records.between(...within(keptKey('')))])
    return new EntryIndex(records, state as IndexState | null ?? beginning, pins.map(key => key.slice(pinKey('').length)), kept.map(([key, row]) => [key.slice(keptKey('').length), row as KeptRow]))
  }

  get state(): IndexState { return this.#state }
  /** How often blocks were taken back. */
  get undone(): number { return this.#undone }
  get pins(): ReadonlySet<ChainId> { return this.#pins }
  get kept(): ReadonlyMap<EntryHash, KeptRow> { return this.#kept }

  /** What a block recorded, and that it was read. */
  async add(effects: RecordEffects, time: number, at: IndexSpot, settled: number): Promise<void> {
    const { number, root } = at
    await this.#change({ at, settled }, async filing => {
      const copies = effects.entries.map(({ hash, chain, index, payer, bytes }) => ({ place: { number, time, chain, index }, row: { hash, payer, size: bytes.length } }))
      if (number <= this.#state.learned) for (const copy of copies) await this.#clear(copy, filing)
      for (const { hash, bytes } of effects.entries) await this.#bring(hash, bytes, filing)
      for (const [i, { bytes }] of effects.entries.entries()) filing.add(copies[i]!, bytes)
      if (effects.directoryBlock !== null) filing.rows.set(blockKey(number), { root, directory: effects.directoryBlock.bytes } satisfies RecordedBlock)
      for (const { chain, bytes } of effects.entryBlocks) filing.rows.set(entryBlockKey(number, chain), bytes)
    })
  }

  /** Blocks were read in which nothing was recorded, or whose records nobody here can tell. */
  async pass(at: IndexSpot, settled: number): Promise<void> { await this.#change({ at, settled }, async () => {}) }

  /** Takes back what blocks behind this number recorded: the last that was read is another. */
  async undo(above: number, at: IndexSpot | null, settled: number): Promise<void> {
    this.#undone++
    while (await this.#undoSome(above, at, settled));
  }

  /** Copies that a state told of, in blocks up to this number. Those that are known stay as they are. `undone`: as it was when that state was chosen; where blocks were taken back since, nothing is learned. */
  async learn(copies: readonly Copy[], upTo: number, undone: number): Promise<void> {
    let counts = false
    await this.#change(() => counts ? { learned: Math.max(this.#state.learned, upTo) } : {}, async filing => {
      counts = this.#undone === undone
      if (!counts) return
      const bytes = await this.rows.entries(copies.map(({ row }) => row.hash))
      for (const [i, copy] of copies.entries()) {
        const known = (await this.range(copy.place.chain, copy.place.index, copy.place.index + 1))[0]
        if (known?.row.hash === copy.row.hash && known.place.number === copy.place.number) continue
        await this.#clear(copy, filing)
        filing.add(copy, bytes[i] ?? null)
      }
    })
  }

  /** Bytes that came, of copies that are known. */
  async fill(entries: ReadonlyMap<EntryHash, Uint8Array>): Promise<void> {
    await this.#change({}, async filing => {
      for (const [hash, bytes] of entries) if (this.#kept.has(hash) || await this.rows.countBetween(...within(copiesWith(hash))) > 0) await this.#bring(hash, bytes, filing)
    })
  }

  async pin(chain: ChainId, on: boolean): Promise<void> {
    await this.#change(on ? {} : { pruned: -1 }, async filing => { filing.rows.set(pinKey(chain), on ? true : null) }, {
      durability: 'strict',
      done: () => {
        if (on) this.#pins.add(chain)
        else this.#pins.delete(chain)
      },
    })
  }

  /** Keeps an entry from now on, with these bytes where they are given. One the person wrote stays that. */
  async keep(hash: EntryHash, bytes: Uint8Array | null, { reason, since }: KeptRow): Promise<void> {
    const row: KeptRow = this.#kept.get(hash)?.reason === 'written' ? { reason: 'written', since } : { reason, since }
    await this.#change({}, async filing => {
      filing.rows.set(keptKey(hash), row)
      if (bytes !== null) await this.#bring(hash, bytes, filing)
    }, { durability: reason === 'written' ? 'strict' : 'relaxed', done: () => { this.#kept.set(hash, row) } })
  }

  /** Keeps it no longer than others are. */
  async unkeep(hash: EntryHash): Promise<void> {
    await this.#change({ pruned: -1 }, async filing => {
      filing.rows.set(keptKey(hash), null)
      if (await this.rows.countBetween(...within(copiesWith(hash))) === 0) filing.entries.set(hash, null)
    }, { done: () => { this.#kept.delete(hash) } })
  }

  /** What was taken for needed may be so no more. */
  async review(): Promise<void> { await this.#change({ pruned: -1 }, async () => {}) }

  /** Takes away a little of what blocks up to this number recorded and nobody needs. Resolves with whether there is more. */
  async prune(upTo: number, needed: (copy: Copy) => boolean): Promise<boolean> {
    const { pruned } = this.#state
    if (upTo <= pruned) return false
    const most = limits.recordsWritten + limits.blockRecords
    const places = (await this.rows.keysBetween(whenFrom(pruned + 1), whenFrom(upTo + 1), most)).map(placeOfRef)
    const last = places.length < most ? upTo : places.at(-1)!.number - 1 // of its block there may be more
    await this.#change(() => this.#state.pruned === pruned ? { pruned: last } : {}, async filing => {
      const copies = await this.copies(places.filter(({ number }) => number <= last))
      const stay = copies.filter(needed)
      const stays = new Set(stay.flatMap(({ place: { number, chain }, row: { payer } }) => payer === null ? [] : [blockKey(number), entryBlockKey(number, chain)])) // of what a state told nobody has its block
      await filing.drop(copies.filter(copy => !stay.includes(copy)), hash => this.#kept.has(hash))
      await filing.dropBlocks(pruned + 1, last, key => stays.has(key))
    })
    return last < upTo
  }

  /** Copies at these places, as far as there are. */
  async copies(places: readonly CopyPlace[]): Promise<readonly Copy[]> {
    const rows = await this.rows.rows(places.map(copyKey))
    return places.flatMap((place, i) => rows[i] === null ? [] : [{ place, row: rows[i] as CopyRow }])
  }

  /** Those of an entry, the oldest first. */
  async copiesOf(hash: EntryHash): Promise<readonly Copy[]> { return await this.copies((await this.rows.keysBetween(...within(copiesWith(hash)))).map(placeOfRef)) }

  /** Entries of a chain that are here, from an index up to before another one. */
  async here(chain: ChainId, from: number, end: number): Promise<number> { return await this.rows.countBetween(hereAt(chain, from), hereAt(chain, end)) }

  /** Those of a chain, from an index up to before another one. */
  async range(chain: ChainId, from: number, end: number): Promise<readonly Copy[]> {
    return (await this.rows.between(copyAt(chain, from), copyAt(chain, end))).map(([key, row]) => ({ place: placeOfCopy(key), row: row as CopyRow }))
  }

  /** A little of it. Resolves with whether there is more. */
  async #undoSome(above: number, at: IndexSpot | null, settled: number): Promise<boolean> {
    let more = false
    await this.#change(() => more ? {} : { at, settled }, async filing => {
      const keys = await this.rows.keysBetween(whenFrom(above + 1), within(whenPrefix)[1], limits.recordsWritten)
      await filing.drop(await this.copies(keys.map(placeOfRef)), hash => this.#kept.has(hash))
      more = keys.length === limits.recordsWritten
      if (!more) await filing.dropBlocks(above + 1, Infinity, () => false)
    })
    return more
  }

  /** What is known of the place of a copy that is known better now. */
  async #clear({ place: { chain, index }, row }: Copy, filing: EntryFiling): Promise<void> {
    await filing.drop(await this.range(chain, index, index + 1), hash => hash === row.hash || this.#kept.has(hash))
  }

  /** The bytes of an entry, for all of its copies that lack them. */
  async #bring(hash: EntryHash, bytes: Uint8Array, filing: EntryFiling): Promise<void> {
    filing.entries.set(hash, bytes)
    if (this.#state.learned < 0) return // blocks have always brought the bytes
    for (const copy of await this.copiesOf(hash)) if (copy.row.size === null && filing.rows.get(copyKey(copy.place)) !== null) filing.add(copy, bytes)
  }

  /** One write: what `file` adds, and how far it is then; `done` once it is there. */
  async #change(
    state: Partial<IndexState> | (() => Partial<IndexState>), file: (filing: EntryFiling) => Promise<void>, { durability = 'relaxed', done }: { readonly durability?: 'strict' | 'relaxed', done?(): void } = {},
  ): Promise<void> {
    await this.#lock.run('', async () => {
      const filing = new EntryFiling(this.rows)
      await file(filing)
      const change = typeof state === 'function' ? state() : state
      const next = Object.keys(change).length === 0 ? this.#state : { ...this.#state, ...change }
      // That there was nothing to take away is written down with whatever is written next.
      const isIdle = filing.rows.size === 0 && filing.entries.size === 0 && Object.keys(change).join() === 'pruned' && next.pruned > this.#state.pruned
      if (next !== this.#state) filing.rows.set(stateKey, next)
      if (!isIdle) await this.rows.write(filing, durability)
      this.#state = next
      done?.()
    })
  }
}
