import { HoldfastError, limits, type Alarm } from '../base/index.ts'
import { ancestor, type Ledger, type Link } from '../ledger/index.ts'
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
  #from: number

  constructor(private readonly parts: EntryFollowParts) {
    const { at, from } = parts.index.state
    this.#at = at
    this.#from = from
  }

  /** Up to the head as it is now. Resolves with whether entries came or went. */
  async follow(): Promise<boolean> {
    const { index, clock, signal, sync: { chain, status: { head, mode } }, ledger: { parameters: { range } } } = this.parts
    if (this.#at?.id === head.id) return false
    const { keep, joined, gap } = diaryWay(chain, head, this.#at, range)
    const base = ancestor(chain, head, keep)
    const written = index.state.at
    this.#from = gap || this.#at === null ? keep + 1 : this.#from
    this.#at = base === null ? null : spotOf(base)
    const undone = written !== null && keep < written.number
    if (undone) await index.undo(keep, this.#at, this.#from)
    let changed = undone
    if (mode !== 'full') return changed
    for (const [i, link] of joined.entries()) {
      if (await this.#read(link)) changed = true
      if ((i + 1) % limits.diaryBlocks === 0) await clock.sleep(0, signal)
      if (signal.aborted) return changed
    }
    return changed
  }

  /** Takes away what is older than the mutable range and not `needed`. */
  async prune(needed: (copy: Copy) => boolean): Promise<void> {
    const { index, clock, signal, sync: { status: { head } }, ledger: { parameters: { range } } } = this.parts
    const upTo = Math.min(head.header.number, index.state.at?.number ?? head.header.number) - range - 1
    for (const [hash, { reason, since }] of index.kept) if (reason === 'wanted' && since < upTo) await index.unkeep(hash)
    while (!signal.aborted && await index.prune(upTo, needed)) await clock.sleep(0, signal)
  }

  async #read(link: Link): Promise<boolean> {
    const { index } = this.parts
    const effects = await this.#effects(link)
    const at = spotOf(link)
    if (effects === null) this.#from = link.header.number + 1
    const isEmpty = effects === null || effects.entries.length === 0
    if (!isEmpty) await index.add(effects, link.header.time, at, this.#from)
    else if (link.header.number - (index.state.at?.number ?? -Infinity) >= limits.diaryRestBlocks) await index.pass(at, this.#from)
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
