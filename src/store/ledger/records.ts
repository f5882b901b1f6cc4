import type { Cid } from '../../base/index.ts'
import type { Place } from '../../hamt/index.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** A block that is kept: all of it that is wanted often, and all at once when the peer starts. */
export interface BlockRow {
  /** CID of the node `{ block, state }`: what others call the state root of this block. */
  readonly root: Cid
  /** CID of the header. */
  readonly block: Cid
  /** Root of the block before it; null for the first there is. */
  readonly parent: Cid | null
  readonly number: number
  readonly header: Bytes
  /** The miner's power for the block, which its header does not tell and which takes a look at another state to find. */
  readonly power: bigint
  /** CID of the body, which is kept apart. */
  readonly body: Cid
  /** SHA-256 of the root node of its state, and where that lies; null: not executed here, or pruned. */
  readonly state: Bytes
  readonly place: Place | null
  /** Its new nodes are in so many packs from this number on. */
  readonly firstPack: number
  readonly packs: number
}

/** The block at `base` is the oldest with its state. Every other row has it among its ancestors, and so has the head; or it is one of its ancestors, of which the header alone is kept. */
export interface ChainRow {
  readonly head: Cid | null
  readonly base: Cid | null
  readonly nextPack: number
  /** Bodies of blocks below this number are gone. */
  readonly bodiesFrom: number
  /** And the headers of those below this one. */
  readonly headersFrom: number
}

/** Places of nodes that nothing reaches any more, and the packs of them that have yet to be looked at (`places.ts` has the encoding). */
export interface DeadRow { readonly places: Bytes, readonly unseen: Bytes }

/** The trie of this device: its latest root alone. */
export interface LocalRow { readonly digest: Bytes, readonly place: Place | null, readonly nextPack: number }

export interface Meta { 'chain': ChainRow, 'dead packs': DeadRow, 'dead local': DeadRow, 'local': LocalRow }

/** Every table of the ledger's database: what it is keyed by and what it holds. */
export interface Tables {
  /** Packs of nodes of the state, and of the trie of this device, by number. */
  packs: { key: number, value: Bytes }
  local: { key: number, value: Bytes }
  /** By root; the same for bodies, and for places of the parent's state that the block's own no longer has (`places.ts`). */
  blocks: { key: Cid, value: BlockRow }
  bodies: { key: Cid, value: Bytes }
  replaced: { key: Cid, value: Bytes }
  /** Kept until told otherwise, by CID. */
  objects: { key: Cid, value: Bytes }
  /** Raw Factom entries by entry hash, and what says where they stand and finds them (`record-rows.ts`). */
  entries: { key: string, value: Bytes }
  recorded: { key: string, value: unknown }
  /** Single values of those who use the store, by name. */
  values: { key: string, value: unknown }
  meta: { key: keyof Meta, value: Meta[keyof Meta] }
}

export type TableName = keyof Tables
export type KeyOf<Table extends TableName> = Tables[Table]['key']
export type ValueOf<Table extends TableName> = Tables[Table]['value']

export const tableNames = ['packs', 'local', 'blocks', 'bodies', 'replaced', 'objects', 'values', 'meta', 'entries', 'recorded'] as const satisfies readonly TableName[]
/** Those whose keys are texts that are asked for in their order. */
export type OrderedTable = 'recorded'

/** One record put, one deleted, or all of a table whose keys lie below a bound. */
export type Edit =
  | { readonly do: 'put', readonly table: TableName, readonly key: string | number, readonly value: unknown }
  | { readonly do: 'drop', readonly table: TableName, readonly key: string | number }
  | { readonly do: 'clear', readonly table: TableName, readonly below: number | null }

export function put<Table extends TableName>(table: Table, key: KeyOf<Table>, value: ValueOf<Table>): Edit {
  return { do: 'put', table, key, value }
}

export function putMeta<Name extends keyof Meta>(name: Name, value: Meta[Name]): Edit {
  return { do: 'put', table: 'meta', key: name, value }
}

export function drop<Table extends TableName>(table: Table, key: KeyOf<Table>): Edit {
  return { do: 'drop', table, key }
}

/** Empties a table, or takes from it what has a number below `below`. */
export function clear(table: TableName, below: number | null = null): Edit {
  return { do: 'clear', table, below }
}

/**
 * Where the tables lie. What was written belongs to the records from then on, and so does what they give: bytes are never changed in place.
 * Failures are `HoldfastError`s: `storage-full` (nothing was written), `storage-lost` (closed or taken away), `storage-newer`.
 */
export interface Records {
  /** In the order of the keys; null where there is none. */
  get<Table extends TableName>(table: Table, keys: readonly KeyOf<Table>[]): Promise<readonly (ValueOf<Table> | null)[]>
  all<Table extends TableName>(table: Table): Promise<readonly ValueOf<Table>[]>
  /** Names and values of those whose name begins with `prefix`, in the order of their names. */
  named(prefix: string): Promise<readonly (readonly [string, unknown])[]>
  /** Keys and values from `from` up to `end`, which is not one of them, in the order of the keys; no more than `most`. */
  between(table: OrderedTable, from: string, end: string, most: number): Promise<readonly (readonly [string, unknown])[]>
  keysBetween(table: OrderedTable, from: string, end: string, most: number): Promise<readonly string[]>
  countBetween(table: OrderedTable, from: string, end: string): Promise<number>
  /** All of it or nothing. `strict` resolves when it is on the disk, `relaxed` when the system has it. */
  write(edits: readonly Edit[], durability: 'strict' | 'relaxed'): Promise<void>
  close(): Promise<void>
}
