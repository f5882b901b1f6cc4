import { HoldfastError, fromHex, type Cid } from '../../src/base/index.ts'
import { EntryLibrary } from '../../src/peer/entry-library.ts'
import type { LibraryParts } from '../../src/peer/record-reading.ts'
import { formatAddress } from '../../src/records/index.ts'
import type { LedgerStore } from '../../src/store/ledger/ledger-store.ts'
import { memRecords } from '../../src/store/ledger/mem-records.ts'
import type { Records } from '../../src/store/ledger/records.ts'
import { RecordChain, type ModelBlock } from './record-chain.ts'

export const modelRange = 8
/** Blocks from the head back that may still be others. */
const mutable = 6

/** Tables in memory that can be made to fail, at once and from then on, as where a process is killed. */
export class MortalRecords {
  #fail: { left: number, readonly after: boolean } | null = null

  constructor(private readonly below: Records = memRecords()) {}

  /** The last write but so many is the last: it is through, or it is not. */
  killAt(left: number, after: boolean): void { this.#fail = { left, after } }
  live(): void { this.#fail = null }

  get records(): Records {
    const { below } = this
    return {
      get: async (table, keys) => await below.get(table, keys), all: async table => await below.all(table), named: async prefix => await below.named(prefix),
      between: async (...given) => await below.between(...given), keysBetween: async (...given) => await below.keysBetween(...given), countBetween: async (...given) => await below.countBetween(...given),
      close: async () => { await Promise.resolve() },
      write: async (edits, durability) => {
        const left = this.#fail === null ? Infinity : this.#fail.left--
        if (left > 0 || left === 0 && this.#fail?.after === true) await below.write(edits, durability)
        if (left <= 0) throw new HoldfastError('storage-lost', 'killed')
      },
    }
  }
}

/** A library over a chain of the model: nothing is signed, and others have all entries but those that are lost. */
export class RecordWorld {
  readonly chain = new RecordChain()
  head = this.chain.genesis
  mode: 'full' | 'headers' = 'full'
  library!: EntryLibrary
  store!: LedgerStore<object>
  readonly lost = new Set<string>()
  /** What the person wrote. */
  readonly written = new Set<string>()
  #now = 0

  /** `payer`: in hex, of the person. */
  constructor(private readonly payer: string, private readonly open: () => Promise<LedgerStore<object>>) {}

  /** Begins with what is kept. */
  async start(): Promise<void> {
    this.store = await this.open()
    const parts = {
      ledger: {
        network: '00'.repeat(8), parameters: { range: modelRange }, position: () => null, prove: async () => await Promise.resolve([]),
        recordsOf: async (root: Cid) => await Promise.resolve(this.chain.blocks.get(root)!.effects),
      },
      sync: Object.defineProperty({
        chain: this.chain,
        read: async (names: readonly string[], root = this.head.link.root) => await Promise.resolve({ root, values: names.map(name => this.chain.blocks.get(root)!.state.get(name) ?? null) }),
      }, 'status', { get: () => ({ head: this.head.link, safe: this.safe.link, mode: this.mode, stage: 'following' }) }),
      store: this.store,
      clock: { now: () => this.#now, async sleep() { await Promise.resolve() } },
      source: {
        fetch: async (hashes: readonly string[]) => await Promise.resolve(hashes.flatMap(hash => this.lost.has(hash) ? [] : this.chain.entries.get(hash) ?? [])),
        holders: async (hashes: readonly string[]) => await Promise.resolve(hashes.map(() => null)),
      },
      changed() {},
    } as unknown as LibraryParts // of a link and a status as much as is read
    this.library = await EntryLibrary.open(parts)
    this.library.setPayers([formatAddress('EC', fromHex(this.payer)!)])
    await this.follow()
  }

  /** No block up to it is ever another. */
  get safe(): ModelBlock { return this.below(mutable) }

  below(count: number): ModelBlock {
    let at = this.head
    for (let i = 0; i < count; i++) at = this.chain.blocks.get(at.link.parent ?? '') ?? at
    return at
  }

  async follow(): Promise<void> {
    this.library.moved()
    await this.library.settle()
  }

  /** Ends whatever is under way and begins again with what is kept. */
  async again(): Promise<void> {
    this.library.close()
    await this.library.settle()
    await this.store.close()
    await this.start()
  }

  /** So much later that what nobody had is asked for again. */
  later(): void { this.#now += 1_000_000 }
}
