import type { Address, Cid, ErrorObject } from '../base/index.ts'
import type { NotYet, Refusal } from '../ledger/index.ts'
import type { Account } from '../state/index.ts'

/** Where the ledger worker serves all tabs. */
export const ledgerChannel = 'holdfast/ledger'

/** A block as pages and tests name it: its state root, its own content id, and what its header says. */
export interface BlockSummary { readonly root: Cid, readonly id: Cid, readonly number: number, readonly time: number, readonly miner: Address }

/** `waiting`: nobody has told yet which network this is. `failed`: its ledger could not be opened; it is tried again by and by. */
export type LedgerState =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'failed', readonly problem: ErrorObject }
  | {
    readonly phase: 'open'
    readonly name: string
    /** 16 hex digits. */
    readonly network: string
    readonly head: BlockSummary
    /** Accounts that ever held power. */
    readonly miners: number
    /** Whether keys that nobody ever used have power: a network for people who trust each other. */
    readonly trusting: boolean
  }

/** A proof and what it is under: `verifyProof` of the trie reads it. */
export interface StateProof { readonly root: Cid, readonly block: Cid, readonly state: Cid, readonly nodes: readonly Uint8Array[] }

/** What the ledger worker does for everybody. Fails with `not-found` while no network is open, and for roots that are not kept. */
export interface LedgerService {
  /** Begins, with the address of the app. Called by the page that runs the worker. */
  start(base: string): Promise<void>
  state(): Promise<LedgerState>
  /** At the head, or at another root that is kept. */
  account(address: Address, root?: Cid): Promise<Account>
  /** The nodes that show what the state has under these names. */
  prove(names: readonly string[], root?: Cid): Promise<StateProof>
  /** The first rule a signed transaction's bytes break in a block made now. */
  judge(transaction: Uint8Array): Promise<Refusal | null>
  /** Takes a block from anywhere. */
  offer(header: Uint8Array, body: Uint8Array): Promise<{ readonly ok: true, readonly block: BlockSummary } | Refusal | NotYet>
}
