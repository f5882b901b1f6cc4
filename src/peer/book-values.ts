import type { Address, Cid, ErrorObject } from '../base/index.ts'
import type { Attachment, UnsignedTransaction } from '../ledger/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { ThreadName } from './thread-api.ts'
import type { WalletRow } from './wallet-api.ts'

/** Where something stands on the chain. `block`: the header's content id. */
export interface Place { readonly block: Cid, readonly number: number, readonly index: number | null }

/** A line of the history, from a block. `nonce`: the one its output is found by, of whoever sent it, or of the own block. `sender`: where that is not to be seen from the rest. `record`: place among the records of its block, of what a Factoid transaction paid. */
export interface RowValue extends Place, Omit<WalletRow, 'block' | 'stage' | 'problem'> { readonly nonce: bigint, readonly sender?: Address, readonly record?: number }

/** A message of any thread, from a block. `kept`: its transaction is kept as an object. */
export interface MessageValue extends Place {
  readonly id: Cid
  readonly thread: ThreadName
  readonly author: Address
  readonly nonce: bigint
  readonly json: string
  readonly attachment: Attachment | null
  readonly time: number
  readonly kept: boolean
}

/** What the person did with a thread. `seen`: up to which place. */
export interface ThreadMark { readonly muted: boolean, readonly seen: { readonly number: number, readonly index: number } | null }

/** What is sent, as far as only the person decides it. */
export type Wish = { readonly [C in UnsignedTransaction['op']]: { readonly op: C, readonly body: Extract<UnsignedTransaction, { op: C }>['body'] } }[UnsignedTransaction['op']]

/** One signing of a wish. Of several at most one can ever be in a chain: each later one's witness is a root under which those before it are impossible. */
export interface Version { readonly id: Cid, readonly bytes: Uint8Array, readonly nonce: bigint, readonly time: number, readonly fee: number, readonly witness: { readonly root: Cid, readonly number: number } | null }

/** Something the person sends, from the wish until it is beyond doubt. */
export interface IntentValue {
  readonly number: number
  /** Of the call that asked for it, which may be said twice. */
  readonly wish: string
  /** Seconds since 1970. */
  readonly made: number
  readonly what: Wish
  readonly sender: Address
  /** The key of an invite, where the sender is one. */
  readonly sealed: SealedKey | null
  /** Latest last. */
  readonly versions: readonly Version[]
  /** No block up to this number has any of them. */
  readonly since: number
  readonly problem: ErrorObject | null
}

/** Coins set aside under a key of their own. `wish`: of the transfer that puts them there. */
export interface InviteValue { readonly address: Address, readonly from: Address, readonly amount: number, readonly made: number, readonly sealed: SealedKey, readonly wish: string, readonly stage: 'offered' | 'ready' | 'taken' }

/** How far the diary was written, for whom, and from which block on without a gap. `begun`: the head when this device first followed the network. */
export interface DiaryDone { readonly id: Cid, readonly root: Cid, readonly parent: Cid | null, readonly number: number, readonly from: number, readonly owner: Address | null, readonly begun: number | null }

export interface BookValues {
  readonly 'diary': DiaryDone
  readonly [row: `row/${string}`]: RowValue
  readonly [message: `message/${string}`]: MessageValue
  readonly [thread: `thread/${string}`]: ThreadMark
  readonly [intent: `intent/${string}`]: IntentValue
  readonly [invite: `invite/${string}`]: InviteValue
}

/** Where they are kept: a ledger store does. */
export interface BookStore {
  value(name: 'diary'): Promise<DiaryDone | null>
  values<Prefix extends string>(prefix: Prefix): Promise<readonly (readonly [string, BookValues[keyof BookValues & `${Prefix}${string}`]])[]>
  /** Undefined forgets. */
  setValues(values: { readonly [Name in keyof BookValues]?: BookValues[Name] | undefined }): Promise<void>
  body(root: Cid): Promise<Uint8Array | null>
  keepObject(cid: Cid, bytes: Uint8Array): Promise<void>
}

export type BookChanges = { -readonly [Name in keyof BookValues]?: BookValues[Name] | undefined }
