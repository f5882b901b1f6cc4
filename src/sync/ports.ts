import type { Address, Cid, Judged } from '../base/index.ts'
import type { Statement, UnsignedHeader, UnsignedStatement } from '../ledger/index.ts'
import type { StateAnswer, StateKind, StateQuestion } from './wire.ts'

/** Somebody who can be asked. */
export interface Neighbour {
  /** Peer id of the device. */
  readonly id: string
  /** The account it speaks for, where it said so. */
  readonly address: Address | null
  /** Relays it is met through, by their peer ids; a relay's own anchor is met through itself. */
  readonly relays: readonly string[]
}

/** Other peers, as far as they are known now, and questions to them. What comes back has its shape; whether it is true is judged by who asked. */
export interface StateNetwork {
  neighbours(): readonly Neighbour[]
  /** Rejected where it could not be reached in time, did not answer, or not with what was asked for. */
  ask<K extends StateKind>(id: string, kind: K, question: StateQuestion<K>, signal: AbortSignal): Promise<Judged<StateAnswer<K>>>
  /** It said what is provably false: it is not asked for a while, and in the end not spoken with. */
  distrust(id: string, why: string): void
}

/** Whose votes and blocks leave this device. */
export interface Voter {
  readonly address: Address
  /** Compressed. */
  readonly publicKey: Uint8Array
  /** Null where nothing can be signed now. */
  sign(statement: UnsignedStatement): Promise<Statement | null>
}

/** What the miner's thread asks of who holds the ledger; all of it may be far away. */
export interface MiningDesk {
  /** The turn of this device after the present head: from when on its block can be signed, ms since 1970; null where there is none now. */
  turn(): Promise<{ readonly parent: Cid, readonly sealAt: number | null }>
  /** Resolves when the head is another than `parent`, or what stood in the way of a turn has gone. */
  changed(parent: Cid): Promise<void>
  /** The block to be signed on `parent`; null where somebody's better one is there already, or one was signed. */
  draft(parent: Cid): Promise<UnsignedHeader | null>
  /** Keeps the signed block and shows it to whoever asks. */
  seal(header: UnsignedHeader, signature: Uint8Array): Promise<void>
}

/** What outlives a restart. Each is written when it changes. */
export interface SyncValues {
  /** The safety root k. */
  readonly safe: Cid
  /** The last rounds of the vote: when the latest was, and what each had for its candidate. Sessions may be shorter than three rounds. */
  readonly rounds: { readonly at: number, readonly candidates: readonly Cid[] }
  /** Seconds since 1970 of the last answer anybody gave. */
  readonly online: number
  /** The latest statement of each miner, encoded. */
  readonly [statement: `statement/${string}`]: Uint8Array
  /** The one block this device signed on a root: header and body, so that it never signs another one there. */
  readonly [sealed: `sealed/${string}`]: { readonly number: number, readonly header: Uint8Array, readonly body: Uint8Array }
  /** Own transactions that are in no settled block yet, encoded, by content id. */
  readonly [own: `own/${string}`]: Uint8Array
}

/** Where they are kept: a ledger store does. */
export interface SyncMemory {
  value<Name extends keyof SyncValues>(name: Name): Promise<SyncValues[Name] | null>
  values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, SyncValues[keyof SyncValues & `${Prefix}${string}`]])[]>
  /** By name; undefined forgets. */
  setValues(values: Readonly<Record<string, SyncValues[keyof SyncValues] | undefined>>): Promise<void>
}
