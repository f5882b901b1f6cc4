import { HoldfastError, limits, type Alarm } from '../base/index.ts'
import { ancestor, pastOf, type Ledger, type Link } from '../ledger/index.ts'
import type { RecordEffects } from '../records/index.ts'
import type { Sync } from '../sync/index.ts'
import { diaryWay } from './diary-way.ts'
import type { Copy } from './entry-filing.ts'
import type { EntryIndex, IndexSpot } from './entry-index.ts'

export interface EntryFollowParts {
  readonly ledger: Pick<Ledger, 'recordsOf' | 'parameters'>
  readonly sync: Pick<Sync, 'status' | 'chain'>
  readonly index: EntryIndex
  readonly clock: Alarm
  readonly signal: AbortSignal
}

/**
 * Keeps the index in step with the head: takes back what blocks brought that are no longer on the chain, reads those that are, and goes on after a restart from the block that was written down last. On a
 * metered line, where blocks are not executed, it takes back alone.
 */
export class EntryFollow {
  /** The last block that was read: what came after the one that is written down recorded nothing. */
  #at: IndexSpot | null

  constructor(private readonly parts: EntryFollowParts) { this.#at = parts.index.state.at }

  /** Up to the head as it is now. Resolves with whether entries came or went. */
  async follow(): Promise<boolean> {
    const { index, clock, signal, sync: { chain, status: { head, mode } }, ledger: { parameters: { range } } } = this.parts
    if (this.#at?.id === head.id) return false
    const { keep, joined, gap } = diaryWay(chain, head, this.#at, range)
    const stands = gap ? Math.min(keep, this.#common(head)) : keep
    const base = ancestor(chain, head, keep)
    const spot = base === null ? null : spotOf(base)
    let changed = index.state.at !== null && stands < index.state.at.number
    if (changed) await index.undo(stands, spot, this.#settled)
    this.#at = spot
    if (mode !== 'full') return changed
    for (const [i, link] of joined.entries()) {
      if (await this.#read(link)) changed = true
      if ((i + 1) % limits.diaryBlocks === 0) await clock.sleep(0, signal)
      if (signal.aborted) return changed
    }
    return changed
  }

  /** Up to which number the chain of the head is for sure the one that was read, after it was not followed for longer than the mutable range. */
  #common(head: Link): number {
    const { chain } = this.parts.sync
    const read = this.#at === null ? null : chain.record(this.#at.root)
    if (read === null) return this.parts.index.state.settled
    const roots = new Set([...pastOf(chain, head)].map(({ root }) => root))
    for (const { root, header: { number } } of pastOf(chain, read)) if (roots.has(root)) return number
    return this.parts.index.state.settled
  }

  get #settled(): number { return this.parts.sync.status.safe.header.number }

  /** Takes away what is older than the mutable range and not `needed`. */
  async prune(needed: (copy: Copy) => boolean): Promise<void> {
    const { index, clock, signal, sync: { status: { head } }, ledger: { parameters: { range } } } = this.parts
    const upTo = head.header.number - range - 1
    for (const [hash, { reason, since }] of index.kept) if (reason === 'wanted' && since < upTo) await index.unkeep(hash)
    while (!signal.aborted && await index.prune(upTo, needed)) await clock.sleep(0, signal)
  }

  async #read(link: Link): Promise<boolean> {
    const { index } = this.parts
    const effects = await this.#effects(link)
    const at = spotOf(link)
    const isEmpty = effects === null || effects.entries.length === 0
    if (!isEmpty) await index.add(effects, link.header.time, at, this.#settled)
    else if (link.header.number - (index.state.at?.number ?? -Infinity) >= limits.diaryRestBlocks) await index.pass(at, this.#settled)
    this.#at = at
    return !isEmpty
  }

  /** Null where its body, or the state before it, is not here. */
  async #effects({ root }: Link): Promise<RecordEffects | null> {
    try { return await this.parts.ledger.recordsOf(root) } catch (error) {
      if (HoldfastError.from(error).code !== 'not-found') throw error
      return null
    }
  }
}

function spotOf({ id, root, parent, header: { number } }: Link): IndexSpot { return { id, root, parent, number } }
