import { limits, type Address } from '../../../src/base/index.ts'
import type { Transaction } from '../../../src/ledger/index.ts'
import type { Made } from './chain.ts'

/** What waits for a block, in the order in which it came. Each person has one under way, but for what comes back from a branch that was left. */
export class Pool {
  readonly #waiting = new Map<Address, Transaction[]>()

  has(sender: Address): boolean { return this.#waiting.has(sender) }

  add(transaction: Transaction): void {
    const of = this.#waiting.get(transaction.sender)
    if (of === undefined) this.#waiting.set(transaction.sender, [transaction])
    else of.push(transaction)
  }

  /** More than a block takes, as some may be refused. */
  candidates(): readonly Transaction[] {
    const found: Transaction[] = []
    for (const of of this.#waiting.values()) {
      found.push(...of)
      if (found.length >= 2 * limits.blockTransactions) break
    }
    return found
  }

  /** What of these candidates is in no block though there was room goes: whoever sent it makes another. Gives what was refused. */
  settle({ transactions }: Made, candidates: readonly Transaction[]): readonly Transaction[] {
    const taken = new Set(transactions)
    const refused = transactions.length < limits.blockTransactions ? candidates.filter(each => !taken.has(each)) : []
    for (const each of [...transactions, ...refused]) this.#drop(each)
    return refused
  }

  /** What is in blocks that are left is offered again, before all else. */
  comeBack(left: readonly Made[]): void {
    const before = [...this.#waiting.values()].flat()
    this.#waiting.clear()
    for (const each of [...left.flatMap(({ transactions }) => transactions), ...before]) this.add(each)
  }

  #drop(transaction: Transaction): void {
    const of = (this.#waiting.get(transaction.sender) ?? []).filter(each => each !== transaction)
    if (of.length === 0) this.#waiting.delete(transaction.sender)
    else this.#waiting.set(transaction.sender, of)
  }
}
