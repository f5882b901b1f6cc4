import type { StateView } from '../../state/index.ts'

/** What records are executed in. */
export interface RecordFrame {
  /** Of the block. */
  readonly number: number
  /** Of the block and of its parent, seconds since 1970. */
  readonly time: number
  readonly parentTime: number
  /** Id of the network, 16 hex digits. */
  readonly network: string
  /** Coins for an entry credit. */
  readonly creditRate: number
}

/** The state a record meets, and the block it stands in. */
export interface RecordContext { readonly state: StateView, readonly frame: RecordFrame }
