import type { Address, Cid } from '../../../../src/base/index.ts'
import type { HeaderChain, HeaderRecord } from '../../../../src/ledger/head/header-chain.ts'

export const blockTime = 300
export const rescue = 6 * blockTime

export interface Wish {
  readonly miner?: Address
  /** Added to the parent's difficulty. */
  readonly work?: bigint
  readonly hit?: bigint
  readonly power?: bigint | number
  readonly interval?: bigint
  /** Seconds after the parent: the deadline or the rescue where it is not said. */
  readonly elapsed?: number
  readonly signature?: number
}

/** Chains made by hand: each block as it is wished. Roots are names. */
export class Chains implements HeaderChain {
  readonly #records = new Map<Cid, HeaderRecord>()
  readonly genesis: HeaderRecord
  /** How often a header was looked at. */
  looks = 0

  constructor() {
    this.genesis = this.#keep({ root: 'genesis', parent: null, header: { number: 0, time: 1_000_000, difficulty: 0n, miner: 'Tgenesis', signature: new Uint8Array(65) }, hit: 0n, power: 0n, interval: 0n })
  }

  record(root: Cid): HeaderRecord | null {
    this.looks++
    return this.#records.get(root) ?? null
  }

  /** Forgets the headers below a number. */
  prune(number: number): void {
    for (const [root, { header }] of this.#records) if (header.number < number) this.#records.delete(root)
  }

  child(parent: HeaderRecord, { miner = 'Tann', work = 100n, interval = BigInt(blockTime), hit = interval, power = 1n, elapsed = interval <= rescue ? Number(interval) : rescue, signature = 0 }: Wish = {}): HeaderRecord {
    const { number, time, difficulty } = parent.header
    const header = { number: number + 1, time: time + elapsed, difficulty: difficulty + work, miner, signature: new Uint8Array(65).fill(signature) }
    return this.#keep({ root: `${String(this.#records.size)}:${String(header.number)}`, parent: parent.root, header, hit, power, interval })
  }

  /** `count` blocks on `parent`, by these miners in turn; the last of them. */
  grow(parent: HeaderRecord, count: number, miners: readonly Address[] = ['Tann'], wish: Wish = {}): HeaderRecord {
    let tip = parent
    for (let i = 0; i < count; i++) tip = this.child(tip, { miner: miners[i % miners.length] ?? 'Tann', ...wish })
    return tip
  }

  #keep(record: HeaderRecord): HeaderRecord {
    this.#records.set(record.root, record)
    return record
  }
}
