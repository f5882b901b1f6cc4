import { limits, type Alarm } from '../base/index.ts'
import { entryHash, volumeEntries } from '../records/index.ts'
import type { Sync } from '../sync/index.ts'
import type { EntryIndex } from './entry-index.ts'
import { ChainVolumes, type VolumeSource } from './chain-volumes.ts'
import { hereOf, within } from './entry-keys.ts'
import type { ChainId, EntryHash } from './record-api.ts'
import type { EntrySource } from './record-reading.ts'
import { RecordState, blockTimes, learnable } from './record-state.ts'

export interface ChainFillParts {
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read'>
  readonly index: EntryIndex
  readonly source: Pick<EntrySource, 'fetch'>
  readonly volumes?: VolumeSource | undefined
  readonly clock: Alarm
  readonly signal: AbortSignal
}

/** Entries that no block brought here: where the state says they stand, and their bytes from whoever has them. */
export class ChainFill {
  /** When to try again, of chains of which something could not be had. */
  readonly #again = new Map<ChainId, number>()

  readonly #volumes: ChainVolumes | null

  constructor(private readonly parts: ChainFillParts) {
    const { volumes } = parts
    this.#volumes = volumes === undefined ? null : new ChainVolumes({ ...parts, volumes })
  }

  /** All of the chains that are followed. Resolves with whether anything came. */
  async fillPinned(): Promise<boolean> {
    const { index, clock, signal } = this.parts
    let came = false
    for (const chain of index.pins) {
      if (signal.aborted) break
      if ((this.#again.get(chain) ?? -Infinity) > clock.now()) continue
      if (await this.#fill(chain)) came = true
    }
    return came
  }

  /** What was given up is tried again at once. */
  retry(chain: ChainId): void { this.#again.delete(chain) }

  /**
   * Bytes of entries that are not here and that somebody gives; only what the newest state that is certain has is kept. Where no states are kept up (`headers`) that one is proved by others, and where an entry
   * stands is not filed before it is beyond doubt, as nothing would take it back. Resolves with those that came.
   */
  async fetch(hashes: readonly EntryHash[]): Promise<readonly EntryHash[]> {
    const { index, sync, source } = this.parts
    const here = await index.rows.entries(hashes)
    const wanted = [...new Set(hashes.filter((_, i) => here[i] === null))]
    const [link, { undone }] = [learnable(sync, index.state.at), index]
    if (wanted.length === 0 || link === null) return []
    const state = new RecordState(sync, sync.status.mode === 'full' ? link.root : undefined)
    const came: EntryHash[] = []
    for (let at = 0; at < wanted.length; at += limits.entriesAsked) {
      const got = judged(await source.fetch(wanted.slice(at, at + limits.entriesAsked)), wanted)
      for (const [hash, bytes] of got) {
        const copies = await state.copies(hash, limits.entriesAsked)
        if (copies.length === 0) continue
        const times = blockTimes(sync, new Set(copies.map(({ block }) => block)))
        const places = copies.map(({ chain, block, index: place }) => ({ number: block, time: times.get(block) ?? 0, chain, index: place }))
        await index.keep(hash, bytes, { reason: 'wanted', since: sync.status.head.header.number })
        const sure = sync.status.mode === 'full' ? places : places.filter(({ number }) => number <= link.header.number)
        await index.learn(sure.map(place => ({ place, row: { hash, payer: null, size: null } })), link.header.number, undone)
        came.push(hash)
      }
    }
    return came
  }

  async #fill(chain: ChainId): Promise<boolean> {
    const { index, sync, clock, signal } = this.parts
    const [link, { undone }] = [learnable(sync, index.state.at), index]
    if (link === null) return false
    const state = new RecordState(sync, link.root)
    const count = (await state.chain(chain))?.count ?? 0
    await this.#volumes?.share(chain, count)
    if (await index.rows.countBetween(...within(hereOf(chain))) >= count) return false
    let came = false
    let lacks = false
    let read = none
    const counts = (): boolean => index.undone === undone && !signal.aborted // else it is filled from another state, soon
    for (let from = 0; from < count && counts(); from += limits.entriesAsked) {
      if (from % volumeEntries === 0) read = await this.#volumes?.entriesOf(chain, from / volumeEntries, from + volumeEntries > count ? 0 : volumeEntries - await index.here(chain, from, from + volumeEntries)) ?? none
      const { got, missing } = await this.#fillPart(chain, from, Math.min(count, from + limits.entriesAsked), state, { upTo: link.header.number, undone }, read)
      came ||= got > 0
      lacks ||= missing > got
    }
    if (lacks && counts()) this.#again.set(chain, clock.now() + limits.entriesAgainMs)
    return came
  }

  /** Out of what was read of a volume, else from whoever has them. */
  async #bytesOf(wanted: readonly EntryHash[], read: ReadonlyMap<EntryHash, Uint8Array>): Promise<ReadonlyMap<EntryHash, Uint8Array>> {
    const asked = wanted.filter(hash => !read.has(hash))
    const came = asked.length === 0 ? none : judged(await this.parts.source.fetch(asked), asked)
    return new Map([...came, ...wanted.flatMap(hash => read.has(hash) ? [[hash, read.get(hash)!] as const] : [])])
  }

  async #fillPart(chain: ChainId, from: number, end: number, state: RecordState, { upTo, undone }: { readonly upTo: number, readonly undone: number }, read: ReadonlyMap<EntryHash, Uint8Array>): Promise<{ readonly got: number, readonly missing: number }> {
    const { index, sync } = this.parts
    const known = new Map((await index.range(chain, from, end)).map(copy => [copy.place.index, copy]))
    const open = Array.from({ length: end - from }, (_, i) => from + i).filter(place => known.get(place)?.row.size === undefined || known.get(place)?.row.size === null)
    if (open.length === 0) return { got: 0, missing: 0 }
    const hashes = await state.hashesAt(chain, open)
    const strange = open.flatMap((place, i) => hashes[i] === null || known.has(place) ? [] : [{ hash: hashes[i]!, index: place }])
    const blocks = await state.blocksOf(chain, strange)
    const times = blockTimes(sync, new Set(blocks.filter(block => block !== null)))
    await index.learn(strange.map(({ hash, index: place }, i) => ({ place: { number: blocks[i] ?? 0, time: times.get(blocks[i] ?? -1) ?? 0, chain, index: place }, row: { hash, payer: null, size: null } })), upTo, undone)
    const here = await index.rows.entries(hashes.map(hash => hash ?? ''))
    const wanted = [...new Set(hashes.filter((hash, i) => hash !== null && here[i] === null))].filter(hash => hash !== null)
    const got = await this.#bytesOf(wanted, read)
    await index.fill(got)
    return { got: open.length - hashes.filter(hash => hash !== null && wanted.includes(hash) && !got.has(hash)).length, missing: open.length }
  }
}

const none: ReadonlyMap<EntryHash, Uint8Array> = new Map()

/** Those of what came that were wanted, by their hashes: the other side of the line is believed in nothing. */
function judged(entries: readonly Uint8Array[], wanted: readonly EntryHash[]): ReadonlyMap<EntryHash, Uint8Array> {
  const found = new Map<EntryHash, Uint8Array>()
  for (const bytes of entries) {
    const hash = entryHash(bytes)
    if (wanted.includes(hash)) found.set(hash, bytes)
  }
  return found
}
