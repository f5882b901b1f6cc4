import { addressField, cidLink, hexString, list, nullable, struct, u32, u40, u64, u8, type Address, type Cid, type Codec, type Encoded } from '../base/index.ts'

/** An account. Transactions count with `nonce`, blocks with `mined`; the seed's TminerNounce is their sum. */
export const account: Codec<Account> = struct({ balance: u40, nonce: u64, mined: u64, power: u64 })

export interface Account {
  /** Coins, below 2^40. */
  readonly balance: number
  /** Number of its transactions on this chain; the next has one more. */
  readonly nonce: bigint
  /** Number of its blocks on this chain. */
  readonly mined: bigint
  /** What proof of transaction weighs it by. */
  readonly power: bigint
}

/** An account nobody has heard of. */
export const noAccount: Account = { balance: 0, nonce: 0n, mined: 0n, power: 0n }

/** What a block brought its miner. `block` is the block's content id, the seed's contract hash. */
export const coinbaseOutput = struct({ op: u8, amount: u40, block: cidLink })
export type CoinbaseOutput = Encoded<typeof coinbaseOutput>

/** Where a transaction stands: its block and its index there. A message's also names the transaction, which is kept longer than its block. */
export const output = struct({ op: u8, block: cidLink, index: u32, transaction: nullable(cidLink) })
export type Output = Encoded<typeof output>

/** What a state root is the hash of: a block and the trie after it. */
export const stateRoot = struct({ block: cidLink, state: cidLink })
export interface StateRoot { readonly block: Cid, readonly state: Cid }

/** A thread by its first message. */
export const threadId = struct({ address: addressField, nonce: u64 })
export interface ThreadId { readonly address: Address, readonly nonce: bigint }

export const boxKey = hexString(32)

/** Who holds how much, in percent, of a file that the miner of a block gave; `charge`: nonce of a wiring the visitor made for it, 0 for none. */
export const visit = struct({ visitor: addressField, attachment: cidLink, percent: u8, charge: u64 })
export type Visit = Encoded<typeof visit>
/** Those of one block. */
export const attachmentLog = list(visit, 32)

/** Receipts that were logged and may not be again, in a queue: the numbers of the oldest row, and of the next one. */
export const seenCursor = struct({ first: u64, next: u64 })
export const seenRow = struct({ hour: u32, hash: hexString(32) })
