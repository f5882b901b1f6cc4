import type { Address, Cid, Codec } from '../../base/index.ts'
import type { StateView } from '../../state/index.ts'
import type { Refusal } from '../rules.ts'

/** What an operation may look at when it is executed. */
export interface OpContext {
  readonly state: StateView
  readonly sender: Address
  /** Of the transaction. */
  readonly nonce: bigint
}

/** One operation of the table: what its transactions carry, what they cost beside the fee, and what they do. */
export interface Op<B> {
  readonly code: number
  readonly name: string
  readonly body: Codec<B>
  /** Whether work may stand in for its fee. */
  readonly stampable: boolean
  /** Whether its output names the transaction, so that it is found when its block is gone. */
  readonly lasting: boolean
  /** Coins it takes from the sender beside the fee. */
  spends(body: B): number
  /** The rule it breaks, or null. Writes nothing. The sender has not yet paid. */
  judge(body: B, context: OpContext): Promise<Refusal | null>
  /** What it does once sender, nonce and fee are dealt with. Refuses nothing. */
  apply(body: B, context: OpContext): Promise<void>
}

/** A message of the ledger's past or future, by its account and nonce. */
export interface MessageRef { readonly address: Address, readonly nonce: bigint }

export type { Address, Cid }
