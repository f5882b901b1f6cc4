import { limits, type Address } from '../base/index.ts'
import { judgeStatement, judgeStatementBytes, statementBytes, type ActiveSet, type Ledger, type Link, type Statement } from '../ledger/index.ts'
import type { SyncStatus } from './api.ts'
import { commonOf } from './moves.ts'
import type { Following } from './following.ts'
import { freshStatement, type Pace } from './pace.ts'
import type { SyncMemory, SyncValues, Voter } from './ports.ts'
import { SafetyRounds, supportSince, voteCandidate } from './votes/safety.ts'
import { StatementBook } from './votes/statements.ts'

export interface VotingParts {
  readonly ledger: Ledger
  readonly following: Following
  readonly memory: SyncMemory
  readonly pace: Pace
  /** Seconds. */
  now(): number
  voter(): Voter | null
  /** Whether this session has heard of the others, or knows that there are none: before, an old head must not be voted for. */
  mayVote(): boolean
}

const nobody: ActiveSet = { weights: new Map(), total: 0n }

/** The votes this peer holds and gives, and the safety root that follows of them: its own affair, which makes no block invalid. */
export class Voting {
  readonly statements: StatementBook
  readonly #rounds = new SafetyRounds()
  /** When the last round was, in this session or an earlier one, seconds. */
  #votedAt = 0
  /** k as it was last written down; null where none was voted. */
  #saved: Link | null = null
  #signing: Promise<Statement | null> | null = null
  #own: Statement | null = null
  #support: { readonly head: Link, readonly share: number } | null = null

  constructor(private readonly parts: VotingParts) {
    const { ledger } = parts
    this.statements = new StatementBook({ network: ledger.network, drift: ledger.parameters.drift })
  }

  async restore(): Promise<void> {
    const { ledger, memory } = this.parts
    const root = await memory.value('safe')
    const safe = root === null ? null : ledger.chain.record(root)
    const common = safe === null ? null : commonOf(ledger.chain, safe, ledger.head) // the head may have left it just before the end
    if (common !== null) ledger.setSafe(common.root)
    this.#saved = ledger.isVoted ? ledger.safe : null
    const last = await memory.value('rounds')
    if (last !== null) {
      this.#votedAt = last.at
      this.#rounds.restore(last.candidates.map(each => ledger.chain.record(each)))
    }
    const kept = await memory.values('statement/')
    this.statements.restore(kept.flatMap(([, bytes]) => {
      const judged = judgeStatementBytes(bytes, ledger.network, ledger.signatures)
      return judged.ok ? [judged.value] : []
    }))
  }

  /** Who has a say in the next block. */
  get active(): ActiveSet {
    const { following } = this.parts
    return following.active.after(following.certain.root) ?? nobody
  }

  /** Takes a statement in; false where it is not its miner's. */
  take(statement: Statement, active = this.active): boolean {
    const { ledger, now } = this.parts
    if (this.statements.refuses(statement, now(), active, this.#epoch) !== null) return true
    if (!judgeStatement(statement, ledger.network, ledger.signatures).ok) return false
    this.statements.take(statement, now(), active, this.#epoch)
    return true
  }

  /** What this peer says where somebody asks: its last statement, or where that is old a new one. */
  async statement(): Promise<Statement | null> {
    const { voter, now, pace, mayVote } = this.parts
    const own = voter()
    if (own === null) return null
    const last = this.#last(own.address) // also where it lies ahead, since the clock went back: two of one time would void both
    if (last !== null && now() - last.time < pace.statement || !mayVote()) return last
    this.#signing ??= this.#sign(own).finally(() => { this.#signing = null })
    return await this.#signing
  }

  /** Votes on the safety root once more. It is a block that was executed here: in `headers` mode it goes no further than the ledger does, and stands there. */
  async round(): Promise<void> {
    const { ledger, following: { chain, active }, now } = this.parts
    const { head, parameters: { range } } = ledger
    this.#rounds.add(voteCandidate(head, { chain, active, statements: this.statements, range, now: now() }))
    const next = this.#rounds.next(ledger.safe, chain)
    if (next !== null) ledger.setSafe(next.root)
    this.#votedAt = now()
    await this.save({ rounds: { at: this.#votedAt, candidates: this.#rounds.candidates.map(each => each.root) } })
  }

  /** Seconds until the next round. */
  get untilRound(): number {
    const since = this.parts.now() - this.#votedAt
    return since >= 0 && since < this.parts.pace.round ? this.parts.pace.round - since : 0
  }

  /** Writes down what changed, and this. */
  async save(more: Partial<Pick<SyncValues, 'rounds'>> = {}): Promise<void> {
    const { ledger, memory } = this.parts
    const changed = this.statements.drainChanged().map(([miner, statement]) => [`statement/${miner}`, statement === null ? undefined : statementBytes(statement)])
    const safe = ledger.isVoted ? ledger.safe : null
    const moved = safe?.root === this.#saved?.root ? {} : { safe: safe?.root }
    if (changed.length > 0 || 'safe' in moved || 'rounds' in more) await memory.setValues({ ...Object.fromEntries(changed), ...moved, ...more })
    this.#saved = safe // not where it could not be written
  }

  /** The head is another, and perhaps who has a say. */
  headMoved(): void {
    if (this.#epochTidied === this.#epoch) return
    this.#epochTidied = this.#epoch
    this.statements.tidy(this.active)
  }
  #epochTidied = -1

  get standing(): Pick<SyncStatus, 'safe' | 'voted' | 'votes' | 'support'> {
    const { ledger: { safe, isVoted }, following, now } = this.parts
    const { certain: head, chain, active: sets } = following
    const active = this.active
    const { heard, weight } = this.statements.heard(active, now() - freshStatement)
    if (this.#support?.head !== head) this.#support = { head, share: supportSince(head, null, chain, sets) }
    return {
      safe, voted: isVoted,
      votes: { members: active.weights.size, heard, weight: active.total === 0n ? 0 : Number(1000n * weight / active.total) / 1000 },
      support: this.#support.share,
    }
  }

  /** Whether fresh statements of half of the weight are held. */
  get heardEnough(): boolean {
    const active = this.active
    return 2n * this.statements.heard(active, this.parts.now() - freshStatement).weight >= active.total
  }

  /** What to ask for: everything newer than this. */
  have(): readonly (readonly [Address, number])[] { return this.statements.have(limits.votesAsked) }

  get #epoch(): number { return Math.floor(this.parts.following.certain.header.number / this.parts.ledger.parameters.epoch) }

  async #sign({ address, sign }: Voter): Promise<Statement | null> {
    const { ledger, following, memory, now } = this.parts
    const { certain } = following
    const time = now()
    const signed = await sign({ network: ledger.network, miner: address, root: certain.root, number: certain.header.number, safe: ledger.safe.root, time })
    if (signed === null) return this.#last(address)
    await memory.setValues({ [`statement/${address}`]: statementBytes(signed) })
    this.#own = signed
    this.statements.take(signed, time, this.active, this.#epoch)
    return signed
  }

  /** This person's last one: the book keeps it only while its miner has a say, and another device of theirs may have signed one since. */
  #last(address: Address): Statement | null {
    const [own, kept] = [this.#own?.miner === address ? this.#own : null, this.statements.latest(address)]
    return own !== null && (kept === null || own.time >= kept.time) ? own : kept
  }
}
