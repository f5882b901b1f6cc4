import { HoldfastError, limits, type Clock, type ErrorObject } from '../base/index.ts'
import { keys, type StateKey } from '../state/index.ts'
import type { ChainId, EntryHash, RecordDraft, RecordQuote } from './record-api.ts'
import { entryOf, mostPayload, payloadOf, type DraftEntry } from './record-items.ts'
import type { RecordRounds, Round } from './record-rounds.ts'
import type { NewRecord, RecordShelf } from './record-shelf.ts'

export interface AdmissionParts {
  readonly clock: Clock
  readonly shelf: RecordShelf
  readonly rounds: Pick<RecordRounds, 'now'>
  /** Entry credits that are being bought for a key. */
  coming(key: string): number
  /** `by`: the key of elsewhere that lacks them. */
  poor(missing: number, by?: string): ErrorObject
}

/** `bytes`: of the entry, where it was taken in now. */
export interface Admitted { readonly chain: ChainId, readonly entryHash: EntryHash, readonly bytes: Uint8Array | null }

interface Asked { readonly wish: string, readonly draft: RecordDraft, readonly by: string | undefined, readonly told: PromiseWithResolvers<Admitted> }

/** Takes in what the person wants recorded, in the order it is asked for: all that came while the former were written down goes into one write. */
export class RecordAdmission {
  #asked: Asked[] = []
  #working = false

  constructor(private readonly parts: AdmissionParts) {}

  /** Resolves once it is kept. Said twice it is done once. `by`: the Entry Credit key of elsewhere that pays, in hex. */
  async record(wish: string, draft: RecordDraft, by?: string): Promise<Admitted> {
    const told = Promise.withResolvers<Admitted>()
    this.#asked.push({ wish, draft, by, told })
    if (!this.#working) void this.#work()
    return await told.promise
  }

  /** `noKeys`: why nothing can be signed. */
  async quote(draft: RecordDraft, by: string | undefined, noKeys: ErrorObject | null, priceOf: (missing: number) => number): Promise<RecordQuote> {
    const payload = payloadOf(draft)
    const size = { payload, free: Math.max(0, mostPayload - payload) }
    let entry: DraftEntry
    try { entry = entryOf(draft) } catch (error) {
      return { ...size, chain: draft.chain ?? '', entryHash: '', credits: 0, balance: 0, coins: 0, copies: 0, problem: HoldfastError.from(error).toObject() }
    }
    const { chain, entryHash, credits } = entry
    const round = noKeys === null ? await this.#roundFor([entry], [by]) : null
    if (round === null) {
      const problem = noKeys ?? nobodyTells
      return { ...size, chain, entryHash, credits, balance: 0, coins: 0, copies: 0, problem }
    }
    const balance = this.#balanceAt(round, by)
    const copies = round.facts.get(round.ground.at.root, keys.entry(entryHash))?.count ?? 0
    return { ...size, chain, entryHash, credits, balance, coins: by === undefined ? priceOf(Math.max(0, credits - balance - this.parts.coming(round.payer.credit))) : 0, copies, problem: this.#problemOf(entry, round, new Map()) }
  }

  async #work(): Promise<void> {
    this.#working = true
    while (this.#asked.length > 0) {
      const batch = this.#asked.splice(0)
      try { await this.#admit(batch) } catch (error) { for (const { told } of batch) told.reject(error) } // those that were told already do not hear it
    }
    this.#working = false
  }

  async #admit(batch: readonly Asked[]): Promise<void> {
    const { shelf } = this.parts
    const wanted = new Map<string, { readonly asked: Asked[], readonly entry: DraftEntry }>()
    for (const asked of batch) {
      const known = shelf.ofWish(asked.wish)
      const same = wanted.get(asked.wish)
      if (known !== null) asked.told.resolve({ chain: known.value.chain, entryHash: known.value.entryHash, bytes: null })
      else if (same !== undefined) same.asked.push(asked)
      else try { wanted.set(asked.wish, { asked: [asked], entry: entryOf(asked.draft) }) } catch (error) { asked.told.reject(error) }
    }
    const round = await this.#roundFor([...wanted.values()].map(({ entry }) => entry), batch.map(({ by }) => by))
    if (round === null) throw HoldfastError.fromObject(nobodyTells)
    const intake: Intake = { left: new Map(), begun: new Map(), fresh: [] }
    const told: (() => void)[] = []
    for (const [wish, { asked, entry }] of wanted) {
      const problem = this.#take(wish, entry, asked[0]?.by, round, intake)
      if (problem !== null) for (const each of asked) each.told.reject(HoldfastError.fromObject(problem))
      else told.push(() => { for (const each of asked) each.told.resolve({ chain: entry.chain, entryHash: entry.entryHash, bytes: entry.bytes }) })
    }
    if (intake.fresh.length > 0) await shelf.add(intake.fresh)
    for (const tell of told) tell()
  }

  /** Puts it with the others, or says why not. */
  #take(wish: string, entry: DraftEntry, by: string | undefined, round: Round, intake: Intake): ErrorObject | null {
    const { shelf, clock, poor } = this.parts
    const { facts, ground: { at }, payer: { owner, credit } } = round
    const { bytes, ...rest } = entry
    const key = by ?? credit
    const left = intake.left.get(key) ?? this.#balanceAt(round, by) + this.parts.coming(key)
    if (shelf.size + intake.fresh.length >= limits.recordsOpen) return { code: 'too-many', message: 'too much is on its way already', data: {} }
    const problem = this.#problemOf(entry, round, intake.begun)
    if (problem !== null) return problem
    if (entry.credits > left) return poor(entry.credits - Math.max(0, left), by)
    intake.left.set(key, left - entry.credits)
    const isThere = facts.get(at.root, keys.chain(entry.chain)) !== null
    const after = entry.begins || isThere ? null : intake.begun.get(entry.chain) ?? shelf.beginnerOf(entry.chain)?.value.number ?? null
    if (entry.begins) intake.begun.set(entry.chain, shelf.next + intake.fresh.length)
    intake.fresh.push({ ...rest, wish, owner, made: Math.floor(clock.now() / 1000), after, copies: facts.get(at.root, keys.entry(entry.entryHash))?.count ?? 0, entry: bytes, ...by === undefined ? {} : { by } })
    return null
  }

  #problemOf({ chain, begins }: DraftEntry, { facts, ground: { at } }: Round, begun: ReadonlyMap<ChainId, number>): ErrorObject | null {
    const isThere = facts.get(at.root, keys.chain(chain)) !== null
    const isOwn = begun.has(chain) || this.parts.shelf.beginnerOf(chain) !== null
    if (begins) return isThere || isOwn ? { code: 'already-exists', message: 'this chain was begun already', data: {} } : null
    return isThere || isOwn ? null : { code: 'not-found', message: 'there is no such chain', data: {} }
  }

  /** Credits that nothing on its way takes. */
  #balanceAt({ facts, ground: { at }, payer }: Round, by: string | undefined): number {
    return Math.max(0, (facts.get(at.root, keys.credit(by ?? payer.credit)) ?? 0) - this.parts.shelf.owing(payer.owner, by))
  }

  /** With what is to be known of these, and what keys of elsewhere have. */
  async #roundFor(entries: readonly DraftEntry[], payers: readonly (string | undefined)[]): Promise<Round | null> {
    const round = await this.parts.rounds.now()
    const asked = entries.flatMap(({ chain, entryHash }): readonly StateKey<unknown>[] => [keys.chain(chain), keys.entry(entryHash)])
    const paid = payers.flatMap(by => by === undefined ? [] : [keys.credit(by)])
    return round !== null && await round.facts.load(round.ground.at.root, [...asked, ...paid]) ? round : null
  }
}

/** What is taken in at once. `left`: credits of each key; `begun`: chains these begin, and by which. */
interface Intake { readonly left: Map<string, number>, readonly begun: Map<ChainId, number>, readonly fresh: NewRecord[] }

const nobodyTells: ErrorObject = { code: 'peer-unreachable', message: 'nobody tells how the ledger stands', data: {} }
