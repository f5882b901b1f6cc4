import { join } from 'node:path'
import { RateLimiter, fromHex, limits, loadSecp256k1, type Alarm, type HoldfastError, type Random } from '../../base/index.ts'
import { Ledger, hasRecords, type NetworkId, type Parameters } from '../../ledger/index.ts'
import { serveState, type EntryShelf } from '../../net/index.ts'
import { LedgerStore, ledgerName } from '../../store/index.ts'
import { answerOver, kindOf, startSync, type Sync, type SyncValues } from '../../sync/index.ts'
import type { Log } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { RelayNode } from '../peers.ts'
import { BlockEntries } from './block-entries.ts'
import { fileRecords, type FileRecords } from './file-records.ts'
import { ReservedTabs } from './reserved-tabs.ts'

export interface AnchorParts {
  /** The folder of the relay's data. */
  readonly data: string
  /** The network's name, which protocols end in. */
  readonly name: string
  readonly network: NetworkId
  readonly parameters: Parameters
  readonly node: RelayNode
  readonly clock: Alarm
  readonly random: Random
  readonly metrics: Metrics
  readonly log: Log
}

/** What the relay says of it. */
export interface AnchorHealth {
  readonly stage: string
  readonly height: number
  /** Of the safety root. */
  readonly safe: number
  readonly statements: number
  readonly bytes: number
  readonly answers: number
  /** The code of what failed last, null where nothing did. */
  readonly problem: string | null
}

type Store = LedgerStore<SyncValues>

/**
 * A peer of the network that sleeps as little as its relay does, so that a network of sleeping tabs keeps its tip: it follows by the rules of all others,
 * keeps what its range says in files, answers under the relay's own peer id, has entries of the blocks it keeps, and asks the tabs that hold a slot over the connections they made. It has no
 * key, so it neither votes nor mines.
 */
export class Anchor {
  /** Called after each move of the head. */
  onMove: () => void = () => {}
  private answers = 0
  private problem: string | null = null
  private readonly closing = new AbortController()
  private readonly said: RateLimiter
  private sync: Sync | null = null
  private opened: Ledger | null = null
  private unserve: () => Promise<void> = async () => {}

  private constructor(private readonly parts: AnchorParts, private readonly records: FileRecords, private readonly store: Store) {
    this.said = new RateLimiter({ burst: 10, perSecond: 0.1 }, parts.clock, 1)
  }

  /** Fails as `fileRecords` and `Ledger.open` do; nothing is left open then. */
  static async start(parts: AnchorParts): Promise<Anchor> {
    const { range, epoch, activeWindow } = parts.parameters
    const folder = join(parts.data, ledgerName(fromHex(parts.network)!))
    const records = await fileRecords(folder)
    try {
      const kept = range + 2 * epoch
      const store = await LedgerStore.open<SyncValues>(records, { states: kept, bodies: kept, headers: kept + activeWindow })
      const anchor = new Anchor(parts, records, store)
      await anchor.begin()
      return anchor
    } catch (error) {
      await records.close()
      throw error
    }
  }

  get health(): AnchorHealth {
    const { stage, head, safe, votes } = this.status
    return { stage, height: head.header.number, safe: safe.header.number, statements: votes.heard, bytes: this.records.bytes, answers: this.answers, problem: this.problem }
  }

  /** Resolves when all that was taken in lies on the disk. */
  async stop(): Promise<void> {
    this.closing.abort()
    await this.unserve()
    await this.sync?.stop()
    await this.store.close()
  }

  /** For whoever else on this machine follows it. */
  get ledger(): Ledger { return this.opened! }

  /** Entries of the blocks that lie here; null where the network has no records. */
  get entries(): EntryShelf | null { return hasRecords(this.parts.parameters) ? new BlockEntries(this.ledger) : null }

  get status(): Sync['status'] {
    return this.sync!.status
  }

  private async begin(): Promise<void> {
    const { parameters, node, name, clock, random, metrics, log } = this.parts
    const ledger = this.opened = await Ledger.open({ parameters, store: this.store, signatures: await loadSecp256k1() })
    const sync = this.sync = await startSync({
      ledger, clock, random,
      network: new ReservedTabs({ node, name, clock, metrics }),
      memory: this.store,
      onChange: () => { this.look() },
      onHead: ({ left, joined }) => {
        if (left.length > 0) log.info('anchor-switched', { left: left.length, joined: joined.length, height: this.status.head.header.number })
        this.onMove()
      },
      onProblem: problem => { this.tell(problem) },
    })
    const answer = answerOver(async (question, from) => {
      const answered = await sync.answer(question, from)
      this.answers++
      metrics.count('anchor_answers_total', answered.ok ? kindOf(question) : answered.code)
      return answered
    })
    this.unserve = await serveState(node, name, answer)
    metrics.gauge('anchor_height', () => this.status.head.header.number)
    metrics.gauge('anchor_safe_height', () => this.status.safe.header.number)
    metrics.gauge('anchor_statements', () => this.status.votes.heard)
    metrics.gauge('anchor_store_bytes', () => this.records.bytes)
    sync.start()
    void this.prune(this.closing.signal)
    const { height, safe, bytes } = this.health
    log.info('anchor-started', { network: this.parts.network, height, safe, bytes })
  }

  /** Says what a person has to decide, once. */
  private alerted: string | null = null
  private look(): void {
    const alert = this.sync?.status.alert ?? null
    if (alert !== null && alert.tip.root !== this.alerted) this.parts.log.warn('anchor-alert', { why: alert.why, height: alert.tip.header.number, forkedAt: alert.forkedAt ?? -1 })
    this.alerted = alert?.tip.root ?? null
  }

  private tell(problem: HoldfastError): void {
    this.problem = problem.code
    this.parts.metrics.count('faults_total')
    if (this.said.take('')) this.parts.log.error('anchor-problem', { code: problem.code, message: problem.message })
  }

  private async prune(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts
    while (!signal.aborted) {
      await clock.sleep(limits.ledgerPruneMs, signal)
      if (signal.aborted) return
      // A full disk is made room on by pruning, and told by whoever writes next.
      const more = await this.store.pruneStep().catch(() => false)
      if (!more) await clock.sleep(limits.ledgerPruneRestMs, signal)
    }
  }
}
