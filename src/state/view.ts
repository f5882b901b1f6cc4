import { HoldfastError, decode, encode } from '../base/index.ts'
import type { Change } from '../hamt/index.ts'
import { keyBytes, type StateKey } from './keys.ts'

/** What a state is read from: a trie, as far as that goes. */
export interface StateReader { get(key: Uint8Array): Promise<Uint8Array | null> }

interface Row { readonly key: StateKey<unknown>, readonly before: unknown, value: unknown }

/**
 * The state while a block is executed: reads through to a trie, which it never touches, and keeps what is written until `changes` is asked.
 * Whoever drops it undoes everything. It keeps the books: `minted` is what the written rows hold more than they held before.
 */
export class StateView {
  readonly #trie: StateReader
  readonly #rows = new Map<string, Row>()

  constructor(trie: StateReader) { this.#trie = trie }

  /** The value of a key, or null where there is none. */
  async get<T>(key: StateKey<T>): Promise<T | null> {
    const row = this.#rows.get(key.name) ?? await this.#load(key)
    return row.value as T | null
  }

  /** Writes a value, null to remove. The key must have been read before: what it held belongs into the books. */
  set<T>(key: StateKey<T>, value: T | null): void {
    const row = this.#rows.get(key.name)
    if (row === undefined) throw new HoldfastError('internal', `${key.name} is written unread`)
    row.value = value
  }

  /** Writes a key that cannot have held coins, whether it was read or not. */
  put<T>(key: StateKey<T>, value: T): void {
    if (key.coins !== undefined) throw new HoldfastError('internal', `${key.name} holds coins`)
    const row = this.#rows.get(key.name)
    if (row === undefined) this.#rows.set(key.name, { key, before: undefined, value })
    else row.value = value
  }

  /** Coins the written rows hold more than before; below zero where some got lost. */
  get minted(): number {
    let sum = 0
    for (const { key, before, value } of this.#rows.values()) {
      if (key.coins === undefined || before === value) continue
      sum += (value === null ? 0 : key.coins(value)) - (before === null ? 0 : key.coins(before))
    }
    return sum
  }

  changes(): Change[] {
    const changes: Change[] = []
    for (const { key, before, value } of this.#rows.values()) {
      if (before !== value) changes.push({ key: keyBytes(key), value: value === null ? null : encode(key.codec, value) })
    }
    return changes
  }

  async #load<T>(key: StateKey<T>): Promise<Row> {
    const value = await readState(this.#trie, key)
    const row = { key: key as StateKey<unknown>, before: value, value }
    this.#rows.set(key.name, row)
    return row
  }
}

/** The value of a key in a trie, or null. `storage-damaged` where it is not of the key's shape: no execution ever wrote that. */
export async function readState<T>(trie: StateReader, key: StateKey<T>): Promise<T | null> {
  const bytes = await trie.get(keyBytes(key))
  if (bytes === null) return null
  const judged = decode(key.codec, bytes)
  if (!judged.ok) throw new HoldfastError('storage-damaged', `${key.name}: ${judged.reason}`)
  return judged.value
}
