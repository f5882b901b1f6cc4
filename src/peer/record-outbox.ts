import { limits, type Cid, type ErrorObject } from '../base/index.ts'
import type { RecordRequest } from '../keys/index.ts'
import { keys, type StateKey } from '../state/index.ts'
import { follow } from './record-follow.ts'
import { nowOf, signed, timeOf, type LaneParts } from './record-lane.ts'
import { commitsToOffer, isFlying, planSigning, revealsOf } from './record-plan.ts'
import type { Round } from './record-rounds.ts'
import { isOver, type LiveRecord, type RecordShelf } from './record-shelf.ts'
import type { SignedItem } from './record-values.ts'

export interface RecordOutboxParts extends LaneParts {
  readonly shelf: RecordShelf
  /** Entry credits that are being bought for a key. */
  coming(key: string): number
  /** Why credits are missing, and what buying them takes; `by`: of a key of elsewhere. */
  poor(missing: number, by?: string): ErrorObject
  changed(): void
}

/** What is offered of one, by its ids, and at which head it was last. */
interface Offered { readonly commit: string | null, readonly reveal: string | null, readonly at: Cid }

/**
 * Entries of the person's, each from the wish to the safety root: its commit is signed and kept, then offered; its reveal follows. What became of them is read off the state of the
 * newest block each time, so that it does not matter where this was broken off, nor which branch wins. A commit is signed again only when no block can take the former any more.
 *
 * An entry that begins a chain is revealed when a block has its commit: from then on the ChainID is reserved for its key, and nobody who sees the name can be quicker. Others are revealed
 * with their commit, as there is nothing to gain for whoever sees them. Several of one chain keep their order: those behind the first are revealed when theirs and all commits before are paid,
 * so that no block can take one and leave out another before it.
 */
export class RecordOutbox {
  readonly #offered = new Map<LiveRecord, Offered>()
  readonly #entries = new Map<LiveRecord, Uint8Array>()

  constructor(private readonly parts: RecordOutboxParts) {}

  /** Whether somebody else has all that is offered of it now, so that it goes on without this device. */
  wasPulled(live: LiveRecord): boolean {
    const { lane } = this.parts
    const { commit, reveal } = this.#offered.get(live) ?? { commit: null, reveal: null }
    const { spent, place } = live.value
    return place !== null || isFlying(live) && reveal !== null && lane.wasPulled(reveal) && (spent || commit !== null && lane.wasPulled(commit))
  }

  /** Does what follows from a state. */
  async look(round: Round): Promise<void> {
    const { shelf, sync, changed } = this.parts
    const now = nowOf(this.parts)
    const gone = [...shelf.all()].filter(({ value }) => isOver(value, now))
    await shelf.forget(gone)
    const own = (): readonly LiveRecord[] => [...shelf.all()].filter(({ value }) => value.owner === round.payer.owner)
    const turns = await follow(own(), round, sync.status.safe.header.number, now)
    if (turns === null) return
    await shelf.keep(turns.flatMap(({ live, change }) => Object.keys(change).length === 0 ? [] : [[live, change]]))
    for (const { live, foundIn } of turns) live.foundIn = foundIn
    await this.#sign(own(), round).catch(() => {}) // locked, or the disk is full: what was signed goes on without it
    await this.#offer(own(), round)
    changed()
  }

  async #sign(own: readonly LiveRecord[], round: Round): Promise<void> {
    const { shelf, coming, poor } = this.parts
    const { ground: { at }, facts } = round
    const read = own.flatMap(({ value: { place, problem, chain, by } }): readonly StateKey<unknown>[] => place !== null || problem !== null ? [] : by === undefined ? [keys.chain(chain)] : [keys.chain(chain), keys.credit(by)])
    if (!await facts.load(at.root, read)) return
    const { failed, sign } = planSigning(own, round, { most: limits.recordsFlying, coming, ofNumber: number => shelf.ofNumber(number), poor })
    await shelf.keep(failed.map(([live, problem]) => [live, { problem }]))
    let last = Math.max(0, ...own.flatMap(({ value: { commits } }) => commits.map(({ time }) => time)))
    for (const some of batchesOf(sign)) {
      const requests: RecordRequest[] = []
      for (const live of some) {
        last = Math.max(timeOf(this.parts), last + 1) // each later than those before, by which blocks order their reveals; and two of one entry with one time would be one payment
        requests.push({ kind: 'commit', time: last, entry: await this.#entryOf(live), begins: live.value.begins, ...live.value.by === undefined ? {} : { by: live.value.by } })
      }
      const result = await signed(this.parts, requests)
      await shelf.keep(some.map((live, i) => [live, 'problem' in result ? result : { commits: [...live.value.commits, { bytes: result.all[i]!, time: requests[i]!.time } satisfies SignedItem] }]))
    }
  }

  async #offer(own: readonly LiveRecord[], round: Round): Promise<void> {
    const { shelf, sync: { status: { head } } } = this.parts
    const there = new Set(own)
    for (const [live, offered] of this.#offered) {
      if (!there.has(live) || !isFlying(live)) await this.#takeBack(live, offered)
      else if (live.value.spent && offered.commit !== null) {
        await this.parts.lane.withdraw(offered.commit)
        this.#offered.set(live, { ...offered, commit: null })
      }
    }
    for (const live of commitsToOffer(own, round)) {
      const before = this.#offered.get(live)
      if (before?.at === head.id) continue
      const commit = await this.#submit(live.value.commits.at(-1)!.bytes)
      this.#offered.set(live, { commit, reveal: before?.reveal ?? null, at: head.id })
    }
    for (const line of shelf.lines()) {
      for (const live of revealsOf(line)) {
        if (!there.has(live)) break
        const before = this.#offered.get(live)
        if (before?.at === head.id && before.reveal !== null) continue
        const reveal = await this.#submit(await this.#entryOf(live))
        this.#offered.set(live, { commit: before?.commit ?? null, reveal, at: head.id })
      }
    }
  }

  /** Its id; null where the ledger will not have it as it is now: it is offered again with the next head. */
  async #submit(bytes: Uint8Array): Promise<string | null> {
    const verdict = await this.parts.lane.submit(bytes)
    return verdict.ok ? verdict.id : null
  }

  async #takeBack(live: LiveRecord, { commit, reveal }: Offered): Promise<void> {
    this.#offered.delete(live)
    this.#entries.delete(live)
    for (const id of [commit, reveal]) if (id !== null) await this.parts.lane.withdraw(id)
  }

  async #entryOf(live: LiveRecord): Promise<Uint8Array> {
    const known = this.#entries.get(live) ?? await this.parts.shelf.entryOf(live)
    this.#entries.set(live, known)
    return known
  }
}

/** What is signed in one go, in the order of all; what a key of elsewhere signs goes alone, as that key may be gone. */
function batchesOf(sign: readonly LiveRecord[]): readonly (readonly LiveRecord[])[] {
  const batches: LiveRecord[][] = []
  for (const live of sign) {
    const last = batches.at(-1)
    if (last === undefined || last.length === limits.recordsSigned || live.value.by !== undefined || last[0]!.value.by !== undefined) batches.push([live])
    else last.push(live)
  }
  return batches
}
