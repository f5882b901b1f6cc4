import { HoldfastError, limits, toHex } from '../base/index.ts'
import { entryHash, parseAddress } from '../records/index.ts'
import type { EntryShelf } from '../net/index.ts'
import { ChainFill } from './chain-fill.ts'
import { extIdsOf, type Copy } from './entry-filing.ts'
import { EntryFollow } from './entry-follow.ts'
import { EntryHolders } from './entry-holders.ts'
import { EntryIndex } from './entry-index.ts'
import { hereOf, payerPrefix, placeOfRef, whenFrom, within } from './entry-keys.ts'
import { searchEntries } from './entry-search.ts'
import type { ChainId, ChainPage, EntryHash, RecordChain, RecordEntry, RecordPage, RecordQuery, RecordService } from './record-api.ts'
import type { LibraryParts, RecordReader } from './record-reading.ts'
import { RecordReceipts } from './record-receipts.ts'
import { RecordState, blockTimes } from './record-state.ts'
import { shownEntry } from './record-views.ts'
import { Rerun } from './rerun.ts'

/** Which entry stands in a place of a chain, and in which block; null where nobody can tell. */
interface Standing { readonly hash: EntryHash, readonly chain: ChainId, readonly index: number, readonly block: number | null, readonly copy: Copy | null }

/**
 * Chains and entries as pages ask for them. What stands where is what the newest state says, from this device or proved by others; what it says, who paid and what finds it is filed here. Whoever holds the ledger
 * tells it when the head, the safety root or the person is another.
 */
export class EntryLibrary implements RecordReader {
  readonly shelf: EntryShelf = { read: async hashes => await this.index.rows.entries(hashes) }
  readonly #closing = new AbortController()
  readonly #follow: EntryFollow
  readonly #fill: ChainFill
  readonly #holders: EntryHolders
  readonly #receipts: RecordReceipts
  readonly #following = new Rerun(async () => { await this.#keepUp() })
  readonly #filling = new Rerun(async () => { if (await this.#fill.fillPinned()) this.#changed() })
  /** Keys of the person's, in hex. Null before it is known whether there are any: nothing is let go of until then, for a while. */
  #payers: ReadonlySet<string> | null = null
  readonly #opened: number
  #safe = -1
  #seen = ''
  #chainCount = 0

  private constructor(private readonly parts: LibraryParts, readonly index: EntryIndex) {
    const { source, clock } = parts
    this.#opened = clock.now()
    this.#follow = new EntryFollow({ ...parts, index, signal: this.#closing.signal })
    this.#fill = new ChainFill({ ...parts, index, signal: this.#closing.signal })
    this.#receipts = new RecordReceipts({ ...parts, index })
    this.#holders = new EntryHolders(source, clock, () => { this.#changed() })
  }

  static async open(parts: LibraryParts): Promise<EntryLibrary> {
    const library = new EntryLibrary(parts, await EntryIndex.open(parts.store))
    library.moved()
    return library
  }

  get chainCount(): number { return this.#chainCount }

  moved(): void { this.#following.ask() }

  setPayers(creditAddresses: readonly string[]): void {
    const [before, next] = [this.#payers, new Set(creditAddresses.map(payerKey))]
    this.#payers = next
    if (before === null) this.moved()
    if (before === null || [...before].every(key => next.has(key))) return
    void this.index.review().then(() => { this.moved() }, () => {}) // the store failed: what is kept stays so until the next look
  }

  async written(entry: Uint8Array): Promise<void> { await this.index.keep(entryHash(entry), entry, { reason: 'written', since: this.#head }) }
  async unwritten(hash: EntryHash): Promise<void> { await this.index.unkeep(hash) }

  readonly chains: RecordService['chains'] = async ({ only, offset, limit }) => {
    checkPage(offset, limit)
    const state = new RecordState(this.parts.sync)
    const most = Math.min(limit, limits.recordsPage)
    if (only !== 'all') return await this.#chainPage(only === 'pinned' ? this.index.pins : await this.#ownChains(), offset, most, state)
    const total = await state.chainTotal()
    const places = Array.from({ length: Math.max(0, Math.min(most, total - offset)) }, (_, i) => total - 1 - offset - i)
    return { chains: await this.#shownChains(await state.chainsAt(places), state), total }
  }

  readonly chain: RecordService['chain'] = async id => {
    checkHash(id)
    return (await this.#shownChains([id], new RecordState(this.parts.sync)))[0] ?? null
  }

  readonly entries: RecordService['entries'] = async (id, from, count) => {
    checkHash(id)
    checkPage(from, count)
    const state = new RecordState(this.parts.sync)
    const end = Math.min((await state.chain(id))?.count ?? 0, from + Math.min(count, limits.recordsPage))
    const places = Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i)
    const hashes = await state.hashesAt(id, places)
    return await this.#shown(await this.#standings(id, places.flatMap((index, i) => hashes[i] === null ? [] : [{ hash: hashes[i]!, index }]), state))
  }

  readonly entry: RecordService['entry'] = async hash => {
    checkHash(hash)
    const state = new RecordState(this.parts.sync)
    const [first] = await state.copies(hash, 1)
    if (first === undefined) return null
    const { chain, index, block } = first
    return (await this.#shown([{ hash, chain, index, block, copy: await this.#filed(chain, index, hash) }]))[0] ?? null
  }

  readonly search = async (query: RecordQuery): Promise<RecordPage> => {
    const { copies, total } = await searchEntries(this.index, query)
    return { entries: await this.#shown(copies.map(copy => ({ ...copy.place, hash: copy.row.hash, block: copy.place.number, copy }))), total }
  }

  readonly pin: RecordService['pin'] = async (id, on) => {
    checkHash(id)
    if (on && await new RecordState(this.parts.sync).chain(id) === null) throw new HoldfastError('not-found', 'there is no such chain')
    await this.index.pin(id, on)
    this.#fill.retry(id)
    this.#changed()
    this.#filling.ask()
    if (!on) this.moved()
  }

  readonly fetch: RecordService['fetch'] = async hashes => {
    for (const hash of hashes) checkHash(hash)
    if (hashes.length > limits.recordsPage) throw new HoldfastError('too-many', `more than ${limits.recordsPage} entries at once`)
    const came = await this.#fill.fetch(hashes)
    if (came.length > 0) this.#changed()
    return came
  }

  readonly receipt: RecordService['receipt'] = async hash => {
    checkHash(hash)
    return await this.#receipts.make(hash)
  }

  readonly verify: RecordService['verify'] = async (text, trusted) => {
    for (const root of trusted) checkHash(root)
    return await Promise.resolve(this.#receipts.verify(text, trusted))
  }

  async settle(): Promise<void> {
    await this.#following.now()
    await this.#filling.now()
  }

  close(): void { this.#closing.abort() }

  get #head(): number { return this.parts.sync.status.head.header.number }

  async #keepUp(): Promise<void> {
    if (this.#closing.signal.aborted) return
    let changed = await this.#follow.follow()
    const payers = this.#payers ?? (this.parts.clock.now() - this.#opened > limits.payerUnknownMs ? new Set<string>() : null)
    if (payers !== null) await this.#follow.prune(({ place: { chain }, row }) => this.index.pins.has(chain) || this.index.kept.has(row.hash) || row.payer !== null && payers.has(row.payer))
    const { head, safe, mode } = this.parts.sync.status
    const { number } = safe.header
    const [from, to] = [Math.min(this.#safe, number) + 1, Math.max(this.#safe, number) + 1]
    if (from < to && await this.index.rows.countBetween(whenFrom(from), whenFrom(to)) > 0) changed = true
    this.#safe = number
    const seen = [head.id, safe.id, mode].join() // the status changes far more often than this
    if (seen !== this.#seen) {
      this.#filling.ask()
      const before = this.#chainCount
      this.#chainCount = await new RecordState(this.parts.sync).chainTotal().catch(() => before) // nobody tells just now
      if (this.#chainCount !== before) changed = true
    }
    this.#seen = seen
    if (changed) this.#changed()
  }

  #changed(): void {
    if (!this.#closing.signal.aborted) this.parts.changed()
  }

  /** Of chains of which entries are the person's. */
  async #ownChains(): Promise<ReadonlySet<ChainId>> {
    const { index } = this
    const paid = await Promise.all([...this.#payers ?? []].map(async key => await index.rows.keysBetween(...within(payerPrefix(key)))))
    const own = new Set(paid.flat().map(each => placeOfRef(each).chain))
    for (const [hash, { reason }] of index.kept) if (reason === 'written') for (const { place } of await index.copiesOf(hash)) own.add(place.chain)
    return own
  }

  /** Those with the newest entries first. */
  async #chainPage(ids: Iterable<ChainId>, offset: number, most: number, state: RecordState): Promise<ChainPage> {
    const all = [...ids]
    const rows = await state.chains(all)
    const there = all.flatMap((id, i) => rows[i] === null ? [] : [{ id, block: rows[i]!.block }]).sort((a, b) => b.block - a.block || (a.id < b.id ? -1 : 1))
    return { chains: await this.#shownChains(there.slice(offset, offset + most).map(({ id }) => id), state), total: there.length }
  }

  async #shownChains(ids: readonly ChainId[], state: RecordState): Promise<readonly RecordChain[]> {
    const { index, parts: { sync } } = this
    const rows = (await state.chains(ids)).map((row, i) => ({ id: ids[i]!, row })).filter(({ row }) => row !== null)
    const firsts = await index.rows.entries(rows.map(({ row }) => row!.first))
    const times = blockTimes(sync, new Set(rows.map(({ row }) => row!.block)))
    return await Promise.all(rows.map(async ({ id, row }, i) => {
      const { first, head, count, block } = row!
      const newest = await this.#filed(id, count - 1, head)
      return {
        id, name: firsts[i] === null ? null : extIdsOf(firsts[i]!).map(each => each.slice()), first, head, count, block, time: times.get(block) ?? newest?.place.time ?? 0,
        pinned: index.pins.has(id), here: await index.rows.countBetween(...within(hereOf(id))), safe: block <= sync.status.safe.header.number,
      }
    }))
  }

  /** The copy in a place of a chain, where it is filed here and is this entry. */
  async #filed(chain: ChainId, index: number, hash: EntryHash): Promise<Copy | null> {
    const [copy] = await this.index.range(chain, index, index + 1)
    return copy?.row.hash === hash ? copy : null
  }

  /** Entries of a chain with the blocks they are in: as filed, or else as the state says. */
  async #standings(chain: ChainId, wanted: readonly { readonly hash: EntryHash, readonly index: number }[], state: RecordState): Promise<readonly Standing[]> {
    if (wanted.length === 0) return []
    const filed = new Map((await this.index.range(chain, wanted[0]!.index, wanted.at(-1)!.index + 1)).map(copy => [copy.place.index, copy]))
    const copies = wanted.map(({ hash, index }) => filed.get(index)?.row.hash === hash ? filed.get(index)! : null)
    const open = wanted.filter((_, i) => copies[i] === null)
    const blocks = new Map((await state.blocksOf(chain, open)).map((block, i) => [open[i]!.index, block]))
    return wanted.map(({ hash, index }, i) => ({ hash, chain, index, block: copies[i]?.place.number ?? blocks.get(index) ?? null, copy: copies[i] ?? null }))
  }

  async #shown(standings: readonly Standing[]): Promise<readonly RecordEntry[]> {
    const { sync } = this.parts
    const bytes = await this.index.rows.entries(standings.map(({ hash }) => hash))
    const holders = this.#holders.of(standings.map(({ hash }) => hash))
    const times = blockTimes(sync, new Set(standings.flatMap(({ block, copy }) => block === null || copy !== null && copy.place.time > 0 ? [] : [block])))
    return standings.map(({ hash, chain, index, block, copy }, i) => shownEntry({
      hash, chain, index, block: block ?? 0, time: copy !== null && copy.place.time > 0 ? copy.place.time : times.get(block ?? -1) ?? 0,
      row: copy?.row ?? null, bytes: bytes[i] ?? null, holders: holders[i] ?? null, safe: block === null ? -1 : sync.status.safe.header.number,
    }))
  }
}

function payerKey(creditAddress: string): string {
  const address = parseAddress(creditAddress)
  if (!address.ok || address.value.kind !== 'EC') throw new HoldfastError('bad-input', 'not an address of entry credits')
  return toHex(address.value.payload)
}

function checkHash(text: string): void {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new HoldfastError('bad-input', 'not 32 bytes in lower-case hex')
}

function checkPage(from: number, count: number): void {
  if (![from, count].every(value => Number.isSafeInteger(value) && value >= 0)) throw new HoldfastError('bad-input', 'no such page')
}
