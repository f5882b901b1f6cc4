import { limits, type Cid, type ErrorObject } from '../base/index.ts'
import { ancestor, judgeBodyBytes, pastOf, type Link } from '../ledger/index.ts'
import { keys } from '../state/index.ts'
import type { BlockPoint, BlockSummary, MiningState, OpenLedger } from './ledger-api.ts'
import type { DeskParts } from './desk-parts.ts'

/** The ledger of one network as pages show it. */
export class LedgerView {
  /** Transactions of blocks on the chart, counted once. */
  #counts = new Map<Cid, number | null>()

  constructor(private readonly parts: Pick<DeskParts, 'ledger' | 'sync' | 'store' | 'network'>) {}

  async state(mining: Omit<MiningState, 'due'>, problem: ErrorObject | null): Promise<OpenLedger> {
    const { ledger, network, sync: { status } } = this.parts
    const { chain, parameters: { name, short, blockTime, minimumPower, keeperPeriod } } = ledger
    const { stage, mode, head, safe, voted, behind, votes, support, answering, alert, clockAhead, due } = status
    const settled = ancestor(chain, head, Math.max(0, head.header.number - short - 1)) ?? safe
    return {
      phase: 'open', name, network, blockTime, period: keeperPeriod, stage, mode, behind, votes, support, answering, clockAhead,
      head: summaryOf(head), settled: summaryOf(settled), safe: { ...summaryOf(safe), voted },
      alert: alert === null ? null : { why: alert.why, tip: summaryOf(alert.tip), forkedAt: alert.forkedAt },
      forks: status.forks,
      blocks: await this.#points(head),
      problem,
      mining: { ...mining, due: mining.rests === null ? due : null },
      // Of the last state there is here: in headers it lies behind the head.
      miners: await ledger.read(keys.minerTotal) ?? 0,
      trusting: minimumPower > 0,
    }
  }

  async #points(head: Link): Promise<readonly BlockPoint[]> {
    const links = [...take(pastOf(this.parts.ledger.chain, head), limits.chartBlocks)].toReversed()
    const counts = new Map<Cid, number | null>()
    for (const link of links) {
      const known = this.#counts.get(link.root) ?? null
      counts.set(link.root, known ?? await this.#count(link)) // a body that was missing may have come
    }
    this.#counts = counts
    return links.map(({ root, header: { number, time, miner, baseTarget } }) => ({ number, time, miner, transactions: counts.get(root) ?? null, baseTarget: Number(baseTarget) }))
  }

  async #count({ root, header }: Link): Promise<number | null> {
    const bytes = await this.parts.store.body(root)
    const judged = bytes === null ? null : judgeBodyBytes(bytes, header.body)
    return judged?.ok === true ? judged.value.transactions.length : null
  }
}

export function summaryOf({ root, id, header: { number, time, miner } }: Link): BlockSummary { return { root, id, number, time, miner } }

function* take<T>(values: Iterable<T>, count: number): Generator<T> {
  let taken = 0
  for (const value of values) {
    yield value
    if (++taken >= count) return
  }
}
