import type { Cid } from '../base/index.ts'
import type { Parameters } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import { groundOf, type Ground } from './record-standing.ts'
import type { RecordKeys } from './record-values.ts'
import { StateFacts } from './state-facts.ts'

/** The newest state, what was read of it, and whose affairs are looked after. Credits and Factoids of theirs are read. */
export interface Round { readonly ground: Ground, readonly facts: StateFacts, readonly payer: RecordKeys, readonly idAt: (number: number) => Cid | null }

export interface RoundsParts {
  readonly sync: Pick<Sync, 'status' | 'chain' | 'read'>
  readonly parameters: Pick<Parameters, 'short'>
  /** Null where it is not known yet. */
  payer(): RecordKeys | null
  /** Does what follows from a state, as often as it is called. */
  look(round: Round): Promise<void>
}

/** Looks at the newest state again and again, one round at a time: on a new head, when something is wanted, or when keys can be used again. */
export class RecordRounds {
  #working: Promise<void> | null = null
  #again = false
  #closed = false
  #last: Round | null = null

  constructor(private readonly parts: RoundsParts) {}

  /** Resolves when nothing is left to be done for now. */
  async kick(): Promise<void> {
    this.#again = true
    this.#working ??= this.#work()
    await this.#working
  }

  /** The round of the newest state, after it was looked at; null where nobody tells of it, or it is not known for whom. */
  async now(): Promise<Round | null> {
    const round = await this.#begin()
    if (round === null || round.ground.at.root === this.#last?.ground.at.root) return round
    await this.kick()
    return await this.#begin()
  }

  close(): void { this.#closed = true }

  async #work(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        const round = await this.#begin()
        if (round === null) continue
        await this.parts.look(round)
        this.#last = round
      } catch { /* the store, the keys or somebody who was asked failed: all is tried again with the next head, from what is kept */ }
    }
    this.#working = null // at once: whoever asks from now on begins anew
  }

  async #begin(): Promise<Round | null> {
    const { sync, parameters: { short } } = this.parts
    const [ground, payer] = [groundOf(sync.chain, sync.status, short), this.parts.payer()]
    if (ground === null || payer === null) return null
    const { at, chain } = ground
    const facts = this.#last?.ground.at.root === at.root ? this.#last.facts : new StateFacts(sync)
    if (!await facts.load(at.root, [keys.credit(payer.credit), keys.factoid(payer.factoid)])) return null
    return { ground, facts, payer, idAt: numbered(chain, at) }
  }
}

/** Ids of blocks of a chain by their numbers; the chain is walked once. */
function numbered(chain: Ground['chain'], at: Ground['at']): (number: number) => Cid | null {
  const ids = new Map<number, Cid>()
  let next: Ground['at'] | null = at
  return number => {
    while (next !== null && next.header.number >= number) {
      ids.set(next.header.number, next.id)
      next = next.parent === null ? null : chain.record(next.parent)
    }
    return ids.get(number) ?? null
  }
}
