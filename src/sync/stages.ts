import type { Ledger } from '../ledger/index.ts'
import type { SyncStatus } from './api.ts'
import type { AskList } from './ask-list.ts'
import type { Following } from './following.ts'
import type { Newcomer } from './newcomer.ts'
import { awayLong, between, votingMost, type Pace } from './pace.ts'
import type { StateNetwork, SyncMemory } from './ports.ts'
import type { Search } from './search.ts'
import type { Voting } from './voting.ts'

export interface StageParts {
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly memory: SyncMemory
  readonly pace: Pace
  readonly asks: AskList
  readonly voting: Voting
  readonly search: Search
  readonly newcomer: Newcomer
  readonly following: Following
  /** Seconds. */
  now(): number
}

/** Seconds between two notes of when this peer was last online. */
const noteEvery = 60

/**
 * How far this peer knows its network: beginning, voting, following, and voting again where a third more miners than at the last vote have a say, or it was away for half a day. It mines while
 * it follows, and answers and goes on asking in every stage: no stage waits for what may never come.
 */
export class Stages {
  stage: SyncStatus['stage'] = 'beginning'
  #began = 0
  #votingSince = 0
  #online: number | null = null
  #noted = 0
  /** Members of the active set at the end of the last vote; each session begins with one. */
  #voters = 0

  constructor(private readonly parts: StageParts) {}

  async restore(): Promise<void> {
    this.#online = await this.parts.memory.value('online')
  }

  begin(): void { this.#began = this.parts.now() }

  /** Whether this session knows enough of the others that its word is not of yesterday. */
  get mayVote(): boolean { return this.parts.search.heardAt !== null || this.stage === 'following' }

  /** After each question: whether the stage is another now. */
  async look(signal: AbortSignal): Promise<void> {
    const { now, search, memory, voting, following, newcomer } = this.parts
    const { heardAt } = search
    const away = heardAt !== null && this.#online !== null && heardAt - this.#online > awayLong
    if (this.stage === 'beginning' || away || this.stage === 'following' && (this.#grown || newcomer.waiting)) {
      if (this.stage !== 'beginning') this.parts.asks.beginAnew()
      this.stage = 'voting'
      this.#votingSince = now()
    }
    if (heardAt !== null && between(heardAt, this.#noted) >= noteEvery) {
      this.#noted = heardAt
      this.#online = heardAt
      await memory.setValues({ online: heardAt })
    } else if (heardAt !== null) this.#online = heardAt
    if (this.stage !== 'voting' || !this.#voted) return
    // Whoever comes to a chain longer than its range begins with the one that was found best, and looks on with that.
    if (newcomer.waiting) {
      await search.alone(async () => { await newcomer.begin(following, signal) })
      return
    }
    this.stage = 'following'
    this.#voters = voting.active.weights.size
  }

  /** Whether the vote is at its end: half of the weight was heard, or everybody was asked, or it took long enough; or there is nobody. */
  get #voted(): boolean {
    const { search, voting, asks, network, pace, now } = this.parts
    if (search.heardAt === null) return between(now(), this.#began) >= pace.linger
    return voting.heardEnough || asks.everybodyAsked(network.neighbours()) || between(now(), this.#votingSince) >= votingMost
  }

  get #grown(): boolean {
    return this.#voters > 0 && 100 * this.parts.voting.active.weights.size >= 133 * this.#voters
  }
}
