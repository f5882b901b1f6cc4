import { KeyedLock } from '../base/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { SyncStatus } from './api.ts'
import { answerOf } from './ask.ts'
import type { AskList } from './ask-list.ts'
import type { Following } from './following.ts'
import type { Offers } from './offers.ts'
import type { RecordOffers } from './record-offers.ts'
import type { StateNetwork } from './ports.ts'
import { between } from './pace.ts'
import { ClockOffset } from './votes/clock-offset.ts'
import type { Voting } from './voting.ts'

export interface SearchParts {
  readonly ledger: Ledger
  readonly network: StateNetwork
  readonly following: Following
  readonly voting: Voting
  readonly offers: Offers
  readonly records: RecordOffers
  readonly asks: AskList
  /** Seconds. */
  now(): number
}

/** Peers whose answers are remembered: how much of their pool was heard, when they answered. */
const mostMet = 2_000
/** Seconds for which an answer counts as one of somebody who is there. */
const answeringFor = 300

interface Met { pool: number, at: number, relay: string }

/** Procedure B: undirected search. One random peer at a time is asked what comes next and what it knows of the votes, and everything useful in its answers is taken. */
export class Search {
  /** When anybody answered last in this session, seconds; null before. */
  heardAt: number | null = null
  readonly #met = new Map<string, Met>()
  readonly #lock = new KeyedLock()
  readonly #offset: ClockOffset
  #votesAt = 0
  #relays = 0

  constructor(private readonly parts: SearchParts) {
    this.#offset = new ClockOffset(() => this.#relays)
  }

  get clockAhead(): number | null { return this.#offset.ahead }

  get answering(): SyncStatus['answering'] {
    const now = this.parts.now()
    const lately = [...this.#met.values()].filter(({ at }) => now - at < answeringFor)
    return { peers: lately.length, relays: new Set(lately.map(({ relay }) => relay)).size }
  }

  /** Nothing else of this peer's search goes on meanwhile. */
  async alone<T>(task: () => Promise<T>): Promise<T> { return await this.#lock.run('', task) }

  /** Asks somebody; false where there is nobody, or no answer. */
  async pull(signal: AbortSignal): Promise<boolean> { return await this.alone(async () => await this.#pull(signal)) }

  async #pull(signal: AbortSignal): Promise<boolean> {
    const { network, asks, following, voting, offers, records, ledger, now } = this.parts
    const somebody = asks.pick(network.neighbours(), now())
    if (somebody === null) return false
    const { id, relay } = somebody
    const answer = await answerOf(network, id, 'future', { have: following.certain.root, pool: this.#met.get(id)?.pool ?? 0 }, signal)
    if (signal.aborted) return false
    if (answer === null) {
      asks.failed(id, now())
      return false
    }
    asks.answered(id, now())
    const { time, statement, head, own, best, pool } = answer
    this.heardAt = now()
    this.#meet(id, { pool: pool.next, at: now(), relay })
    this.#offset.note(id, relay, now() - time)
    if (statement !== null && !voting.take(statement)) network.distrust(id, 'a statement that is not its miner\'s')
    if (head !== null) await following.takeHead(id, head, signal)
    for (const header of ['sealed' in own ? own.sealed : null, best]) if (header !== null) await following.takeNext(id, header, signal)
    if (!await offers.harvest(pool.transactions, id)) network.distrust(id, 'a transaction that is none')
    if (pool.records !== undefined && !await records.harvest(pool.records, id)) network.distrust(id, 'a record that is none')
    if (between(now(), this.#votesAt) >= ledger.parameters.blockTime) await this.#askForVotes(id, signal)
    return true
  }

  async #askForVotes(id: string, signal: AbortSignal): Promise<void> {
    const { network, voting, now } = this.parts
    this.#votesAt = now()
    this.#relays = new Set(network.neighbours().flatMap(({ relays }) => relays)).size
    const answer = await answerOf(network, id, 'votes', { have: voting.have() }, signal)
    if (answer === null) return
    const { active } = voting
    for (const statement of answer.statements) {
      if (voting.take(statement, active)) continue
      network.distrust(id, 'statements that are not their miners\'')
      return
    }
  }

  #meet(id: string, met: Met): void {
    this.#met.delete(id)
    this.#met.set(id, met)
    for (const oldest of this.#met.keys()) {
      if (this.#met.size <= mostMet) break
      this.#met.delete(oldest)
    }
  }
}
