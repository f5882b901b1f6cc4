import { HoldfastError, type Address, type Cid, type Judged } from '../base/index.ts'
import type { Chain, Link, Refusal, Statement } from '../ledger/index.ts'
import type { HeadMove, Sync, SyncMode, SyncPace, SyncParts, SyncStatus } from './api.ts'
import { Answers } from './answers.ts'
import { AskList } from './ask-list.ts'
import { Bell } from './bell.ts'
import { Following } from './following.ts'
import { moveBetween } from './moves.ts'
import { Newcomer } from './newcomer.ts'
import { lot } from './lot.ts'
import { Offers } from './offers.ts'
import { RecordOffers } from './record-offers.ts'
import { clockLimit, paceOf, type Pace } from './pace.ts'
import type { MiningDesk, Voter } from './ports.ts'
import { Powers } from './powers.ts'
import { Reads } from './reads.ts'
import { Rhythm } from './rhythm.ts'
import { Search } from './search.ts'
import { Stages } from './stages.ts'
import { Turns } from './turns.ts'
import { Voting } from './voting.ts'
import type { AnyQuestion, StateAnswer } from './wire.ts'

/** A peer over a ledger that is open; what it wrote down in earlier sessions is read first. */
export async function startSync(parts: SyncParts): Promise<Sync> {
  const peer = new SyncPeer(parts)
  await peer.restore()
  return peer
}

/**
 * A peer, put together: it searches and votes (procedure B), follows, and answers (procedure A). One question at a time is on its way, and what comes of its answer is done before the next
 * one; answers to others are given meanwhile. Nothing leaves but questions of its own and answers to those of others.
 */
class SyncPeer implements Sync {
  readonly desk: MiningDesk
  private readonly ending = new AbortController()
  private readonly pace: Pace
  private readonly following: Following
  private readonly voting: Voting
  private readonly offers: Offers
  private readonly records: RecordOffers
  private readonly turns: Turns
  private readonly answers: Answers
  private readonly asks: AskList
  private readonly search: Search
  private readonly stages: Stages
  private readonly reads: Reads
  private readonly rhythm: Rhythm
  private readonly pullBell: Bell
  private readonly dueBell: Bell
  private voter: Voter | null = null
  private mining = false
  /** When the next block that waits comes to its time, as far as is waited for. */
  private dueAt: number | null = null
  /** Up to when blocks that came to their time were looked at, seconds. */
  private lookedAt = Infinity
  private moves: Promise<void> = Promise.resolve()
  private running: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: SyncParts) {
    const { ledger, network, memory, clock, random, onChange } = parts
    const now = () => Math.floor(clock.now() / 1000)
    const voter = () => this.voter
    const pace = this.pace = paceOf(ledger.parameters)
    this.pullBell = new Bell(clock)
    this.dueBell = new Bell(clock)
    const powers = new Powers(network)
    const newcomer = new Newcomer({ ledger, network, random, powers, now, onChange, onBegun: () => { this.follow({ left: [], joined: [] }) } })
    this.following = new Following({ ledger, network, random, powers, now, onChange: () => { this.lookAhead(); this.turns.wake(); onChange() }, onFar: (from, positions) => newcomer.note(from, positions) })
    const numbers = { last: lot(random, 2 ** 31) } // others after each start, so that whoever remembers old ones does not miss what is new
    this.offers = new Offers({ ledger, memory, numbers, now })
    this.records = new RecordOffers({ ledger, numbers, now })
    this.asks = new AskList(random)
    this.voting = new Voting({ ledger, following: this.following, memory, pace, now, voter, mayVote: () => this.stages.mayVote })
    this.search = new Search({ ledger, network, following: this.following, voting: this.voting, offers: this.offers, records: this.records, asks: this.asks, now })
    this.stages = new Stages({ ledger, network, memory, pace, asks: this.asks, voting: this.voting, search: this.search, newcomer, following: this.following, now })
    this.turns = new Turns({ ledger, pool: this.offers.pool, records: this.records.pool, memory, random, pace, now, voter, powerAt: async (root, miner) => await this.reads.powerAt(root, miner), mayMine: () => this.mining && this.obstacle() === null, onSealed: () => { this.changed() } })
    this.answers = new Answers({
      ledger, following: this.following, pools: { numbers, pool: this.offers.pool, records: this.records.pool }, statements: this.voting.statements, now,
      statement: async () => await this.statement(), own: () => this.turns.answer(this.stages.stage !== 'following'),
    })
    this.reads = new Reads({ ledger, following: this.following, network, random, signal: this.ending.signal })
    this.rhythm = new Rhythm({ clock, random, pace })
    this.desk = telling(this.turns, error => { this.tell(error) })
    ledger.onMove = (from, to) => { this.move(from, to) }
  }

  async restore(): Promise<void> {
    await this.voting.restore()
    await this.offers.restore()
    await this.turns.restore()
    await this.stages.restore()
    await this.moves
  }

  get status(): SyncStatus {
    const { following, search, stages, turns } = this
    const obstacle = this.obstacle() ?? (turns.tooYoung === true ? 'too-young' : null)
    return {
      stage: stages.stage, mode: following.mode, head: following.tip, behind: following.behind, ...this.voting.standing, answering: search.answering,
      alert: following.alert, forks: following.forks, clockAhead: search.clockAhead, rests: obstacle ?? (this.mining ? null : 'resting'), due: turns.due,
    }
  }

  start(): void {
    const { signal } = this.ending
    this.stages.begin()
    this.rhythm.begin()
    this.running = Promise.all([this.pulling(signal), this.rounds(signal), this.dues(signal)])
  }

  async stop(): Promise<void> {
    this.ending.abort()
    this.turns.wake()
    await this.running
    await this.search.alone(async () => {})
    await this.moves
    try { await this.voting.save() } catch (error) { this.tell(error) }
    this.parts.ledger.onMove = null
  }

  async answer(question: AnyQuestion, from: string): Promise<Judged<StateAnswer>> {
    this.asks.asked(from)
    const given = () => this.offers.pool.given + this.records.pool.given
    const before = given()
    const answer = await this.answers.answer(question)
    if (given() > before) this.parts.onChange()
    return answer
  }

  wasPulled(id: Cid): boolean { return this.offers.pool.wasGiven(id) || this.records.pool.wasGiven(id) }

  get chain(): Chain { return this.following.chain }

  setVoter(voter: Voter | null): void {
    if (this.voter === voter) return
    this.voter = voter
    this.turns.forget()
    this.parts.onChange()
  }

  setMode(mode: SyncMode): void {
    if (mode === this.following.mode) return
    this.following.mode = mode // at once: no more bodies on a metered line
    void this.search.alone(async () => { await this.following.modeChanged(this.ending.signal) }).catch(error => { this.tell(error) })
    this.turns.wake()
    this.parts.onChange()
  }

  setPace(pace: SyncPace): void {
    this.rhythm.slow = pace === 'slow'
    if (pace === 'quick') this.pullBell.ring()
  }

  setMining(on: boolean): void {
    if (this.mining === on) return
    this.mining = on
    this.turns.wake()
    this.parts.onChange()
  }

  nudge(): void {
    this.rhythm.begin()
    this.pullBell.ring()
  }

  async submit(transaction: Uint8Array): Promise<Refusal | { readonly ok: true, readonly id: Cid }> { return await this.offers.submit(transaction) }
  async submitRecord(bytes: Uint8Array): ReturnType<Sync['submitRecord']> { return await this.records.submit(bytes) }
  withdrawRecord(id: string): void { this.records.withdraw(id) }
  async withdraw(id: Cid): Promise<void> { await this.offers.withdraw(id) }
  waiting(address: Address): readonly Uint8Array[] { return this.offers.waiting(address) }

  async decide(tip: Cid, take: boolean): Promise<void> {
    await this.search.alone(async () => { await this.following.decide(tip, take, this.ending.signal) })
    this.turns.wake()
  }

  readonly read: Sync['read'] = async (names, root) => await this.reads.read(names, root)
  readonly log: Sync['log'] = receipt => { this.turns.log(receipt) }
  readonly fetch: Sync['fetch'] = async cid => await this.reads.fetch(cid)

  /** What stands in the way of blocks, and is for this room to say. An alert is no such thing: nobody's branch may stop others from making theirs. */
  private obstacle(): Exclude<SyncStatus['rests'], 'too-young' | 'resting'> {
    if (this.voter === null) return 'no-identity'
    if (this.stages.stage !== 'following') return 'beginning'
    if (this.following.behind > 0 || this.following.mode === 'headers') return 'behind'
    return Math.abs(this.search.clockAhead ?? 0) > clockLimit ? 'clock' : null
  }

  private async pulling(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const [stage, obstacle] = [this.stages.stage, this.obstacle()]
        await this.search.pull(signal)
        await this.stages.look(signal)
        if (this.stages.stage !== stage || this.obstacle() !== obstacle) this.changed()
        else this.lookAhead()
      } catch (error) { this.tell(error) }
      await this.pullBell.wait(this.rhythm.next(), signal)
    }
  }

  private async rounds(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Whoever just came hears the others first.
      await this.parts.clock.sleep(1000 * Math.max(this.pace.seal, this.voting.untilRound), signal)
      if (signal.aborted) return
      try { await this.voting.round() } catch (error) { this.tell(error) }
      this.changed()
    }
  }

  /** One that came to its time since the last look is the next. */
  private nextDue(): number | null { return this.parts.ledger.nextTime(Math.min(this.lookedAt, Math.floor(this.parts.clock.now() / 1000))) }

  /** Another block may be the next that comes to its time. */
  private lookAhead(): void {
    if (this.nextDue() !== this.dueAt) this.dueBell.ring()
  }

  /** Blocks that wait become the head when their time has come. */
  private async dues(signal: AbortSignal): Promise<void> {
    const { ledger, clock } = this.parts
    while (!signal.aborted) {
      const next = this.dueAt = this.nextDue()
      await this.dueBell.wait(next === null ? null : Math.max(0, 1000 * next - clock.now()), signal)
      if (signal.aborted) return
      this.lookedAt = Math.floor(clock.now() / 1000)
      try { await ledger.advance(this.lookedAt) } catch (error) { this.tell(error) }
    }
  }

  /** The ledger's head went from one block to another; what follows of it is done in order. */
  private move(from: Link, to: Link): void {
    this.follow(moveBetween(this.parts.ledger.chain, from, to))
  }

  private follow(move: HeadMove): void {
    const steps = [
      async () => { await this.offers.headMoved(move) },
      async () => { await this.records.headMoved(move) },
      () => { this.following.headMoved() },
      () => { this.voting.headMoved() },
      () => { this.parts.onHead?.(move) },
      async () => { await this.turns.headMoved() },
    ]
    for (const step of steps) this.moves = this.moves.then(step).catch(error => { this.tell(error) }) // none of them is left out for what befell another
    this.changed()
  }

  /** None where it cannot be signed or written down: the rest of an answer is given all the same. */
  private async statement(): Promise<Statement | null> {
    try { return await this.voting.statement() } catch (error) {
      this.tell(error)
      return null
    }
  }

  private changed(): void {
    this.dueBell.ring()
    this.turns.wake()
    this.parts.onChange()
  }

  private tell(error: unknown): void { this.parts.onProblem?.(HoldfastError.from(error)) }
}

/** A desk whose failures are told of here too, as who makes blocks only waits and goes on; that another head came in between is none. */
function telling(desk: MiningDesk, tell: (error: unknown) => void): MiningDesk {
  const told = async <T>(done: Promise<T>): Promise<T> => {
    done.catch((error: unknown) => { if (!['bad-input', 'already-exists'].includes(HoldfastError.from(error).code)) tell(error) })
    return await done
  }
  return {
    turn: async () => await told(desk.turn()),
    changed: async parent => { await told(desk.changed(parent)) },
    draft: async parent => await told(desk.draft(parent)),
    seal: async (header, signature) => { await told(desk.seal(header, signature)) },
  }
}
