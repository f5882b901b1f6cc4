import { KeyedLock, type Cid } from '../base/index.ts'
import type { GroupCommit } from './group-commit.ts'
import type { FactoidSending } from './record-api.ts'
import { nameOf, stageOf } from './record-shelf.ts'
import type { PaymentValue, RecordChanges, RecordStore } from './record-values.ts'

/** One payment while the ledger is open. `foundIn`: the block it was found in, by its id; null before it was looked for on this chain. */
export interface LivePayment { value: PaymentValue, foundIn: Cid | null }

export type NewPayment = Pick<PaymentValue, 'wish' | 'owner' | 'made' | 'kind' | 'to' | 'coins' | 'credits' | 'fee' | 'from' | 'wiring'>

/** Factoid payments that are on their way or failed, and those that came to their end within a day. */
export class PaymentShelf {
  readonly #live = new Map<number, LivePayment>()
  /** What is asked about one payment is written one after the other, lest one change takes back another. */
  readonly #writing = new KeyedLock()
  #next = 1

  private constructor(private readonly writes: GroupCommit) {}

  static async open(store: RecordStore, writes: GroupCommit): Promise<PaymentShelf> {
    const shelf = new PaymentShelf(writes)
    for (const [, value] of await store.values('payment/')) shelf.#adopt(value)
    return shelf
  }

  /** In the order they were asked for. */
  all(): readonly LivePayment[] { return [...this.#live.values()] }
  get size(): number { return this.#live.size }
  ofWish(wish: string): LivePayment | null { return this.all().find(({ value }) => value.wish === wish) ?? null }

  async add(fresh: NewPayment): Promise<void> {
    const value: PaymentValue = { ...fresh, number: this.#next++, wired: 0, items: [], block: null, problem: null, safe: null }
    await this.#write(value.number, value)
    this.#adopt(value)
  }

  async keep(live: LivePayment, change: Partial<PaymentValue>): Promise<void> {
    await this.#writing.run(String(live.value.number), async () => {
      const value = { ...live.value, ...change }
      await this.#write(value.number, value)
      live.value = value
    })
  }

  async forget({ value: { number } }: LivePayment): Promise<void> {
    await this.#write(number, undefined)
    this.#live.delete(number)
  }

  async #write(number: number, value: PaymentValue | undefined): Promise<void> {
    const changes: RecordChanges = {}
    changes[`payment/${nameOf(number)}`] = value
    await this.writes.write(changes)
  }

  #adopt(value: PaymentValue): void {
    this.#live.set(value.number, { value, foundIn: null })
    this.#next = Math.max(this.#next, value.number + 1)
  }
}

/** Neither in a block nor failed. */
export function isDue({ value: { block, problem } }: LivePayment): boolean { return block === null && problem === null }

/** What it takes from the Factoid address. */
export function needOf({ coins, fee }: Pick<PaymentValue, 'coins' | 'fee'>): number { return coins + fee }

export function showPayment({ value: { wish, kind, coins, credits, items, block, safe, problem } }: LivePayment): FactoidSending {
  return { wish, kind, coins, credits, stage: stageOf({ problem, safe, place: block, commits: items }), problem }
}
