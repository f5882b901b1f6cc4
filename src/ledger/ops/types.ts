import type { Address, Cid, Codec } from '../../base/index.ts'
import type { StateView } from '../../state/index.ts'
import type { NetworkId } from '../fields.ts'
import type { Parameters } from '../parameters.ts'
import type { Refusal } from '../rules.ts'

/** What an operation may look at when it is executed. */
export interface OpContext {
  readonly state: StateView
  readonly network: NetworkId
  readonly parameters: Parameters
  /** Of the block, and its time in seconds since 1970. */
  readonly number: number
  readonly time: number
  readonly sender: Address
  /** Of the transaction. */
  readonly nonce: bigint
  /** Whether work stands in for its fee. */
  readonly stamped: boolean
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
  /** Whether this one opens an envelope, which takes so long that a block has few of them. */
  opens?(body: B): boolean
  /** Coins it takes from the sender beside the fee. */
  spends(body: B): number
  /** The rule it breaks, or null. Writes nothing. The sender has not yet paid. */
  judge(body: B, context: OpContext): Promise<Refusal | null>
  /** What it does once sender, nonce and fee are dealt with. Refuses nothing. */
  apply(body: B, context: OpContext): Promise<void>
}

export type { Address, Cid }
