import { KeyedLock, type Cid } from '../../base/index.ts'
import type { NodeStore } from '../../hamt/index.ts'
import { Chain, type NewBlock, type Range } from './chain.ts'
import { LocalTrie } from './local-trie.ts'
import { nextPruning } from './pruning.ts'
import { RecordRows } from './record-rows.ts'
import { drop, put, type BlockRow, type Edit, type Records } from './records.ts'
import { take } from './step.ts'

/** All of it is kept, or none. */
export interface LedgerCommit<Values extends object> {
  /** In the order of their descent. */
  readonly blocks?: readonly NewBlock[]
  /** The root of the new head; the first block of a store is its head by itself. */
  readonly head?: Cid
  /** Blocks to be taken away: those nothing descends from, neither the head nor the base. */
  readonly drop?: readonly Cid[]
  /** Values to be set by name, or with undefined to be forgotten. */
  readonly values?: Changes<Values>
}

/** Values by name. */
export type Changes<Values extends object> = { readonly [Name in keyof Values]?: Values[Name] | undefined }

/**
 * What a peer keeps of one network's ledger: headers, bodies and states of the blocks in range, the trie of this device, objects, Factom entries with what finds
 * them, and small values under the names of whoever sets them. It is the only writer of its records. Rows of blocks lie in memory too and change there once they have changed on disk.
 * Every write is one batch, one after the other, and leaves a whole ledger behind; one that fails (`storage-full`, `storage-lost`) leaves what was.
 */
export class LedgerStore<Values extends object> {
  private constructor(private readonly tables: Records, private readonly chain: Chain, readonly local: LocalTrie, readonly records: RecordRows, private readonly lock: KeyedLock) {}

  static async open<Values extends object>(records: Records, range: Range): Promise<LedgerStore<Values>> {
    const lock = new KeyedLock()
    const [chain, local] = await Promise.all([Chain.read(records, range), LocalTrie.read(records, lock)])
    return new LedgerStore<Values>(records, chain, local, new RecordRows(records, lock), lock)
  }

  /** Nodes of the states, by place. */
  get nodes(): NodeStore { return this.chain.shelf }
  get head(): BlockRow | null { return this.chain.head }
  /** The oldest block on the way to the head with its state; all of a higher number descend from it. */
  get base(): BlockRow | null { return this.chain.base }
  /** The number from which the packs of the next commit count. */
  get nextPack(): number { return this.chain.row.nextPack }

  block(root: Cid): BlockRow | null { return this.chain.index.get(root) }
  childrenOf(root: Cid): readonly BlockRow[] { return this.chain.index.childrenOf(root) }
  /** All that have a number, whatever branch they are on. */
  blocksAt(number: number): readonly BlockRow[] { return this.chain.index.at(number) }

  async body(root: Cid): Promise<Uint8Array<ArrayBuffer> | null> {
    return (await this.tables.get('bodies', [root]))[0] ?? null
  }

  /** What some header, root or output names and this store has: a header, a body, the root node of a state, an object. */
  async find(cid: Cid): Promise<Uint8Array | null> {
    for (const row of this.chain.index.named(cid)) {
      if (row.block === cid) return row.header
      const found = row.body === cid ? await this.body(row.root) : (await this.nodes.load([{ digest: row.state, place: row.place }]))[0]?.bytes
      if (found !== undefined && found !== null) return found
    }
    return (await this.tables.get('objects', [cid]))[0] ?? null
  }

  /**
   * Keeps blocks and moves the head. Throws `not-found` where a parent or the head is not kept (any more), `already-exists` for a block that is, and
   * `bad-input` for one that does not follow its parent or whose packs do not count from `nextPack`, or where a block to be dropped has children or is the head.
   */
  async commit({ blocks = [], head, drop: gone = [], values }: LedgerCommit<Values>): Promise<void> {
    // Relaxed: after a power cut the last blocks may be missing, whole, and are asked of peers again; waiting for the disk would win nothing else.
    await this.lock.run('', async () => { await take(this.tables, [...this.chain.keeping(blocks, head ?? null), ...this.chain.dropping(gone), { edits: editsOf(values ?? {}) }]) })
  }

  async value<Name extends keyof Values & string>(name: Name): Promise<Values[Name] | null> {
    const [value = null] = await this.tables.get('values', [name])
    return value as Values[Name] | null
  }

  /** Names and values of those whose name begins with `prefix`, in the order of their names. */
  async values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, Values[keyof Values & `${Prefix}${string}`]])[]> {
    return await this.tables.named(prefix) as (readonly [string, Values[keyof Values & `${Prefix}${string}`]])[]
  }

  /** Resolves when they are on disk: what was signed must not be forgotten and signed once more, otherwise. */
  async setValues(values: Changes<Values>): Promise<void> {
    await this.lock.run('', async () => { await this.tables.write(editsOf(values), 'strict') })
  }

  /** Keeps bytes under their CID until `dropObject`, whatever becomes of the block they were in. */
  async keepObject(cid: Cid, bytes: Uint8Array): Promise<void> {
    await this.lock.run('', async () => { await this.tables.write([put('objects', cid, bytes.slice())], 'relaxed') })
  }

  async dropObject(cid: Cid): Promise<void> {
    await this.lock.run('', async () => { await this.tables.write([drop('objects', cid)], 'relaxed') })
  }

  /** Takes away one little of what is no longer needed; false where there is nothing left of that. */
  async pruneStep(): Promise<boolean> {
    return await this.lock.run('', async () => {
      const steps = await nextPruning(this.chain) ?? await this.local.tidying()
      if (steps !== null) await take(this.tables, steps)
      return steps !== null
    })
  }

  /** Prunes for as long as `idle` resolves with true: it does so when there is time for another step. */
  async prune(idle: () => Promise<boolean>): Promise<void> {
    while (await idle() && await this.pruneStep());
  }

  /** Forgets all blocks and states, to begin anew from another one: a peer that was away for longer than the range. */
  async startOver(): Promise<void> {
    await this.lock.run('', async () => { await take(this.tables, this.chain.clearing()) })
  }

  /**
   * The same, and begins from these at once: the last one has its state and is the head, the others are headers that lead to it, each the parent of the next. `bad-input` where
   * they are not that.
   */
  async startFrom(blocks: readonly NewBlock[]): Promise<void> {
    await this.lock.run('', async () => { await take(this.tables, this.chain.startingFrom(blocks)) })
  }

  /** Lets go of the database once what is under way is done. */
  async close(): Promise<void> {
    await this.lock.run('', async () => { await this.tables.close() })
  }
}

function editsOf(values: object): readonly Edit[] {
  return Object.entries(values).map(([name, value]) => value === undefined ? drop('values', name) : put('values', name, value))
}
