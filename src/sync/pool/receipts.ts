import { limits } from '../../base/index.ts'
import { receiptName, transactionLife, type NetworkId, type Receipt } from '../../ledger/index.ts'

/** Receipts for the own blocks to come, each once; those that no block can log any more are forgotten, and above the limit the oldest. */
export class Receipts {
  readonly #all = new Map<string, Receipt>()

  constructor(private readonly network: NetworkId) {}

  add(receipt: Receipt): void {
    this.#all.set(receiptName(receipt, this.network), receipt)
    for (const oldest of this.#all.keys()) {
      if (this.#all.size <= limits.receiptsWaiting) break
      this.#all.delete(oldest)
    }
  }

  /** Those that may be tried in a block of this time, seconds. */
  candidates(time: number): readonly Receipt[] {
    for (const [name, receipt] of this.#all) if (time - receipt.time > transactionLife) this.#all.delete(name)
    return [...this.#all.values()]
  }
}
