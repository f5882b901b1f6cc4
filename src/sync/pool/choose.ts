import { limits, type Address, type Random } from '../../base/index.ts'
import { transactionDrift, transactionLife, type Parameters, type Transaction } from '../../ledger/index.ts'
import type { Account } from '../../state/index.ts'
import { lot } from '../lot.ts'
import { linesOf, type Line } from './lines.ts'
import type { PoolEntry } from './pool.ts'

export interface ChooseParts {
  /** As it is after the block that is built on. */
  account(address: Address): Promise<Account>
  readonly parameters: Pick<Parameters, 'stampedPerBlock'>
  /** Seconds: the time of the block. */
  readonly now: number
  /** Who builds; null for nobody in particular. */
  readonly own: Address | null
  readonly random: Random
}

/**
 * What goes into a block: own ones first; then those with a stamp, half of their places to the hardest, half by lot, at most one of each source, so that no machine that only
 * works harder has them all; then by fee. Of each sender in the order of nonces, as far as its coins go. What else may be wrong with one, execution says.
 */
export async function chooseTransactions(entries: readonly PoolEntry[], { account, parameters, now, own, random }: ChooseParts): Promise<readonly Transaction[]> {
  const inTime = entries.filter(({ transaction: { time } }) => time <= now + transactionDrift && now - time <= transactionLife)
  const choice = new Choice(linesOf(inTime, account), parameters.stampedPerBlock)
  await choice.takeBest(entry => entry.own || entry.transaction.sender === own, byAge)
  await choice.takeBest(isStamped, (a, b) => b.work - a.work || byAge(a, b), Math.ceil(choice.stamps / 2))
  await choice.drawStamped(random)
  await choice.takeBest(entry => !isStamped(entry), (a, b) => b.transaction.fee - a.transaction.fee || byAge(a, b))
  return choice.chosen
}

class Choice {
  readonly chosen: Transaction[] = []

  /** `stamps`: places left for those with one. */
  constructor(private readonly lines: readonly Line[], public stamps: number) {}

  /** Again and again the best of what is next in each line, at most so many. */
  async takeBest(isWanted: (entry: PoolEntry) => boolean, order: (a: PoolEntry, b: PoolEntry) => number, most: number = limits.blockTransactions): Promise<void> {
    for (let taken = 0; taken < most;) {
      let best: { readonly line: Line, readonly entry: PoolEntry } | null = null
      for (const { line, entry } of this.#open()) if (isWanted(entry) && (best === null || order(entry, best.entry) < 0)) best = { line, entry }
      if (best === null) return
      if (await this.#take(best)) taken++
    }
  }

  async drawStamped(random: Random): Promise<void> {
    for (const drawn = new Set<string>(); ;) {
      const open = [...this.#open()].filter(({ entry }) => isStamped(entry) && !drawn.has(entry.source))
      const sources = [...new Set(open.map(({ entry }) => entry.source))]
      const source = sources[lot(random, sources.length)]
      const ofSource = open.filter(({ entry }) => entry.source === source)
      const next = ofSource[lot(random, ofSource.length)]
      if (next === undefined) return
      if (await this.#take(next)) drawn.add(next.entry.source)
    }
  }

  /** Lines whose next one there is room for. */
  *#open(): Generator<{ readonly line: Line, readonly entry: PoolEntry }> {
    if (this.chosen.length >= limits.blockTransactions) return
    for (const line of this.lines) {
      const { next } = line
      if (next !== null && (this.stamps > 0 || !isStamped(next))) yield { line, entry: next }
    }
  }

  async #take({ line, entry }: { readonly line: Line, readonly entry: PoolEntry }): Promise<boolean> {
    if (!await line.isReady()) return false
    line.take()
    if (isStamped(entry)) this.stamps--
    this.chosen.push(entry.transaction)
    return true
  }
}

function byAge(a: PoolEntry, b: PoolEntry): number { return a.order - b.order }

function isStamped({ transaction: { stamp } }: PoolEntry): boolean { return stamp !== null }
