import type { Address } from '../../base/index.ts'
import { ops, type Transaction } from '../../ledger/index.ts'
import type { Account } from '../../state/index.ts'
import type { PoolEntry } from './pool.ts'

type AccountOf = (address: Address) => Promise<Account>

/** What one sender's transactions wait in, by their nonces. Whether the first fits the account is looked up when its turn comes. */
export class Line {
  #at = 0
  #account: { readonly nonce: bigint, readonly balance: number } | null = null

  constructor(private readonly sender: Address, private readonly entries: readonly PoolEntry[], private readonly accountOf: AccountOf) {}

  /** Null once no further one can follow. */
  get next(): PoolEntry | null { return this.entries[this.#at] ?? null }

  /** Whether the next one can be taken. One that was used already, and a line that cannot go on, are done with then: look again. */
  async isReady(): Promise<boolean> {
    this.#account ??= await this.accountOf(this.sender)
    const { next } = this
    if (next === null) return false
    const { nonce, balance } = this.#account
    if (next.transaction.nonce === nonce + 1n && costOf(next.transaction) <= balance) return true
    this.#at = next.transaction.nonce <= nonce ? this.#at + 1 : this.entries.length
    return false
  }

  /** Takes the next one, which is ready. */
  take(): void {
    if (this.next === null || this.#account === null) return
    const { nonce, balance } = this.#account
    this.#account = { nonce: nonce + 1n, balance: balance - costOf(this.next.transaction) }
    this.#at++
  }
}

/** Coins a transaction takes from its sender. */
function costOf({ op, fee, body }: Transaction): number { return fee + (ops[op].spends as (body: Transaction['body']) => number)(body) }

export function linesOf(entries: readonly PoolEntry[], accountOf: AccountOf): readonly Line[] {
  const bySender = new Map<Address, PoolEntry[]>()
  for (const entry of entries) {
    const others = bySender.get(entry.transaction.sender)
    if (others === undefined) bySender.set(entry.transaction.sender, [entry])
    else others.push(entry)
  }
  return [...bySender].map(([sender, own]) => new Line(sender, own.sort((a, b) => a.transaction.nonce < b.transaction.nonce ? -1 : 1), accountOf))
}
