import { limits, type Address, type Alarm, type ErrorObject } from '../base/index.ts'
import type { KeyService } from '../keys/index.ts'
import type { Parameters } from '../ledger/index.ts'
import { commitWindow } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import { isOver, type LiveRecord, type RecordShelf } from './record-shelf.ts'
import { copyOf, groundOf, isOverAt, isOverForGood, readFor, standingOf, type Ground } from './record-standing.ts'
import type { RecordKeys, RecordValue, SignedItem } from './record-values.ts'
import { StateFacts } from './state-facts.ts'

export interface RecordOutboxParts {
  readonly network: string
  readonly parameters: Pick<Parameters, 'short' | 'creditRate'>
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read' | 'submitRecord' | 'withdrawRecord'>
  readonly keys: Pick<KeyService, 'signRecords'>
  readonly clock: Alarm
  readonly shelf: RecordShelf
  /** Whose entries these are, and what pays for them; null where that is not known yet. */
  payer(): RecordKeys | null
  /** Entry credits that are being bought. */
  coming(): number
  /** What buying so many credits takes. */
  priceOf(credits: number): number
  changed(): void
}

type News = Partial<RecordValue>

/**
 * Entries of the person's, each from the wish to the safety root: its commit is signed and kept, then offered; its reveal follows. What became of them is read off the state of the
 * newest block each time, so that it does not matter where this was broken off, nor which branch wins. A commit is signed again only when no block can take the former any more.
 *
 * An entry that begins a chain is revealed when a block has its commit: from then on the ChainID is reserved for its key, and nobody who sees the name can be quicker. Others are revealed
 * with their commit, as there is nothing to gain for whoever sees them. Several of one chain keep their order: those behind the first are revealed when theirs and all commits before are paid,
 * so that no block can take one and leave out another before it.
 */
export class RecordOutbox {
  #working: Promise<void> | null = null
  #again = false
  #closed = false
  #facts: { readonly root: string, readonly facts: StateFacts } | null = null

  constructor(private readonly parts: RecordOutboxParts) {}

  /** Looks after all that is on its way: on a new head, when there is more of it, or when keys can be used again. */
  async kick(): Promise<void> {
    this.#again = true
    this.#working ??= this.#work().finally(() => { this.#working = null })
    await this.#working
  }

  close(): void { this.#closed = true }

  async #work(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      // The store, the keys or somebody who was asked failed: all is tried again with the next head, from what is kept.
      try { await this.#look() } catch { return }
    }
  }

  async #look(): Promise<void> {
    const { sync, shelf, parameters, clock } = this.parts
    const payer = this.parts.payer()
    const ground = groundOf(sync.chain, sync.status, parameters.short)
    if (payer === null || ground === null) return
    const now = Math.floor(clock.now() / 1000)
    await shelf.forget([...shelf.all()].filter(({ value }) => isOver(value, now)))
    const own = [...shelf.all()].filter(({ value }) => value.owner === payer.owner)
    if (own.every(({ value }) => value.safe !== null)) return
    const facts = this.#factsOf(ground)
    if (!await facts.load(ground.at.root, [keys.credit(payer.credit)])) return
    await this.#follow(own, ground, facts)
    await this.#sign(own, ground, facts, payer)
    await this.#offer(own, ground, facts)
    this.parts.changed()
  }

  #factsOf({ at }: Ground): StateFacts {
    if (this.#facts?.root !== at.root) this.#facts = { root: at.root, facts: new StateFacts(this.parts.sync) }
    return this.#facts.facts
  }
}
