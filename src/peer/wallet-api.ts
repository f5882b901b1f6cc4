import type { Address, Cid, ErrorObject } from '../base/index.ts'

/**
 * How far something of the person's has come: waiting for its signature, or for its stamp; offered to whoever asks; in a block that may still be replaced;
 * in one more than `short` deep; at or below the safety root. `failed`: see `problem`; nothing was spent.
 */
export type Stage = 'signing' | 'stamping' | 'offered' | 'in-block' | 'settled' | 'safe' | 'failed'

/** A line of the history, newest first. */
export interface WalletRow {
  /** Content id of the transaction, or of the block for `mined`. */
  readonly id: Cid
  /**
   * `publish`, `assign`, `keep`, `buy`, `grant`: ops 3, 4, 5, 8 and 9 of the person's own; what the first and `buy` put into escrow is their amount. `earned`, `refunded`: what an op 10 paid to the person as
   * owner or holder, or gave back; `settle`: one of the person's own that moved coins of others.
   */
  readonly kind: 'sent' | 'received' | 'mined' | 'message' | 'profile' | 'publish' | 'assign' | 'keep' | 'buy' | 'grant' | 'settle' | 'earned' | 'refunded'
  /** Coins moved, without the fee; 0 where none were. */
  readonly amount: number
  readonly fee: number
  /** The other side of a transfer: an account's address, or a Factoid address (FA..). */
  readonly other: string | null
  /** Seconds since 1970. */
  readonly time: number
  /** The block it is in; null before. */
  readonly block: number | null
  readonly stage: Stage
  readonly problem: ErrorObject | null
}

export interface WalletState {
  /** Newest first, at most 500. */
  readonly rows: readonly WalletRow[]
  /** Coins of own transfers on their way out that no block has taken yet, fees included. */
  readonly leaving: number
  /** Coins among the balance that came in blocks that are not safe yet. */
  readonly unsafe: number
  /** Least fee, in coins. */
  readonly minimumFee: number
  /** Invites made here whose coins nobody took yet. */
  readonly invites: readonly Invite[]
}

export interface Invite { readonly link: string, readonly amount: number, readonly address: Address, readonly made: number, readonly stage: 'offered' | 'ready' | 'taken' }

/** What shows where a row stands, checked before it is given: the transaction lies in the body that the header names, and the state under the root says so. */
export interface RowProof { readonly root: Cid, readonly block: Cid, readonly number: number, readonly index: number | null, readonly nodes: number, readonly bytes: number }

/**
 * What an invite holds. `coming`: the coins are in no block yet; `taken`: they were, and are gone, and `amount` is 0. `from`: who made it, as the link says.
 */
export interface FoundInvite { readonly amount: number, readonly from: Address, readonly stage: 'coming' | 'ready' | 'taken' }

/** Acts of the Wallet. Amounts are whole coins. */
export interface WalletActs {
  /**
   * Signs and offers a transfer to an account (T..) or a Factoid address (FA..); resolves with its content id once it is kept here. `bad-input` for no address or amount, or, with `data.account`, for
   * an FA address by which Factoid payments mean that account and where coins sent from here would be lost; `too-large` for more than there is, `locked`.
   */
  send(to: string, amount: number): Promise<Cid>
  /** Forgets one that no block took yet and that was offered to nobody; else `already-exists`. */
  cancel(id: Cid): Promise<void>
  prove(id: Cid): Promise<RowProof>
  /** Puts coins aside for whoever opens the link. */
  invite(amount: number): Promise<string>
  /** What a link holds; null where it is none. `unsupported` where it is of another network. */
  readInvite(link: string): Promise<FoundInvite | null>
  /** Takes the coins of a link to this person's address; its own maker takes them back so. `not-found` where they were taken, or have yet to come. */
  claim(link: string): Promise<Cid>
}
