import type { KeyedLock } from '../../base/index.ts'
import { drop, put, type Edit, type Records } from './records.ts'

/** What is changed at once. Null: to be deleted. */
export interface RecordChanges {
  /** Raw entries by their hashes. */
  readonly entries?: ReadonlyMap<string, Uint8Array | null>
  readonly rows?: ReadonlyMap<string, unknown>
}

/**
 * Entries of other people and of the person by their hashes, and rows that say where they stand and what they are found by, under text keys that have an order. What the keys
 * are is for whoever writes them to say. Keys are compared as strings of UTF-16 code units are.
 */
export class RecordRows {
  constructor(private readonly records: Records, private readonly lock: KeyedLock) {}

  /** In the order of the question; null where there is none. */
  async entries(hashes: readonly string[]): Promise<readonly (Uint8Array | null)[]> { return await this.records.get('entries', hashes) }

  /** In the order of the question; null where there is none. */
  async rows(keys: readonly string[]): Promise<readonly unknown[]> { return await this.records.get('recorded', keys) }

  /** Keys and values from `from` up to `end`, which is not one of them, in the order of their keys; no more than `most`. */
  async between(from: string, end: string, most = Infinity): Promise<readonly (readonly [string, unknown])[]> { return await this.records.between('recorded', from, end, most) }

  /** Keys alone. */
  async keysBetween(from: string, end: string, most = Infinity): Promise<readonly string[]> { return await this.records.keysBetween('recorded', from, end, most) }

  async countBetween(from: string, end: string): Promise<number> { return await this.records.countBetween('recorded', from, end) }

  /** All of it or nothing. Relaxed: what a block recorded is read from the block once more; what the person wrote waits for the disk. */
  async write({ entries = new Map(), rows = new Map() }: RecordChanges, durability: 'strict' | 'relaxed' = 'relaxed'): Promise<void> {
    const edits: Edit[] = []
    for (const [hash, bytes] of entries) edits.push(bytes === null ? drop('entries', hash) : put('entries', hash, bytes.slice()))
    for (const [key, row] of rows) edits.push(row === null ? drop('recorded', key) : put('recorded', key, row))
    await this.lock.run('', async () => { await this.records.write(edits, durability) })
  }
}
