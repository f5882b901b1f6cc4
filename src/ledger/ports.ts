import type { Cid, Secp256k1 } from '../base/index.ts'
import type { Commit, NodeStore, Place } from '../hamt/index.ts'
import type { LedgerMemo } from './memo.ts'
import type { Parameters } from './parameters.ts'

/** A block as a store keeps it. */
export interface StoredBlock {
  readonly root: Cid
  /** Content id of the header. */
  readonly block: Cid
  readonly parent: Cid | null
  readonly number: number
  readonly header: Uint8Array
  /** The miner's power for it, which its header does not tell. */
  readonly power: bigint
  /** Digest and place of the root node of the trie after it; no place where nobody executed it here. */
  readonly state: Uint8Array
  readonly place: Place | null
}

/** A block to be kept, with what its execution made of its parent's trie. */
export interface NewBlock extends Omit<StoredBlock, 'state' | 'place'> {
  readonly body: { readonly cid: Cid, readonly bytes: Uint8Array | null }
  readonly state: Commit
}

/** Where a ledger keeps its blocks: all of a `commit` or nothing. Blocks below its range go by and by. */
export interface BlockStore {
  readonly nodes: NodeStore
  readonly head: StoredBlock | null
  /** The oldest block with its state; null in an empty store. */
  readonly base: StoredBlock | null
  /** The number the packs of the next commit begin with. */
  readonly nextPack: number
  block(root: Cid): StoredBlock | null
  childrenOf(root: Cid): readonly StoredBlock[]
  body(root: Cid): Promise<Uint8Array | null>
  /** A header, body, root node of a state or object by its content id. */
  find(cid: Cid): Promise<Uint8Array | null>
  /** `drop`: blocks that have no children and are not the head. Throws `storage-full` and leaves what was. */
  commit(change: { readonly blocks?: readonly NewBlock[], readonly head?: Cid, readonly drop?: readonly Cid[] }): Promise<void>
  /**
   * Forgets all blocks and states and begins anew, all or nothing: with the last of these, which has its state and is the head, and the headers alone of those that lead to it.
   * Throws `storage-full` and leaves what was.
   */
  startFrom(blocks: readonly NewBlock[]): Promise<void>
}

/** What a ledger is made of. */
export interface LedgerParts {
  readonly parameters: Parameters
  readonly store: BlockStore
  readonly signatures: Secp256k1
  /** Where many ledgers share what they find out. */
  readonly memo?: LedgerMemo
}
