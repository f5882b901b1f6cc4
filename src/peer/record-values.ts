import type { Address, ErrorObject } from '../base/index.ts'
import type { ChainId, EntryHash } from './record-api.ts'

/** One signing of a commit or a Factoid transaction, whole. `time`: ms since 1970, as it says itself. */
export interface SignedItem { readonly bytes: Uint8Array, readonly time: number }

/** An entry of the person's, from when it was wanted until a day after it is beyond doubt. Its bytes lie beside it, written once. */
export interface RecordValue {
  /** They grow in the order entries were asked for. */
  readonly number: number
  /** Of the call that asked for it, which may be said twice. */
  readonly wish: string
  readonly owner: Address
  /** Seconds since 1970. */
  readonly made: number
  readonly chain: ChainId
  readonly entryHash: EntryHash
  /** It is the first entry of its chain. */
  readonly begins: boolean
  /** The one of the person's own that begins its chain, where that was not there yet: it fails with it. */
  readonly after: number | null
  /** What its commit pays. */
  readonly credits: number
  /** The Entry Credit key of elsewhere that pays, in hex; absent where it is the person's own. */
  readonly by?: string
  /** Copies of this entry that there were before. */
  readonly copies: number
  /** Its commits, latest last. A later one was signed when none of those before it could get into a block any more. */
  readonly commits: readonly SignedItem[]
  /** Whether a block has a commit of it. */
  readonly spent: boolean
  /** Where it was revealed: block, and place in its chain. */
  readonly place: { readonly block: number, readonly index: number } | null
  readonly problem: ErrorObject | null
  /** When it was seen to be safe, seconds since 1970: its bytes are with those of its chain from then on. */
  readonly safe: number | null
}

/** Coins of the Factoid address that the person pays, or makes entry credits of. */
export interface PaymentValue {
  readonly number: number
  readonly wish: string
  readonly owner: Address
  readonly made: number
  readonly kind: 'buy-credits' | 'send' | 'to-account'
  /** An Entry Credit key, or the hash of an RCD, in hex. */
  readonly to: string
  /** What comes there, without the fee. */
  readonly coins: number
  /** Entry credits it buys. */
  readonly credits: number
  readonly fee: number
  /** The Factoid address of elsewhere that pays, as the hash of its RCD in hex; absent where it is the person's own. */
  readonly from?: string
  /** Whether coins that the Factoid address lacks are wired there from the account: `wanted` until that was looked at, `planned` from before it is asked for, `sent` from when it is on its way. */
  readonly wiring: 'none' | 'wanted' | 'planned' | 'sent'
  /** Coins that are wired. */
  readonly wired: number
  readonly items: readonly SignedItem[]
  /** The block that has it. */
  readonly block: number | null
  readonly problem: ErrorObject | null
  readonly safe: number | null
}

/** A person's Factoid address (hash of its RCD) and Entry Credit key on this network, in hex: known while the phrase is locked away. */
export interface RecordKeys { readonly owner: Address, readonly factoid: string, readonly credit: string }

export interface RecordValues {
  readonly 'record-keys': RecordKeys
  readonly [record: `record/${string}`]: RecordValue
  readonly [entry: `record-entry/${string}`]: Uint8Array
  readonly [payment: `payment/${string}`]: PaymentValue
}

/** Where they are kept: a ledger store does. */
export interface RecordStore {
  value<Name extends keyof RecordValues>(name: Name): Promise<RecordValues[Name] | null>
  values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, RecordValues[keyof RecordValues & `${Prefix}${string}`]])[]>
  /** All of it or nothing; undefined forgets. */
  setValues(values: RecordChanges): Promise<void>
}

export type RecordChanges = { -readonly [Name in keyof RecordValues]?: RecordValues[Name] | undefined }
